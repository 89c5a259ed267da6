"""What is checked, and how severely: the options of the command line and the configuration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from cnncalc.checks.base import Severity


@dataclass(frozen=True)
class Settings:
    """What a run checks; a selector is a code, the beginning of one such as CNN2, or a name."""

    select: tuple[str, ...] = ()
    """Empty for all rules."""
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    """By code."""
    fail_on: Severity | None = Severity.ERROR
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    thresholds: Mapping[str, Fraction] = field(default_factory=dict)
    """By the rule's name."""

    def selects(self, code: str, file: str) -> bool:  # noqa: ARG002
        """Return whether a rule is to be run on a file."""
        return True
