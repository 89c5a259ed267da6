"""What the positions of one layer see of the image: sizes, where they depend on the position, padding, holes, joins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts, image_field
from cnncalc.errors import UsageError, closest, printable
from cnncalc.field import AxisField, Extent, ReceptiveField
from cnncalc.layers.base import Shape, axis_name
from cnncalc.pullback import PullBack


class Axis(NamedTuple):
    """What the positions of a layer see along one axis of the image."""

    name: str
    image: int
    """The positions of the image."""
    closed: AxisField
    """Size, jump and start where they are the same all along; whole, or unknown."""
    sizes: Mapping[int, int]
    """How many positions have a field of each size, as if the image had no end; none where they see all of it."""
    outputs: int
    padded: int
    """How many positions read padding, at whatever layer on the way."""
    middle: tuple[int, int] | None
    """The first and the last pixel of the middle position, as if the image had no end."""
    read: int
    """How many of the pixels between those two the middle position reads."""

    @property
    def holes(self) -> int:
        """How many pixels inside the middle position's field it never reads."""
        return self.middle[1] - self.middle[0] + 1 - self.read if self.middle and self.read else 0


class Sight(NamedTuple):
    """A layer, the input that is meant, and what its positions see along each axis; no axes where it sees all."""

    facts: Facts
    of: str
    image: Shape
    axes: tuple[Axis, ...]


def sight(analysis: Analysis, path: str | None = None, *, of: str | None = None) -> Sight:
    """Return what the positions of a layer see; unless one is named, of the last that does not see the whole image.

    Raises UsageError for a layer or an input that is not there, or that has no image.

    >>> import cnncalc
    >>> seen = sight(cnncalc.analyze(cnncalc.load("zoo:unet")))
    >>> seen.axes[0].sizes  # 204 pixels for 288 of the 388 rows
    {204: 288, 188: 100}
    """
    facts = node_of(analysis, path) if path is not None else last_that_looks(analysis)
    name = image_of(analysis, of)
    image = analysis.graph.inputs[name]
    if len(facts.shape) - 1 != len(image) - 1:
        return Sight(facts, name, image, ())
    return Sight(facts, name, image, tuple(_axis(analysis, facts, name, axis) for axis in range(len(image) - 1)))


def _axis(analysis: Analysis, facts: Facts, of: str, axis: int) -> Axis:
    image, path = analysis.graph.inputs[of], facts.node.path
    closed = facts.field[axis] if axis < len(facts.field) else Extent.UNKNOWN
    outputs, size = facts.shape[1 + axis], image[1 + axis]
    name = axis_name(axis, len(image) - 1)
    if closed is Extent.WHOLE:
        return Axis(name, size, closed, {}, outputs, 0, None, 0)
    intervals = PullBack(analysis, path, axis, endless=True, of=of).intervals()
    sizes = Counter(last - first + 1 for first, last in filter(None, intervals))
    middle = outputs // 2
    read = PullBack(analysis, path, axis, endless=True, of=of, positions=range(middle, middle + 1)).sets()[0]
    padded = sum(PullBack(analysis, path, axis, of=of).padded())
    return Axis(name, size, closed, dict(sizes.most_common()), outputs, padded, intervals[middle], len(read))


class Rectangle(NamedTuple):
    """What one output position sees along one axis: as if the image had no end, and of the image itself."""

    name: str
    endless: tuple[int, int] | None
    real: tuple[int, int] | None


def rectangle(analysis: Analysis, seen: Sight, at: Sequence[int]) -> list[Rectangle]:
    """Return the input rectangle of one position of a layer, axis by axis.

    Raises UsageError for a position that is not there.
    """
    path, spatial = seen.facts.node.path, seen.facts.shape[1:]
    if len(at) != len(spatial):
        raise UsageError(f"--at must have {len(spatial)} numbers for {printable(path)} ({len(at)} given)")
    found = []
    for axis, (o, size) in enumerate(zip(at, spatial, strict=True)):
        if not 0 <= o < size:
            raise UsageError(f"--at must lie within the output: {axis_name(axis, len(at))} 0 to {size - 1} ({o})")
        one = range(o, o + 1)
        ends = [
            PullBack(analysis, path, axis, endless=endless, of=seen.of, positions=one).intervals()[0]
            for endless in (True, False)
        ]
        found.append(Rectangle(axis_name(axis, len(at)), ends[0], ends[1]))
    return found


def node_of(analysis: Analysis, path: str) -> Facts:
    """Return the facts of a node; raise UsageError, with the nearest name, where there is none."""
    known = {one.node.path: one for one in analysis.facts}
    if path in known:
        return known[path]
    inside = [name for name in known if name.startswith(f"{path}.")]
    if inside:  # a block, or a line with a norm and an activation: what it ends in
        return known[inside[-1]]
    near = closest(path, known)
    help = f"did you mean {printable(near)}?" if near else "`cnncalc shapes` lists them"
    raise UsageError(f"there is no layer {printable(path[:80])}; {help}")


def last_that_looks(analysis: Analysis) -> Facts:
    """Return the last layer that does not see the whole image, whose field papers print for a network."""
    field = image_field(analysis)
    found = next((one for one in analysis.facts[::-1] if field and one.field == field), None)
    if found is None:
        raise UsageError("every layer sees the whole image")
    return found


def image_of(analysis: Analysis, of: str | None) -> str:
    """Return the name of the input that is meant: the only image, or the first."""
    images = [name for name, shape in analysis.graph.inputs.items() if len(shape) > 1]
    if of is not None and of not in images:
        raise UsageError(f"--of must be an input with an image: {', '.join(map(printable, images)) or 'there is none'}")
    if not images:
        raise UsageError("a vector has no receptive field: the network has no image")
    return of or images[0]


def is_closed(axis: Axis) -> bool:
    """Return whether size, jump and start are the same all along an axis."""
    return isinstance(axis.closed, ReceptiveField)
