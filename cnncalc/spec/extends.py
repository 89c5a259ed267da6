"""A spec that extends another: its layers are the other file's, with other arguments, another input, its own claims."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from cnncalc.errors import InvalidField, Place, Span, SpecError, UnknownName, UsageError, printable
from cnncalc.layers.fields import shape
from cnncalc.layers.fields import text as shown
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.document import Raw, symbols_of
from cnncalc.spec.files import ZOO, asked_of, assigned, beside, content_of, folder_of
from cnncalc.spec.inputs import Written
from cnncalc.spec.refusal import Context, argument, evaluator, refusing, several, suggestion, validated
from cnncalc.spec.source import Mapping as Marked
from cnncalc.spec.source import find, read
from cnncalc.spec.values import Args, InputShape, Text, Version

MAX_FILES = 8
_BESIDE = r"(?!.*(^|/)\.\.?(/|$))[^/\\:\x00-\x1f][^\\:\x00-\x1f]*"


class Extension(BaseModel):
    """The whole of a file that extends another."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    cnncalc: Version
    extends: Text
    input: InputShape | None = None
    name: Text | None = None
    source: Text | None = None
    args: Args = {}
    expect: Raw = None
    budget: Raw = None


class Head(NamedTuple):
    """A file that extends another, as it was read."""

    file: str
    data: Marked
    spec: Extension


class Followed(NamedTuple):
    """The file that has the layers, and what the files that led there make of it, the first of them first."""

    content: bytes
    file: str
    data: Marked
    args: Mapping[str, Number]
    input: str | None
    heads: tuple[Head, ...] = ()
    written: Written | None = None
    """Where ``input`` is from, if it is one of these files."""

    @property
    def shown(self) -> str | Written | None:
        """The input in place of the file's own: as it is written in another file, else as it came from outside."""
        return self.written or self.input

    @property
    def told(self) -> dict[str, Number]:
        """The arguments of the file with the layers: all but the symbols that only the input in its place has."""
        own = set(symbols_of(self.input.strip("[] ").split(",")) if self.input and "," in self.input else ())
        own -= names_of(self.data)
        return {name: value for name, value in self.args.items() if name not in own}

    def name(self, own: str) -> str:
        """Return what the network is called, if the file with the layers calls it ``own``.

        Without a name of its own, a variant is called by what it makes different.
        """
        named = next((head.spec.name for head in self.heads if head.spec.name), own)
        if not self.heads or self.heads[0].spec.name:
            return named
        changes = [f"{name}={self._value(name)}" for name in self.heads[0].spec.args]
        return ", ".join([named, *changes] if named else changes)

    def _value(self, name: str) -> str:
        """Return an argument of the first file as it is written there, or as it is given in place of that."""
        head, value = self.heads[0], self.args[name]
        written = head.spec.args[name]
        return str(written) if _args(head)[name] == value else str(value).lower()


def follow(content: bytes, file: str, args: Mapping[str, Number] | None = None, input: str | None = None) -> Followed:
    """Return the file whose layers a spec has: the spec itself, or the one that it extends, with its arguments.

    ``args`` and ``input`` come from outside and go before those of the files.

    Raises SpecError, at the place of ``extends`` where that leads nowhere; UsageError for the arguments behind the
    ``?`` of ``file``, which have no place.

    >>> found = follow(b"{cnncalc: 1, extends: zoo:resnet50, args: {n3: 23}}", "net.yaml", {"classes": 10})
    >>> found.file, found.args
    ('zoo:resnet50', {'n3': 23, 'classes': 10})
    """
    if not asked_of(file)[1]:
        return _followed(content, file, args, input)
    try:
        return _followed(content, file, args, input)
    except SpecError as error:
        if error.place.file != file:
            raise
        help = f"; {error.help}" if error.help else ""
        raise UsageError(f"{printable(file[:80])}: {error.fact}{help}") from None


def _followed(content: bytes, file: str, args: Mapping[str, Number] | None, input: str | None) -> Followed:
    heads: list[Head] = []
    given, written = dict(args or {}), None
    while True:
        data = read(content, file)
        if "extends" not in data:
            _known(heads, data, file)
            return Followed(content, file, data, given, input, tuple(heads), written)
        head = Head(file, data, _extension(data, file))
        heads.append(head)
        given = {**_args(head), **given}
        if input is None and head.spec.input is not None:
            input, written = _input(head), Written(head.spec.input, Place(file, data.values_at["input"], "input"))
        file, content = _base(head, heads)


