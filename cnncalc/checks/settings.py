"""What is checked, and how severely: the options of the command line and the configuration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from cnncalc.checks import RULES
from cnncalc.checks.base import Severity
from cnncalc.checks.globs import matches, within

ALL = "CNN"
UNUSED_IGNORE = "CNN009"


def specificity(selector: str, code: str) -> int:
    """Return how closely a selector names a rule, a whole code or a name the closest; 0 if it does not.

    >>> specificity("CNN2", "CNN201"), specificity("floor-drops-input", "CNN201"), specificity("CNN3", "CNN201")
    (4, 6, 0)
    """
    if selector == RULES.get(code):
        return len(code)
    return len(selector) if selector.startswith(ALL) and code.startswith(selector) else 0


def codes(selector: str) -> list[str]:
    """Return the codes that a selector names, none if it is not one.

    >>> codes("CNN20"), codes("gridding"), codes("griding")
    (['CNN201', 'CNN202', 'CNN203', 'CNN204', 'CNN205', 'CNN206', 'CNN207', 'CNN208', 'CNN209'], ['CNN210'], [])
    """
    return [code for code in RULES if specificity(selector, code)]


def is_fixed(code: str) -> bool:
    """Return whether a rule is an error of the file or of a shape, which nothing suppresses or makes less severe.

    >>> is_fixed("CNN101"), is_fixed("CNN009"), is_fixed("CNN401")
    (True, False, False)
    """
    return code.startswith(("CNN0", "CNN1")) and code != UNUSED_IGNORE


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
    folder: str = ""
    """The folder that patterns are seen from, that of the configuration; empty for the working directory."""

    def selects(self, code: str, file: str) -> bool:
        """Return whether a rule is to be run on a file: the more specific of select and ignore, then the file's own.

        >>> settings = Settings(select=("CNN2",), ignore=("CNN201",), per_file_ignores={"old/*": ("CNN2",)})
        >>> [settings.selects(code, file) for code in ("CNN201", "CNN202") for file in ("net.yaml", "old/net.yaml")]
        [False, False, True, False]
        """
        wanted = max((specificity(selector, code) for selector in self.select), default=1)
        if wanted <= max((specificity(selector, code) for selector in self.ignore), default=0):
            return False
        patterns = [
            pattern
            for pattern, selectors in self.per_file_ignores.items()
            if any(specificity(selector, code) for selector in selectors)
        ]
        return not patterns or not matches(patterns, within(file, self.folder), self.folder, above=True)
