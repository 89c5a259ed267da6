"""What the README shows is what the tool prints, and its two commands are the ones that CI runs."""

import re
import shlex
from pathlib import Path

from cnncalc import analyze, load, loads
from tests.cli.test_shapes_command import cnncalc

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language=""):
    found = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    return [text for kind, text in found if kind == language]


def test_the_first_output_is_what_is_printed():
    shown = next(block for block in blocks() if block.startswith("$ cnncalc shapes zoo:lenet5\n"))
    out, _ = cnncalc("shapes", "zoo:lenet5")
    assert [line.rstrip() for line in out.splitlines()] == shown.splitlines()[1:]


def test_the_comparison_is_what_is_printed():
    out, _ = cnncalc("compare", "7x7", "vs", "3x3x3")
    assert f"$ cnncalc compare 7x7 vs 3x3x3\n{out}" in README


def test_the_error_is_what_is_printed(tmp_path):
    path = tmp_path / "seven.yaml"
    path.write_text("cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 3, stride: 3}\n", encoding="utf-8")
    _, err = cnncalc("shapes", "seven.yaml", cwd=tmp_path, check=1)
    assert f"$ cnncalc shapes seven.yaml\n{err}" in README


def test_the_spec_of_the_tour_loads_and_its_claim_holds():
    (spec,) = blocks("yaml")
    assert analyze(loads(spec)).outputs == {"linear1": (10,)}


def test_every_command_of_the_tour_runs():
    lines = [line for block in blocks() for line in block.splitlines() if line.startswith("$ cnncalc ")]
    for line in lines:
        arguments = shlex.split(line.split("#")[0])[2:]
        if not {"net.yaml", "seven.yaml"} & set(arguments):
            cnncalc(*[argument for argument in arguments if argument not in {"-o", "unet.json"}])
    assert len(lines) > 5


def test_the_numbers_of_the_text_are_the_tools():
    analysis = analyze(load("zoo:resnet50"))
    assert f"{analysis.totals.params:,} parameters and {analysis.totals.macs:,} MACs" in README
    assert analysis.facts[0].shape == (64, 112, 112)


def test_ci_runs_the_readmes_test_command():
    commands = [block.strip() for block in blocks() if block.startswith("python3 -m venv")]
    assert len(commands) == 2
    assert f"\n{commands[1]}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_finding_is_what_is_printed(tmp_path):
    path = tmp_path / "seven.yaml"
    path.write_text("cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 3, stride: 3}\n", encoding="utf-8")
    out, _ = cnncalc("check", "seven.yaml", cwd=tmp_path, check=1)
    assert f"$ cnncalc check seven.yaml\n{out}" in README
