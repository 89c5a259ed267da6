"""A profile as its file has it: the tool, its version and source, what it prints, and its formula for each op."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cnncalc.layers import ACTIVATIONS, LAYERS
from cnncalc.spec.expression import Expression, parse
from cnncalc.spec.source import read

SUFFIX = ".yaml"

OPS = (*(op for op in LAYERS if op != "act"), *ACTIVATIONS)
"""What a profile must speak of: the layers by the words that nodes have, each activation by its own."""


class Profile(NamedTuple):
    """One tool's way to count.

    An op of ``counts`` adds the value of its formula for each node; one of ``leaves_out`` adds nothing because the tool
    leaves it out; of one in ``unknown`` it is not known what the tool makes of it.
    """

    name: str
    tool: str
    version: str
    source: str
    """Where in the tool the rules stand."""
    unit: str
    """What the tool calls its number, right or wrong."""
    truth: str
    """What the number really is."""
    counts: Mapping[str, Expression]
    leaves_out: frozenset[str]
    unknown: frozenset[str]

    @property
    def title(self) -> str:
        """What the number is called: the profile, and the word of its tool."""
        return f"{self.name} {self.unit}"


def folder() -> Path:
    """Return the folder of the profiles' files."""
    return Path(__file__).parent


def from_file(path: Path, name: str) -> Profile:
    """Return the profile of a file."""
    data: Mapping[str, Any] = read(path.read_bytes(), str(path))
    return Profile(
        name,
        data["tool"],
        data["version"],
        data["source"],
        data["unit"],
        data["truth"],
        {op: parse(str(formula)) for op, formula in data["counts"].items()},
        frozenset(data["leaves_out"]),
        frozenset(data.get("unknown", ())),
    )
