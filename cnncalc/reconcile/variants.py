"""The networks that a number may be of: the spec itself, its switches turned, its relatives, other input sizes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
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
EXERCISES = "lecture_"
"""Networks of the zoo that have only this in common."""


class Variant(NamedTuple):
    """A network, what makes it another than the spec's, and how far-fetched that is."""

    analysis: Analysis
    change: str = ""
    cost: int = 0


def variants(
    content: bytes, file: str, args: Mapping[str, Number] | None = None, input: str | None = None
) -> Iterator[Variant]:
    """Yield the network of a spec, and those that it could be mistaken for, the nearest first.

    Raises SpecError if the spec itself is wrong; a variant that cannot be is passed by.
    """
    given = dict(args or {})
    own = Variant(analyze(loads(content, file=file, args=given, input=input)))
    base = follow(content, file, given, input)
    written = base.data.get("args")
    values = {**(written if isinstance(written, dict) else {}), **base.args}
    family = {_network(one.analysis): one for one in relatives(file, base.file)}
    known = {_network(own.analysis)}
    yield own
    switches = [name for name, value in values.items() if isinstance(value, bool)]
    for name in switches[:MAX_SWITCHES]:
        turned = not values[name]
        change = f"{name}={str(turned).lower()}"
        for one in _tried(base.content, base.file, {**base.args, name: turned}, base.input, change, 1):
            network = _network(one.analysis)
            if network not in known:
                known.add(network)
                yield (
                    one._replace(change=f"{change} ({family[network].change.partition(',')[0]})")
                    if network in family
                    else one
                )
    yield from (one for network, one in family.items() if network not in known)
    sizes = next(iter(own.analysis.graph.inputs.values()))
    if len(own.analysis.graph.inputs) == 1 and len(sizes) == 3 and sizes[1] == sizes[2]:
        for size in IMAGES:
            if size != sizes[1]:
                shape = f"{sizes[0]}x{size}x{size}"
                yield from _tried(base.content, base.file, base.args, shape, f"input {shape}", 2)


def relatives(file: str, base: str) -> Iterator[Variant]:
    """Yield the networks of the zoo that share a body with one of the zoo, then those of the same name.

    >>> [one.change for one in relatives("zoo:alexnet", "zoo:alexnet")]
    ['zoo:alexnet_2012, another network of that name']
    """
    if not base.startswith(ZOO):
        return
    body, own = base.removeprefix(ZOO), file.removeprefix(ZOO).partition("?")[0]
    named = []
    for name in names():
        if f"{ZOO}{name}" == file:
            continue
        content = zoo_path(name).read_bytes()
        is_near = name == body or b"extends: " + body.encode() in content
        if is_near and follow(content, f"{ZOO}{name}").file == base:
            yield from _tried(content, f"{ZOO}{name}", {}, None, f"{ZOO}{name}", 2)
        elif _title(name) in (_title(body), _title(own)) and not name.startswith(EXERCISES):
            named.append((name, content))
    for name, content in named:
        yield from _tried(content, f"{ZOO}{name}", {}, None, f"{ZOO}{name}, another network of that name", 2)


def _title(name: str) -> str:
    """Return what a name of the zoo has before its version: alexnet of alexnet_2012."""
    return name.partition("_")[0]


def _network(analysis: Analysis) -> Hashable:
    """Return what makes a network the same as another, however they are written."""
    return tuple((one.node.op, one.inputs, one.shape, one.params, one.buffers, one.macs) for one in analysis.facts)


def _tried(
    content: bytes, file: str, args: Mapping[str, Number], input: str | None, change: str, cost: int
) -> Iterator[Variant]:
    try:
        yield Variant(analyze(loads(content, file=file, args=args, input=input)), change, cost)
    except CnncalcError:
        return
