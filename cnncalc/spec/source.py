"""A YAML file as plain data with the place of every key and value, read from parser events and nothing else.

No constructor runs, no recursion, no anchors: the depth, the size and the number of values are bounded while reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import yaml

from cnncalc.errors import (
    AmbiguousScalar,
    BadExpression,
    DuplicateKey,
    InvalidField,
    Place,
    Span,
    SpecError,
    YamlSyntax,
    YamlUnsafe,
)
from cnncalc.layers.fields import as_list
from cnncalc.spec.scalar import Ambiguous, plain
from cnncalc.spec.syntax import decoded, syntax_error, unpaired, whole_call

MAX_BYTES = 2**20
MAX_DEPTH = 40
MAX_VALUES = 100_000
_START = Span(1, 1, 1, 1)
_ONCE = "say the part once under blocks, and use it where it is needed"
_SHARED = "defaults hold the options that layers share"

_Parser = getattr(yaml, "CLoader", yaml.Loader)
_PASTED_COLON = r"([a-z_]+):(\S.*)"


class Mapping(dict[str, Any]):
    """A mapping that knows its own place and that of each key and value."""

    __slots__ = ("keys_at", "span", "values_at")

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span
        self.keys_at: dict[str, Span] = {}
        self.values_at: dict[str, Span] = {}


class Sequenced(list[Any]):
    """A list that knows its own place and that of each item."""

    __slots__ = ("items_at", "span")

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span
        self.items_at: list[Span] = []


def find(data: object, path: Sequence[int | str], otherwise: Span) -> Span:
    """Return the place of the value at ``path``, or of the longest beginning of it that is in the file."""
    for step in path:
        if isinstance(data, Mapping) and step in data:
            otherwise, data = data.values_at[str(step)], data[str(step)]
        elif isinstance(data, Sequenced) and isinstance(step, int) and step < len(data):
            otherwise, data = data.items_at[step], data[step]
        else:
            break
    return otherwise


def search(data: object, path: Sequence[int | str], text: str) -> Span | None:
    """Return the place of a scalar that is ``text`` inside the list or mapping at ``path``, or None."""
    if path:
        return search(data.get(str(path[0])), path[1:], text) if isinstance(data, Mapping) else None
    pairs: Iterable[tuple[object, Span]] = ()
    if isinstance(data, Mapping):
        pairs = [(data[key], span) for key, span in data.values_at.items()]
    elif isinstance(data, Sequenced):
        pairs = zip(data, data.items_at, strict=True)
    return next((at for value, span in pairs if (at := span if value == text else search(value, (), text))), None)


def twice(first: Span, second: Span) -> str:
    """Return where two things are that should be one."""
    if first.line == second.line:
        return f"twice in line {second.line}"
    return f"lines {first.line} and {second.line}"


def read(content: bytes, file: str) -> Mapping:
    """Return the data of a spec file, a mapping.

    Raises YamlSyntax, YamlUnsafe, DuplicateKey or AmbiguousScalar with the place; nothing else, whatever the bytes.

    >>> read(b"input: 1x28x28", "net.yaml").keys_at
    {'input': Span(line=1, column=1, end_line=1, end_column=6)}
    """
    if len(content) > MAX_BYTES:
        raise YamlUnsafe(Place(file, _START), f"a spec must be at most {MAX_BYTES} bytes ({len(content)})")
    text = decoded(content, file)
    try:
        return _Reader(file, text).build(yaml.parse(text, Loader=_Parser))
    except yaml.MarkedYAMLError as error:
        raise syntax_error(error, text, file) from None
    except (yaml.YAMLError, ValueError):  # the pure parser's, of an escape beyond Unicode
        raise YamlSyntax(Place(file, _START), "a spec must be YAML: it does not parse") from None


class _Reader:
    """The stack of open collections while the events of one document go by."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.values = 0
        self.open: list[Mapping | Sequenced] = []
        self.flows: list[bool] = []
        self.keys: list[tuple[str, Span] | None] = []
        self.documents = 0
        self.root: object = None

    def build(self, events: Iterator[Any]) -> Mapping:
        for event in events:
            match event:
                case yaml.ScalarEvent():
                    self._guard(event)
                    self._scalar(event)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._guard(event)
                    self._push(event)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._pop(event)
                case yaml.AliasEvent():
                    raise self._error(YamlUnsafe, event, "aliases are not part of the language", _ONCE)
                case yaml.DocumentStartEvent():
                    self._document(event)
        if self.documents == 0 or self.root is None:
            raise YamlSyntax(Place(self.file, _START), "a spec must not be empty")
        if not isinstance(self.root, Mapping):
            raise YamlSyntax(Place(self.file, _START), "a spec must be a mapping that starts with cnncalc: 1")
        return self.root

    def _document(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's events have no common type
        self.documents += 1
        if self.documents > 1:
            raise self._error(YamlSyntax, event, "a file must hold one spec, not several documents")
        if event.version or event.tags:
            raise self._error(YamlUnsafe, event, "YAML directives are not part of the language")

    def _guard(self, event: Any) -> None:  # noqa: ANN401 - likewise
        self.values += 1
        if self.values > MAX_VALUES:
            raise self._error(
                YamlUnsafe, event, f"a spec must have at most {MAX_VALUES} values", "repeat says a layer once"
            )
        if event.anchor is not None:
            raise self._error(YamlUnsafe, event, "anchors are not part of the language", _ONCE)
        if event.tag is not None:
            raise self._error(YamlUnsafe, event, "tags are not part of the language", "write the value alone")

    def _scalar(self, event: Any) -> None:  # noqa: ANN401 - likewise
        span = _span(event)
        in_flow = bool(self.flows) and self.flows[-1]
        is_key = bool(self.open) and isinstance(self.open[-1], Mapping) and self.keys[-1] is None
        text, is_plain = event.value, event.implicit[0]
        if is_plain and in_flow and text.count("(") > text.count(")") and self.follows(event) == ",":
            raise self._cut(text, span, whole_call(self.text, event.start_mark.index))
        if unpaired(text):
            raise self._error(YamlSyntax, event, "an escape must be that of a whole character")
        try:
            value = plain(text) if is_plain else text
        except Ambiguous as error:
            if is_key and text == "<<":
                raise self._error(YamlUnsafe, event, "merge keys are not part of the language", _SHARED) from None
            raise AmbiguousScalar(Place(self.file, span), str(error)) from None
        except ValueError as error:
            raise YamlUnsafe(Place(self.file, span), str(error)) from None
        if event.style in ("'", '"') and span.line == span.end_line:  # the place of the text is inside its quotes
            span = span._replace(column=span.column + 1, end_column=span.end_column - 1)
        if is_key:
            self._key(text, span)
        else:
            self._add(value, span)

    def _cut(self, text: str, span: Span, whole: str) -> SpecError:
        """Return the error of a value that a comma has cut; Python's tuples are the likely one beside calls."""
        if listed := as_list(whole):
            return InvalidField(Place(self.file, span), f"numbers must be a list, not '{whole}'", help=listed)
        fact = f"'{text[:60]}' is cut at a comma: an expression with a comma inside braces must be quoted"
        return BadExpression(Place(self.file, span), fact, help=f'put it in quotes: "{whole}"')

    def follows(self, event: Any) -> str:  # noqa: ANN401 - likewise
        at: int = event.end_mark.index
        return self.text[at : at + 1]

    def _key(self, text: str, span: Span) -> None:
        owner = self.open[-1]
        assert isinstance(owner, Mapping)
        if text in owner:
            first = owner.keys_at[text]
            fact = f"the key '{text[:60]}' must be given once ({twice(first, span)})"
            raise DuplicateKey(Place(self.file, span), fact, first=first)
        self.keys[-1] = (text, span)

    def _add(self, value: object, span: Span) -> None:
        if not self.open:
            self.root = value
            return
        owner = self.open[-1]
        if isinstance(owner, Sequenced):
            owner.append(value)
            owner.items_at.append(span)
            return
        key = self.keys[-1]
        if key is None:
            raise YamlSyntax(Place(self.file, span), "a key must be a word, not a list or a mapping")
        name, at = key
        if value is None and (pasted := re.fullmatch(_PASTED_COLON, name)):
            raise YamlSyntax(
                Place(self.file, at),
                f"'{name[:60]}' must have a space after the colon",
                help=f"{pasted[1]}: {pasted[2][:60]}",
            )
        if len(name) > 1 and name[0] == "-" and not self.flows[-1]:
            fact = f"'{name[:60]}' must have a space after the dash"
            raise YamlSyntax(Place(self.file, at), fact)
        owner[name] = value
        owner.keys_at[name] = at
        owner.values_at[name] = span if value is not None else at
        self.keys[-1] = None

    def _push(self, event: Any) -> None:  # noqa: ANN401 - likewise
        if len(self.open) >= MAX_DEPTH:
            raise self._error(YamlUnsafe, event, f"a spec must be nested at most {MAX_DEPTH} deep")
        span = _span(event)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        if self.open and isinstance(self.open[-1], Mapping) and self.keys[-1] is None:
            raise YamlSyntax(Place(self.file, span), "a key must be a word, not a list or a mapping")
        self.open.append(Mapping(span) if is_mapping else Sequenced(span))
        self.keys.append(None)
        self.flows.append(bool(event.flow_style))

    def _pop(self, event: Any) -> None:  # noqa: ANN401 - likewise
        value = self.open.pop()
        self.keys.pop()
        self.flows.pop()
        end = event.end_mark
        value.span = value.span._replace(end_line=end.line + 1, end_column=end.column + 1)
        self._add(value, value.span)

    def _error(self, kind: type[SpecError], event: Any, fact: str, help: str = "") -> SpecError:  # noqa: ANN401 - likewise
        return kind(Place(self.file, _span(event)), fact, help=help)


def _span(event: Any) -> Span:  # noqa: ANN401 - likewise
    start, end = event.start_mark, event.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