def _extension(data: Marked, file: str) -> Extension:
    top = Place(file, Span(1, 1, 1, 1))
    for key in data:
        if key in ("layers", "blocks", "defaults", "inputs", "outputs", "rounding"):
            fact = f"'{key}' must not be given beside extends: it is the other file's"
            raise InvalidField(top._replace(span=data.keys_at[key]), fact)
    return validated(Extension, data, top, data, evaluator({}))


def _args(head: Head) -> dict[str, Number]:
    """Return the arguments that a file gives; they are numbers, or expressions of numbers without names."""
    found = {}
    for name, value in head.spec.args.items():
        at = Place(head.file, find(head.data, ("args", name), Span(1, 1, 1, 1)), "args")
        if value is None:
            raise InvalidField(at, f"{name} must have a value")
        try:
            with refusing(at, name):
                found[name] = argument(value, {})
        except UnknownName as error:
            help = "beside extends a value is a number, or made of numbers: no argument has a value there yet"
            raise UnknownName(at, error.fact, help=help) from None
    return found


def _input(head: Head) -> str | None:
    """Return the input that a file gives, as --input has it."""
    written = head.spec.input
    if written is None or isinstance(written, str):
        if written is not None:
            with refusing(Place(head.file, head.data.values_at["input"], "input"), "input"):
                shape(written, Context(evaluator({})))
        return written
    return ",".join(map(str, written)) if isinstance(written, list | tuple) else str(written)


def _known(heads: list[Head], data: Marked, file: str) -> None:
    """Raise SpecError for an argument that the file with the layers does not have."""
    names = names_of(data)
    for head in heads:
        for name in head.spec.args:
            if name not in names:
                at = Place(head.file, head.data["args"].keys_at[name], "args")
                help = suggestion(name, names) or (f"it has {several(sorted(names))}" if names else "")
                raise InvalidField(at, f"{file} has no argument '{name}'", help=help)


def names_of(data: Marked) -> set[str]:
    """Return the arguments and the symbols of the input that a file has: what can be given a value from outside."""
    args = data.get("args")
    symbols = symbols_of(data.get("input", data.get("inputs")))
    return {*symbols, *(args if isinstance(args, dict) else ())}


def _base(head: Head, heads: list[Head]) -> tuple[str, bytes]:
    """Return the file that a file extends, and what is in it."""
    name = re.sub(r"^(\./+)+", "", head.spec.extends)
    at = Place(head.file, head.data.values_at["extends"], "extends")
    if not name.startswith(ZOO) and not re.fullmatch(_BESIDE, name):
        raise InvalidField(at, f"extends must name a file beside this one, or zoo:NAME, not {shown(name)}")
    file = name if name.startswith(ZOO) else beside(head.file, name)
    if file is not None and (asked := asked_of(file)[1]):
        args = ", ".join(f"{key}: {value}" for key, value in _told(file, asked, at).items())
        raise InvalidField(at, "extends must name a file without arguments", help=f"args: {{{args}}} beside extends")
    if file is None:
        raise InvalidField(at, "extends must be zoo:NAME where the spec is no file itself")
    if not name.startswith(ZOO) and not _within(head.file, file):
        raise InvalidField(
            at, f"extends must stay in this file's folder, and {shown(name)} is a link that leads out of it"
        )
    if file in [one.file for one in heads]:
        raise InvalidField(at, f"extends must not lead back to {printable(file)}")
    if len(heads) >= MAX_FILES:
        raise InvalidField(at, f"extends must lead to a spec with layers within {MAX_FILES} files")
    try:
        return file, content_of(file, pipes=False)
    except UsageError as error:
        raise InvalidField(at, str(error)) from None


def _within(head: str, file: str) -> bool:
    """Return whether a file is below the folder of another one, whatever links lead there."""
    folder = folder_of(head)
    return folder in (ZOO, None) or Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder or "."))


def _told(file: str, asked: str, at: Place) -> dict[str, str]:
    try:
        return assigned(file, asked)
    except UsageError as error:
        raise InvalidField(at, str(error)) from None
