"""From pairs of layers to what became of each: what differs, why, and in which order it is told."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.analysis import Facts
from cnncalc.difference.entry import MEASURES, Entry, Fate, Input
from cnncalc.difference.naming import Renaming, renaming
from cnncalc.difference.settings import Setting, changed
from cnncalc.difference.side import Side
from cnncalc.difference.wiring import Wiring
from cnncalc.errors import LayerError
from cnncalc.layers.base import Layer


class Telling:
    """Two networks with their pairs, ``there`` and ``back``, told."""

    def __init__(self, one: Side, two: Side, there: Sequence[int], back: Sequence[int]) -> None:
        self.one, self.two, self.there, self.back = one, two, there, back
        self.wiring = Wiring(self.one, self.two, self.there, self.back)
        self.known: dict[tuple[int, int, int, int], tuple[Setting, ...]] = {}

    def entries(self) -> tuple[Entry, ...]:
        """Return the layers of both networks: in the order after, what is removed behind what it stood behind."""
        removed: dict[int, list[Entry]] = {}
        behind = -1
        for left in range(self.one.inputs, len(self.one)):
            if self.there[left] >= 0:
                behind = self.there[left]
            else:
                removed.setdefault(behind, []).append(Entry(self.one.fact(left), None, Fate.REMOVED))
        found = removed.get(-1, [])
        for right in range(self.two.inputs, len(self.two)):
            left = self.back[right]
            found.append(self.pair(left, right) if left >= 0 else Entry(None, self.two.fact(right), Fate.ADDED))
            found += removed.get(right, ())
        return tuple(found)

    def pair(self, left: int, right: int) -> Entry:
        """Return what became of a layer that both networks have."""
        before, after = self.one.fact(left), self.two.fact(right)
        effects = tuple([name for name in MEASURES if getattr(before, name) != getattr(after, name)])
        named = renaming(before.node.path, after.node.path)
        if self.one.ops[left] != self.two.ops[right]:
            return Entry(before, after, Fate.REPLACED, (), self.wiring.differs(left, right), effects, named)
        settings = (*self.settings(before, after), *self.sharing(left, right))
        rewired = self.wiring.differs(left, right)
        own = Fate.CHANGED if settings or rewired else Fate.AFFECTED if effects else Fate.SAME
        fate = Fate.RENAMED if own is Fate.SAME and named is not Renaming.NONE else own
        return Entry(before, after, fate, settings, rewired, effects, named)

    def settings(self, before: Facts, after: Facts) -> tuple[Setting, ...]:
        """Return the options in which two layers differ; a rounding that changes no size is not told."""
        layers, spatial = (before.node.layer, after.node.layer), (before.inputs[0][1:], after.inputs[0][1:])
        key = id(layers[0]), id(layers[1]), len(spatial[0]), len(spatial[1])
        if key not in self.known:  # layers that recur are one object
            self.known[key] = changed(*layers, spatial)
        roundings = [getattr(layer, "rounding", None) for layer in layers]
        if roundings[0] != roundings[1] and (self.known[key] or not fits(layers[0], after)):
            return (*self.known[key], Setting("rounding", *roundings))
        return self.known[key]

    def sharing(self, left: int, right: int) -> tuple[Setting, ...]:
        """Return whose tensors the layers use, where that is not the same layer's."""
        before, after = self.one.fact(left), self.two.fact(right)
        owners = before.node.weights, after.node.weights
        own = owners[0] == before.node.path, owners[1] == after.node.path
        if all(own) or not (before.parameters or after.parameters):
            return ()
        pair = self.there[self.one.at[owners[0]]] if owners[0] in self.one.at else -1
        if not any(own) and pair == self.two.at.get(owners[1], -1):
            return ()
        return (
            Setting("weights", *("its own" if is_own else owner for is_own, owner in zip(own, owners, strict=True))),
        )

    def inputs(self) -> tuple[Input, ...]:
        """Return the inputs of both networks: in the order before, then what is added."""
        shapes = [list(side.graph.inputs.items()) for side in (self.one, self.two)]
        found = [
            Input(shapes[0][left], shapes[1][right] if (right := self.there[left]) >= 0 else None)
            for left in range(self.one.inputs)
        ]
        return (*found, *(Input(None, shapes[1][right]) for right in range(self.two.inputs) if self.back[right] < 0))

    @property
    def outputs_changed(self) -> bool:
        """Whether the network gives out other tensors, or in another order."""
        before = [self.there[self.one.at[path]] for path in self.one.graph.outputs]
        return before != [self.two.at[path] for path in self.two.graph.outputs]


def fits(layer: Layer, facts: Facts) -> bool:
    """Return whether a layer would have the output that another has of the same inputs."""
    try:
        return layer.output_shape(facts.inputs) == facts.shape
    except LayerError:
        return False
