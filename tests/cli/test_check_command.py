"""The command ``cnncalc check`` as its users meet it: files, formats, exit codes, configuration, fixes, baselines."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.cli.test_shapes_command import cnncalc

SEVEN = "cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, kernel: 3, stride: 3}\n"
FINE = SEVEN.replace("stride: 3", "stride: 2")
DROPS = SEVEN.replace("layers", "rounding: floor\nlayers").replace("7x7", "8x8").replace("stride: 3", "stride: 2")
FORMATS = ["full", "concise", "json", "jsonl", "sarif", "github", "junit"]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "nets").mkdir()
    for name, text in {
        "seven.yaml": SEVEN,
        "fine.cnn.yaml": FINE,
        "drops.yaml": DROPS,
        "ci.yaml": "jobs: {}\n",
    }.items():
        (tmp_path / "nets" / name).write_text(text)
    return tmp_path


def test_a_filter_that_does_not_fit_exits_with_1(folder):
    out, err = cnncalc("check", "nets/seven.yaml", cwd=folder, check=1)
    assert out.startswith(
        "error[CNN101]: 3x3 filter with stride 3 does not fit a 7x7 input\n --> nets/seven.yaml:4:24\n"
    )
    assert out.endswith("\nchecked 1 file: 1 error\n")
    assert err == ""


def test_a_network_that_fits_exits_with_0(folder):
    out, _ = cnncalc("check", "nets/fine.cnn.yaml", cwd=folder)
    assert out == "checked 1 file: nothing found\n"


def test_a_folder_is_searched_for_specs_and_nothing_else(folder):
    out, _ = cnncalc("check", "nets", "--format", "concise", cwd=folder, check=1)
    assert [line.split(":")[0] for line in out.splitlines()] == ["nets/drops.yaml", "nets/seven.yaml"]


def test_a_pattern_is_expanded(folder):
    out, _ = cnncalc("check", "nets/s*.yaml", "--format", "json", cwd=folder, check=1)
    assert json.loads(out)["files"] == 1


def test_standard_input_has_the_name_it_is_given(folder):
    out, _ = cnncalc("check", "-", "--stdin-filename", "a.yaml", "--format", "concise", stdin=SEVEN.encode(), check=1)
    assert out.startswith("a.yaml:4:24: error[CNN101] ")
    out, _ = cnncalc("check", "-", stdin=SEVEN.encode(), check=1)
    assert " --> <stdin>:4:24\n" in out
    assert "4 | - {conv: 8, kernel: 3, stride: 3}\n" in out


def test_a_spec_of_the_zoo_is_checked():
    out, _ = cnncalc("check", "zoo:densenet121", "--ignore", "CNN3")
    assert out == "checked 1 file: nothing found\n"


@pytest.mark.parametrize("arguments", [["nope.yaml"], ["nets", "--select", "CNN999"], ["nets", "--jobs", "-1"], []])
def test_bad_usage_exits_with_2(folder, arguments):
    out, err = cnncalc("check", *arguments, cwd=folder, check=2)
    assert out == ""
    assert err
    assert "Traceback" not in err


def test_no_spec_at_all_exits_with_2_unless_that_is_allowed(tmp_path):
    _, err = cnncalc("check", ".", cwd=tmp_path, check=2)
    assert err == "there is no spec to check; --allow-empty makes that no error\n"
    cnncalc("check", ".", "--allow-empty", cwd=tmp_path)


def test_warnings_do_not_fail_unless_asked_to(folder):
    cnncalc("check", "nets/drops.yaml", cwd=folder)
    cnncalc("check", "nets/drops.yaml", "--fail-on", "warning", cwd=folder, check=1)
    cnncalc("check", "nets/seven.yaml", "--fail-on", "never", cwd=folder)
    cnncalc("check", "nets/drops.yaml", "--severity", "CNN201=error", cwd=folder, check=1)


def test_rules_are_selected_and_ignored(folder):
    out, _ = cnncalc("check", "nets", "--select", "floor-drops-input", "--format", "concise", cwd=folder)
    assert [line.split()[1] for line in out.splitlines()] == ["warning[CNN201]"]
    out, _ = cnncalc("check", "nets/drops.yaml", "--ignore", "CNN201", cwd=folder)
    assert "nothing found" in out


def test_the_configuration_of_the_project_is_heeded(folder):
    (folder / "pyproject.toml").write_text('[tool.cnncalc]\nseverity = {floor-drops-input = "error"}\n')
    cnncalc("check", "nets/drops.yaml", cwd=folder, check=1)
    cnncalc("check", "nets/drops.yaml", "--isolated", cwd=folder)


@pytest.mark.parametrize("format", FORMATS)
def test_a_report_is_written_whole_and_is_the_one_that_is_printed(folder, format):
    out, _ = cnncalc("check", "nets", "--format", format, cwd=folder, check=1)
    again, _ = cnncalc("check", "nets", "--format", format, "-o", "report", cwd=folder, check=1)
    assert again == ""
    assert (folder / "report").read_text() == out
    assert "CNN101" in out


@pytest.mark.parametrize("format", FORMATS)
def test_a_report_is_the_same_whatever_the_order_and_the_processes(folder, format):
    one, _ = cnncalc("check", "nets/seven.yaml", "nets/drops.yaml", "--format", format, cwd=folder, check=1)
    two, _ = cnncalc("check", "nets/drops.yaml", "nets/seven.yaml", "-j", "2", "--format", format, cwd=folder, check=1)
    assert one == two


def test_colour_is_for_terminals_and_for_those_who_ask(folder):
    plain, _ = cnncalc("check", "nets/seven.yaml", cwd=folder, check=1)
    coloured, _ = cnncalc("check", "nets/seven.yaml", "--color", "always", cwd=folder, check=1)
    assert "\x1b[" not in plain
    assert "\x1b[1;31merror[CNN101]" in coloured


def test_a_fix_changes_the_file_and_says_so(folder):
    path = folder / "nets" / "seven.yaml"
    out, err = cnncalc("check", "nets/seven.yaml", "--unsafe-fixes", cwd=folder)
    assert err == "1 finding mended in 1 file\n"
    assert out == "checked 1 file: nothing found\n"
    assert path.read_text() == SEVEN.replace("stride: 3}", "stride: 3, padding: 1}")


def test_a_diff_changes_nothing_and_exits_with_1_where_it_would(folder):
    out, err = cnncalc("check", "nets/seven.yaml", "--unsafe-fixes", "--diff", cwd=folder, check=1)
    assert "+- {conv: 8, kernel: 3, stride: 3, padding: 1}\n" in out
    assert err == "1 finding would be mended in 1 file\n"
    assert (folder / "nets" / "seven.yaml").read_text() == SEVEN
    out, _ = cnncalc("check", "nets/fine.cnn.yaml", "--fix", "--diff", cwd=folder)
    assert out == ""


def test_a_network_that_grew_since_the_baseline_fails(folder):
    cnncalc("check", "nets/fine.cnn.yaml", "--write-baseline", "sizes.json", cwd=folder)
    cnncalc("check", "nets/fine.cnn.yaml", "--baseline", "sizes.json", cwd=folder)
    (folder / "nets" / "fine.cnn.yaml").write_text(FINE.replace("conv: 8", "conv: 9"))
    out, _ = cnncalc("check", "nets/fine.cnn.yaml", "--baseline", "sizes.json", cwd=folder, check=1)
    assert "error[CNN403]: params grew by 12.50% since the baseline, from 80 to 90\n" in out
    cnncalc("check", "nets/fine.cnn.yaml", "--baseline", "sizes.json", "--max-growth", "12.5", cwd=folder)
    cnncalc("check", "nets/fine.cnn.yaml", "--baseline", "sizes.json", "--max-growth", "12.49", cwd=folder, check=1)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"cnncalc-baseline": 2}', '{"cnncalc-baseline": 1, "specs": {"a": 1}}']
)
def test_a_baseline_that_is_none_is_refused(folder, text):
    (folder / "sizes.json").write_text(text)
    _, err = cnncalc("check", "nets", "--baseline", "sizes.json", cwd=folder, check=2)
    assert err.startswith("sizes.json: ")


def test_a_name_cannot_forge_an_annotation_or_a_colour(folder):
    forged = 'cnncalc: 1\ninput: 1x7x7\nlayers:\n- {conv: 8, "a\\n::error::b\\e[31m": 3}\n'
    (folder / "forged.yaml").write_text(forged)
    for format in FORMATS:
        out, _ = cnncalc("check", "forged.yaml", "--format", format, cwd=folder, check=1)
        assert not any(line.startswith("::error::b") for line in out.splitlines())
        assert "\x1b" not in out


def test_a_line_too_wide_for_the_terminal_is_wrapped_in_its_column(folder):
    environment = os.environ | {"COLUMNS": "80"}
    command = [sys.executable, "-m", "cnncalc", "check", "nets/seven.yaml", "--color", "always"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    lines = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in done.stdout.splitlines()]
    assert max(map(len, lines)) <= 80
    assert "          never read (13 of 49 positions, 27%)" in lines


def test_a_rule_explains_itself():
    out, _ = cnncalc("rule", "CNN101")
    assert out.startswith("# CNN101 does-not-fit\n")
    assert cnncalc("rule", "does-not-fit")[0] == out
    listed, _ = cnncalc("rule", "--all")
    assert "CNN101\tdoes-not-fit\terror\t" in listed
    _, err = cnncalc("rule", "does-not-fitt", check=2)
    assert "did you mean does-not-fit?" in err
    cnncalc("rule", check=2)


@pytest.mark.parametrize("option", ["-o", "--write-baseline"])
def test_a_spec_is_never_overwritten_by_what_is_said_of_it(folder, option):
    (folder / "link").symlink_to("nets/seven.yaml")
    for target in ("nets/seven.yaml", "link"):
        _, err = cnncalc("check", "nets/seven.yaml", option, target, cwd=folder, check=2)
        assert "would be overwritten" in err
    assert (folder / "nets" / "seven.yaml").read_text() == SEVEN


def test_a_mended_standard_input_is_printed():
    out, err = cnncalc("check", "-", "--unsafe-fixes", stdin=SEVEN.encode())
    assert out == SEVEN.replace("stride: 3}", "stride: 3, padding: 1}")
    assert err == "1 finding mended in 1 file\n"


def test_a_baseline_keeps_what_it_has_of_a_spec_that_does_not_fit(folder):
    net = folder / "nets" / "fine.cnn.yaml"
    cnncalc("check", "nets/fine.cnn.yaml", "--write-baseline", "sizes.json", cwd=folder)
    before = (folder / "sizes.json").read_text()
    net.write_text(SEVEN)
    cnncalc("check", "nets/fine.cnn.yaml", "--write-baseline", "sizes.json", cwd=folder, check=1)
    assert (folder / "sizes.json").read_text() == before
    _, err = cnncalc("check", "nets/drops.yaml", "--baseline", "sizes.json", cwd=folder)
    assert err == "sizes.json: has nothing on nets/drops.yaml; --write-baseline adds what is checked\n"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("check seven.yaml >&-", 1),
        ("check - <&-", 2),
        ("check seven.yaml -o loop", 2),
        ("check nosuch.yaml 2>&-", 2),
        ("check nosuch.yaml 2>/dev/full", 2),
        ("check seven.yaml --baseline /dev/zero", 2),
        ("check seven.yaml >/dev/full", 2),
    ],
)
def test_closed_and_endless_files_are_no_tracebacks(folder, command, code):
    (folder / "nets" / "loop").symlink_to("loop")
    shell = f"{sys.executable} -m cnncalc {command}"
    done = subprocess.run(["bash", "-c", shell], cwd=folder / "nets", capture_output=True, timeout=60, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr


def test_an_argument_of_the_files_is_given_a_value(folder):
    (folder / "open.yaml").write_text("cnncalc: 1\ninput: 1x7x7\nargs: {c}\nlayers:\n- {conv: c}\n")
    cnncalc("check", "open.yaml", cwd=folder, check=1)
    cnncalc("check", "open.yaml", "nets/fine.cnn.yaml", "--set", "c=4", cwd=folder)


def test_a_spec_with_another_argument_is_not_held_to_what_was_said_of_its_own():
    out, _ = cnncalc("check", "zoo:resnet18", "--set", "n1=3", "--ignore", "CNN2,CNN3")
    assert out == "checked 1 file: nothing found\n"
