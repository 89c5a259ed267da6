"""Every piece of advice, on the zoo and on random specs, is applied and worked out again by other code."""

import os

import pytest

import cnncalc
from cnncalc.advise.advice import advise
from cnncalc.advise.applying import chosen, rewritten
from cnncalc.advise.reading import read_network, reloader
from cnncalc.checks.base import Severity
from cnncalc.checks.engine import check_text
from cnncalc.checks.files import read_spec
from cnncalc.errors import CnncalcError
from tests.advise.promises import kept, promised, read_again
from tests.advise.specs import Author
from tests.zoo import BODIES

RUNS = int(os.environ.get("CNNCALC_ADVICE", "50"))


def advised(content, file="net.yaml"):
    return advise(read_network(content, file), reloader(file))


def tried(content, file="net.yaml"):
    """Apply each piece of the advice on a spec, and all that go together; return the kinds."""
    advice, reload = advised(content, file), reloader(file)
    before = advice.network.analysis
    for number, piece in enumerate(advice.pieces, start=1):
        done = rewritten(advice, [number], reload, None)
        after = read_again(done.text)
        promised(piece, after)
        kept(before, after, pooled=piece.kind == "pooling")
    if advice.pieces:
        numbers = chosen(advice, "all")
        done = rewritten(advice, numbers, reload, None)
        after = read_again(done.text)
        assert done.after == after.totals
        kept(before, after, pooled=any(advice.pieces[number - 1].kind == "pooling" for number in numbers))
        found = [one for one in check_text(done.text.encode(), file) if one.severity is Severity.ERROR]
        assert [one for one in found if one.code in ("CNN401", "CNN402")] == []
    return [piece.kind for piece in advice.pieces]


@pytest.mark.parametrize("name", BODIES)
def test_every_piece_on_the_zoo_does_what_it_says(name):
    tried(read_spec(f"zoo:{name}"), f"zoo:{name}")


def test_every_piece_on_random_specs_does_what_it_says():
    kinds, read = [], 0
    for seed in range(RUNS):
        text = Author(seed).spec()
        try:
            cnncalc.analyze(cnncalc.loads(text))
        except CnncalcError:
            continue
        read += 1
        try:
            kinds += tried(text.encode())
        except Exception as error:
            error.add_note(f"seed {seed}\n{text}")
            raise
    assert read > RUNS / 3
    assert set(kinds) == {"stack", "bottleneck", "factor", "separable", "pooling"}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_rewritten_network_is_measured_as_it_was_predicted(number):
    from cnncalc.execute.tensors import initial
    from cnncalc.execute.verify import verify

    advice = advised(read_spec("zoo:lenet5"))
    analysis = read_again(rewritten(advice, [number], reloader("net.yaml"), None).text)
    nodes = verify(analysis, initial(analysis, 0), only=("shape", "params", "macs", "field"), seed=0)
    assert len(nodes) == len(analysis.facts)
    assert not any(one.differences for one in nodes)
