"""What a file states of its own network: what it expects, and what it may cost at most."""

from collections.abc import Mapping as ReadMapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from cnncalc.errors import Place, Span
from cnncalc.graph import Claim
from cnncalc.layers.fields import shape
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.refusal import Context, evaluator, mapping, refusing, validated
from cnncalc.spec.source import Mapping as Marked
from cnncalc.spec.source import find
from cnncalc.spec.values import ClaimedField, InputShape, Quantity


class Expect(BaseModel):
    """What a file expects of its network."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    params: Quantity | None = None
    macs: Quantity | None = None
    output: InputShape | None = None
    receptive_field: ClaimedField | None = None


class Budget(BaseModel):
    """What a network may cost at most."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    params: Quantity | None = None
    macs: Quantity | None = None
    activations: Quantity | None = None


MODELS: dict[str, type[BaseModel]] = {"expect": Expect, "budget": Budget}


def claims(key: str, data: Marked, file: str, args: ReadMapping[str, Number]) -> dict[str, Claim]:
    """Return what a file states under ``expect`` or ``budget``, worked out with its arguments."""
    written = data.get(key)
    if written is None:
        return {}
    given = mapping(written, key, find(data, (key,), Span(1, 1, 1, 1)), file)
    top = Place(file, given.span, key)
    found: dict[str, Any] = validated(MODELS[key], given, top, given, evaluator(args), known=args).model_dump()
    if isinstance(found.get("output"), list):
        with refusing(top._replace(span=given.values_at["output"]), "output", args):
            found["output"] = shape(found["output"], Context(evaluator(args)))
    return {name: Claim(value, given.values_at[name], file) for name, value in found.items() if value is not None}
