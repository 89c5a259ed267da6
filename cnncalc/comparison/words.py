"""What a stack of layers is called in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.comparison.shorthand import CHANNELS, Stage
from cnncalc.layers.base import sizes_text
from cnncalc.wording import number_word


def words(stages: Sequence[Stage]) -> str:
    """Return what a stack is, in words.

    >>> from cnncalc.comparison.shorthand import stages as read
    >>> words(read("3x3x3", rank=2)), words(read("1x3+3x1", rank=2)), words(read("7x7", rank=2))
    ('three 3x3', '1x3 and 3x1', 'one 7x7')
    """
    names = [_word(stage) for stage in stages]
    if len(stages) == 1:
        return f"{number_word(stages[0].times)} {names[0]}"
    parts = [
        f"{number_word(stage.times)} {name}" if stage.times > 1 else name
        for stage, name in zip(stages, names, strict=True)
    ]
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _word(stage: Stage) -> str:
    if stage.kind == "dense":
        return "dense layer" if stage.channels is None else f"dense layer to {_channels_text(stage)}"
    kind = {"conv": "", "dw": "depthwise ", "local": "unshared "}[stage.kind]
    options = [
        f" {what} {value}" for what, value in (("dilation", stage.dilation), ("stride", stage.stride)) if value > 1
    ]
    to = f" to {_channels_text(stage)}" if stage.channels is not None else ""
    groups = f" in {stage.groups} groups" if stage.groups > 1 else ""
    return f"{kind}{sizes_text(stage.kernel)}{to}{groups}{' with' if options else ''}{' and'.join(options)}"


def _channels_text(stage: Stage) -> str:
    if not stage.of_c or stage.channels is None:
        return str(stage.channels)
    over = f"/{stage.channels.denominator}" if stage.channels.denominator > 1 else ""
    times = "" if stage.channels.numerator == 1 else str(stage.channels.numerator)
    return f"{times}{CHANNELS}{over}"
