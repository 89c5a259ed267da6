"""How the field grows from layer to layer, as the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.errors import printable
from cnncalc.field import Extent
from cnncalc.sight.growth import Grown, Step

COLUMNS = ("layer", "op", "size", "jump", "start")
VARIES = "varies"
"""What stands for a jump and a start that are not the same all along."""


def growth_rows(steps: Sequence[Step]) -> list[tuple[str, str, str, str, str]]:
    """Return the layers that change what is seen: the layer, its op, and size, jump and start along the axes."""
    return [_row(step) for step in changing(steps)]


def changing(steps: Sequence[Step]) -> list[Step]:
    """Return the layers that see something else than the one before."""
    return [
        step
        for index, step in enumerate(steps)
        if index == 0 or (step.sizes, step.field) != (steps[index - 1].sizes, steps[index - 1].field)
    ]


def growth_caption(steps: Sequence[Step]) -> str:
    """Return which layers the table has."""
    shown = len(changing(steps))
    if shown == len(steps):
        return f"all {shown} layers on the way" if shown > 1 else "the only layer on the way"
    return f"the {shown} of {len(steps)} layers on the way that change the field"


def _row(step: Step) -> tuple[str, str, str, str, str]:
    size = _both([size_text(size, is_bound=step.is_bound) for size in step.sizes])
    jump, start = (
        _both([
            str(getattr(field, part)) if field else "" if size is Extent.WHOLE or size is Extent.FLAT else VARIES
            for field, size in zip(step.field, step.sizes, strict=True)
        ])
        for part in ("jump", "start")
    )  # fmt: skip
    return printable(step.path), step.op, size, jump, start


def size_text(size: Grown, *, is_bound: bool) -> str:
    """Return the least and the most that the positions of a layer see.

    >>> size_text((3, 5), is_bound=False), size_text((8, 8), is_bound=True), size_text((0, 0), is_bound=False)
    ('3 to 5', 'at most 8', 'nothing')
    """
    if isinstance(size, Extent):
        return size.value
    if size == (0, 0):
        return "nothing"
    text = str(size[0]) if size[0] == size[1] else f"{size[0]} to {size[1]}"
    return f"at most {size[1]}" if is_bound else text


def _both(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else " x ".join(values)
