"""The hooks of .pre-commit-hooks.yaml, through pre-commit itself, on a scratch repository."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEVEN = "cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 3, stride: 3}\n"


def run(*command, cwd, check=True):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "PRE_COMMIT_HOME": str(cwd.parent / "pre-commit"), "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=cwd, env=kept | quiet, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def commit(folder):
    run("git", "init", "-q", cwd=folder)
    run("git", "add", "-A", cwd=folder)
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    run("git", *who, "commit", "-qm", "all", cwd=folder)
    return run("git", "rev-parse", "HEAD", cwd=folder).stdout.strip()


@pytest.fixture(scope="module")
def hooks(tmp_path_factory):
    """Return a repository with what is in this one now, whether it is committed or not, and its revision."""
    folder = tmp_path_factory.mktemp("hooks") / "cnncalc"
    folder.mkdir()
    files = run("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).stdout.split("\n")
    for name in filter(None, files):
        if (ROOT / name).is_file() and not name.startswith(("tests/", "benchmarks/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder, commit(folder)


def scratch(folder, hooks, files, hook="cnncalc-check"):
    """Return what pre-commit says of a repository with these files."""
    repository, revision = hooks
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    config = f"repos:\n- repo: {repository}\n  rev: {revision}\n  hooks: [{{id: {hook}}}]\n"
    (folder / ".pre-commit-config.yaml").write_text(config)
    commit(folder)
    return run(sys.executable, "-m", "pre_commit", "run", "--all-files", cwd=folder, check=False)


@pytest.mark.network
def test_a_filter_that_does_not_fit_stops_the_commit(tmp_path_factory, hooks):
    folder = hooks[0].parent / "unfit"
    done = scratch(folder, hooks, {"net.cnn.yaml": SEVEN, "other.yaml": "jobs: {}\n"})
    assert done.returncode == 1
    assert "error[CNN101]: 3x3 filter with stride 3 does not fit a 7x7 input" in done.stdout
    assert "other.yaml" not in done.stdout


@pytest.mark.network
def test_a_sound_network_may_be_committed(hooks):
    done = scratch(hooks[0].parent / "sound", hooks, {"net.cnn.yaml": SEVEN.replace("stride: 3", "stride: 2")})
    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout


@pytest.mark.network
def test_the_fixing_hook_mends_and_says_so(hooks):
    folder = hooks[0].parent / "mended"
    done = scratch(folder, hooks, {"net.cnn.yaml": SEVEN.replace("stride: 3", "stride: 02")}, hook="cnncalc-fix")
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout
    assert (folder / "net.cnn.yaml").read_text() == SEVEN.replace("stride: 3", "stride: 2")
