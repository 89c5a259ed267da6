"""The one list of what can be advised, by the name that ``--only`` takes.

Each kind is the class ``Advised`` subclass of a file of its own, imported when it is first asked for.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.advise.base import Kind

KINDS = {
    "stack": "stack:Stack",
    "bottleneck": "bottleneck:Bottleneck",
    "factor": "factor:Factor",
    "separable": "separable:Separable",
    "pooling": "pooling:Pooling",
}


@cache
def kind(name: str) -> Kind:
    """Return what is advised under a name.

    >>> kind("pooling").name
    'pooling'
    """
    module, name = KINDS[name].split(":")
    found: Kind = getattr(import_module(f"cnncalc.advise.{module}"), name)()
    return found
