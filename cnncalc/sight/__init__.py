"""What the positions of one layer see of the image: sizes, where they depend on the position, padding, holes, joins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts
from cnncalc.boxes import read_at
from cnncalc.channels import bounded, chosen, readings
from cnncalc.errors import UsageError, closest, printable
from cnncalc.field import AxisField, Extent
from cnncalc.layers.base import Shape, axis_name
from cnncalc.pullback import PullBack, TooManyPositions
from cnncalc.sight.along import Interval, regular
from cnncalc.sight.vector import Vector, vector


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
    middle: Interval
    """The first and the last pixel of the middle position, as if the image had no end."""
    read: int
    """How many of the pixels between those two the middle position reads."""
    all_alike: Interval = None
    """The first and the last pixel of every position, where that is the same for all of several."""
    is_counted: bool = True
    """Whether the positions were looked at: there may be too many."""

    @property
    def holes(self) -> int:
        """How many pixels inside the middle position's field it never reads."""
        return self.middle[1] - self.middle[0] + 1 - self.read if self.middle and self.read else 0


class Sight(NamedTuple):
    """A layer, the input that is meant, and what its positions see along each axis.

    There are no axes where it reads nothing of the input, and where it has not the image's axes: then it is a
    ``vector``. ``is_bound`` says that positions may read less than is told.
    """

    facts: Facts
    of: str
    image: Shape
    axes: tuple[Axis, ...]
    reads: bool = True
    vector: Vector | None = None
    is_bound: bool = False


def sight(analysis: Analysis, path: str | None = None, *, of: str | None = None) -> Sight:
    """Return what the positions of a layer see; unless one is named, of the last that does not see the whole image.

    ``of`` is the input that is meant, by default the first that the layer reads.

    Raises UsageError for a layer or an input that is not there, or that has no image.

    >>> import cnncalc
    >>> seen = sight(cnncalc.analyze(cnncalc.load("zoo:unet")))
    >>> seen.axes[0].sizes  # 204 pixels for 288 of the 388 rows
    {204: 288, 188: 100}
    """
    image_of(analysis, of)
    facts = node_of(analysis, path) if path is not None else last_that_looks(analysis, of)
    read = inputs_read(analysis, facts.node.path)
    name = image_of(analysis, of, read)
    image = analysis.graph.inputs[name]
    if name not in read:
        return Sight(facts, name, image, (), reads=False)
    is_bound = facts.node.path in bounded(analysis.facts)
    if len(facts.shape) != len(image):
        return Sight(facts, name, image, (), vector=vector(analysis, facts, name), is_bound=is_bound)
    axes = tuple(_axis(analysis, facts, name, axis) for axis in range(len(image) - 1))
    return Sight(facts, name, image, axes, is_bound=is_bound)


def of_more(analysis: Analysis) -> set[str]:
    """Return the nodes whose closed forms are of more than is asked about: of several inputs, or of all channels."""
    if len(analysis.graph.inputs) > 1:
        return {one.node.path for one in analysis.facts}
    return chosen(analysis.facts)


def _axis(analysis: Analysis, facts: Facts, of: str, axis: int) -> Axis:
    image, path = analysis.graph.inputs[of], facts.node.path
    closed = Extent.UNKNOWN if path in of_more(analysis) else facts.field[axis]
    outputs, size = facts.shape[1 + axis], image[1 + axis]
    found = Axis(axis_name(axis, len(image) - 1), size, closed, {}, outputs, 0, None, 0)
    if closed is Extent.WHOLE:
        return found
    try:
        intervals = PullBack(analysis, path, axis, endless=True, of=of).intervals()
        real = PullBack(analysis, path, axis, of=of)
        if facts.field[axis] is Extent.WHOLE and set(real.intervals()) == {(0, size - 1)}:
            return found._replace(closed=Extent.WHOLE)
        padded = sum(real.padded())
        middle = read_at(analysis, path, (outputs // 2,), (axis,), of=of, endless=True)
    except TooManyPositions:
        return found._replace(is_counted=False)
    return found._replace(
        closed=(regular(intervals) or closed) if closed is Extent.UNKNOWN else closed,
        sizes=dict(Counter(last - first + 1 for first, last in filter(None, intervals)).most_common()),
        padded=padded,
        middle=middle.hull[0] if middle.hull else None,
        read=sum(len(positions) for (positions,) in middle.boxes),
        all_alike=intervals[0] if outputs > 1 and len(set(intervals)) == 1 else None,
    )


class Rectangle(NamedTuple):
    """What one output position sees along one axis: as if the image had no end, and of the image itself."""

    name: str
    endless: Interval
    real: Interval


def rectangle(analysis: Analysis, seen: Sight, at: Sequence[int]) -> list[Rectangle]:
    """Return the input rectangle of one position of a layer, axis by axis; nothing along any where it reads nothing.

    Raises UsageError for a position that is not there.
    """
    path, spatial = seen.facts.node.path, seen.facts.shape[1:]
    if len(at) != len(spatial):
        raise UsageError(f"--at must have {len(spatial)} numbers for {printable(path)} ({len(at)} given)")
    for axis, (o, size) in enumerate(zip(at, spatial, strict=True)):
        if not 0 <= o < size:
            raise UsageError(f"--at must lie within the output: {axis_name(axis, len(at))} 0 to {size - 1} ({o})")
    rank = len(seen.image) - 1
    if len(at) != rank:  # a vector, of which there is but one position
        return []
    endless, real = (
        read_at(analysis, path, at, range(rank), of=seen.of, endless=endless).hull for endless in (True, False)
    )
    return [
        Rectangle(axis_name(axis, rank), *((endless[axis], real[axis]) if endless and real else (None, None)))
        for axis in range(rank)
    ]


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


def last_that_looks(analysis: Analysis, of: str | None = None) -> Facts:
    """Return the last layer that does not see the whole image, whose field papers print for a network.

    Where there is none, the last layer of all; ``of`` is the input that it must read.
    """
    if not analysis.facts:
        raise UsageError("there is no layer")
    reading = [one for one in analysis.facts if of is None or of in inputs_read(analysis, one.node.path)]
    looks = [one for one in reading if not set(one.field) <= {Extent.WHOLE, Extent.FLAT}]
    return (looks or reading or analysis.facts)[-1]


def inputs_read(analysis: Analysis, path: str) -> set[str]:
    """Return the names of the inputs that a layer reads."""
    sources = {source.path for one in readings(analysis.facts, [path]) for _, source in one.operands}
    return sources & set(analysis.graph.inputs)


def image_of(analysis: Analysis, of: str | None, read: set[str] | None = None) -> str:
    """Return the name of the input that is meant: the one named, else the first image, if possible of those read."""
    images = [name for name, shape in analysis.graph.inputs.items() if len(shape) > 1]
    if of is not None and of not in images:
        raise UsageError(f"--of must be an input with an image: {', '.join(map(printable, images)) or 'there is none'}")
    if not images:
        raise UsageError("a vector has no receptive field: the network has no image")
    return of or next((name for name in images if name in (read or ())), images[0])
