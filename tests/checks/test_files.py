import io
import os
import socket
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.checks.files import discover, is_excluded, is_spec, read_spec
from cnncalc.checks.settings import Settings
from cnncalc.errors import UsageError
from cnncalc.spec.source import MAX_BYTES

SPEC = b"cnncalc: 1\ninput: 1x8x8\nlayers: [relu]\n"
OTHER = b"version: 2\ncnncalc: 1\n"
ANY = settings(derandomize=True, max_examples=300, deadline=None)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(*paths: str, content: bytes = SPEC) -> None:
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)


def found(*paths: str, force_exclude: bool = False, **keys) -> list[str]:
    return discover(paths, Settings(**keys), force_exclude=force_exclude)


def refused(*paths: str) -> str:
    with pytest.raises(UsageError) as caught:
        found(*paths)
    return str(caught.value)


# what is a spec


def test_a_folder_has_its_specs_and_those_below():
    put("a.yaml", "b.yml", "sub/deep/c.yaml", "README.md", "net.json")
    put("other.yaml", content=OTHER)
    put("broken.cnn.yaml", "sub/broken.cnn.yml", content=b"\xff")
    assert found(".") == ["a.yaml", "b.yml", "broken.cnn.yaml", "sub/broken.cnn.yml", "sub/deep/c.yaml"]


def test_a_named_file_is_taken_whatever_it_is_called():
    put("net.txt", "other.yaml", content=OTHER)
    assert found("other.yaml", "net.txt") == ["net.txt", "other.yaml"]


@pytest.mark.parametrize(
    "head",
    [
        b"cnncalc: 1",
        b"\xef\xbb\xbfcnncalc: 1\r\n",
        b"\r\n\r\n# LeNet\r\n---\r\ncnncalc: 1\r\n",
        b"%YAML 1.2\n--- # a spec\ncnncalc: 1",
        b"--- {cnncalc: 1}",
        b"  cnncalc : 1",
        b"{cnncalc: 1",
        b"{\n  # first\n  cnncalc: 1",
        b'{"cnncalc":1}',
        b"'cnncalc': 1",
        b"cnncalc:1",
        b"#" * 4000 + b"\ncnncalc: 1",
    ],
)
def test_the_first_key_makes_a_spec(head):
    put("net.yaml", content=head)
    assert found(".") == ["net.yaml"]


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"# cnncalc: 1\n",
        b"cnncalc",
        b"cnncalcs: 1",
        b"- cnncalc: 1",
        b"name: x\ncnncalc: 1",
        b"{name: x, cnncalc: 1}",
        b"'cnncalc\": 1",
        b"\xff\xfec\0n\0n\0",
        b"#" * 5000 + b"\ncnncalc: 1",
        b"--cnncalc: 1",
    ],
)
def test_any_other_beginning_makes_none(head):
    put("net.yaml", content=head)
    assert found(".") == []


@given(st.text("#-%{ \n\r\t'\"cn", max_size=40).map(str.encode), st.booleans())
@ANY
def test_any_bytes_are_a_spec_or_not(before, dashes):
    assert is_spec(before + b"cnncalc: 1") in (True, False)
    blank = b"".join(b"# " + line + b"\n" for line in before.splitlines())
    assert is_spec(blank + b"---\n" * dashes + b"cnncalc: 1")


def test_a_long_head_is_looked_through_quickly():
    start = time.perf_counter()
    for head in (b" " * 4096, b"#\n" * 2048, b"{" + b" \n" * 2047, b"--- " * 1024):
        assert not is_spec(head)
    assert time.perf_counter() - start < 0.5


# what is left out


def test_hidden_and_vendored_folders_are_passed_by_unless_named():
    put(".git/a.yaml", ".venv/a.yaml", ".x/a.yaml", "node_modules/m/a.yaml", "sub/__pycache__/a.yaml", ".a.cnn.yaml")
    put("sub/net.yaml")
    assert found(".") == ["sub/net.yaml"]
    assert found(".x", "node_modules", ".a.cnn.yaml") == [".a.cnn.yaml", ".x/a.yaml", "node_modules/m/a.yaml"]


def test_exclude_leaves_out_files_and_folders():
    put("a.yaml", "a.draft.yaml", "old/b.yaml", "sub/old/c.yaml", "sub/d.yaml")
    assert found(".", exclude=("old", "*.draft.yaml")) == ["a.yaml", "sub/d.yaml"]
    assert found(".", exclude=("sub/**",)) == ["a.draft.yaml", "a.yaml", "old/b.yaml"]
    assert found("sub", exclude=("sub/old",)) == ["sub/d.yaml"]


