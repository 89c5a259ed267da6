"""A kernel sliding along one axis: how many windows there are, what is left over, which inputs each one reads.

The one-axis geometry that the shape rule, the receptive field, the check and the kernels all read.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from cnncalc.errors import DoesNotFit, WindowExceedsInput
from cnncalc.field import ReceptiveField


@dataclass(frozen=True, slots=True)
class Span:
    """Which positions an output position stands over, those of padding included, where it is the same all along.

    >>> list(Span(start=-1, stride=2, taps=3)(4))
    [7, 8, 9]
    """

    start: int = 0
    stride: int = 1
    taps: int = 1
    dilation: int = 1

    def __call__(self, position: int, /) -> range:
        """Return the positions under the taps of one output position."""
        first = position * self.stride + self.start
        return range(first, first + (self.taps - 1) * self.dilation + 1, self.dilation)


class Slide(NamedTuple):
    """A window of ``kernel`` taps, ``dilation`` apart, moved by ``stride`` over ``size`` positions with padding.

    ``before`` and ``after`` are the padding on the two sides, in positions; ``rounding`` is exact, floor or ceil.

    >>> Slide(size=224, kernel=7, stride=2, before=3, after=3, rounding="floor").windows()
    112
    """

    size: int
    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1
    rounding: str = "exact"

    @property
    def reach(self) -> int:
        """The positions from the first tap to the last, dilation*(kernel-1)+1: F in the lecture's formula."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def field(self) -> ReceptiveField:
        """The receptive field of one output along this axis."""
        return ReceptiveField(self.reach, self.stride, -self.before)

    def windows(self) -> int:
        """Return the output size, (size - reach + before + after)/stride + 1, rounded as ``rounding`` says.

        Under ceil the last window must start inside the input or its left padding, as in PyTorch.

        Raises WindowExceedsInput where no window fits, DoesNotFit where exact rounding leaves a remainder.

        >>> Slide(9, kernel=4, stride=4, before=2, after=2, rounding="ceil").windows()
        3
        >>> Slide(7, kernel=3, stride=3).windows()
        Traceback (most recent call last):
        cnncalc.errors.DoesNotFit: (W - F + 2P)/S + 1 = (7 - 3 + 2*0)/3 + 1 = 2.33 must be a whole number
        """
        room = self.size + self.before + self.after - self.reach
        if room < 0 and not (self.rounding == "ceil" and room > -self.stride):
            raise WindowExceedsInput(
                f"the window must not exceed the padded input ({self._window_text()} over {self._padded_text()})",
                option="kernel",
            )
        if self.rounding == "ceil":
            windows = -(-room // self.stride) + 1
            return windows - 1 if (windows - 1) * self.stride >= self.size + self.before else windows
        if self.rounding == "exact" and room % self.stride:
            raise DoesNotFit(
                f"{self.formula()} must be a whole number",
                option="stride",
                help="rounding: floor drops what is left over, as PyTorch does",
            )
        return room // self.stride + 1

    def formula(self) -> str:
        """Return the output size as the worked line of a lecture.

        >>> Slide(32, kernel=5, before=2, after=2).formula()
        '(W - F + 2P)/S + 1 = (32 - 5 + 2*2)/1 + 1 = 32'
        """
        symmetric = self.before == self.after
        padding = f"2*{self.before}" if symmetric else f"{self.before} + {self.after}"
        value = Fraction(1, self.stride) * (self.size - self.reach + self.before + self.after) + 1
        shown = f"{float(value):.2f}" if isinstance(value, Fraction) and value.denominator > 1 else str(value)
        left = "(W - F + 2P)/S + 1" if symmetric else "(W - F + P1 + P2)/S + 1"
        return f"{left} = ({self.size} - {self.reach} + {padding})/{self.stride} + 1 = {shown}"

    def dropped(self) -> int:
        """Return how many real positions at the end are never read because of rounding.

        Padding that is left over does not count, nor do positions that a stride beyond the reach skips anyway.

        >>> Slide(7, kernel=3, stride=3, rounding="floor").dropped()
        1
        >>> Slide(224, kernel=7, stride=2, before=3, after=3, rounding="floor").dropped()
        0
        """
        end = (self.windows() - 1) * self.stride - self.before + self.reach
        return max(0, self.size - end - max(0, self.stride - self.reach))

    @property
    def span(self) -> Span:
        """Which positions a window stands over.

        >>> list(Slide(7, kernel=3, stride=2, before=1, after=1, dilation=2).span(0))
        [-1, 1, 3]
        """
        return Span(-self.before, self.stride, self.kernel, self.dilation)

    def reads(self, window: int) -> range:
        """Return the real positions that one window reads.

        >>> list(Slide(7, kernel=3, stride=2, before=1, after=1, dilation=2).reads(0))
        [1, 3]
        """
        return within(self.span(window), self.size)

    def spread_by(self, position: int) -> range:
        """Return the windows that have a tap on one position, beyond the first and the last as well.

        It is what a transposed convolution gathers for an output.

        >>> [list(Slide(7, kernel=3, stride=2).spread_by(position)) for position in (0, 2, 3)]
        [[-1, 0], [0, 1], [1]]
        """
        step = self.dilation // gcd(self.stride, self.dilation)
        last = (position + self.before) // self.stride
        first = -(-(position + self.before - self.reach + 1) // self.stride)
        for window in range(last, max(first - 1, last - step), -1):  # those that read it are step apart
            if (position + self.before - window * self.stride) % self.dilation == 0:
                return range(window, first - 1, -step)[::-1]
        return range(0)

    def taps(self, windows: int) -> int:
        """Return how many taps of ``windows`` windows read real positions, padding and overhang apart.

        >>> Slide(4, kernel=3, before=1, after=1).taps(4)  # 2 + 3 + 3 + 2
        10
        """
        overhang = (windows - 1) * self.stride + self.reach - self.before - self.size
        return windows * self.kernel - self._outside(windows, self.before) - self._outside(windows, overhang)

    def _outside(self, windows: int, margin: int) -> int:
        """Return how many taps fall into a margin of that many positions before the first real one."""
        if margin <= 0:
            return 0
        beyond = margin - self.reach + 1  # windows that start before this lie in the margin entirely
        entirely = min(windows, max(0, -(-beyond // self.stride)))
        touching = min(windows, -(-margin // self.stride)) - entirely
        # window o has ceil((margin - o*stride)/dilation) taps outside; from the last one touched backwards they grow
        last = margin - (entirely + touching - 1) * self.stride
        return entirely * self.kernel + floor_sum(touching, self.dilation, self.stride, last + self.dilation - 1)

    def _window_text(self) -> str:
        if self.dilation == 1:
            return f"a kernel of {self.kernel}"
        return f"a kernel of {self.kernel} with dilation {self.dilation} reaches {self.reach}"

    def _padded_text(self) -> str:
        padding = f" + {self.before} + {self.after}" if self.before or self.after else ""
        return f"{self.size}{padding}"


class AdaptiveSlide(NamedTuple):
    """The windows of an adaptive pool along one axis: window i is floor(i*size/bins) .. ceil((i+1)*size/bins).

    >>> AdaptiveSlide(size=5, bins=2).window(1)
    range(2, 5)
    """

    size: int
    bins: int

    def window(self, index: int) -> range:
        """Return the positions that window ``index`` reads."""
        return range(index * self.size // self.bins, -(-(index + 1) * self.size // self.bins))

    def taps(self) -> int:
        """Return the sizes of all windows added up: size + bins - gcd(size, bins).

        >>> AdaptiveSlide(size=5, bins=2).taps()
        6
        """
        return self.size + self.bins - gcd(self.size % self.bins, self.bins)  # % first: the size may be a formula

    @property
    def field(self) -> ReceptiveField | None:
        """The receptive field of one output where all windows have one size and one step, else None."""
        if not isinstance(self.size, int) or self.size % self.bins:
            return None
        return ReceptiveField(self.size // self.bins, self.size // self.bins, 0)


def within(positions: range, size: int) -> range:
    """Return the positions that exist, of so many from 0 on; their step is positive.

    >>> within(range(-3, 9, 2), 6), within(range(2, 5), 6)
    (range(1, 6, 2), range(2, 5))
    """
    if positions.start >= 0 and positions.stop <= size:
        return positions
    first, step = positions.start, positions.step
    if first < 0:
        first += -(first // step) * step
    return range(first, min(positions.stop, size), step)


def floor_sum(terms: int, divisor: int, slope: int, intercept: int) -> int:
    """Return the sum of (slope*i + intercept) // divisor over i = 0 .. terms - 1, in logarithmic time.

    Source: Euclid's algorithm, as in ``floor_sum`` of the AtCoder Library; Graham, Knuth and Patashnik 1994, "Concrete
    Mathematics", section 3.5, has the closed form of a whole period.

    >>> floor_sum(terms=4, divisor=3, slope=2, intercept=1)  # 0 + 1 + 1 + 2
    4
    """
    total = 0
    while terms > 0:
        total += (slope // divisor) * (terms * (terms - 1) // 2) + (intercept // divisor) * terms
        slope, intercept = slope % divisor, intercept % divisor
        top = slope * terms + intercept
        terms, intercept = top // divisor, top % divisor
        slope, divisor = divisor, slope
        if divisor == 0:
            break
    return total
