"""How much one file may ask for: a few lines can say a network beyond all measure, so everything is counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cnncalc.errors import Place, YamlUnsafe

MAX_LAYERS = 100_000
MAX_READS = 250_000
MAX_CHARACTERS = 3_000_000
MAX_CALLS = 16
MAX_NESTED = 100
MAX_PATH = 1_000


def expense(value: object) -> int:
    """Return how many characters of a value are expressions to work out, those in lists and mappings included.

    >>> expense({"c": "2*c", "stride": 1})
    3
    """
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(expense, value.values()))
    return sum(map(expense, value)) if isinstance(value, list) else 0


@dataclass(slots=True)
class Meter:
    """What an expansion has made so far; each method counts one thing and raises YamlUnsafe when there are too many."""

    layers: int = 0
    coming: int = 0
    """How many layers there will be at least, from repeats that have begun."""
    reads: int = 0
    characters: int = 0
    nested: int = 0

    def times(self, place: Place, path: str, count: int) -> Iterator[int]:
        """Yield the times of a repeat; each makes a layer at least, so what cannot end well does not begin."""
        self.coming += count
        for index in range(count):
            if self.layers + self.coming > MAX_LAYERS:
                raise YamlUnsafe(place._replace(path=path), f"a network must have at most {MAX_LAYERS} layers")
            self.coming -= 1
            yield index

    def layer(self, place: Place, path: str) -> None:
        """Count a layer, present or skipped, with the norm and the activation on its line."""
        self.layers += 1
        if self.layers > MAX_LAYERS:
            raise YamlUnsafe(place._replace(path=path), f"a network must have at most {MAX_LAYERS} layers")
        if len(path) > MAX_PATH:
            raise YamlUnsafe(
                place._replace(path=f"{path[:40]}..."),
                f"the path of a layer must have at most {MAX_PATH} characters ({len(path)})",
            )

    def read(self, place: Place, tensors: int) -> None:
        """Count the tensors that references stand for."""
        self.reads += tensors
        if self.reads > MAX_READS:
            raise YamlUnsafe(place, f"the names in a network must stand for at most {MAX_READS} tensors in all")

    def work(self, place: Place, characters: int) -> None:
        """Count the characters of the expressions worked out."""
        self.characters += characters
        if self.characters > MAX_CHARACTERS:
            raise YamlUnsafe(
                place, f"the expressions of a network must have at most {MAX_CHARACTERS} characters, repeats included"
            )

    @contextmanager
    def inside(self, place: Place, calls: int) -> Iterator[None]:
        """Count how deep a list of layers is nested, in blocks and branches, and in how many blocks."""
        if calls > MAX_CALLS:
            raise YamlUnsafe(place, f"blocks must be used at most {MAX_CALLS} deep")
        if self.nested >= MAX_NESTED:
            raise YamlUnsafe(place, f"layers must be nested at most {MAX_NESTED} deep, blocks and branches together")
        self.nested += 1
        try:
            yield
        finally:
            self.nested -= 1
