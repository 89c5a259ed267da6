"""Every profile speaks of every layer, in formulas that can be worked out; what is unknown is said, never zero."""

import pytest

import cnncalc
from cnncalc.errors import DoesNotCompute, UsageError
from cnncalc.profiles import amounts, names, read, total, unknown
from cnncalc.profiles.profile import OPS, folder
from cnncalc.profiles.quantities import QUANTITIES

PROFILES = names()


def analyzed(layers, input="4x6x8", **options):
    return cnncalc.analyze(cnncalc.loads(f"{{cnncalc: 1, input: {input}, layers: {layers}}}"), **options)


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_speaks_of_every_layer_once(name):
    profile = read(name)
    told = [*profile.counts, *profile.leaves_out, *profile.unknown]
    missing, twice = set(OPS) - set(told), {op for op in told if told.count(op) > 1}
    assert not missing, f"cnncalc/profiles/{name}.yaml must say what {', '.join(missing)} adds, or that it is left out"
    assert not twice, f"cnncalc/profiles/{name}.yaml says twice what {', '.join(twice)} adds"
    assert set(told) == set(OPS)


@pytest.mark.parametrize("name", PROFILES)
def test_a_formula_names_quantities_that_there_are(name):
    assert {word for formula in read(name).counts.values() for word in formula.names} <= set(QUANTITIES)


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_has_its_tool_version_source_unit_and_truth(name):
    profile = read(name)
    words = (profile.tool, profile.version, profile.source, profile.unit, profile.truth)
    assert all(isinstance(word, str) and word for word in words)


def test_every_quantity_is_used_by_a_profile():
    assert {word for name in PROFILES for formula in read(name).counts.values() for word in formula.names} == set(
        QUANTITIES
    )


@pytest.mark.parametrize("name", PROFILES)
def test_what_is_said_to_be_left_out_adds_nothing(name):
    profile = read(name)
    assert all(amounts(profile, analyzed(f"[{op}]")) == [0] for op in profile.leaves_out & {"flatten", "identity"})


def test_a_batch_multiplies():
    layers = "[{conv: 8, kernel: 3}, batch_norm, relu, global_avg_pool, {linear: 5}]"
    for name in PROFILES:
        one, three = (total(read(name), analyzed(layers, batch=batch)) for batch in (1, 3))
        assert three == 3 * one > 0


def test_the_amounts_of_the_layers_add_up_to_the_total():
    analysis = cnncalc.analyze(cnncalc.load("zoo:resnet18"))
    for name in PROFILES:
        found = amounts(read(name), analysis)
        assert len(found) == len(analysis.facts)
        assert sum(found) == total(read(name), analysis)
        assert all(isinstance(one, int) for one in found)


def test_mac_v1_is_the_projects_own_total():
    for spec in ("resnet50", "unet", "wavenet", "c3d", "deepface"):
        analysis = cnncalc.analyze(cnncalc.load(f"zoo:{spec}"))
        assert total(read("mac-v1"), analysis) == analysis.totals.macs


def test_an_unknown_name_is_told_the_nearest():
    with pytest.raises(UsageError, match="did you mean fvcore"):
        read("fvcor")
    with pytest.raises(UsageError, match="`cnncalc profiles` lists them"):
        read("../../etc/passwd")


def test_a_formula_of_symbols_is_a_formula():
    analysis = cnncalc.analyze(cnncalc.load("zoo:resnet18", input="3,32*h,32*w", symbolic=True))
    numbers = cnncalc.analyze(cnncalc.load("zoo:resnet18", input="3x64x96"))
    for name in PROFILES:
        formula = total(read(name), analysis)
        assert formula.evaluate({"h": 2, "w": 3}) == total(read(name), numbers), name


def test_a_number_beyond_64_bits_is_an_error_with_its_place():
    analysis = analyzed("[{conv: 4000000000, kernel: 3, padding: 1}]", input="4000000000x9x9")
    with pytest.raises(DoesNotCompute, match=r"<text>:1:\d+: conv1: conv: torch-flop-counter counts 2\*macs"):
        total(read("torch-flop-counter"), analysis)


def test_of_what_is_unknown_the_ops_are_told():
    profile = read("fvcore")._replace(unknown=frozenset({"gelu"}))
    assert unknown(profile, analyzed("[gelu, relu, gelu]")) == ["gelu"]
    assert unknown(read("fvcore"), analyzed("[gelu, relu]")) == []


def test_the_files_are_shipped_beside_the_code():
    assert {path.stem for path in folder().glob("*.yaml")} == set(PROFILES)
