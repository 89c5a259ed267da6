"""The question: one axis of a convolution with settings left open, how far they are searched, and one answer to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.errors import UsageError
from cnncalc.layers.base import Shape, expand, sizes_text
from cnncalc.layers.conv import Conv
from cnncalc.layers.fields import Pair
from cnncalc.layers.window import sides
from cnncalc.slide import Slide

SETTINGS = ("kernel", "stride", "padding", "dilation")
MOST = {"kernel": 32, "stride": 32, "dilation": 8}
"""How far each is searched when something else is asked for too."""
MOST_TRIED = 1_000_000


class Setting(NamedTuple):
    """An answer: a value for each setting that was asked for, None for the others."""

    kernel: int | None = None
    stride: int | None = None
    padding: Pair | None = None
    dilation: int | None = None


class Axis(NamedTuple):
    """One axis of a convolution; what is asked for is None, and ``output`` is the size that must come out, if any.

    ``padding`` is (before, after), or a word whose amounts depend on what is asked for.
    """

    size: int
    kernel: int | None = 1
    stride: int | None = 1
    padding: Pair | str | None = (0, 0)
    dilation: int | None = 1
    rounding: str = "exact"
    output: int | None = None

    @property
    def asked(self) -> tuple[str, ...]:
        """The settings that are asked for."""
        return tuple(name for name in SETTINGS if getattr(self, name) is None)

    @property
    def is_exact(self) -> bool:
        """Whether the output size must be whole; `same` is defined by it, ceil(W/S), and has nothing to round."""
        return self.rounding == "exact" and self.padding not in ("same", "same_lower")

    @property
    def padded(self) -> int:
        """The positions with the padding that is given as a number."""
        return self.size + (sum(self.padding) if isinstance(self.padding, tuple) else 0)

    @property
    def padding_term(self) -> str:
        """What the formula adds for the padding: 2P, P1 + P2, or the word whose amounts are not known yet."""
        if isinstance(self.padding, str):
            return f"padding {self.padding}"
        return "P1 + P2" if self.padding and self.padding[0] != self.padding[1] else "2P"

    def reach(self, setting: Setting) -> int:
        """Return F, dilation*(kernel-1)+1, with the values of an answer."""
        return (self.dilation or setting.dilation or 1) * ((self.kernel or setting.kernel or 1) - 1) + 1

    def amounts(self, reach: int, stride: int) -> Pair:
        """Return the padding that is given, a word worked out; none where it is asked for."""
        if isinstance(self.padding, str):
            return sides(self.padding, (self.size,), (reach,), (stride,))[0]
        return self.padding or (0, 0)


def axes_of(layer: Conv, spatial: Shape, asked: Sequence[str], output: Shape | None = None) -> tuple[Axis, ...]:
    """Return the axes of a layer over an input, without the settings that are asked for.

    Raises RankMismatch for a setting with another number of axes.

    >>> axes_of(Conv(out_channels=1, kernel=5), (32,), asked=["padding"])
    (Axis(size=32, kernel=5, stride=1, padding=None, dilation=1, rounding='exact', output=None),)
    """
    rank = len(spatial)
    nothing = (None,) * rank
    kernels, strides, dilations = (
        nothing if name in asked else expand(getattr(layer, name), rank, name)
        for name in ("kernel", "stride", "dilation")
    )
    pads: Sequence[Pair | str | None] = nothing
    if "padding" not in asked:
        pads = sides(layer.padding, spatial, (1,) * rank, (1,) * rank)
        pads = (layer.padding,) * rank if isinstance(layer.padding, str) else pads
    columns = zip(spatial, kernels, strides, pads, dilations, (layer.rounding,) * rank, output or nothing, strict=True)
    return tuple(Axis(*column) for column in columns)


def slide_of(axis: Axis, setting: Setting) -> Slide:
    """Return the slide along an axis with the values of an answer in it.

    >>> slide_of(Axis(32, kernel=5, padding=None), Setting(padding=(2, 2))).windows()
    32
    """
    kernel = setting.kernel or axis.kernel or 1
    stride = setting.stride or axis.stride or 1
    dilation = setting.dilation or axis.dilation or 1
    before, after = setting.padding or axis.amounts(axis.reach(setting), stride)
    return Slide(axis.size, kernel, stride, before, after, dilation, "exact" if axis.is_exact else "floor")


def layer_of(layer: Conv, slides: Sequence[Slide]) -> Conv:
    """Return a layer with the settings of some slides, one an axis: what proves an answer.

    >>> layer_of(Conv(out_channels=10), [Slide(32, kernel=5, before=2, after=2)] * 2).output_shape([(3, 32, 32)])
    (10, 32, 32)
    """
    return layer.model_copy(
        update={
            "kernel": tuple(slide.kernel for slide in slides),
            "stride": tuple(slide.stride for slide in slides),
            "padding": tuple((slide.before, slide.after) for slide in slides),
            "dilation": tuple(slide.dilation for slide in slides),
            "rounding": slides[0].rounding,
        }
    )


def bounds(axes: Sequence[Axis]) -> dict[str, int]:
    """Return up to which value each setting that is asked for is searched; of the padding, on each side.

    A window that is asked for reaches no further than the input with the padding that is given, a stride steps no
    further than the room that the window leaves, and padding stays below the reach; where several are asked for,
    ``MOST`` bounds them; a kernel of one tap has nothing to dilate.

    Raises UsageError for more than ``MOST_TRIED`` values.

    >>> bounds([Axis(32, kernel=5, stride=None, padding=None)])
    {'stride': 32, 'padding': 4}
    """
    asked = axes[0].asked
    found = {
        name: min((_bound(axis, name) for axis in axes if name != "dilation" or axis.kernel != 1), default=1)
        for name in asked
        if name != "padding"
    }
    if len(asked) > 1:
        found = {name: min(limit, MOST[name]) for name, limit in found.items()}
    if "padding" in asked:
        largest = Setting(found.get("kernel"), found.get("stride"), None, found.get("dilation"))
        found["padding"] = min(_widest(axis, largest) for axis in axes) - 1
    name = max(found, key=lambda one: found[one])
    if found[name] > MOST_TRIED:
        raise UsageError(f"{name} must have at most {MOST_TRIED:,} values to be searched ({found[name]:,})")
    return {name: found[name] for name in asked}


def limits(axes: Sequence[Axis]) -> tuple[str, ...]:
    """Return what else bounds the search, where one setting's range depends on another's: all but what always fits.

    >>> limits([Axis(32, kernel=5, stride=None, padding=None)])
    ('S at most W - F + 2P, or 1',)
    """
    asked, found = axes[0].asked, []
    if "dilation" in asked and not all(isinstance(axis.padding, tuple) for axis in axes):
        sizes = sizes_text(tuple(dict.fromkeys(axis.size for axis in axes)))
        found.append(f"F = dilation*(kernel - 1) + 1 at most the input ({sizes})")
    if "stride" in asked and len(asked) > 1:
        terms = " or ".join(dict.fromkeys(axis.padding_term for axis in axes))
        found.append(f"S at most W - F + {terms}, or 1")
    if "kernel" in asked and "dilation" in asked:
        found.append("dilation 1 for kernel 1")
    return tuple(found)


def _bound(axis: Axis, name: str) -> int:
    """Return the largest value of a setting along one axis, whatever else is asked for."""
    if name == "kernel":
        return (axis.padded - 1) // (axis.dilation or 1) + 1
    if name == "dilation":
        return max(1, (axis.padded - 1) // ((axis.kernel or 2) - 1))
    reach = axis.reach(Setting())
    padding = 2 * (reach - 1) if axis.padding is None else sum(axis.amounts(reach, 1))
    return max(1, axis.size + padding - reach)


def _widest(axis: Axis, largest: Setting) -> int:
    """Return the largest reach that is tried along an axis."""
    reach = axis.reach(largest)
    return reach if axis.kernel and axis.dilation else min(reach, axis.size)
