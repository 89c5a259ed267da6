"""The difference as plain data: all that docs/json.md says, whatever a table folds."""

import json
import re
from pathlib import Path

import cnncalc
from cnncalc.difference import difference
from cnncalc.report.difference.json import difference_data, difference_json

LABELS = ("old.yaml", "new.yaml")
DOCS = (
    (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8").split("# The JSON of a difference")[1]
)


def data(before, after):
    texts = [f"cnncalc: 1\nrounding: floor\ninput: 3x16x16\nlayers: [{layers}]\n" for layers in (before, after)]
    return difference_data(difference(*(cnncalc.analyze(cnncalc.loads(text)) for text in texts)), LABELS)


def test_every_key_is_in_the_documentation():
    found = data("{conv: 4}, relu", "{conv: 5, kernel: 3}, tanh")
    for key in [*found, *found["layers"][0], *found["layers"][0]["effects"]]:
        assert re.search(rf"`{key}`", DOCS), key


def test_it_is_json_and_comes_back_the_same():
    one, two = (cnncalc.analyze(cnncalc.load(f"zoo:{name}")) for name in ("lenet5", "alexnet"))
    found = difference(one, two)
    assert json.loads(difference_json(found, LABELS)) == difference_data(found, LABELS)


def test_the_layers_deltas_add_up_to_the_totals():
    one, two = (cnncalc.analyze(cnncalc.load(f"zoo:{name}")) for name in ("mobilenet_v1", "mobilenet_v2"))
    found = difference_data(difference(one, two), LABELS)
    for name, total in found["totals"].items():
        assert total["difference"] == total["after"] - total["before"]
        assert sum(layer["difference"][name] for layer in found["layers"]) == total["difference"]


def test_a_change_has_both_values_and_both_layers():
    (layer,) = data("{conv: 4, padding: [[0, 1], [2, 3]], kernel: 5}", "{conv: 4, padding: half, kernel: 5}")["layers"]
    assert layer["fate"] == "changed"
    assert layer["settings"] == {"padding": [[[0, 1], [2, 3]], "half"]}
    assert (layer["before"]["output"], layer["after"]["output"]) == ([4, 13, 17], [4, 16, 16])


def test_an_addition_has_no_layer_before():
    (layer,) = data("{conv: 4}", "{conv: 4}, {linear: 3}")["layers"]
    assert (layer["fate"], layer["before"], layer["after"]["name"]) == ("added", None, "linear1")


def test_unchanged_layers_are_counted_and_not_listed():
    found = data("{conv: 4}, relu", "{conv: 4}, relu")
    assert (found["same"], found["unchanged"], found["layers"]) == (True, 2, [])
