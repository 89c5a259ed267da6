"""A file that extends another: its layers, with other arguments, another input and statements of its own."""

from pathlib import Path

import pytest

import cnncalc
from cnncalc.checks.engine import check
from cnncalc.checks.files import discover
from cnncalc.checks.fixing import mended
from cnncalc.checks.run import check_file
from cnncalc.checks.settings import Settings
from cnncalc.claims import unmet
from cnncalc.errors import SpecError, UsageError
from cnncalc.sizes.network import read_network as sizes_of

BASE = """cnncalc: 1
name: Base
input: 3x32x32
args: {c: 8, k: 3}
layers:
- {conv: c, kernel: k, expect: "8x30x30"}
- {linear: 10}
expect: {params: 72234}
budget: {params: 100k, macs: 5M}
"""


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(BASE)


def written(text, name="net.yaml"):
    Path(name).write_text(f"cnncalc: 1\n{text}")
    return name


def totals(name, **options):
    return cnncalc.analyze(cnncalc.load(name, **options)).totals


def refusal(text, name="net.yaml"):
    with pytest.raises(SpecError) as caught:
        cnncalc.load(written(text, name))
    return f"{caught.value.place.span.line}: {caught.value.fact}" + (
        f" | {caught.value.help}" if caught.value.help else ""
    )


def test_its_arguments_are_those_of_the_layers():
    assert totals(written("extends: base.yaml\nargs: {c: 4}")) == totals("base.yaml", args={"c": 4})


def test_an_argument_may_be_an_expression():
    assert totals(written("extends: base.yaml\nargs: {c: 2**3 - 4}")) == totals("base.yaml", args={"c": 4})


def test_an_argument_from_outside_goes_before_its_own():
    name = written("extends: base.yaml\nargs: {c: 4}")
    assert totals(name, args={"c": 6, "k": 5}) == totals("base.yaml", args={"c": 6, "k": 5})


@pytest.mark.parametrize(("line", "shape"), [("3x16x20", "3x16x20"), ("[3, 16, 20]", "3x16x20")])
def test_its_input_takes_the_place_of_the_others(line, shape):
    name = written(f"extends: base.yaml\ninput: {line}")
    assert totals(name) == totals("base.yaml", input=shape)
    assert totals(name, input="3x9x9") == totals("base.yaml", input="3x9x9")


def test_it_states_for_itself_and_the_others_claims_are_not_its_own():
    graph = cnncalc.load(written("extends: base.yaml\nname: Mine\nargs: {k: 5}\nexpect: {params: 1}"))
    assert (graph.name, graph.file) == ("Mine", "net.yaml")
    told = [(one.place.file, one.place.span.line, one.name) for one in unmet(cnncalc.analyze(graph))]
    assert told == [("base.yaml", 6, "output"), ("net.yaml", 5, "params")]


def test_the_others_budget_bounds_it_and_its_own_goes_before():
    name = written("extends: base.yaml\nargs: {c: 64}\nbudget: {macs: 9M}")
    assert [(one.code, one.place.file) for one in check(name)][-1] == ("CNN402", "base.yaml")
    assert {key: claim.value for key, claim in cnncalc.load(name).budget.items()} == {
        "params": 100_000,
        "macs": 9 * 10**6,
    }


def test_a_variant_without_a_name_is_called_by_what_differs():
    assert cnncalc.load(written("extends: base.yaml\nargs: {c: 4}")).name == "Base, c=4"
    assert cnncalc.load("base.yaml?c=4,k=5").name == "Base, c=4, k=5"


def test_a_chain_of_files_ends_in_the_one_with_the_layers():
    written("extends: base.yaml\nargs: {c: 4, k: 5}\nname: Middle", "middle.yaml")
    name = written("extends: middle.yaml\nargs: {c: 6}")
    assert totals(name) == totals("base.yaml", args={"c": 6, "k": 5})
    assert cnncalc.load(name).name == "Middle, c=6"


def test_a_file_beside_it_is_meant_wherever_it_is_read_from(tmp_path):
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "other.yaml").write_text(BASE)
    assert totals(written("extends: other.yaml\nargs: {c: 4}", "nets/net.yaml")) == totals("base.yaml", args={"c": 4})


