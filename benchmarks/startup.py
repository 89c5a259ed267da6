"""The whole command against a bare script with the same imports, in turn; prints medians and the ratio pair by pair."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

SPEC = Path(__file__).parents[1] / "specs" / "lenet5.yaml"
TABLE = """
table = rich.table.Table("layer", "output", "params")
for row in range(11):
    table.add_row(f"conv{row}", "6x28x28", "156")
rich.console.Console().print(table)
"""
APP = """
from typing import Annotated
import typer, rich.table, rich.console, yaml

app = typer.Typer()

@app.command()
def shapes(spec: str, set: Annotated[list[str] | None, typer.Option()] = None, batch: int = 1) -> None:
    table = rich.table.Table("layer", "output", "params")
    for row in range(11):
        table.add_row(f"conv{row}", "6x28x28", "156")
    rich.console.Console().print(table)

@app.command()
def zoo() -> None: ...

app(["shapes", "net.yaml"])
"""
COMMANDS = {
    "bare, import pydantic": [sys.executable, "-c", "import typer, rich.table, rich.console, pydantic, yaml" + TABLE],
    "bare, BaseModel": [
        sys.executable,
        "-c",
        "import typer, rich.table, rich.console, yaml; from pydantic import BaseModel" + TABLE,
    ],
    "a typer app, two commands": [sys.executable, "-c", APP],
    "cnncalc shapes": [sys.executable, "-m", "cnncalc", "shapes", str(SPEC)],
    "cnncalc compare": [sys.executable, "-m", "cnncalc", "compare", "7x7", "vs", "3x3x3"],
}
OURS = ("cnncalc shapes", "cnncalc compare")


def seconds(command):
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=True)
    return time.perf_counter() - start


def main(rounds=31):
    for command in COMMANDS.values():
        seconds(command)
    times = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    for name, taken in times.items():
        ratios = (statistics.median(a / b for a, b in zip(times[ours], taken, strict=True)) for ours in OURS)
        shapes, compare = ratios
        print(
            f"{name:28} median {1e3 * statistics.median(taken):6.1f} ms   shapes {shapes:.2f}, compare {compare:.2f} times"
        )


if __name__ == "__main__":
    main()
