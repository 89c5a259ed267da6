"""CNN402: a network that costs more than its file allows."""

from collections.abc import Iterator
from fractions import Fraction

from cnncalc.checks.base import Finding, Rule, Severity
from cnncalc.checks.survey import Survey
from cnncalc.claims import exceeded

MOST = 3


class BudgetExceeded(Rule):
    """The network has more params, MACs or activations than its budget."""

    code = "CNN402"
    name = "budget-exceeded"
    severity = Severity.ERROR
    why = "A budget is what the device, or the paper's comparison, allows. It is held where the network is written."
    example = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 4, kernel: 3}\nbudget: {params: 39}\n"
    instead = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 4, kernel: 3}\nbudget: {params: 40}\n"

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:  # noqa: ARG002 - as Rule's
        """Yield a finding for each bound that is exceeded, with the layers that cost most."""
        if not survey.whole or survey.analysis is None:
            return
        for one in exceeded(survey.analysis):
            found, stated = (int(text.replace(",", "")) for text in (one.found, one.stated))
            over = f"{100 * (found - stated) / stated:.1f}% over" if stated else "over a budget of nothing"
            yield self.finding(one.place, f"{one.name} is {one.found}, the budget is {one.stated}")._replace(
                label=over, notes=(dearest(survey, one.name),)
            )


def dearest(survey: Survey, name: str) -> str:
    """Return the layers that have most of something, and their shares of it."""
    ranked = sorted(survey.facts.values(), key=lambda one: -getattr(one, name))[:MOST]
    total = sum(getattr(one, name) for one in survey.facts.values())
    parts = [
        f"{one.node.path} {getattr(one, name):,} ({100 * getattr(one, name) / total:.0f}%)"
        for one in ranked
        if getattr(one, name)
    ]
    return f"most of it: {', '.join(parts)}"
