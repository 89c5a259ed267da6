"""The profiles against the tools themselves, on random networks written as modules; an absent tool is skipped."""

import pytest

import cnncalc
from cnncalc.errors import SpecError
from cnncalc.profiles import read
from cnncalc.profiles import total as counted
from tests.oracles.networks import SEED, random_network
from tests.oracles.spec_text import text

torch = pytest.importorskip("torch", reason="the modules need torch: pip install '.[oracle]'")
from tests.oracles import modules, profilers  # noqa: E402 - they need torch

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

NETWORKS = 10
JOINS = """
cnncalc: 1
inputs: {a: 4x6x9, b: 4x1x1}
layers:
- {multiply: [a, b], name: gated}
- {add: [prev, a, b]}
- {concat: [prev, gated], act: leaky_relu}
- {conv_transpose: 6, kernel: 3, stride: 2, groups: 2, padding: same, name: up}
- {conv_transpose: 6, kernel: 3, stride: 1, name: same}
- {local_response_norm: 3}
- {upsample: 2, mode: bilinear}
- prelu
- {max_pool: 3, stride: 2, padding: [[1, 0], [0, 1]], rounding: floor}
- {adaptive_avg_pool: 4x2}
- gelu
- global_avg_pool
- {linear: 5, act: softmax}
"""


@pytest.fixture(autouse=True, scope="module")
def _plain_kernels():
    """One thread, and PyTorch's own kernels: oneDNN's crash on paddings beyond the kernel."""
    threads, onednn = torch.get_num_threads(), torch.backends.mkldnn.enabled
    torch.set_num_threads(1)
    torch.backends.mkldnn.enabled = False
    yield
    torch.set_num_threads(threads)
    torch.backends.mkldnn.enabled = onednn


def analyses():
    """Return random networks that are sound, have parameters, and do not ask for what PyTorch or a tool refuses."""
    found = []
    for index in range(2 * NETWORKS):
        spec = text(random_network(index, divisible=True))
        try:
            analysis = cnncalc.analyze(cnncalc.loads(spec))
            module, inputs = modules.network(analysis)
            with torch.no_grad():
                module(*inputs)
        except (SpecError, RuntimeError, ValueError):  # PyTorch refuses a norm over one position, for one
            continue
        if analysis.totals.params:
            found.append((spec, analysis))
    return found[:NETWORKS]


@pytest.fixture(scope="module")
def networks():
    return analyses()


@pytest.mark.parametrize("name", profilers.TOOLS)
def test_a_tool_prints_the_profiles_number_for_random_networks(name, networks):
    if not profilers.usable(name):
        pytest.skip(f"{profilers.TOOLS[name][0]} cannot be imported")
    for spec, analysis in networks:
        try:
            printed = profilers.total(name, *modules.network(analysis))
        except TypeError:  # calflops raises it at an upsampling whose factors differ
            assert name.startswith("calflops")
            continue
        assert counted(read(name), analysis) == printed, f"CNNCALC_SEED={SEED}\n{spec}"


@pytest.mark.parametrize("name", profilers.TOOLS)
def test_a_tool_prints_the_profiles_number_for_joins_and_what_is_uneven(name):
    if not profilers.usable(name):
        pytest.skip(f"{profilers.TOOLS[name][0]} cannot be imported")
    analysis = cnncalc.analyze(cnncalc.loads(JOINS))
    printed = profilers.total(name, *modules.network(analysis))
    uneven = 1 if name == "thop" else 0  # thop works in floating point: at most one less an adaptive pool
    assert 0 <= counted(read(name), analysis) - printed <= uneven


def test_a_wrong_rule_is_noticed(networks):
    broken = read("torch-flop-counter")._replace(counts=read("fvcore").counts)
    printed = [profilers.total("torch-flop-counter", *modules.network(analysis)) for _, analysis in networks[:5]]
    assert printed != [counted(broken, analysis) for _, analysis in networks[:5]]
