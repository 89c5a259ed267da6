"""``cnncalc schema``: the JSON Schema of the spec language, for editors."""

from __future__ import annotations

import typer

from cnncalc.cli.options import Output, destination

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)

EPILOG = """
An editor that knows YAML schemas completes and checks a spec whose first line is
`# yaml-language-server: $schema=cnncalc.schema.json`, with the file written by `cnncalc schema -o cnncalc.schema.json`.
"""


@app.command(epilog=EPILOG)
def schema(
    output: Output = None,
) -> None:
    """Print the draft-07 JSON Schema of the spec language."""
    from cnncalc.report.destination import send
    from cnncalc.spec.schema import schema_text

    send(schema_text(), destination(output))
