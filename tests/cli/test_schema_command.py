"""The JSON Schema is fresh, is a schema, and takes every spec."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from cnncalc.spec.schema import schema, schema_text

SPECS = Path(__file__).parents[2] / "specs"
ALL = sorted(SPECS.glob("*.yaml"))


def test_the_schema_in_specs_is_fresh():
    assert (SPECS / "cnncalc.schema.json").read_text(encoding="utf-8") == schema_text(), (
        "write it anew: cnncalc schema -o specs/cnncalc.schema.json"
    )


def test_the_schema_is_draft_07():
    assert json.loads(schema_text())["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema.Draft7Validator.check_schema(schema())


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem)
def test_every_spec_is_valid(path):
    jsonschema.Draft7Validator(schema()).validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "layer",
    ["rellu", {"conv": 8, "kernal": 3}, {"kernel": 3}, {"conv": 8, "act": "rellu"}, {"conv": 8, "max_pool": 2}],
    ids=str,
)
def test_a_wrong_layer_is_not_valid(layer):
    validator = jsonschema.Draft7Validator(schema())
    spec = {"cnncalc": 1, "input": "3x8x8", "layers": ["relu"]}
    assert validator.is_valid(spec)
    assert not validator.is_valid(spec | {"layers": [layer]})
