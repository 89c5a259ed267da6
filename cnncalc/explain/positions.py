"""The lines of what one output position reads: of the layer's own inputs, and of the image."""

from collections.abc import Iterator, Sequence

from cnncalc.analysis import Analysis, Facts
from cnncalc.errors import UsageError
from cnncalc.explain.base import Line, Rule, equal, index, line, positions_name, signed, some
from cnncalc.explain.channels import channels
from cnncalc.explain.image import Pulled, pulled_back, span
from cnncalc.explain.lines import reading, remarks
from cnncalc.explain.recurrence import moved
from cnncalc.field import ReceptiveField
from cnncalc.layers.base import axis_name, sizes_text
from cnncalc.pullback import told_apart

MOST = 6


def position(facts: Facts, at: Sequence[int] | None) -> tuple[int, ...]:
    """Return the position to be explained: the one asked for, else the middle; raise UsageError for one that is not.

    >>> import cnncalc
    >>> position(cnncalc.analyze(cnncalc.load("zoo:lenet5")).facts[0], None)
    (14, 14)
    """
    spatial = facts.shape[1:]
    if at is None:
        return tuple(size // 2 for size in spatial)
    if not spatial:
        raise UsageError(f"--at must not be given: the output is a vector of {facts.shape[0]}, without positions")
    if len(at) != len(spatial):
        raise UsageError(
            f"--at must have a number for each axis of the {sizes_text(spatial)} output ({len(at)}, not {len(spatial)})"
        )
    for axis, (o, size) in enumerate(zip(at, spatial, strict=True)):
        if not 0 <= o < size:
            raise UsageError(f"--at: {axis_name(axis, len(spatial))} must be 0 to {size - 1} ({o})")
    return tuple(at)


def read(analysis: Analysis, facts: Facts, at: tuple[int, ...]) -> Iterator[Line]:
    """Yield what the position reads, of each operand along each axis, and of the images."""
    layer = facts.node.layer
    if at:
        for operand in range(min(len(facts.inputs), MOST)):
            yield from own_input(facts, operand, at)
        if len(facts.inputs) > MOST:
            yield line(Rule.READS, f"and likewise of {len(facts.inputs) - MOST} more operands")
        yield from remarks(layer, facts, at)
    yield line(Rule.READS, channels(layer, facts))
    yield from image(analysis, facts, at)


def own_input(facts: Facts, operand: int, at: tuple[int, ...]) -> Iterator[Line]:
    """Yield what the position reads of one operand, along each axis."""
    shape, layer = facts.inputs[operand], facts.node.layer
    of = f" of {facts.node.inputs[operand]}" if len(facts.inputs) > 1 else ""
    if not told_apart(facts, operand):
        return
    for axis, o in enumerate(at):
        reader, rank = layer.reads(facts.inputs, facts.shape, operand, axis), len(at)
        name = positions_name(axis, rank)
        if reader is None:
            yield line(Rule.READS, f"all {name}{of}, 0 to {shape[1 + axis] - 1}")
            continue
        reason, found = reading(layer, facts, operand, axis, o), reader(o)
        why = f": {reason}" if reason else f": {index(axis, rank)} = {o}"
        outside = "" if found else ", all of it padding"
        yield line(Rule.READS, f"{some(found, axis, rank)}{of}{outside}{why}")


def image(analysis: Analysis, facts: Facts, at: tuple[int, ...]) -> Iterator[Line]:
    """Yield what the position reads of each image: in closed form where there is one, and really."""
    for axis, (o, field) in enumerate(zip(at, facts.field, strict=False)):
        if isinstance(field, ReceptiveField) and len(at) == len(facts.field):
            o_name, where = index(axis, len(at)), axis_name(axis, len(at))
            yield line(Rule.FIELD, f"{where} of the image: {closed(field, o_name, o)}")
    found = pulled_back(analysis, facts.node.path, at)
    if found is None:
        yield line(Rule.READS, "of the image: too many positions to follow them one by one")
        return
    what = "" if at else "all outputs together: "
    for name, shape in list(analysis.graph.inputs.items())[:MOST]:
        yield line(Rule.READS, f"{what}of {name}, {sizes_text(shape)}: {seen(found, name)}")


def closed(field: ReceptiveField, name: str, o: int) -> str:
    """Return the first and the last pixel of a field, padding included.

    >>> closed(ReceptiveField(7, 2, -3), "i", 4)
    'first = start + i*jump = -3 + 4*2 = 5; last = 5 + 7 - 1 = 11'
    """
    first = moved(field.start, field.jump, o)
    formula, numbers = f"start + {name}*jump", f"{field.start} + {o}*{signed(field.jump)}"
    if field.jump.denominator != 1 or field.start.denominator != 1:
        formula, numbers = f"floor({formula})", f"floor({numbers})"
    last = first + field.size - 1
    return f"{equal('first', formula, numbers, str(first))}; {equal('last', f'{first} + {field.size} - 1', str(last))}"


def seen(found: Pulled, name: str) -> str:
    """Return what is read of one image, in words."""
    if name not in found.read:
        return "nothing"
    axes = span(found.read, name)
    text = ", ".join(some(axis, at, len(axes)) for at, axis in enumerate(axes)) or "all of it"
    return f"within {text}, as elements were rearranged on the way" if found.within else text
