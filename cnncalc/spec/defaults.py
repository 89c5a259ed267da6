"""The defaults of a file: the options that a layer need not repeat, checked once and worked out."""

from __future__ import annotations

from collections.abc import Mapping as ReadMapping
from typing import Any

from cnncalc.errors import InvalidField, Place
from cnncalc.layers import ACTIVATIONS, LAYERS, layer_class
from cnncalc.layers.base import Layer
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.reader import Reader
from cnncalc.spec.refusal import checked, mapping, recording, suggestion
from cnncalc.spec.source import Mapping, Sequenced


def defaults(data: Mapping, top: Place, args: ReadMapping[str, Number]) -> dict[str, dict[str, Any]]:
    """Return the options to fill in for each op, expressions worked out with the file's arguments."""
    written = mapping(data["defaults"], "defaults", data.values_at["defaults"], top.file)
    found: dict[str, dict[str, Any]] = {}
    for op, given in written.items():
        place = Place(top.file, written.keys_at[op], "defaults")
        if op not in LAYERS or op in ACTIVATIONS:
            raise InvalidField(place, f"'{op[:60]}' is not an op with options", help=suggestion(op, LAYERS))
        options = mapping(given, op, written.values_at[op], top.file)
        kind = layer_class(op)
        for name in options:
            at = place._replace(span=options.keys_at[name], op=op)
            allowed = [field for field in kind.model_fields if field != kind.argument] + list(kind.followers)
            if name not in allowed:
                help = f"it is the value of {op} itself" if name == kind.argument else suggestion(name, allowed)
                raise InvalidField(at, f"'{name[:60]}' is not an option that has a default", help=help)
        values: dict[str, Number] = {}
        plain = {name: value for name, value in options.items() if name not in kind.followers}
        checked(kind, plain, place._replace(span=options.span), options, recording(args, values), known=args)
        found[op] = {name: _substituted(value, values) for name, value in plain.items()}
        reader = Reader(top.file, "defaults", {}, frozenset(), frozenset(args))
        for role in [role for role in kind.followers if role in options]:
            found[op][role] = options[role]
            if options[role] not in (None, "none"):
                line = reader.follower(role, options[role], place._replace(span=options.values_at[role], op=op))
                if line.names:
                    found[op][role] = _settled(options[role], line.layer(args))
    return found


def _settled(written: Mapping, layer: Layer) -> Mapping:
    """Return the norm that a default asks for, its argument worked out."""
    settled = Mapping(written.span)
    settled.update({op: getattr(layer, layer.argument) for op in written})
    settled.keys_at, settled.values_at = written.keys_at, written.values_at
    return settled


def _substituted(value: object, values: ReadMapping[str, Number]) -> object:
    """Return a default with its arithmetic done, so that a block's own names cannot change what it means."""
    if isinstance(value, Sequenced):
        return [_substituted(part, values) for part in value]
    return values.get(value, value) if isinstance(value, str) else value
