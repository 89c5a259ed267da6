"""Reads the lines of a list of layers: which op each one is, its options, its branches, what follows it."""

from __future__ import annotations

from collections.abc import Mapping as ReadMapping
from itertools import islice
from typing import Any, NamedTuple

from cnncalc.errors import InvalidField, Place, Span, SpecError
from cnncalc.layers import ACTIVATIONS, LAYERS, NORMS, layer_class
from cnncalc.layers.fields import text as shown
from cnncalc.spec.line import NO_OPTIONS, OPS, WORDS, Common, Line
from cnncalc.spec.meter import expense
from cnncalc.spec.refusal import not_an_option, refused, rehearsal, several, suggestion, validated
from cnncalc.spec.source import Mapping, Sequenced, find
from cnncalc.spec.values import COMMON, ref

USE = ("with", "rows")
"""The options of ``use``; their values belong to the block, and are worked out for each use of it."""
Defaults = ReadMapping[str, ReadMapping[str, Any]]


class Reader(NamedTuple):
    """Reads lines in one scope: ``known`` are the names that expressions may use."""

    file: str
    path: str
    defaults: Defaults
    blocks: frozenset[str]
    known: frozenset[str]
    rounding: str = "exact"
    errors: list[SpecError] | None = None
    """Where the errors of lines are kept, so that all are told; without it the first one is raised."""

    def lines(self, data: object, at: Span) -> list[Line]:
        """Return the lines of a list of layers."""
        if not isinstance(data, Sequenced) or not data:
            raise InvalidField(
                Place(self.file, at, self.path),
                f"layers must be a list of layers, not {shown(data) if data != [] else 'an empty list'}",
            )
        found = []
        for index, (item, span) in enumerate(zip(data, data.items_at, strict=True)):
            try:
                found.append(self.line(item, span, f"{self.path}.{index}"))
            except SpecError as error:
                if self.errors is None:
                    raise
                self.errors.append(error)
        return found

    def line(self, data: object, at: Span, path: str) -> Line:
        """Return one line: a word, or a mapping with one op."""
        place = Place(self.file, at, path)
        if isinstance(data, str):
            return self.word(data, place)
        if not isinstance(data, Mapping):
            raise InvalidField(place, f"a layer must be a word or a mapping such as {{conv: 64}}, not {shown(data)}")
        op = self.op(data, place)
        place = place._replace(op=op)
        common = {key: data[key] for key in COMMON if key in data}
        known = self.known | {"i"} if "repeat" in data else self.known
        known = known | {"row"} if "rows" in data else known
        inner = self._replace(path=path, known=known)
        read: set[str] = set()
        parsed = validated(Common, common, place, data, rehearsal(known, read), known=known) if common else NO_OPTIONS
        options = {key: value for key, value in data.items() if key not in COMMON and key != op}
        if op == "use":
            return inner.use(data, options, parsed, place)
        return inner.layer(op, data[op], options, parsed, place, data)

    def word(self, word: str, place: Place) -> Line:
        """Return the line of a layer that is a word alone."""
        if word in WORDS:
            return self.layer(word, None, {}, NO_OPTIONS, place._replace(op=word), Mapping(place.span))
        if word in OPS:
            raise InvalidField(place, f"{word} must have a value", help=f"{{{word}: ...}}")
        first, colon, rest = word.partition(":")
        if colon and first in OPS:
            raise InvalidField(place, f"'{word[:60]}' must have a space after the colon", help=f"{first}: {rest[:60]}")
        raise InvalidField(
            place, f"'{word[:60]}' is not a layer", help=suggestion(word, [*LAYERS, *ACTIVATIONS, "use"])
        )

    def op(self, data: Mapping, place: Place) -> str:
        """Return the one key of a line that is an op; ``act`` beside another op is an option."""
        ops = [key for key in data if key in OPS]
        if len(ops) > 1 and "act" in ops:
            ops.remove("act")
        if len(ops) == 1:
            return ops[0]
        if not ops:
            if not data:
                raise InvalidField(place, "a layer must have an op, as in {conv: 64}")
            options = {name for op in LAYERS for name in layer_class(op).model_fields} - OPS
            hints = (suggestion(key, OPS) for key in islice(data, 8) if key not in {*COMMON, *options, "norm", "with"})
            keys = ", ".join(key[:40] for key in list(data)[:8])
            help = next((hint for hint in hints if hint), "")
            raise InvalidField(place, f"a layer must have an op, as in {{conv: 64}} (it has {keys})", help=help)
        raise InvalidField(
            place._replace(span=data.keys_at[ops[1]]), f"a layer must have one op, not {len(ops)} ({', '.join(ops)})",
            help=_beside(ops[0], ops[1]),
        )  # fmt: skip

    def layer(
        self, op: str, value: object, options: dict[str, Any], common: Common, place: Place, data: Mapping
    ) -> Line:
        """Return the line of a layer, with the file's defaults filled in and its options rehearsed."""
        if op == "act" and isinstance(value, str) and value in ACTIVATIONS:
            op, value = value, None
        kind = layer_class("act" if op in ACTIVATIONS else op)
        if kind.argument in options:
            raise InvalidField(
                place._replace(span=data.keys_at[kind.argument]), f"'{kind.argument}' is the value of {op} itself",
                help=f"{{{op}: {_short(options[kind.argument])}}}",
            )  # fmt: skip
        written = {key: v for key, v in self.defaults.get(op, {}).items() if key not in options} | options
        if "rounding" in kind.model_fields:
            written.setdefault("rounding", self.rounding)
        followers = []
        for follower in kind.followers:
            chosen = written.pop(follower, None)
            at = find(data, (follower,), place.span)
            if chosen not in (None, "none"):
                followers.append((follower, self.follower(follower, chosen, place._replace(span=at))))
        if op in ACTIVATIONS or (op in WORDS and not (op == "dropout" and value is not None)):
            if value is not None:
                raise InvalidField(
                    place._replace(span=data.values_at[op]), f"{op} must stand alone, not with {shown(value)}"
                )
            written |= {"function": op} if op in ACTIVATIONS else {}
        elif not kind.joins:
            if isinstance(value, Mapping):
                options_text = ", ".join(
                    f"{name}: {_short(one)}" for name, one in value.items() if name != kind.argument
                )
                example = (
                    f"{{{op}: {_short(value.get(kind.argument, '...'))}{', ' if options_text else ''}{options_text}}}"
                )
                raise InvalidField(
                    place._replace(span=value.span),
                    f"{op} must have its {kind.argument.replace('_', ' ')} as its value, the options beside it",
                    help=example[:100],
                )
            written[kind.argument] = value
        if any(name == "norm" for name, _ in followers):
            written.setdefault("bias", False)
        line = Line(op, place, data, common, written, kind, followers=followers)
        if kind.joins:
            line.operands = self.operands(op, value, data.values_at.get(op, place.span), place)
        read: set[str] = set()
        found = validated(kind, written, place, data, rehearsal(self.known, read), paths=line.paths, known=self.known)
        line.names = tuple(sorted(read))
        if not read:
            line.built[()] = found
        line.cost = expense(written) if read else 0
        line.spans = data.values_at
        if kind.argument and op in data.values_at:
            line.spans = {**data.values_at, kind.argument: data.values_at[op]}
        return line

    def follower(self, role: str, value: object, place: Place) -> Line:
        """Return the line of the norm or activation that an option of another line asks for."""
        allowed = NORMS if role == "norm" else ACTIVATIONS
        op = next(iter(value), None) if isinstance(value, Mapping) and len(value) == 1 else value
        if not isinstance(op, str) or op not in allowed:
            help = suggestion(op, [*allowed, "none"]) if isinstance(op, str) else ""
            raise InvalidField(
                place, f"{role} must be one of {', '.join(allowed)} or none, not {shown(value)}", help=help
            )
        return self.line(value, place.span, place.path)

    def operands(self, op: str, value: object, at: Span, place: Place) -> list[str | list[Line]]:
        """Return what a join joins: references, and branches that run from the current tensor."""
        if isinstance(value, str):
            return [_ref(value, place._replace(span=at), op)]
        if not isinstance(value, Sequenced) or not value:
            raise InvalidField(
                place._replace(span=at),
                f"{op} must have a list of names and branches, not {shown(value) if value != [] else 'an empty list'}",
            )
        found: list[str | list[Line]] = []
        for index, (item, span) in enumerate(zip(value, value.items_at, strict=True)):
            if isinstance(item, str):
                found.append(_ref(item, place._replace(span=span), op))
            elif isinstance(item, Sequenced):
                inner = self._replace(path=f"{place.path}.{op}.{index}")
                found.append(inner.lines(item, span) if item else [])
            else:
                raise InvalidField(
                    place._replace(span=span), f"an operand must be a name or a list of layers, not {shown(item)}",
                    help="a branch of one layer is a list too: [{conv: 64}]" if isinstance(item, Mapping) else "",
                )  # fmt: skip
        return found

    def use(self, data: Mapping, options: dict[str, Any], common: Common, place: Place) -> Line:
        """Return the line of a use; the arguments are bound when the block is expanded."""
        block, at = data["use"], place._replace(span=data.values_at["use"])
        if not isinstance(block, str) or block not in self.blocks:
            known = f"the file has {several(sorted(self.blocks))}" if self.blocks else "the file has no blocks"
            help = suggestion(block, self.blocks) if isinstance(block, str) else ""
            raise InvalidField(at, f"use must name a block of this file, not {shown(block)}", help=help or known)
        if unknown := next((option for option in options if option not in USE), None):
            raise not_an_option(unknown, [*USE, *COMMON], place, data)
        if "rows" in options and "repeat" in data:
            raise InvalidField(
                place._replace(span=data.keys_at["repeat"]),
                "rows and repeat must not both be given: a row is an instance",
            )
        if common.expect is not None and "rows" in options:
            raise InvalidField(
                place._replace(span=data.keys_at["expect"]), "expect must stand on one layer, not on rows"
            )
        return Line("use", place, data, common, options, None, block=block)


def _beside(op: str, other: str) -> str:
    """Return how ``other`` could stand beside ``op``: as an option, or as a layer of its own."""
    roles = layer_class(op).followers if op in LAYERS else ()
    if other in ACTIVATIONS and "act" in roles:
        return f"act: {other}"
    if other in NORMS and "norm" in roles:
        return f"norm: {other}"
    if op in LAYERS and other == "pad" and "padding" in layer_class(op).model_fields:
        return "did you mean padding?"
    return "each layer is an item of the list"


def _short(value: object) -> str:
    return "..." if isinstance(value, list | dict) else shown(value).strip("'")


def _ref(value: str, place: Place, label: str) -> str:
    try:
        return ref(value)
    except ValueError as error:
        raise refused(error, place, label) from None