def test_arguments_may_stand_behind_a_name():
    assert totals("zoo:resnet50?n3=23").params == 44_549_160  # torchvision's resnet101
    assert (
        totals("base.yaml?c=4") == totals("base.yaml?c=2%2B2".replace("%2B", "+")) == totals("base.yaml", args={"c": 4})
    )
    assert totals("zoo:resnet50?v1=true").macs == 3_857_973_248


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("base.yaml?c", "must be NAME=VALUE after ?"),
        ("base.yaml?c=", "must be NAME=VALUE after ?"),
        ("base.yaml?c=1,c=2", "c must be given once"),
        ("gone.yaml?c=1", "there is no such file"),
        ("zoo:resnet5?n=1", "did you mean zoo:resnet50?"),
    ],
)
def test_what_cannot_be_behind_a_name_is_refused(name, fact):
    with pytest.raises(UsageError, match=fact.replace("?", r"\?")):
        cnncalc.load(name)


def test_a_file_with_a_question_mark_in_its_name_is_itself():
    written("extends: base.yaml\nargs: {c: 4}", "base.yaml?c=5")
    assert totals("base.yaml?c=5") == totals("base.yaml", args={"c": 4})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("extends: base.yaml\nargs: {d: 4}", "3: base.yaml has no argument 'd' | it has c, k"),
        ("extends: base.yaml\nargs: {c: }", "3: c must have a value"),
        ("extends: base.yaml\nlayers: [relu]", "3: 'layers' must not be given beside extends: it is the other file's"),
        ("extends: base.yaml\ninput: [3, 4", None),
        ("extends: ../base.yaml", "2: extends must name a file beside this one, or zoo:NAME, not '../base.yaml'"),
        ("extends: /etc/passwd", "2: extends must name a file beside this one, or zoo:NAME, not '/etc/passwd'"),
        ("extends: nets/../../x", "2: extends must name a file beside this one, or zoo:NAME, not 'nets/../../x'"),
        ("extends: gone.yaml", "2: gone.yaml: there is no such file"),
        ("extends: zoo:resnet5", "2: zoo:resnet5: there is no such spec; did you mean zoo:resnet50?"),
        ("extends: net.yaml", "2: extends must not lead back to net.yaml"),
        ("extends: 3", "2: extends must be text, not 3"),
        ("extends: base.yaml\nexpects: {params: 1}", "3: 'expects' is not an option here | did you mean expect?"),
        ("extends: base.yaml\ninput: 3xq", None),
    ],
)
def test_what_is_wrong_is_told_in_the_file_that_extends(text, told):
    found = refusal(text)
    assert told is None or found == told


def test_files_that_extend_one_another_are_refused():
    written("extends: net.yaml", "other.yaml")
    assert refusal("extends: other.yaml") == "2: extends must not lead back to net.yaml"


def test_text_that_is_no_file_can_extend_the_zoo_alone():
    assert cnncalc.loads("{cnncalc: 1, extends: zoo:lenet5}").name == "LeNet-5"
    with pytest.raises(SpecError, match="extends must be zoo:NAME where the spec is no file itself"):
        cnncalc.loads("{cnncalc: 1, extends: base.yaml}")


def test_a_layer_that_does_not_fit_is_told_where_it_stands():
    name = written("extends: base.yaml\nargs: {k: 33}")
    assert [(one.code, one.place.file, one.place.span.line) for one in check(name)] == [("CNN102", "base.yaml", 6)]
    assert mended(b"cnncalc: 1\nextends: base.yaml\nargs: {k: 33}", name, Settings(), unsafe=True).fixed == ()


def test_advice_on_the_layers_is_given_where_they_stand():
    written("extends: zoo:lenet5\nexpect: {params: 61706}", "le.yaml")
    assert check("zoo:lenet5")
    assert check("le.yaml") == []


