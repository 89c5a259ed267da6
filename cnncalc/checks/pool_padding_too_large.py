"""CNN103: a pool whose padding is more than half its window."""

from __future__ import annotations

from cnncalc.checks.base import Finding, Refused, Suggestion
from cnncalc.checks.remedy import MOST, axes, lines, tried
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.checks.words import axes_text, window_text
from cnncalc.errors import PoolPaddingTooLarge as TooMuch
from cnncalc.layers.base import axis_name
from cnncalc.layers.pool import Pool


class PoolPaddingTooLarge(Refused):
    """A pool's padding is more than half its window."""

    code = "CNN103"
    name = "pool-padding-too-large"
    refuses = TooMuch
    why = (
        "With padding as large as the window, whole windows read padding alone: the largest of nothing, or a mean of "
        "zeros. Frameworks draw the line at half a window."
    )
    formula = "P <= F//2, with F = dilation*(kernel-1)+1"
    example = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {max_pool: 2, padding: 2}\n"
    instead = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {max_pool: 2, padding: 1}\n"
    options = "`padding: half` is the most that is allowed."
    references = ("Paszke et al. 2019, PyTorch: An Imperative Style, High-Performance Deep Learning Library",)

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding with the largest padding that is allowed."""
        node = refusal.node
        if node is None or not isinstance(node.layer, Pool):
            return super().told(refusal, survey)
        slides = node.layer.slides(refusal.inputs[0][1:])
        given = [max(slide.before, slide.after) for slide in slides]
        most = [slide.reach // 2 for slide in slides]
        bad = [axis for axis, amount in enumerate(given) if amount > most[axis]]
        place = refusal.error.place._replace(span=survey.option(node, "padding", node.op))
        empty = sorted({slides[axis].reach for axis in bad if given[axis] >= slides[axis].reach})
        notes = [
            f"{axis_name(axis, len(slides))}: F//2 = {slides[axis].reach}//2 = {most[axis]}, less than {given[axis]}"
            for axis in bad
        ]
        if empty:
            notes.append("the first window reads padding alone")
        return self.finding(
            place, f"padding {axes_text(given)} is more than half of a {window_text(node, len(slides))}"
        )._replace(
            label=f"at most {axes_text(most)}", notes=tuple(notes), helps=tuple(lines(_padding(refusal, survey, most)))
        )


def _padding(refusal: Refusal, survey: Survey, most: list[int]) -> Suggestion:
    """Return the largest padding that is allowed and fits; the largest allowed, without edits, if none fits."""
    for less in range(min(max(most), MOST // 10) + 1):
        amounts = [max(0, amount - less) for amount in most]
        if found := tried(refusal, survey, "padding", *axes(amounts)):
            return found
    return Suggestion(f"`padding: {axes_text(most)}` is the most")