def test_what_is_named_is_taken_though_excluded_unless_that_is_forced():
    put("old/b.yaml", "a.yaml", ".x/c.yaml")
    named = ("old/b.yaml", "a.yaml", ".x/c.yaml")
    assert found(*named, exclude=("old",)) == [".x/c.yaml", "a.yaml", "old/b.yaml"]
    assert found(*named, exclude=("old",), force_exclude=True) == ["a.yaml"]
    assert found("old", exclude=("old",)) == ["old/b.yaml"]
    assert found("old", exclude=("old",), force_exclude=True) == []


def test_an_excluded_folder_is_not_even_opened():
    put("old/b.yaml", "a.yaml")
    Path("old").chmod(0)
    try:
        assert found(".", exclude=("old",)) == ["a.yaml"]
    finally:
        Path("old").chmod(0o700)


def test_hidden_folders_above_the_working_directory_do_not_count(folder, monkeypatch):
    put(".hidden/work/net.yaml")
    monkeypatch.chdir(folder / ".hidden" / "work")
    assert found("net.yaml", ".", force_exclude=True) == ["net.yaml"]
    assert not is_excluded("../../.hidden/net.yaml", Settings())


def test_include_adds_files_of_any_name():
    put("nets/a.txt", "nets/b.yaml", "c.txt", content=OTHER)
    assert found(".", include=("nets/*",)) == ["nets/a.txt", "nets/b.yaml"]
    assert found(".", include=("nets/*",), exclude=("*.txt",)) == ["nets/b.yaml"]


# how they are called


def test_paths_are_as_they_were_written(folder):
    put("sub/a.yaml")
    absolute = str(folder / "sub" / "a.yaml")
    for written in (".", "./", "sub", "./sub//", "./sub/a.yaml", "sub/../sub/a.yaml"):
        assert found(written) == ["sub/../sub/a.yaml" if ".." in written else "sub/a.yaml"]
    assert found(str(folder)) == found(absolute) == [absolute]


def test_a_file_by_two_names_is_taken_once(folder):
    put("sub/a.yaml")
    Path("link.yaml").symlink_to("sub/a.yaml")
    for other in (
        "./sub/a.yaml",
        "sub",
        ".",
        str(folder / "sub/a.yaml"),
        "sub/../sub/a.yaml",
        "link.yaml",
        "sub/*.yaml",
    ):
        assert found("sub/a.yaml", other) == ["sub/a.yaml"]
    assert found("link.yaml", ".") == ["link.yaml"]


def test_two_hard_links_are_two_files():
    put("a.yaml")
    os.link("a.yaml", "b.yaml")
    assert found(".") == ["a.yaml", "b.yaml"]


def test_standard_input_and_the_zoo_stand_for_themselves():
    put("-")
    assert found("-", "zoo:lenet5", "-", "./-") == ["-", "./-", "zoo:lenet5"]
    assert "did you mean zoo:lenet5?" in refused("zoo:lenet6")


def test_a_name_that_is_not_utf_8_is_taken_and_told():
    name = os.fsdecode(b"net\xff.yaml")
    try:
        put(name)
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    assert found(".") == found(name) == [name]
    assert read_spec(name) == SPEC
    assert refused(os.fsdecode(b"\xfe")) == "\\udcfe: there is no such file"


@given(st.permutations(["a.yaml", "a-b/x.yaml", "a/x.yaml", "A.yaml", "b", "."]))
@settings(derandomize=True, max_examples=20, deadline=None)
def test_the_order_is_that_of_the_paths_whatever_the_order_given(paths):
    put("a.yaml", "a-b/x.yaml", "a/x.yaml", "A.yaml", "b/x.yaml")
    assert found(*paths) == sorted(["a.yaml", "a-b/x.yaml", "a/x.yaml", "A.yaml", "b/x.yaml"])


# patterns