def test_formulas_follow_too():
    name = written("extends: base.yaml\ninput: [3, h, w]\nargs: {c: 4}")
    (shape,) = cnncalc.load(name, symbolic=True).inputs.values()
    assert [str(size) for size in shape] == ["3", "h", "w"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "extends: base.yaml\ninput: [3, 32*h, 32]",
            "3: the input has symbols without a value (h) | --set h=...; or formulas, with `cnncalc shapes --symbolic`",
        ),
        ("extends: two.yaml\ninput: 3x8x8", "3: input is for a network with one input; two.yaml has several"),
    ],
)
def test_the_input_of_a_file_that_extends_is_blamed_in_that_file(text, told):
    written("inputs: {a: 3x8x8, b: 3x8x8}\nlayers: [{add: [a, b]}]", "two.yaml")
    assert refusal(text) == told
    (finding,) = check("net.yaml")
    assert (finding.place.file, finding.place.span.line) == ("net.yaml", 3)
    assert finding.message == told.split(" | ")[0].removeprefix("3: ")


def test_a_symbol_of_its_input_may_be_given_a_value():
    name = written("extends: base.yaml\ninput: [3, 32*h, 32]")
    assert totals(name, args={"h": 1}) == totals("base.yaml", args={"c": 8})
    assert sizes_of(Path(name).read_bytes(), name, {"h": "2"}).own == {"input": (3, 64, 32)}
    assert check_file(name, Settings(), {}, given={"h": 1}).totals["params"] == totals("base.yaml").params


@pytest.mark.parametrize(
    "name", ["base.yaml?c=8/2", "base.yaml?c=9//2", "HERE/base.yaml?c=8/2", "base.yaml?c=max(4,1)"]
)
def test_a_value_behind_a_name_may_divide_and_have_commas_in_brackets(name, tmp_path):
    assert totals(name.replace("HERE", str(tmp_path))) == totals("base.yaml", args={"c": 4})


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("base.yaml?d=0", "base.yaml?d=0: base.yaml has no argument 'd'; it has c, k"),
        ("zoo:resnet50?n9=0", "zoo:resnet50?n9=0: zoo:resnet50 has no argument 'n9'; it has classes, groups"),
        ("base.yaml?c=q", "base.yaml?c=q: c: 'q' has no value here"),
    ],
)
def test_an_argument_behind_a_name_is_bad_usage_and_has_no_place(name, fact):
    with pytest.raises(UsageError) as caught:
        cnncalc.load(name)
    assert str(caught.value).startswith(fact)


def test_a_variant_is_called_by_the_values_that_it_has():
    assert cnncalc.load("base.yaml?c=9,k=5", args={"c": 4}).name == "Base, c=4, k=5"
    assert cnncalc.load(written("extends: base.yaml\nargs: {c: 2*2}")).name == "Base, c=2*2"


@pytest.mark.parametrize(("name", "args"), [("base.yaml?c=4", "c: 4"), ("zoo:resnet50?n3=2,n4=1", "n3: 2, n4: 1")])
def test_extends_with_arguments_behind_the_name_is_told_where_they_go(name, args):
    told = f"2: extends must name a file without arguments | args: {{{args}}} beside extends"
    assert refusal(f'extends: "{name}"') == told


def test_check_takes_arguments_behind_a_name():
    assert discover(["base.yaml?c=4"], Settings(), force_exclude=False) == ["base.yaml?c=4"]
    assert discover(["bas?.yaml"], Settings(), force_exclude=False) == ["bas?.yaml".replace("?", "e")]
    assert check_file("base.yaml?c=4", Settings(), {}).totals["params"] == totals("base.yaml", args={"c": 4}).params


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "link.yaml").symlink_to("../base.yaml")
    (tmp_path / "nets" / "up").symlink_to("..")
    for name in ("link.yaml", "up/base.yaml"):
        told = f"2: extends must stay in this file's folder, and '{name}' is a link that leads out of it"
        assert refusal(f"extends: {name}", "nets/net.yaml") == told
    (tmp_path / "near.yaml").symlink_to("base.yaml")
    assert totals(written("extends: near.yaml")) == totals(written("extends: ./base.yaml")) == totals("base.yaml")


@pytest.mark.parametrize("args", ["{c: k*2}", "{k: 5, c: 3*k}"])
def test_an_argument_beside_extends_names_no_other(args):
    told = (
        "3: c: 'k' has no value here | beside extends a value is a number, or made of numbers: no argument has a value "
    )
    assert refusal(f"extends: base.yaml\nargs: {args}") == f"{told}there yet"
