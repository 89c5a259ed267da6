"""CNN008: a block that uses itself, straight away or by way of others."""

from __future__ import annotations

from cnncalc.checks.base import Finding, Label, Refused, Suggestion
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.errors import RecursiveBlock as Recursive
from cnncalc.spec.source import Mapping


class RecursiveBlock(Refused):
    """A block uses itself, straight away or by way of other blocks."""

    code = "CNN008"
    name = "recursive-block"
    refuses = Recursive
    why = "A block is written out where it is used: one that uses itself would never end."
    example = (
        "cnncalc: 1\ninput: 8x8x8\nblocks:\n  a: {layers: [{conv: 8}, {use: b}]}\n  b: {layers: [{use: a}]}\n"
        "layers:\n- {use: a}\n"
    )
    instead = (
        "cnncalc: 1\ninput: 8x8x8\nblocks:\n  a: {layers: [{conv: 8}, {use: b}]}\n  b: {layers: [{conv: 8}]}\n"
        "layers:\n- {use: a}\n"
    )
    options = "`repeat: n` on a `use` makes n of a block, one after the other."

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding with the chain of blocks, and where the one begins that comes back."""
        error = refusal.error
        found = self.finding(error.place, error.fact)
        use = survey.mappings.get(error.place.span)
        blocks = survey.data.get("blocks") if survey.data else None
        if use is None or not isinstance(blocks, Mapping) or use.get("use") not in blocks:
            return found
        block = use["use"]
        help = Suggestion(f"`{{use: {block}, repeat: 2}}`, outside of {block}, makes two of it, one after the other")
        return found._replace(
            place=error.place._replace(span=survey.stretch(use, "use")),
            label=f"{block} is inside itself here",
            others=(Label(blocks.keys_at[block], f"{block} begins here"),),
            helps=((help,),),
        )
