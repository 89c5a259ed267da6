"""The steps of action.yml, run one after the other as the runner does, on a scratch repository."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
SEVEN = "cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 3, stride: 3}\n"


def value(text, inputs):
    """Return a text of the action with its ${{ inputs.name }} filled in."""
    return re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: inputs[found[1]], text)


def holds(condition, inputs):
    """Return whether the one kind of condition that the action has holds."""
    if condition is None:
        return True
    name = re.fullmatch(r"inputs\.(\w+) != ''", condition)[1]
    return inputs[name] != ""


def steps(folder, given, *, installed=True):
    """Run the steps in a folder; return the exit code of the last one that ran and all that was printed.

    ``installed`` puts this environment in place of the step that installs the package.
    """
    inputs = {name: str(one["default"]) for name, one in ACTION["inputs"].items()} | given
    temp, path_file = folder / "temp", folder / "path"
    temp.mkdir()
    path_file.touch()
    printed = ""
    for step in ACTION["runs"]["steps"]:
        if not holds(step.get("if"), inputs) or (installed and step["name"] == "Install"):
            continue
        extra = [*path_file.read_text().split("\n"), str(Path(sys.executable).parent) if installed else ""]
        environment = os.environ | {name: value(text, inputs) for name, text in step.get("env", {}).items()}
        environment |= {
            "RUNNER_TEMP": str(temp),
            "GITHUB_PATH": str(path_file),
            "GITHUB_ACTION_PATH": str(ROOT),
            "PATH": os.pathsep.join([*filter(None, extra), os.environ["PATH"]]),
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        printed += done.stdout
        if done.returncode:
            return done.returncode, printed
    return 0, printed


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "seven.cnn.yaml").write_text(SEVEN)
    (tmp_path / "nets" / "other.yaml").write_text("jobs: {}\n")
    return tmp_path


def test_every_step_says_its_shell_and_takes_its_inputs_from_the_environment():
    for step in ACTION["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]  # an input in a script would be run as one


def test_a_filter_that_does_not_fit_is_annotated_and_fails_the_job(repository):
    code, printed = steps(repository, {"paths": "nets"})
    assert code == 1
    (line,) = printed.splitlines()
    assert line.startswith("::error file=nets/seven.cnn.yaml,line=4,endLine=4,col=24,endColumn=33,title=")
    assert "3x3 filter with stride 3 does not fit a 7x7 input" in line


def test_several_paths_and_options_are_handed_on(repository):
    (repository / "fine.yaml").write_text(SEVEN.replace("stride: 3", "stride: 2"))
    code, printed = steps(repository, {"paths": "fine.yaml\nnets", "args": "--fail-on never --select CNN101"})
    assert (code, printed.count("::error")) == (0, 1)


def test_a_path_is_never_run(repository):
    code, _ = steps(repository, {"paths": "$(touch hacked) `touch hacked` ;touch hacked"})
    assert code == 2
    assert not (repository / "hacked").exists()


def test_the_findings_are_written_as_sarif_where_asked_for(repository):
    code, _ = steps(repository, {"paths": "nets", "sarif": "out.sarif"})
    assert code == 1
    (run,) = json.loads((repository / "out.sarif").read_text())["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["CNN101"]


@pytest.mark.network
def test_the_action_installs_itself(repository):
    code, printed = steps(repository, {"paths": "nets"}, installed=False)
    assert (code, printed.count("::error file=nets/seven.cnn.yaml")) == (1, 1)
