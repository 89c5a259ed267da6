"""What a rule is, and what it finds."""

from collections.abc import Iterator
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from cnncalc.errors import CnncalcError, Place, Span

if TYPE_CHECKING:
    from cnncalc.checks.survey import Refusal, Survey


class Severity(Enum):
    """How bad a finding is, the worst first."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"

    def at_least(self, other: "Severity") -> bool:
        """Return whether this is as bad as ``other``, or worse.

        >>> Severity.ERROR.at_least(Severity.WARNING)
        True
        """
        order = list(Severity)
        return order.index(self) <= order.index(other)


class Label(NamedTuple):
    """A few words under another stretch of the file, such as where a size came from."""

    span: Span
    text: str


class Edit(NamedTuple):
    """A stretch of the file and the text to put in its place; an insertion has an empty stretch."""

    span: Span
    text: str


class Suggestion(NamedTuple):
    """One way to mend a finding: how it reads, the edits that do it if they are known, and the layer's output then."""

    text: str
    edits: tuple[Edit, ...] = ()
    output: tuple[int, ...] | None = None


class Fix(NamedTuple):
    """What ``--fix`` does about a finding; an unsafe fix changes what the network computes."""

    text: str
    edits: tuple[Edit, ...]
    safe: bool = True


class Finding(NamedTuple):
    """One thing that a rule has to say about a file; it must stand alone.

    ``message`` is the headline and ``label`` stands under the caret; ``others`` are labels elsewhere in the file;
    each of ``helps`` is a line of suggestions. ``calls`` are the ``use`` lines that lead to the place, the outermost
    first, and ``more`` is how many more layers of the same line have the same finding.
    """

    code: str
    name: str
    severity: Severity
    place: Place
    message: str
    label: str = ""
    others: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    helps: tuple[tuple[Suggestion, ...], ...] = ()
    fix: Fix | None = None
    calls: tuple[Span, ...] = ()
    more: int = 0


class Rule:
    """One rule, one file: its words, its examples and its check. The class docstring is what it does, in one line.

    The words are printed by ``cnncalc rule`` and stand in docs/rules and in SARIF; the examples are run by a test: the
    first fires the rule, the second does not.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity]
    why: ClassVar[str]
    formula: ClassVar[str] = ""
    example: ClassVar[str]
    instead: ClassVar[str]
    options: ClassVar[str] = ""
    """What can be set about the rule, in words; the threshold's meaning where there is one."""
    references: ClassVar[tuple[str, ...]] = ()
    whole: ClassVar[bool] = False
    """Whether the rule speaks of shares of the network, which must have been understood as a whole."""
    threshold: ClassVar[Fraction | None] = None
    """The default of what ``thresholds`` of the configuration sets under the rule's name."""
    most: ClassVar[int] = 1
    """The largest threshold that can be set: 1 where it is a share."""

    def findings(self, survey: "Survey", threshold: Fraction | None) -> Iterator[Finding]:
        """Yield what the rule has to say about a file; ``threshold`` is the rule's own or the configuration's."""
        raise NotImplementedError

    def finding(self, place: Place, message: str, *helps: str) -> Finding:
        """Return a finding of this rule, to which a rule adds with ``_replace`` what it has beside the message."""
        lines = tuple((Suggestion(help),) for help in helps if help)
        return Finding(self.code, self.name, self.severity, place, message, helps=lines)


class Refused(Rule):
    """A rule that tells an error of the package: one of the kind ``refuses``, or of a kind below it."""

    severity: ClassVar[Severity] = Severity.ERROR
    refuses: ClassVar[type[CnncalcError]]

    def findings(self, survey: "Survey", threshold: Fraction | None) -> Iterator[Finding]:  # noqa: ARG002 - as Rule's
        """Yield a finding for each error of the kind; a line that fails alike many times is told once and copied."""
        known: dict[tuple[object, ...], Finding] = {}
        for refusal in survey.refusals:
            if self.concerns(refusal):
                node = refusal.node
                calls = node.origin.calls if node else ()
                key = (
                    (id(node.layer), node.inputs, node.origin.span, calls, refusal.error.fact)
                    if node
                    else (id(refusal),)
                )
                if key not in known:
                    known[key] = self.told(refusal, survey)._replace(calls=calls)
                yield known[key]._replace(place=known[key].place._replace(path=refusal.error.place.path))

    def concerns(self, refusal: "Refusal") -> bool:
        """Return whether an error is this rule's to tell."""
        return isinstance(refusal.cause, self.refuses)

    def told(self, refusal: "Refusal", survey: "Survey") -> Finding:  # noqa: ARG002 - a rule may look there
        """Return the finding for one error; its fact and its help, unless a rule has more to say."""
        return self.finding(refusal.error.place, refusal.error.fact, refusal.error.help)
