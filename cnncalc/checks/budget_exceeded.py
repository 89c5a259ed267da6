"""CNN402: a network that costs more than its file allows."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from cnncalc.checks.base import Finding, Rule, Severity
from cnncalc.checks.survey import Survey
from cnncalc.claims import exceeded

MOST = 3
_COUNTED = "macs"
"""The bound that is for the number of another tool, where one is asked for."""


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
        counted = survey.counted
        for one in exceeded(survey.analysis, {_COUNTED: counted.total} if counted else {}):
            found, stated = (int(text.replace(",", "")) for text in (one.found, one.stated))
            over = f"{100 * (found - stated) / stated:.1f}% over" if stated else "over a budget of nothing"
            amounts = counted.amounts if counted and one.name == _COUNTED else None
            name = f"{one.name} ({counted.profile.title})" if counted and amounts is not None else one.name
            yield self.finding(one.place, f"{name} is {one.found}, the budget is {one.stated}")._replace(
                label=over, notes=(dearest(survey, one.name, amounts),)
            )


def dearest(survey: Survey, name: str, amounts: Mapping[str, int] | None = None) -> str:
    """Return the layers that have most of something, and their shares of it; ``amounts`` in place of their own."""
    if amounts is None:
        amounts = {path: getattr(one, name) for path, one in survey.facts.items()}
    total = sum(amounts.values())
    ranked = sorted(amounts.items(), key=lambda pair: -pair[1])[:MOST]
    parts = [f"{path} {amount:,} ({100 * amount / total:.0f}%)" for path, amount in ranked if amount]
    return f"most of it: {', '.join(parts)}"
