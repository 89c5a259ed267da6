"""The networks that a number may be of: the spec itself, its switches turned, its relatives, other input sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cnncalc.analysis import Analysis, analyze
from cnncalc.errors import CnncalcError
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.extends import follow
from cnncalc.spec.files import ZOO
from cnncalc.spec.load import loads
from cnncalc.zoo import names, zoo_path

IMAGES = (192, 224, 227, 256, 288, 299, 320, 384, 448, 512)
"""The image sizes at which classifiers are usually quoted."""
MAX_SWITCHES = 6


class Variant(NamedTuple):
    """A network, what makes it another than the spec's, and how far-fetched that is."""

    analysis: Analysis
    change: str = ""
    cost: int = 0


class Relative(NamedTuple):
    """A spec of the zoo with the same body, and the arguments that it gives it."""

    name: str
    content: bytes
    args: Mapping[str, Number]


def variants(
    content: bytes, file: str, args: Mapping[str, Number] | None = None, input: str | None = None
) -> Iterator[Variant]:
    """Yield the network of a spec, and those that it could be mistaken for, the nearest first.

    Raises SpecError if the spec itself is wrong; a variant that cannot be is passed by.
    """
    given = dict(args or {})
    own = analyze(loads(content, file=file, args=given, input=input))
    yield Variant(own)
    base = follow(content, file, given, input)
    written = base.data.get("args")
    values = {**(written if isinstance(written, dict) else {}), **base.args}
    family = list(relatives(file, base.file))
    switches = [name for name, value in values.items() if isinstance(value, bool)]
    for name in switches[:MAX_SWITCHES]:
        turned = not values[name]
        called = next((f" ({one.name})" for one in family if one.args == {name: turned}), "")
        change = f"{name}={str(turned).lower()}{called}"
        yield from _tried(base.content, base.file, {**base.args, name: turned}, base.input, change, 1)
    for one in family:
        yield from _tried(one.content, one.name, {}, None, one.name, 2)
    sizes = next(iter(own.graph.inputs.values()))
    if len(own.graph.inputs) == 1 and len(sizes) == 3 and sizes[1] == sizes[2]:
        for size in IMAGES:
            if size != sizes[1]:
                shape = f"{sizes[0]}x{size}x{size}"
                yield from _tried(base.content, base.file, base.args, shape, f"input {shape}", 2)


def relatives(file: str, base: str) -> Iterator[Relative]:
    """Yield the specs of the zoo that share a body with one of the zoo."""
    if not base.startswith(ZOO):
        return
    body = base.removeprefix(ZOO)
    for name in names():
        content = zoo_path(name).read_bytes()
        if f"{ZOO}{name}" != file and (name == body or b"extends: " + body.encode() in content):
            found = follow(content, f"{ZOO}{name}")
            if found.file == base:
                yield Relative(f"{ZOO}{name}", content, found.args)


def _tried(
    content: bytes, file: str, args: Mapping[str, Number], input: str | None, change: str, cost: int
) -> Iterator[Variant]:
    try:
        yield Variant(analyze(loads(content, file=file, args=args, input=input)), change, cost)
    except CnncalcError:
        return