@pytest.mark.parametrize(
    ("pattern", "files"),
    [
        ("specs/*.yaml", ["specs/a.yaml"]),
        ("specs/**/*.yaml", ["specs/a.yaml", "specs/x/b.yaml", "specs/x/y/c.yaml"]),
        ("**/**/b.yaml", ["specs/x/b.yaml"]),
        ("specs/**", ["specs/a.yaml", "specs/x/b.yaml", "specs/x/y/c.yaml", "specs/x/y/d.yml"]),
        ("**", ["specs/a.yaml", "specs/x/b.yaml", "specs/x/y/c.yaml", "specs/x/y/d.yml"]),
        ("specs/x/y/*.{yaml,yml}", ["specs/x/y/c.yaml", "specs/x/y/d.yml"]),
        ("./specs/?.yaml", ["specs/a.yaml"]),
        ("specs/[!b]/*.yaml", ["specs/x/b.yaml"]),
        ("specs/x*", ["specs/x/b.yaml", "specs/x/y/c.yaml", "specs/x/y/d.yml"]),
        ("specs/x/../*.yaml", ["specs/x/../a.yaml"]),
        (".h/*.yaml", [".h/e.yaml"]),
        ("*/*.md", ["specs/notes.md"]),
    ],
)
def test_a_pattern_is_expanded(pattern, files):
    put("specs/a.yaml", "specs/x/b.yaml", "specs/x/y/c.yaml", "specs/x/y/d.yml", ".h/e.yaml", "specs/notes.md")
    assert found(pattern) == files


def test_a_pattern_from_the_root_is_expanded(folder):
    put("a.yaml")
    assert found(f"{folder}/*.yaml") == [str(folder / "a.yaml")]


def test_a_file_that_is_called_as_a_pattern_is_that_file():
    put("a[1].yaml", "a1.yaml", "b*.yaml", "bc.yaml", "c{1,2}.yaml")
    assert found("a[1].yaml", "b*.yaml", "c{1,2}.yaml") == ["a[1].yaml", "b*.yaml", "c{1,2}.yaml"]


def test_exclude_is_heeded_by_what_a_pattern_finds():
    put("specs/a.yaml", "specs/old/b.yaml")
    assert found("specs/**/*.yaml", exclude=("old",)) == ["specs/a.yaml"]


@pytest.mark.parametrize("pattern", ["no/*.yaml", "*.yml", "[z-a].yaml", "a.yaml/*", "**/*/*/x", "{b,c}.yaml"])
def test_a_pattern_that_matches_nothing_is_told(pattern):
    put("a.yaml")
    assert refused(pattern) == f"{pattern}: no file matches the pattern"


@pytest.mark.parametrize(
    "pattern", ["**/a/" * 30 + "b", "*/" * 40 + "x", "*a" * 120, "{a,b}" * 30, "[" * 200, "{" * 200 + ",*"]
)
def test_no_pattern_is_slow(pattern):
    put("a/" * 30 + "net.yaml")
    start = time.perf_counter()
    assert "no file matches the pattern" in refused(pattern)
    assert time.perf_counter() - start < 5


@given(st.text("ab*?[]{},/.-!", max_size=15))
@ANY
def test_any_word_is_files_or_a_usage_error(word):
    put("a.yaml", "b/a.yaml")
    try:
        result = found(word) if not word.startswith(("/", "..")) and "/.." not in word else []
    except UsageError as error:
        result = []
        message = str(error)
    else:
        message = ""
    assert result or message or word in ("", "-") or ".." in word or word.startswith("/")


# what is not a file


def test_a_link_to_a_folder_is_followed_only_where_it_is_named(folder):
    put("real/net.yaml")
    Path("sub").mkdir()
    Path("sub/link").symlink_to(folder / "real")
    assert found("sub") == []
    assert found("sub/link") == ["sub/link/net.yaml"]
    assert refused("sub/*/net.yaml") == "sub/*/net.yaml: no file matches the pattern"


def test_loops_of_links_end(folder):
    put("a/net.yaml")
    Path("a/up").symlink_to(folder)
    Path("a/self").symlink_to("self")
    Path("a/self.cnn.yaml").symlink_to("self.cnn.yaml")
    Path("loop").symlink_to(".")
    assert found(".") == found("**/*.yaml") == ["a/net.yaml"]
    assert found("loop") == ["loop/a/net.yaml"]
    assert refused("a/self").startswith("a/self: ")


def test_a_broken_link_is_passed_by_and_told_where_it_is_named():
    Path("gone.cnn.yaml").symlink_to("nowhere")
    assert found(".") == []
    assert refused("gone.cnn.yaml") == "gone.cnn.yaml: there is no such file"


