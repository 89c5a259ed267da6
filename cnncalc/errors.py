"""Everything cnncalc refuses, and the place it is told at.

CnncalcError
├── UsageError              a bad option or an unreadable path: exit code 2
├── LayerError              the bare fact about one layer, raised by its rules; the walk adds the place
│   ├── DoesNotFit          the output size is not whole under exact rounding
│   ├── WindowExceedsInput  the window is larger than the padded input
│   ├── PoolPaddingTooLarge windows of padding alone
│   ├── GroupsDoNotDivide   groups that do not divide the channels
│   ├── ShapeMismatch       operands that cannot be added, multiplied or concatenated
│   ├── RankMismatch        a tensor with too few or too many axes
│   ├── TooLarge            a size, or a step in the image, beyond 64 bits
│   ├── BadOutputPadding    output_padding not below max(stride, dilation)
│   └── Undecidable         what a formula's symbols leave open: it depends on their values
└── SpecError               a fact with its place: exit code 1
    ├── YamlSyntax          not UTF-8, not YAML, empty, several documents
    ├── YamlUnsafe          anchors, aliases, tags, merge keys, and everything over a limit
    ├── DuplicateKey        a key given twice
    ├── AmbiguousScalar     a word that YAML 1.1 and 1.2 read differently
    ├── InvalidField        an unknown, missing or wrongly typed option
    ├── BadExpression       an expression that does not parse or has no value
    ├── UnknownName         a name that nothing above gives
    ├── RecursiveBlock      a block that uses itself
    └── DoesNotCompute      a LayerError with its place; the LayerError is its ``__cause__``
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


def printable(text: str) -> str:
    r"""``text`` with its control characters escaped, so that no name can forge a line or a colour.

    >>> printable("a\x1b[31m\n")
    'a\\x1b[31m\\n'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word nearest to a mistyped one, or None.

    >>> closest("kernal", ["kernel", "stride"])
    'kernel'
    """
    from difflib import get_close_matches

    return next(iter(get_close_matches(word[:64], list(known), n=1, cutoff=0.6)), None)


class Span(NamedTuple):
    """A stretch of a file; lines and columns count from 1, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Place(NamedTuple):
    """Where a fact holds: the file, the stretch of it, and the layer (its path and op) if there is one."""

    file: str
    span: Span
    path: str = ""
    op: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.span.line}:{self.span.column}"
        return ": ".join(part for part in (where, self.path, self.op) if part)


class CnncalcError(Exception):
    """The base of every exception this package raises on purpose."""

    exit_code = 1


class UsageError(CnncalcError):
    """A bad option or an unreadable path; nothing is said about the network."""

    exit_code = 2


class LayerError(CnncalcError):
    """A bare fact about one layer: a requirement with its numbers, and the option it is about.

    >>> str(GroupsDoNotDivide("groups (3) must divide in_channels (4)", option="groups"))
    'groups (3) must divide in_channels (4)'
    """

    def __init__(self, fact: str, *, option: str = "", help: str = "") -> None:
        super().__init__(fact)
        self.fact = fact
        self.option = option
        self.help = help


class DoesNotFit(LayerError):
    """The output size is not whole under exact rounding."""


class WindowExceedsInput(LayerError):
    """The window is larger than the padded input, so the output is empty."""


class PoolPaddingTooLarge(LayerError):
    """Padding beyond half the window: some windows would hold padding alone."""


class GroupsDoNotDivide(LayerError):
    """A number of groups that does not divide the channels."""


class ShapeMismatch(LayerError):
    """Operands whose shapes do not agree."""


class RankMismatch(LayerError):
    """A tensor with too few or too many axes for the layer."""


class TooLarge(LayerError):
    """A size, or a step in the image, beyond 64 bits: no network has it, but a few lines can ask for it."""


class BadOutputPadding(LayerError):
    """output_padding not below max(stride, dilation): the extra rows would have no source."""


class Undecidable(LayerError):
    """A question about a formula whose answer depends on the values of its symbols."""


class SpecError(CnncalcError):
    """A fact about a spec with the place it holds at; ``str`` is ``file:line:col: path: op: fact``.

    >>> place = Place("net.yaml", Span(4, 3, 4, 9), "conv1", "conv")
    >>> print(InvalidField(place, "kernel must be at least 1 (0)"))
    net.yaml:4:3: conv1: conv: kernel must be at least 1 (0)
    """

    def __init__(self, place: Place, fact: str, *, help: str = "") -> None:
        super().__init__(place, fact)
        self.place = place
        self.fact = fact
        self.help = help

    def __str__(self) -> str:
        message = printable(f"{self.place}: {self.fact}")
        return f"{message}\nhelp: {printable(self.help)}" if self.help else message


class YamlSyntax(SpecError):
    """Not UTF-8, not YAML, empty, or several documents."""


class YamlUnsafe(SpecError):
    """An anchor, alias, tag or merge key, or anything beyond a limit."""


class DuplicateKey(SpecError):
    """A key given twice in one mapping; ``first`` is where it stands the first time."""

    def __init__(self, place: Place, fact: str, *, help: str = "", first: Span | None = None) -> None:
        super().__init__(place, fact, help=help)
        self.first = first


class AmbiguousScalar(SpecError):
    """A plain scalar that YAML 1.1 and 1.2 read differently."""


class InvalidField(SpecError):
    """An unknown, missing or wrongly typed option."""


class BadExpression(SpecError):
    """An expression that does not parse, is not allowed, or has no value."""


class UnknownName(SpecError):
    """A name that nothing above it gives."""


class RecursiveBlock(SpecError):
    """A block that uses itself."""


class DoesNotCompute(SpecError):
    """A layer's own refusal with its place; the LayerError is its ``__cause__``."""
