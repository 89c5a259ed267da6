"""CNN403: a network that grew since the baseline was written."""

from collections.abc import Iterator
from fractions import Fraction

from cnncalc.checks.base import Finding, Rule, Severity
from cnncalc.checks.budget_exceeded import dearest
from cnncalc.checks.survey import Survey
from cnncalc.errors import Place, Span

MEASURES = ("params", "macs", "activations")


class GrownSinceBaseline(Rule):
    """Params, MACs or activations grew by more than is allowed since the baseline file was written."""

    code = "CNN403"
    name = "grown-since-baseline"
    severity = Severity.ERROR
    why = (
        "A network grows a little with each change, and nobody decides that it should. Against a baseline that is "
        "under version control the growth is seen in the change that brings it."
    )
    formula = "growth = now/then - 1"
    example = (
        "# in the baseline: params 40, macs 1,440, activations 144\n"
        "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 5, kernel: 3}\n"
    )
    instead = (
        "# in the baseline: params 40, macs 1,440, activations 144\n"
        "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 4, kernel: 3}\n"
    )
    options = (
        "`cnncalc check --baseline FILE` compares, `--write-baseline FILE` writes; the threshold is the growth allowed."
    )
    threshold = Fraction(0)
    most = 10**6

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:
        """Yield a finding if any measure grew by more than ``threshold``; none without a baseline."""
        if not survey.whole or survey.analysis is None:
            return
        allowed = threshold or Fraction(0)
        totals = {name: getattr(survey.analysis.totals, name) for name in MEASURES}
        grown = [
            f"{name} grew {_growth(survey.baseline[name], now)} since the baseline, "
            f"from {survey.baseline[name]:,} to {now:,}"
            for name, now in totals.items()
            if name in survey.baseline and now > survey.baseline[name] * (1 + allowed)
        ]
        if grown:
            at = survey.data.keys_at.get("layers", Span(1, 1, 1, 1)) if survey.data else Span(1, 1, 1, 1)
            yield self.finding(Place(survey.file, at), grown[0])._replace(
                label=f"{float(100 * allowed):g}% is allowed" if allowed else "no growth is allowed",
                notes=(*grown[1:], dearest(survey, grown[0].split()[0])),
            )


def _growth(before: int, now: int) -> str:
    return f"by {100 * (now - before) / before:.2f}%" if before else "from nothing"