def test_a_link_to_a_file_is_taken_where_the_file_is_not(folder):
    put("out.txt", "sub/real.yaml")
    Path("sub/a.cnn.yaml").symlink_to(folder / "out.txt")
    Path("sub/b.yaml").symlink_to("real.yaml")
    assert found("sub") == ["sub/a.cnn.yaml", "sub/real.yaml"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
def test_a_fifo_is_never_opened():
    os.mkfifo("pipe.cnn.yaml")
    os.mkfifo("pipe.yaml")
    Path("link.yaml").symlink_to("pipe.yaml")
    assert found(".", include=("*",)) == []
    for name in ("pipe.cnn.yaml", "link.yaml"):
        assert refused(name) == f"{name}: is neither a file nor a folder\nhelp: - reads standard input"
        with pytest.raises(UsageError, match="is not a file"):
            read_spec(name)


def test_a_socket_and_a_device_are_never_opened(tmp_path_factory):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.cnn.yaml")
        assert found(".") == []
        assert "neither a file nor a folder" in refused("s.cnn.yaml")
    Path("null.cnn.yaml").symlink_to(os.devnull)
    assert found(".") == []
    assert "neither a file nor a folder" in refused(os.devnull)


# what cannot be read


@pytest.mark.parametrize("path", ["none.yaml", "none/", "a.yaml/b", "", "x" * 5000, "a\0b", "a\0*", "\x1b[31m"])
def test_a_path_that_does_not_exist_is_told(path):
    put("a.yaml")
    message = refused(path)
    assert message.startswith((path[:20], "''", "a\\x00", "\\x1b"))
    assert message.isprintable()


def test_a_folder_or_a_file_that_may_not_be_read_is_told():
    put("a/b/net.yaml", "c/net.yaml")
    Path("a/b").chmod(0)
    Path("c/net.yaml").chmod(0)
    try:
        if os.access("a/b", os.R_OK):
            pytest.skip("this user may read everything")
        assert refused(".", "a") == "a/b: Permission denied"
        assert refused("c") == "c/net.yaml: Permission denied"
    finally:
        Path("a/b").chmod(0o700)


def test_a_refusal_of_the_system_is_told_with_the_path(monkeypatch):
    put("a/net.yaml")
    real = os.scandir

    def scandir(path):
        if path == "a":
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert refused(".") == "a: Permission denied"
    assert refused("a/*.yaml") == "a: Permission denied"


def test_a_folder_that_goes_away_while_others_are_read_is_passed_by(monkeypatch):
    put("a/net.yaml", "net.yaml")
    real = os.scandir

    def scandir(path):
        if path == "a":
            raise FileNotFoundError(2, "No such file or directory", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert found(".") == ["net.yaml"]


# reading


def test_a_spec_is_read_as_it_is():
    put("net.yaml", content=b"\xef\xbb\xbfcnncalc: 1\r\n\xff")
    assert read_spec("net.yaml") == b"\xef\xbb\xbfcnncalc: 1\r\n\xff"


def test_no_more_is_read_than_tells_that_it_is_too_much():
    put("net.yaml", content=b"#" * (MAX_BYTES + 100))
    assert len(read_spec("net.yaml")) == MAX_BYTES + 1


@pytest.mark.parametrize(
    ("path", "fact"), [("gone.yaml", "there is no such file"), (".", "is not a file"), ("", "there is")]
)
def test_what_cannot_be_read_is_told(path, fact):
    with pytest.raises(UsageError, match=fact):
        read_spec(path)


def test_standard_input_is_read_no_further_than_a_file(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"#" * (MAX_BYTES + 100))))
    assert len(read_spec("-")) == MAX_BYTES + 1


def test_a_closed_standard_input_is_told(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageError, match="standard input is closed"):
        read_spec("-")


# size


def test_ten_thousand_files_are_found_quickly():
    for number in range(100):
        Path(f"d{number:02}").mkdir()
        for spec in range(100):
            Path(f"d{number:02}/n{spec:02}.yaml").write_bytes(SPEC if spec else OTHER)
    start = time.perf_counter()
    files = found(".", exclude=("old/**/*.yaml", "*.draft.yaml"))
    assert time.perf_counter() - start < 10
    assert (len(files), files[0], files[-1]) == (9900, "d00/n01.yaml", "d99/n99.yaml")


def test_a_deep_tree_is_no_recursion():
    put("d/" * 900 + "net.yaml")
    assert found(".") == ["d/" * 900 + "net.yaml"]
    assert found("**/net.yaml") == ["d/" * 900 + "net.yaml"]
