"""CNN110: a size, or a step in the image, beyond 64 bits."""

from __future__ import annotations

from cnncalc.checks.base import Finding, Label, Refused
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.errors import LayerError
from cnncalc.errors import TooLarge as Large
from cnncalc.layers.base import LARGEST, sizes_text


class TooLarge(Refused):
    """A size of a tensor, a receptive field or its step is beyond 64 bits."""

    code = "CNN110"
    name = "too-large"
    refuses = Large
    why = (
        "No machine holds such a network, and no framework has numbers for it; a few factors in a repeat "
        "ask for it all the same."
    )
    formula = f"sizes and steps are at most {LARGEST:,}"
    example = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {upsample: 1000000, repeat: 4}\n"
    instead = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {upsample: 2, repeat: 4}\n"

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding with what came in."""
        node, cause = refusal.node, refusal.cause
        if node is None or not isinstance(cause, LayerError):
            return super().told(refusal, survey)
        place = refusal.error.place._replace(span=survey.option(node, *filter(None, (cause.option, node.op))))
        came_in = f"it reads {sizes_text(refusal.inputs[0])}"
        source = survey.where(node.inputs[0])
        others = (Label(source, came_in),) if source != node.origin.span else ()
        notes = (came_in, f"the limit is {LARGEST:,}, 2**63 - 1")
        return self.finding(place, cause.fact, cause.help)._replace(others=others, notes=notes)
