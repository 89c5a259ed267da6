"""CNN002: what the language leaves out of YAML, and what is over a limit."""

from __future__ import annotations

from cnncalc.checks.base import Refused
from cnncalc.errors import YamlUnsafe as Unsafe


class YamlUnsafe(Refused):
    """An anchor, an alias, a tag, a merge key or a directive, or a file that asks for more than the limits allow."""

    code = "CNN002"
    name = "yaml-unsafe"
    refuses = Unsafe
    why = (
        "Tags can run code in other readers, and aliases and repeats can ask for more than any machine has in a few "
        "lines. The language has blocks and defaults for what is shared."
    )
    formula = (
        "at most 1 MiB, 40 levels and 100,000 values in a file; 100,000 layers, blocks 16 deep, numbers of 64 bits"
    )
    example = (
        "cnncalc: 1\ninput: 1x8x8\nlayers:\n- &a {conv: 8, kernel: 3, padding: half}\n"
        "- {conv: 8, kernel: 3, padding: half}\n"
    )
    instead = "cnncalc: 1\ninput: 1x8x8\nlayers:\n- {conv: 8, kernel: 3, padding: half, repeat: 2}\n"
    options = "`blocks`, `defaults` and `repeat` say once what is used many times."
    references = ("Späth, Mainka, Mladenov and Schwenk 2016, SoK: XML Parser Vulnerabilities (the billion laughs)",)
