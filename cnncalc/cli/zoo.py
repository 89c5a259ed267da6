"""``cnncalc zoo``: the specs that come along."""

from __future__ import annotations

import sys

import typer

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)


@app.command(epilog="A spec of the list is named `zoo:NAME` wherever a file is: `cnncalc shapes zoo:vgg16`.")
def zoo() -> None:
    """List the specs that come along, with what each of them is."""
    from cnncalc.zoo import describe, names

    described = [(f"zoo:{name}", *describe(name)) for name in names()]
    if not sys.stdout.isatty():
        sys.stdout.write("".join("\t".join(row) + "\n" for row in described))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("spec", no_wrap=True)
    table.add_column("name", no_wrap=True)
    table.add_column("source")
    for spec, name, source in described:
        table.add_row(Text(spec, style="cyan"), Text(name), Text(source, no_wrap=True, overflow="ellipsis"))
    Console().print(table)
