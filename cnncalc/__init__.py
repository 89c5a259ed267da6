"""Shapes, parameters, multiply-adds and receptive fields of convolutional networks, from a small YAML file.

>>> import cnncalc
>>> cnncalc.analyze(cnncalc.load("zoo:lenet5")).totals.macs
416520
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnncalc.analysis import analyze as analyze
    from cnncalc.checks.engine import check as check
    from cnncalc.spec.load import load as load
    from cnncalc.spec.load import loads as loads

__version__ = "0.1.0"

_HOMES = {
    "load": "cnncalc.spec.load",
    "loads": "cnncalc.spec.load",
    "analyze": "cnncalc.analysis",
    "check": "cnncalc.checks.engine",
}

__all__ = ["__version__", "analyze", "check", "load", "loads"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public function
    """Import a public function when it is first asked for, so that importing the package costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'cnncalc' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
