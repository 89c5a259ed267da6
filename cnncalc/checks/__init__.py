"""The one list of rules, by code.

A rule's name says where it lives: ``does-not-fit`` is the class ``DoesNotFit`` of does_not_fit.py, imported when it is
first asked for. A code is never used again for another rule.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.checks.base import Rule

RULES = {
    "CNN001": "yaml-syntax",
    "CNN002": "yaml-unsafe",
    "CNN003": "duplicate-key",
    "CNN004": "ambiguous-scalar",
    "CNN005": "invalid-field",
    "CNN006": "bad-expression",
    "CNN007": "unknown-name",
    "CNN008": "recursive-block",
    "CNN009": "unused-ignore",
    "CNN101": "does-not-fit",
    "CNN102": "window-exceeds-input",
    "CNN103": "pool-padding-too-large",
    "CNN104": "groups-do-not-divide",
    "CNN105": "add-shape-mismatch",
    "CNN106": "concat-shape-mismatch",
    "CNN107": "rank-mismatch",
    "CNN108": "bad-output-padding",
    "CNN109": "shape-mismatch",
    "CNN110": "too-large",
    "CNN201": "floor-drops-input",
    "CNN202": "stride-skips-input",
    "CNN203": "even-kernel-same",
    "CNN204": "bias-before-norm",
    "CNN205": "unused-layer",
    "CNN206": "linear-concentration",
    "CNN207": "padding-dominates",
    "CNN208": "deconv-checkerboard",
    "CNN209": "misaligned-join",
    "CNN210": "gridding",
    "CNN211": "unproductive-layer",
    "CNN301": "factor-large-kernel",
    "CNN302": "add-bottleneck",
    "CNN303": "factor-1xn-nx1",
    "CNN401": "expect-mismatch",
    "CNN402": "budget-exceeded",
    "CNN403": "grown-since-baseline",
}


@cache
def rule(code: str) -> Rule:
    """Return the rule of a code.

    >>> rule("CNN101").name
    'does-not-fit'
    """
    name = RULES[code]
    module = import_module(f"cnncalc.checks.{name.replace('-', '_')}")
    found: Rule = getattr(module, "".join(part.capitalize() for part in name.split("-")))()
    return found
