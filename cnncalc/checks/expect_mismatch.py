"""CNN401: a claim of the file about itself that is not true."""

from collections.abc import Iterator
from fractions import Fraction

from cnncalc.checks.base import Finding, Label, Rule, Severity
from cnncalc.checks.survey import Survey
from cnncalc.claims import Unmet, of_layers, of_network

COUNTS = ("params", "macs")


class ExpectMismatch(Rule):
    """What a file expects of its network, or of a layer, is not what comes out."""

    code = "CNN401"
    name = "expect-mismatch"
    severity = Severity.ERROR
    why = (
        "An expectation is a published total or a shape that someone relies on. Where it is not met, the network is "
        "not the one that was meant, or the file was changed and the claim was not."
    )
    example = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 4, kernel: 3}\nexpect: {params: 36}\n"
    instead = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 4, kernel: 3}\nexpect: {params: 40}\n"

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:  # noqa: ARG002 - as Rule's
        """Yield a finding for each expectation of a layer, and of the network if all of it was understood."""
        if survey.analysis is None:
            return
        layers = [one for one in of_layers(survey.analysis) if one.place.path in survey.facts]
        for one in layers:
            origin = survey.facts[one.place.path].node.origin
            yield self._told(one)._replace(others=(Label(origin.span, "this layer"),), calls=origin.calls)
        if survey.whole:
            for one in of_network(survey.analysis):
                yield self._told(one)._replace(notes=tuple(self._parting(one, layers, survey)))

    def _told(self, one: Unmet) -> Finding:
        message = f"{one.name} is {one.found}, the file expects {one.stated}"
        return self.finding(one.place, message)._replace(label=f"it is {one.found}")

    def _parting(self, one: Unmet, layers: list[Unmet], survey: Survey) -> Iterator[str]:
        """Yield where the network and the claim part, as far as that can be known."""
        if layers:
            first = layers[0]
            yield (
                f"the first layer that is not as expected is {first.place.path} in line {first.place.span.line}: "
                f"{first.found}, not {first.stated}"
            )
        elif one.name in COUNTS:
            found, stated = (int(text.replace(",", "")) for text in (one.found, one.stated))
            difference = abs(found - stated)
            alike = [path for path, facts in survey.facts.items() if getattr(facts, one.name) == difference]
            more = "more" if found > stated else "fewer"
            has = f", as many as {alike[0]} has" if alike else ""
            yield f"{difference:,} {one.name if one.name == 'params' else 'MACs'} {more} than expected{has}"
