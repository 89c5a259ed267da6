"""What a network needs in memory, in bytes: weights, tensors at their peak, training; the batch that fits.

>>> import cnncalc
>>> network = cnncalc.analyze(cnncalc.load("zoo:resnet50"))
>>> footprint(network, in_place=True).used.peak
7225344
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import UsageError
from cnncalc.liveness import storage
from cnncalc.memory.activations import Activations, activations
from cnncalc.memory.dtypes import BYTES, dtype_of
from cnncalc.memory.fitting import Fitting
from cnncalc.memory.forward import forward
from cnncalc.memory.order import lower_order
from cnncalc.memory.training import Training, optimizer_of, training

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis


class Footprint(NamedTuple):
    """The memory of a network in bytes, for a batch.

    ``params`` and ``buffers`` are those of the weights; ``apart`` the tensors where every layer has an output of its
    own, ``in_place`` where those that can write over an operand do; ``order`` the paths of the nodes in an order with
    a lower peak, empty where none was found, and ``lower`` the tensors in it. ``is_least`` says that no order needs
    less. ``used`` is the one of ``apart`` and ``in_place`` that was asked for.
    """

    dtype: str
    batch: int
    params: int
    buffers: int
    apart: Activations
    in_place: Activations
    is_in_place: bool
    order: tuple[str, ...]
    lower: Activations | None
    is_least: bool
    training: Training | None
    fitting: Fitting | None

    @property
    def weights(self) -> int:
        """The bytes of params and buffers."""
        return self.params + self.buffers

    @property
    def used(self) -> Activations:
        """The tensors, written in place where that was asked for."""
        return self.in_place if self.is_in_place else self.apart

    @property
    def total(self) -> int:
        """The bytes of the weights and of the tensors at their peak."""
        return self.weights + self.used.peak


def footprint(
    analysis: Analysis,
    *,
    dtype: str = "fp32",
    in_place: bool = False,
    keep_inputs: bool = False,
    optimizer: str | None = None,
    fits: int | None = None,
) -> Footprint:
    """Return what a network needs in memory for the batch of its analysis.

    With an ``optimizer`` (sgd, momentum, adam) what a step of training needs too; with ``fits``, bytes of memory, the
    largest batch in them: of training if there is an optimizer, else of inference as the network stands.

    Raises UsageError for a dtype or an optimizer that there is not, and for a network with symbols in its sizes.
    """
    if analysis.graph.least:
        raise UsageError(f"memory needs numbers: {', '.join(analysis.graph.least)} must be given a value, with --set")
    dtype = dtype_of(dtype)
    width, totals = BYTES[dtype], analysis.totals
    apart, within = [storage(analysis, in_place=mode, keep_inputs=keep_inputs) for mode in (False, True)]
    chosen = within if in_place else apart
    found = lower_order(chosen)
    is_lower = found.nodes != list(range(len(found.nodes)))
    plain, over = activations(analysis, apart, width), activations(analysis, within, width)
    weights = width * (totals.params + totals.buffers)
    step, moments = None, [(weights, (over if in_place else plain).peak // analysis.batch)]
    if optimizer is not None:
        optimizer = optimizer_of(optimizer)
        passed = forward(analysis, in_place=in_place, keep_inputs=keep_inputs)
        step = training(analysis, dtype, optimizer, found=passed)
        always = step.weights + step.gradients + step.state
        moments = [(always + once, each) for once, each in (one.bytes(dtype) for one in passed.moments)]
    return Footprint(
        dtype,
        analysis.batch,
        width * totals.params,
        width * totals.buffers,
        plain,
        over,
        in_place,
        tuple(analysis.facts[node].node.path for node in found.nodes) if is_lower else (),
        activations(analysis, chosen, width, found.nodes) if is_lower else None,
        found.is_least,
        step,
        None if fits is None else Fitting(fits, tuple(dict.fromkeys(moments))),
    )
