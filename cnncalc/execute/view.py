"""What a picture of a receptive field shows, as plain numbers: where it lies, and its effective field in cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cnncalc.analysis import Analysis
from cnncalc.boxes import read_at
from cnncalc.errors import UsageError, printable
from cnncalc.execute.effective import effective
from cnncalc.execute.paths import Box, Paths
from cnncalc.layers.base import Shape

PLANES: dict[int, tuple[tuple[int, ...], ...]] = {1: ((0,),), 2: ((0, 1),), 3: ((1, 2), (0, 2), (1, 0))}
"""The axes down and across of what is drawn for an image with so many axes; of more than three, the last two."""
MOST_CELLS = {1: 240, 2: 112}
"""How many cells an axis may have in a picture: positions are grouped in cells where there are more."""


MOST_PIXELS = 512


class Heat(NamedTuple):
    """The effective field in a plane (or along one axis), in cells of ``cell`` positions each way from the box's start.

    ``shares`` are rows of cells, a single one along one axis; None for a cell of which nothing is read. The shares add
    up to 1: what lies along the axes that are not in the plane is added up.
    """

    axes: tuple[int, ...]
    box: Box
    cell: int
    shares: tuple[tuple[float | None, ...], ...]


class FieldView(NamedTuple):
    """What one output position of a layer sees of one input.

    ``box`` is what is read of the image, ``frame`` the field with what lies beyond the image's ends, ``middle`` the box
    about the frame's centre that holds ``held`` of the ``total`` paths. ``holes`` are positions of the box that are
    never read, ``spread`` the standard deviation of the paths along each axis.
    """

    network: str
    layer: str
    at: tuple[int, ...]
    input: str
    image: Shape
    box: Box
    frame: Box
    middle: Box
    held: float
    total: int
    holes: int
    spread: tuple[float, ...]
    heats: tuple[Heat, ...]
    is_bound: bool = False
    """Whether the output may read less than is shown."""


def field_view(
    analysis: Analysis,
    path: str,
    at: Sequence[int],
    *,
    of: str | None = None,
    share: float = 0.95,
    most: int | None = None,
) -> FieldView:
    """Return what an output position sees of an input, the first that has axes unless ``of`` names one.

    ``share`` is the part of the paths that the middle holds; ``most`` how many cells an axis may have.

    Raises UsageError as ``effective`` does, and where there is nothing to draw.
    """
    inputs = analysis.graph.inputs
    name = (
        of if of is not None else next((name for name, shape in inputs.items() if len(shape) > 1), next(iter(inputs)))
    )
    if len(inputs[name]) == 1:
        raise UsageError(f"a vector has no positions to draw ({printable(name)} has {inputs[name][0]} elements)")
    paths = effective(analysis, path, at).get(name)
    if paths is None:
        where = ", ".join(map(str, at))
        raise UsageError(f"{printable(path)} reads nothing of {printable(name)} at {where or 'any position'}")
    box = paths.box
    position = [at[axis] if axis < len(at) else 0 for axis in range(len(box))]
    reads = read_at(analysis, path, position, range(len(box)), of=name, endless=True)
    frame = reads.hull or box
    middle = paths.holding(share, frame)
    planes = PLANES.get(len(box), ((len(box) - 2, len(box) - 1),))
    return FieldView(
        analysis.graph.name or analysis.graph.file,
        path,
        tuple(at),
        name,
        inputs[name][1:],
        box,
        frame,
        middle,
        paths.within(middle),
        paths.total,
        paths.holes,
        paths.spread,
        tuple(heat(paths, axes, most or MOST_CELLS[len(axes)]) for axes in planes),
        reads.is_bound,
    )


def heat(paths: Paths, axes: Sequence[int], most: int) -> Heat:
    """Return the shares of the paths in a plane, positions grouped into at most so many cells along an axis.

    >>> from cnncalc.execute.paths import path_at, together
    >>> heat(together(path_at((2, 1)), path_at((4, 1))), axes=(0,), most=9).shares
    ((0.5, None, 0.5),)
    """
    box, others = paths.box, tuple(axis for axis in range(paths.counts.ndim) if axis not in axes)
    inside = tuple(
        slice(first - start, last + 1 - start) for (first, last), start in zip(box, paths.start, strict=True)
    )
    plane = np.asarray(paths.counts[inside].sum(axis=others))
    if list(axes) != sorted(axes):
        plane = plane.T
    cell = -(-max(plane.shape) // most)
    for axis, size in enumerate(plane.shape):
        plane = np.add.reduceat(plane, range(0, size, cell), axis=axis)
    total, rows = paths.total, plane.tolist() if plane.ndim > 1 else [plane.tolist()]
    shares = tuple(tuple(count / total if count else None for count in row) for row in rows)
    return Heat(tuple(axes), tuple(box[axis] for axis in axes), cell, shares)


def picture_uri(path: Path, shape: Shape) -> str:
    """Return a picture, stretched to the input's size, as a data URI in PNG, with at most 512 pixels along a side.

    Raises UsageError for a file that is no picture, or an input that is none.
    """
    from base64 import b64encode

    from cnncalc.execute.pictures import Scaling, picture_bytes, read_picture

    values, _ = read_picture(path, (shape[0], *(min(size, MOST_PIXELS) for size in shape[1:])), Scaling())
    return f"data:image/png;base64,{b64encode(picture_bytes('.png', values[:3])[0]).decode()}"
