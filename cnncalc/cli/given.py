"""What the options of one layer on the command line mean: the layer, and its refusals placed at the option."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cnncalc.cli.order import Reading, sizes_of
from cnncalc.errors import LayerError, SpecError, UsageError, printable

if TYPE_CHECKING:
    from cnncalc.layers.base import Shape
    from cnncalc.layers.conv import Conv

ASKS = ("?", "any")
SOLVABLE = ("kernel", "stride", "padding", "dilation")
OPTIONS = {"out_channels": "--filters", "groups": "--groups"} | {name: f"--{name}" for name in SOLVABLE}


def wanted_of(text: str, read: Reading) -> tuple[Shape, int | None]:
    """Return the wanted spatial sizes in a spec's order, and the depth if that is given too."""
    sizes, rank = sizes_of(text, "--output"), len(read.shape) - 1
    if len(sizes) == rank:
        return read.order.turned(sizes), None
    if len(sizes) == rank + 1:
        depth, *spatial = read.order.turned(sizes)
        return tuple(spatial), depth
    raise UsageError(
        f"--output {text}: must have a size for each spatial axis of the input ({len(sizes)}, {rank} axes)"
    )


def layer_of(texts: Mapping[str, str], read: Reading, rounding: str, bias: bool) -> Conv:
    """Return the layer of some options; raise UsageError, in the layer's own words, for a value that it refuses."""
    from cnncalc.errors import Place, Span
    from cnncalc.layers.conv import Conv
    from cnncalc.spec.refusal import checked, evaluator, validated

    place = Place("", Span(1, 1, 1, 1))
    values: dict[str, object] = {"out_channels": 1, "bias": bias, "rounding": str(rounding)}
    for name, text in texts.items():
        if text in ASKS:
            raise UsageError(f"{OPTIONS[name]} {text}: what is solved for is {', '.join(OPTIONS[n] for n in SOLVABLE)}")
        values[name] = sides_of(text, len(read.shape) - 1) if name == "padding" else text
        try:
            checked(Conv, {name: values[name]}, place, {}, evaluator({}))
        except SpecError as error:
            raise UsageError(told(name, text, error.fact, error.help)) from None
    return validated(Conv, values, place, {}, evaluator({}))


def sides_of(text: str, rank: int) -> object:
    """Return padding with a pair for each axis where it is written so, and any other text as it is.

    >>> sides_of("0:1", 2), sides_of("0:1x2", 2), sides_of("half", 2)
    ([[0, 1], [0, 1]], [[0, 1], [2, 2]], 'half')
    """
    if ":" not in text:
        return text
    parts = text.split("x")
    if not all(re.fullmatch(r"[0-9]{1,18}(:[0-9]{1,18})?", part) for part in parts):
        raise UsageError(f"--padding {printable(text[:60])}: must be before:after along each axis, as 0:1 or 0:1x2:1")
    pairs = [[int(part.split(":")[0]), int(part.split(":")[-1])] for part in parts]
    return pairs * rank if len(pairs) == 1 else pairs


def told(name: str, text: str | None, fact: str, help: str) -> str:
    """Return a fact about an option, with the option as its place, and the help in the words of the command line."""
    place = f"{OPTIONS.get(name, '')} {printable(text[:60])}" if text is not None else "conv"
    help = help.replace("rounding: floor", "--rounding floor")
    return f"{place}: {printable(fact)}" + (f"\nhelp: {printable(help)}" if help else "")


def refused(error: LayerError, texts: Mapping[str, str], help: str = "") -> LayerError:
    """Return a layer's refusal with the option that it is about as its place."""
    name = error.option
    help = "; ".join(filter(None, (error.help, help)))
    return type(error)(told(name, texts.get(name), error.fact, help), option=name)
