"""What the options of one layer on the command line mean: the layer, and its refusals placed at the option."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cnncalc.cli.order import Reading, sizes_of
from cnncalc.cli.written import Wanted
from cnncalc.errors import LayerError, SpecError, UsageError, printable

if TYPE_CHECKING:
    from cnncalc.layers.conv import Conv

ASKS = ("?", "any")
SOLVABLE = ("kernel", "stride", "padding", "dilation")
OPTIONS = {"out_channels": "--filters", "groups": "--groups"} | {name: f"--{name}" for name in SOLVABLE}


def wanted_of(text: str, read: Reading) -> Wanted:
    """Return what must come out; one size is that of every axis, as it is of a kernel."""
    sizes, rank = sizes_of(text, "--output"), len(read.shape) - 1
    if len(sizes) == 1:
        return Wanted(sizes * rank)
    if len(sizes) == rank:
        return Wanted(read.order.turned(sizes))
    if len(sizes) == rank + 1:
        channels, *spatial = read.order.turned(sizes)
        return Wanted(tuple(spatial), channels)
    raise UsageError(
        f"--output {text}: must have a size for each spatial axis of the input ({len(sizes)}, {rank} axes)\n{read.note}"
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
        if name in SOLVABLE and (sizes := written(text)):
            before = f", or {':'.join(sizes)} for before:after" if name == "padding" and len(sizes) == 2 else ""
            raise UsageError(f"{OPTIONS[name]} {printable(text[:60])}: must be written {'x'.join(sizes)}{before}")
        values[name] = sides_of(text, len(read.shape) - 1) if name == "padding" else text
        try:
            checked(Conv, {name: values[name]}, place, {}, evaluator({}))
        except SpecError as error:
            raise UsageError(told(name, text, error.fact, error.help)) from None
    return validated(Conv, values, place, {}, evaluator({}))


def written(text: str) -> list[str]:
    """Return the numbers of a list or a tuple as programs write them; none of any other text.

    >>> written("1,1"), written("(3, 5)"), written("1x1")
    (['1', '1'], ['3', '5'], [])
    """
    is_list = re.fullmatch(r"[(\[]?[0-9]{1,18}( *, *[0-9]{1,18})+[)\]]?", text)
    return re.findall("[0-9]+", text) if is_list else []


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


def refused(error: LayerError, texts: Mapping[str, str], read: Reading, help: str = "") -> LayerError:
    """Return a layer's refusal with the option that it is about as its place, and how the input was read."""
    name = error.option
    help = "; ".join(filter(None, (error.help, help)))
    return type(error)(f"{told(name, texts.get(name), error.fact, help)}\n{read.note}", option=name)
