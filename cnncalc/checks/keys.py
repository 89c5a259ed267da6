"""The keys of the configuration, and how the value of each is read."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from cnncalc.checks import RULES, rule
from cnncalc.checks.base import Severity
from cnncalc.checks.globs import wrong
from cnncalc.checks.settings import codes, is_fixed
from cnncalc.checks.values import inside, near, number, refuse, shown, table, texts

NEVER = "never"


def selectors(value: object, where: str) -> tuple[str, ...]:
    """Return a list of selectors, each of which names a rule."""
    words = texts(value, where, "rules")
    for word in words:
        if not codes(word):
            kinds = "codes such as CNN201, beginnings of codes such as CNN2, or names such as gridding"
            refuse(where, f" must name rules ({kinds}), not {shown(word)}", near(word, [*RULES, *RULES.values()]))
    return words


def selected(value: object, where: str) -> tuple[str, ...]:
    """Return what is to be checked."""
    if not (found := selectors(value, where)):
        refuse(where, " must name at least one rule: without it all rules are checked")
    return found


def suppressed(value: object, where: str) -> tuple[str, ...]:
    """Return what is to be ignored: no error of the file or of a shape."""
    found = selectors(value, where)
    for word in found:
        fixed = [code for code in codes(word) if is_fixed(code)]
        if fixed:
            named = "" if len(codes(word)) == 1 else f"it names {', '.join(fixed[:3])}, and "
            fact = f" must not hold {shown(word)}: {named}errors CNN0xx and CNN1xx cannot be ignored"
            refuse(where, fact, "`select` is what leaves them out")
    return found


def one_rule(word: str, where: str) -> str:
    """Return the code of the one rule that a code or a name stands for."""
    if word not in RULES and word not in RULES.values():
        fact = f" must be about one rule, a code such as CNN201 or a name such as gridding, not {shown(word)}"
        refuse(where, fact, near(word, [*RULES, *RULES.values()]))
    return codes(word)[0]


def by_rule(value: object, where: str) -> dict[str, tuple[str, object]]:
    """Return a table's values by code, each with how its messages begin; a rule under code and name is told."""
    found: dict[str, tuple[str, object]] = {}
    for word, item in table(value, where).items():
        code = one_rule(word, where)
        if code in found:
            refuse(where, f" must have {code} once, not also as {RULES[code]}")
        found[code] = inside(where, word), item
    return found


def level(value: object, where: str, *, never: bool = False) -> Severity | None:
    """Return a severity; None for never."""
    words = [severity.value for severity in Severity] + [NEVER] * never
    if not isinstance(value, str) or value not in words:
        listed = f"{', '.join(words[:-1])} or {words[-1]}"
        refuse(where, f" must be {listed}, not {shown(value)}", near(value, words) if isinstance(value, str) else "")
    return None if value == NEVER else Severity(value)


def severities(value: object, where: str) -> dict[str, Severity]:
    """Return severities by code: none below error for an error of the file or of a shape."""
    found = {}
    for code, (place, item) in by_rule(value, where).items():
        severity = level(item, place)
        assert severity is not None
        if is_fixed(code) and severity is not Severity.ERROR:
            refuse(place, f" must be error, not {shown(item)}: errors CNN0xx and CNN1xx cannot be less severe")
        found[code] = severity
    return found


def fail_on(value: object, where: str) -> Severity | None:
    """Return the severity from which on a run fails, None for never."""
    return level(value, where, never=True)


def patterns(value: object, where: str) -> tuple[str, ...]:
    """Return a list of glob patterns."""
    found = texts(value, where, "patterns")
    for pattern in found:
        if fact := wrong(pattern):
            refuse(where, f": {shown(pattern)} {fact}")
    return found


def per_file_ignores(value: object, where: str) -> dict[str, tuple[str, ...]]:
    """Return what is ignored in files, by pattern."""
    found = {}
    for pattern, item in table(value, where).items():
        if fact := wrong(pattern):
            refuse(where, f": {shown(pattern)} {fact}")
        found[pattern] = suppressed(item, inside(where, pattern))
    return found


def thresholds(value: object, where: str) -> dict[str, Fraction]:
    """Return thresholds by the rule's name, each between 0 and the most that its rule has a use for."""
    found = {}
    for code, (place, item) in by_rule(value, where).items():
        if rule(code).threshold is None:
            those = ", ".join(name for code, name in RULES.items() if rule(code).threshold is not None)
            refuse(place, ": the rule has no threshold", f"rules with one: {those}")
        most, read = rule(code).most, number(item)
        if read is None or not 0 <= read <= most:
            percent = read is not None and most == 1 and 1 < read <= 100
            help = f"a share, not a percentage: {float(read / 100):g}" if read is not None and percent else ""
            refuse(place, f" must be a number from 0 to {most}, not {shown(item)}", help)
        found[RULES[code]] = read
    return found


KEYS: dict[str, Callable[[object, str], object]] = {
    "select": selected,
    "ignore": suppressed,
    "per-file-ignores": per_file_ignores,
    "severity": severities,
    "fail-on": fail_on,
    "include": patterns,
    "exclude": patterns,
    "thresholds": thresholds,
}
