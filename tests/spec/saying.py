"""What is said of the text of a spec."""

from __future__ import annotations

from typing import Any

import pytest

import cnncalc
from cnncalc.errors import SpecError
from cnncalc.graph import Graph


def refusal(text: str | bytes, **given: Any) -> SpecError:
    """Return the error that a spec is refused with, while it is loaded or while it is analysed."""
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(cnncalc.loads(text, file="f", **given))
    return caught.value


def said(text: str | bytes, **given: Any) -> str:
    """Return ``Error line:column path: op: fact | help`` for a spec that is refused."""
    error = refusal(text, **given)
    message = f"{type(error).__name__} {str(error).partition(chr(10))[0].removeprefix('f:')}"
    return f"{message} | {error.help}" if error.help else message


def of_layers(*layers: str, head: str = "cnncalc: 1\ninput: 3x8x8\n") -> str:
    """Return a spec with these lines; the first of them is line 4 where the head is not another."""
    return head + "layers:\n" + "".join(f"- {layer}\n" for layer in layers)


def graph(*layers: str, head: str = "cnncalc: 1\ninput: 3x8x8\n", **given: Any) -> Graph:
    """Return the graph of a spec with these lines."""
    return cnncalc.loads(of_layers(*layers, head=head), **given)


def paths(found: Graph) -> list[str]:
    """Return the paths of all nodes, in order."""
    return [node.path for node in found.nodes]


def shapes(found: Graph) -> list[tuple[int, ...]]:
    """Return the output shapes of all nodes, in order."""
    return [facts.shape for facts in cnncalc.analyze(found).facts]
