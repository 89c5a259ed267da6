"""The JSON Schema (draft-07) of the language, from the same classes that check a spec; for editors."""

from __future__ import annotations

import json
from typing import Any

from cnncalc.layers import ACTIVATIONS, LAYERS, NORMS, layer_class
from cnncalc.spec.claims import Budget, Expect
from cnncalc.spec.document import BlockHead, Spec
from cnncalc.spec.extends import Extension
from cnncalc.spec.line import WORDS, Common
from cnncalc.spec.reader import USE
from cnncalc.spec.values import COMMON

Schema = dict[str, Any]

_NUMBER: Schema = {"anyOf": [{"type": "number"}, {"type": "string", "description": "an expression"}]}
_COUNT: Schema = {"anyOf": [{"type": "integer"}, {"type": "string", "description": "an expression"}]}


def schema_text() -> str:
    """Return the schema as a file holds it."""
    return json.dumps(schema(), indent=1) + "\n"


def schema() -> Schema:
    """Return the schema as data.

    >>> schema()["$schema"]
    'http://json-schema.org/draft-07/schema#'
    """
    spec = _object(Spec)
    spec["properties"] |= {
        "layers": _ref("layers"),
        "inputs": {"type": "object", "additionalProperties": _ref("shape"), "minProperties": 1},
        "defaults": _defaults(),
        "blocks": {"type": "object", "additionalProperties": _ref("block")},
        "expect": _object(Expect),
        "budget": _object(Budget),
    }
    extension = _object(Extension)
    extension["properties"] |= {"expect": _object(Expect), "budget": _object(Budget)}
    spec["oneOf"] = [{"required": ["input"]}, {"required": ["inputs"]}]
    block = _object(BlockHead)
    block["properties"] |= {"layers": _ref("layers"), "inputs": {"type": "array", "items": _ref("ident")}}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "cnncalc spec",
        "description": "A convolutional network, from which its shapes, costs and receptive fields follow.",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": extension,
        "else": spec,
        "definitions": {**_kinds(), "block": block, "layer": _layer(), **_lines()},
    }


def _kinds() -> Schema:
    """Return the kinds of value, by the names that the fields refer to."""
    sizes = {"type": "array", "items": _COUNT, "minItems": 1}
    pairs = {"type": "array", "items": {"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2}, "minItems": 1}
    return {
        "num": _NUMBER,
        "flag": {"anyOf": [{"type": "boolean"}, {"type": "string", "description": "an expression"}]},
        "window": {"anyOf": [*_COUNT["anyOf"], sizes]},
        "amounts": {"anyOf": [*_COUNT["anyOf"], sizes, pairs]},
        "padding": {
            "anyOf": [
                {"enum": ["valid", "half", "same", "same_lower", "full", "causal"]},
                *_COUNT["anyOf"],
                sizes,
                pairs,
            ]
        },
        "shape": {"anyOf": [*_COUNT["anyOf"], sizes]},
        "range": {"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2},
        "ident": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
        "refs": {"anyOf": [_ref("ref"), {"type": "array", "items": _ref("ref"), "minItems": 1}]},
        "ref": {"type": "string", "pattern": r"^[A-Za-z_][A-Za-z0-9_]*(\.([A-Za-z0-9_]+|\*))*$"},
        "args": {"type": "object", "additionalProperties": {"type": ["number", "string", "boolean", "null"]}},
        "quantity": {"anyOf": [{"type": "integer"}, {"type": "string", "examples": ["5M", "1.2G"]}]},
        "receptive_field": {
            "anyOf": [
                {"enum": ["whole", "unknown"]},
                {"type": "integer"},
                {
                    "type": "object",
                    "properties": {
                        part: {"type": ["integer", "string", "array"]} for part in ("size", "jump", "start")
                    },
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        },
    }


def _lines() -> Schema:
    operand = {"anyOf": [_ref("ref"), {"type": "array", "items": _ref("layer")}]}
    return {
        "layers": {"type": "array", "items": _ref("layer"), "minItems": 1},
        "operands": {"anyOf": [_ref("ref"), {"type": "array", "items": operand, "minItems": 1}]},
        "norm": _follower(NORMS),
        "act": _follower(ACTIVATIONS),
    }


def _follower(ops: tuple[str, ...]) -> Schema:
    valued = [op for op in ops if op not in WORDS]
    words: Schema = {"enum": [*(op for op in ops if op in WORDS), "none"]}
    mappings = [
        {"type": "object", "properties": {op: _argument(op)}, "required": [op], "additionalProperties": False}
        for op in valued
    ]
    return {"anyOf": [words, *mappings]} if mappings else words


def _layer() -> Schema:
    """Return a line of a list of layers: a word, or a mapping with exactly one op and that op's options."""
    ops = [*LAYERS, *ACTIVATIONS]
    return {"anyOf": [{"enum": sorted(WORDS)}, *(_line(op) for op in ops), _use()]}


def _line(op: str) -> Schema:
    return {
        "type": "object",
        "properties": {op: _argument(op), **_options(op), **_common()},
        "required": [op],
        "additionalProperties": False,
    }


def _use() -> Schema:
    given = {"anyOf": [{"type": "array"}, {"type": "object"}]}
    rows = {"type": "array", "items": {"type": "array"}, "minItems": 1}
    assert USE == ("with", "rows")
    return {
        "type": "object",
        "properties": {"use": _ref("ident"), "with": given, "rows": rows, **_common()},
        "required": ["use"],
        "additionalProperties": False,
    }


def _argument(op: str) -> Schema:
    kind = layer_class("act" if op in ACTIVATIONS else op)
    if kind.joins:
        return _ref("operands")
    if op in ACTIVATIONS or not kind.argument:
        return {"type": "null"}
    schema = _fields(kind)[kind.argument]
    return {"anyOf": [schema, {"type": "null"}]} if op in WORDS else schema


def _options(op: str) -> Schema:
    kind = layer_class("act" if op in ACTIVATIONS else op)
    options = {name: schema for name, schema in _fields(kind).items() if name != kind.argument}
    return options | {name: _ref(name) for name in kind.followers}


def _common() -> Schema:
    return {name: schema for name, schema in _fields(Common).items() if name in COMMON}


def _defaults() -> Schema:
    ops = {
        op: {"type": "object", "properties": _options(op), "additionalProperties": False}
        for op in LAYERS
        if _options(op)
    }
    return {"type": "object", "properties": ops, "additionalProperties": False}


def _object(model: Any) -> Schema:  # noqa: ANN401 - any pydantic model
    return {
        "type": "object",
        "properties": _fields(model),
        "required": [field.alias or name for name, field in model.model_fields.items() if field.is_required()],
        "additionalProperties": False,
    }


def _fields(model: Any) -> Schema:  # noqa: ANN401 - likewise
    """Return the schema of each field: a reference to its kind, or its words; null, which only leaves it out, apart."""
    fields: Schema = {}
    for name, schema in model.model_json_schema(by_alias=True)["properties"].items():
        options = [one for one in schema.get("anyOf", [schema]) if one != {"type": "null"}]
        plain = options[0] if len(options) == 1 else schema
        plain = {key: value for key, value in plain.items() if key not in ("title", "default")}
        fields[name] = _ref(plain["kind"]) if "kind" in plain else plain
    return fields


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}
