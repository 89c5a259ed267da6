"""CNN007: a name that nothing above gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cnncalc.checks.base import Finding, Label, Refused
from cnncalc.checks.meant import meant
from cnncalc.checks.survey import Refusal, Survey
from cnncalc.errors import UnknownName as Unknown


class UnknownName(Refused):
    """A layer, an argument or an input is named that nothing above the line gives."""

    code = "CNN007"
    name = "unknown-name"
    refuses = Unknown
    why = (
        "A name may be used only below the line that gives it, so that a file reads from top to bottom in the order "
        "in which the network runs."
    )
    example = "cnncalc: 1\ninput: 8x8x8\nlayers:\n- {conv: 8, name: stem}\n- {conv: 8}\n- {add: [stme, prev]}\n"
    instead = "cnncalc: 1\ninput: 8x8x8\nlayers:\n- {conv: 8, name: stem}\n- {conv: 8}\n- {add: [stem, prev]}\n"
    options = "`name` gives a layer its name; `prev` is the tensor above and `in` the one that enters."

    def told(self, refusal: Refusal, survey: Survey) -> Finding:
        """Return the finding with the word that is likely meant, or the line that gives the name further down."""
        error = refusal.error
        help = meant(error, survey)
        found = self.finding(error.place, error.fact)
        return found._replace(helps=((help,),) if help else (), others=tuple(_given(refusal, survey)))


def _given(refusal: Refusal, survey: Survey) -> Iterator[Label]:
    """Yield a label at the ``name`` of the line that the help speaks of."""
    line = re.match(r"line (\d+) gives it", refusal.error.help)
    name = re.match(r"'(\w+)'", refusal.error.fact)
    if line and name:
        for span, data in survey.mappings.items():
            if span.line == int(line[1]) and data.get("name") == name[1]:
                yield Label(data.values_at["name"], f"{name[1]} is given here")
