"""A network's memory as lines of three cells: what, how many bytes, and a remark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import printable
from cnncalc.report.units import binary, shape, share

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis
    from cnncalc.memory import Footprint
    from cnncalc.memory.activations import Activations
    from cnncalc.memory.training import Training

MOST = 12
"""How many of the tensors at the peak are shown."""


class Line(NamedTuple):
    """A line: how far it stands in, its name, its bytes, a remark, and its style in a terminal."""

    indent: int
    name: str
    size: str
    remark: str = ""
    style: str = ""


def heading(analysis: Analysis, found: Footprint) -> str:
    """Return what the report is about."""
    graph = analysis.graph
    images = ", ".join(
        shape(sizes) if name == "input" else f"{name} {shape(sizes)}" for name, sizes in graph.inputs.items()
    )
    return printable(f"{graph.name or graph.file}, input {images}; {found.dtype}, batch {found.batch:,}")


def lines(analysis: Analysis, found: Footprint) -> Iterator[Line]:
    """Yield the lines of the report."""
    totals, used = analysis.totals, found.used
    buffers = f", {counted(totals.buffers, 'buffer')}" if totals.buffers else ""
    yield Line(0, "weights", binary(found.weights), f"{counted(totals.params, 'param')}{buffers}", "bold")
    mode, other = ("apart", found.apart) if found.is_in_place else ("in place", found.in_place)
    yield Line(0, "tensors", binary(used.total), f"{used.tensors:,}, inputs included", "bold")
    yield Line(1, mode, binary(other.total), f"{other.tensors:,}")
    yield Line(0, "peak", binary(used.peak), after(used), "bold")
    for one in used.alive[:MOST]:
        yield Line(1, printable(one.path), binary(one.bytes), shape(one.shape), "cyan")
    if len(used.alive) > MOST:
        rest = sum(one.bytes for one in used.alive[MOST:])
        yield Line(1, f"and {len(used.alive) - MOST} more", binary(rest), "", "cyan")
    yield Line(1, mode, binary(other.peak), after(other))
    yield reordered(found)
    yield Line(0, "weights and peak", binary(found.total), f"{found.total:,} bytes", "bold")
    if found.training:
        yield from trained(found.training)
    if found.fitting:
        fits = found.fitting
        remark = f"in {binary(fits.size)}: {binary(fits.once)}, and {binary(fits.each)} a sample"
        yield Line(0, "batch that fits", f"{fits.batch:,}", remark, "bold green" if fits.batch else "bold red")


def counted(count: int, name: str) -> str:
    """Return so many of something.

    >>> counted(1, "param"), counted(1234, "param")
    ('1 param', '1,234 params')
    """
    return f"{count:,} {name}{'s' if count != 1 else ''}"


def after(tensors: Activations) -> str:
    """Return where a peak is."""
    return f"{tensors.peak:,} bytes" + (f", after {printable(tensors.path)}" if tensors.path else "")


def reordered(found: Footprint) -> Line:
    """Return what another order of the layers would need."""
    if found.lower is None:
        says = "no order needs less" if found.is_least else "none was found that needs less; not all were looked at"
        return Line(1, "other orders", "", says)
    saved = share(found.used.peak - found.lower.peak, found.used.peak)
    says = f"{saved} less, " + ("no order needs less than this" if found.is_least else "the least that was found")
    return Line(1, "another order", binary(found.lower.peak), f"{says}: --order prints it", "green")


def trained(step: Training) -> Iterator[Line]:
    """Yield the lines of a step of training."""
    yield Line(0, "training", binary(step.total), f"{step.total:,} bytes, at the peak of the forward pass", "bold")
    yield Line(1, "weights", binary(step.weights))
    yield Line(1, "gradients", binary(step.gradients), "one for each param")
    if step.state:
        yield Line(
            1, "optimizer", binary(step.state), f"{step.optimizer}: {step.state // step.gradients} for each param"
        )
    yield Line(1, "forward pass", binary(step.peak), f"after {printable(step.path)}: what is kept so far and is alive")
    yield Line(2, "kept at its end", binary(step.saved), "for the backward pass")
    yield Line(3, "tensors", binary(step.tensors))
    for name, size, remark in (
        ("values", step.values, "made on the way"),
        ("statistics", step.statistics, "of norms"),
        ("indices", step.indices, "of maxima, int64"),
        ("masks", step.masks, "of dropouts, a byte each"),
    ):
        if size:
            yield Line(3, name, binary(size), remark)
