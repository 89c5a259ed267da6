"""One layer as its author wrote it: a line of a list of layers, checked but not yet computed."""

from collections.abc import Mapping as ReadMapping
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from cnncalc.errors import Place, Span
from cnncalc.layers import ACTIVATIONS, LAYERS
from cnncalc.layers.base import Layer
from cnncalc.spec.expression import Environment
from cnncalc.spec.refusal import evaluator, validated
from cnncalc.spec.source import Mapping
from cnncalc.spec.values import Expect, Ident, Ref, Refs, Repeat, When

WORDS = {
    *ACTIVATIONS, "batch_norm", "layer_norm", "instance_norm", "global_avg_pool", "global_max_pool", "flatten",
    "dropout", "identity",
}  # fmt: skip
"""The ops that need no value."""
OPS = {*LAYERS, *ACTIVATIONS, "use"}


class Common(BaseModel):
    """The options that every line may have."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    name: Ident | None = None
    from_: Refs | None = Field(default=None, alias="from")
    when: When = True
    repeat: Repeat = None
    expect: Expect = None
    weights: Ref | None = None


NO_OPTIONS = Common.model_construct()


@dataclass(slots=True)
class Line:
    """A layer, a join with its branches, or the use of a block, as written."""

    op: str
    place: Place
    data: Mapping
    common: Common
    written: dict[str, Any]
    """The layer's options by field, the defaults of the file filled in; for ``use``, with and rows."""
    kind: type[Layer] | None
    names: tuple[str, ...] = ()
    """What the options' expressions read."""
    followers: list[tuple[str, "Line"]] = field(default_factory=list)
    operands: list["str | list[Line]"] = field(default_factory=list)
    block: str = ""
    name: str = ""
    spans: ReadMapping[str, Span] = field(default_factory=dict)
    """Where the layer's options stand; its argument, at the value of the op's key."""
    cost: int = 0
    """How many characters of expressions the options have."""
    built: dict[tuple[object, ...], Layer] = field(default_factory=dict)
    """The layers so far, by the values of the names."""

    def layer(self, environment: Environment) -> Layer:
        """Return the layer for these values of the names; one object for equal values."""
        try:
            key = tuple([environment[name] for name in self.names])
        except KeyError:  # a name without a value, which is told below
            key = ()
        found = self.built.get(key)
        if found is None:
            assert self.kind is not None
            found = self.built[key] = validated(
                self.kind, self.written, self.place, self.data, evaluator(environment), paths=self.paths
            )
        return found

    @property
    def kind_text(self) -> str:
        """What this line is, for a message: its op, or the use of its block."""
        return f"use of {self.block}" if self.block else self.op

    @property
    def paths(self) -> dict[str, Sequence[int | str]]:
        """Where the layer's argument stands: at the op's key."""
        return {self.kind.argument: (self.op,)} if self.kind and self.kind.argument else {}
