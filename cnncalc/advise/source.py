"""A spec's text with the place of every line of its lists, and what each of them is written like."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.checks.survey import Survey
from cnncalc.errors import Span
from cnncalc.spec.source import Mapping, Sequenced


class Item(NamedTuple):
    """One line of a list of layers: its data, from where to where it stands, and how it is written."""

    data: Mapping
    start: int
    end: int
    line: int
    listed: bool
    """Whether the list is in brackets."""
    braced: bool
    """Whether the line itself is in braces, or a word."""
    dash: int
    """The column of its dash, from 0; -1 where there is none in front of it."""
    column: int
    """The column where it begins, from 0."""
    args: frozenset[str]
    """The arguments of the block that it stands in."""


class Source:
    """A file that was read: its text, and the lines of its lists by where they begin."""

    def __init__(self, survey: Survey) -> None:
        assert survey.data is not None
        self.survey = survey
        self.text = survey.text
        self.data = survey.data
        self.starts = [0, *(found.end() for found in re.finditer("\r\n|\r|\n", self.text))]
        self.newline = "\r\n" if "\r\n" in self.text else "\n"
        self.items = {item.start: item for item in self._items()}

    def offset(self, line: int, column: int) -> int:
        """Return where a line and column, counted from 1, are in the text."""
        return min(self.starts[min(line, len(self.starts)) - 1] + column - 1, len(self.text))

    def at(self, span: Span) -> int:
        """Return where a stretch begins."""
        return self.offset(span.line, span.column)

    def stretch(self, data: Mapping, name: str) -> tuple[int, int]:
        """Return from where to where a key and its value stand, quotes included."""
        span = self.survey.stretch(data, name)
        start = self.at(span)
        return start - (self.text[start - 1 : start] in ("'", '"')), self.offset(span.end_line, span.end_column)

    def raw(self, data: Mapping, name: str) -> str:
        """Return a value as it is written, its quotes included."""
        start = self.at(data.values_at[name])
        return self.text[start - (self.text[start - 1 : start] in ("'", '"')) : self.stretch(data, name)[1]]

    def _items(self) -> Iterator[Item]:
        yield from self._listed(self.data.get("layers"), frozenset())
        blocks = self.data.get("blocks")
        for block in blocks.values() if isinstance(blocks, Mapping) else ():
            if isinstance(block, Mapping):
                args = block.get("args")
                yield from self._listed(block.get("layers"), frozenset(args if isinstance(args, dict) else ()))

    def _listed(self, lines: object, args: frozenset[str]) -> Iterator[Item]:
        if not isinstance(lines, Sequenced):
            return
        bracketed = self.text[self.at(lines.span) : self.at(lines.span) + 1] == "["
        for data, span in zip(lines, lines.items_at, strict=True):
            if isinstance(data, Mapping):
                yield self._item(data, bracketed, args)
                for operands in data.values():
                    for branch in operands if isinstance(operands, Sequenced) else ():
                        yield from self._listed(branch, args)
            elif isinstance(data, str):
                yield self._word(span, bracketed, args)

    def _item(self, data: Mapping, bracketed: bool, args: frozenset[str]) -> Item:
        start = self.at(data.span)
        braced = self.text[start : start + 1] == "{"
        end = self.offset(data.span.end_line, data.span.end_column)
        if not braced:
            end = max((self.stretch(data, name)[1] for name in data), default=end)
        return Item(data, start, end, data.span.line, bracketed, braced, *self._columns(start), args)

    def _word(self, span: Span, bracketed: bool, args: frozenset[str]) -> Item:
        end = self.offset(span.end_line, span.end_column)
        return Item(Mapping(span), self.at(span), end, span.line, bracketed, True, *self._columns(self.at(span)), args)

    def _columns(self, start: int) -> tuple[int, int]:
        line = self.starts[bisect_right(self.starts, start) - 1]
        head = self.text[line:start]
        return head.rindex("-") if re.search("(^|[ ])- +$", head) else -1, start - line


def flowed(raw: str) -> str:
    """Return a value as it can stand in braces: quoted where a comma would cut it.

    >>> flowed("max(c, 8)"), flowed('"max(c, 8)"'), flowed("[1, 2]"), flowed("c//2")
    ('"max(c, 8)"', '"max(c, 8)"', '[1, 2]', 'c//2')
    """
    return f'"{raw}"' if "," in raw and raw[0] not in "[{\"'" else raw
