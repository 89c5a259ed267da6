from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.checks import RULES, keys, rule
from cnncalc.checks.base import Severity
from cnncalc.checks.configuration import configuration, with_options
from cnncalc.checks.files import is_excluded
from cnncalc.checks.settings import Settings
from cnncalc.errors import UsageError

ANY = settings(derandomize=True, max_examples=300, deadline=None)
SHARE, COUNT = "linear-concentration", "grown-since-baseline"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def two_thresholds(monkeypatch):
    few = {
        SHARE: SimpleNamespace(threshold=Fraction(1, 2), most=1),
        COUNT: SimpleNamespace(threshold=Fraction(0), most=10**6),
    }
    monkeypatch.setattr(keys, "rule", lambda code: few.get(RULES[code], SimpleNamespace(threshold=None)))


def configured(text: str | bytes, name: str = "cnncalc.toml") -> Settings:
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return configuration(Path.cwd(), config=Path(name), isolated=False)


def refused(text: str | bytes, name: str = "cnncalc.toml") -> str:
    with pytest.raises(UsageError) as caught:
        configured(text, name)
    return str(caught.value)


def assert_settings_or_refused(text: str | bytes) -> None:
    try:
        configured(text)
    except UsageError as error:
        message = str(error)
    else:
        return
    assert message.startswith("cnncalc.toml:")


def nearest(start: Path) -> Settings:
    return configuration(start, config=None, isolated=False)


# which file


def test_without_a_file_the_settings_are_the_defaults(folder):
    assert nearest(folder) == Settings()


def test_the_nearest_pyproject_with_the_table_is_read(folder):
    inner = folder / "a" / "b"
    inner.mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[tool.cnncalc]\nselect = ['CNN1']\n")
    (folder / "a" / "pyproject.toml").write_text("[tool.cnncalc]\nselect = ['CNN2']\n")
    (inner / "pyproject.toml").write_text("[tool.other]\ncnncalc = 1\n")
    found = nearest(inner)
    assert (found.select, found.folder) == (("CNN2",), str(folder / "a"))


def test_files_do_not_add_up(folder):
    (folder / "a").mkdir()
    (folder / "pyproject.toml").write_text("[tool.cnncalc]\nignore = ['CNN2']\n")
    (folder / "a" / "pyproject.toml").write_text("[tool.cnncalc]\n")
    assert nearest(folder / "a") == Settings(folder=str(folder / "a"))


def test_the_nearest_own_file_is_read_where_no_pyproject_has_the_table(folder):
    (folder / "a").mkdir()
    (folder / "cnncalc.toml").write_text("select = ['CNN2']\n")
    (folder / "a" / "pyproject.toml").write_text("[project]\nname = 'cnncalc-demo'\n")
    assert nearest(folder / "a").select == ("CNN2",)


def test_a_pyproject_with_the_table_comes_before_an_own_file(folder):
    (folder / "a").mkdir()
    (folder / "pyproject.toml").write_text("[tool.cnncalc]\nselect = ['CNN1']\n")
    (folder / "a" / "cnncalc.toml").write_text("select = ['CNN2']\n")
    assert nearest(folder / "a").select == ("CNN1",)


def test_a_broken_pyproject_that_does_not_speak_of_the_package_is_not_told(folder):
    (folder / "pyproject.toml").write_text("[tool\n")
    assert nearest(folder) == Settings()


def test_isolated_reads_no_file(folder):
    (folder / "cnncalc.toml").write_text("wrong\n")
    assert configuration(folder, config=None, isolated=True) == Settings()


def test_isolated_and_a_named_file_contradict(folder):
    with pytest.raises(UsageError, match="--config must not stand beside it"):
        configuration(folder, config=folder / "x.toml", isolated=True)


def test_a_named_file_may_be_a_pyproject_or_not():
    assert configured("[tool.cnncalc]\nselect = ['CNN2']\n", "pyproject.toml").select == ("CNN2",)
    assert configured("[tool.cnncalc]\nselect = ['CNN2']\n", "ci.toml").select == ("CNN2",)
    assert configured("select = ['CNN2']\n", "ci.toml").select == ("CNN2",)


def test_a_named_pyproject_must_have_the_table():
    assert refused("[project]\n", "pyproject.toml") == "pyproject.toml: there is no table [tool.cnncalc]"


@pytest.mark.parametrize(("name", "fact"), [("none.toml", "there is no such file"), (".", "is not a file")])
def test_a_named_file_that_cannot_be_read_is_told(folder, name, fact):
    with pytest.raises(UsageError, match=fact):
        configuration(folder, config=Path(name), isolated=False)


def test_a_folder_called_pyproject_is_no_configuration(folder):
    (folder / "pyproject.toml").mkdir()
    assert nearest(folder) == Settings()


def test_patterns_are_seen_from_the_folder_of_the_file(folder, monkeypatch):
    (folder / "a").mkdir()
    (folder / "cnncalc.toml").write_text("exclude = ['a/old']\nper-file-ignores = {'a/*.yaml' = ['CNN2']}\n")
    monkeypatch.chdir(folder / "a")
    found = nearest(folder / "a")
    assert is_excluded("old/net.yaml", found)
    assert not is_excluded("net.yaml", found)
    assert not found.selects("CNN201", "net.yaml")


# what is in it


def test_every_key_is_read(two_thresholds):
    found = configured(
        """
        select = ["CNN", "gridding"]
        ignore = ["CNN3", "unused-ignore"]
        fail-on = "never"
        include = ["nets/*.yaml"]
        exclude = ["old"]
        [per-file-ignores]
        "specs/*" = ["CNN201"]
        [severity]
        CNN203 = "advice"
        gridding = "error"
        does-not-fit = "error"
        [thresholds]
        linear-concentration = 0.1
        CNN403 = 2
        """
    )
    assert found.select == ("CNN", "gridding")
    assert found.ignore == ("CNN3", "unused-ignore")
    assert found.fail_on is None
    assert (found.include, found.exclude) == (("nets/*.yaml",), ("old",))
    assert found.per_file_ignores == {"specs/*": ("CNN201",)}
    assert found.severity == {"CNN203": Severity.ADVICE, "CNN210": Severity.ERROR, "CNN101": Severity.ERROR}
    assert found.thresholds == {SHARE: Fraction(1, 10), COUNT: 2}


def test_windows_line_ends_and_a_byte_order_mark_are_read():
    assert configured(b"\xef\xbb\xbfselect = [\r\n  'CNN2',\r\n]\r\n").select == ("CNN2",)


WRONG = {
    "selct = []": "cnncalc.toml: selct is not a key of the configuration\nhelp: did you mean select?",
    "fail_on = 'error'": "cnncalc.toml: fail_on is not a key of the configuration\nhelp: did you mean fail-on?",
    "zzz = 1": "the keys are select, ignore, per-file-ignores, severity, fail-on, include, exclude, thresholds",
    "'a b' = 1": "cnncalc.toml: 'a b' is not a key",
    "select = 'CNN2'": "cnncalc.toml: select must be a list of rules, not 'CNN2'\nhelp: ['CNN2']",
    "select = 2.5": "select must be a list of rules, not 2.5",
    "select = [1]": "select must be a list of rules; one of its values is 1",
    "select = []": "select must name at least one rule",
    "select = ['cnn201']": "not 'cnn201'\nhelp: did you mean CNN201?",
    "select = ['even_kernel_same']": "did you mean even-kernel-same?",
    "ignore = ['CNN9']": "ignore must name rules (codes such as CNN201",
    "ignore = ['CNN101']": "ignore must not hold 'CNN101': errors CNN0xx and CNN1xx cannot be ignored",
    "ignore = ['does-not-fit']": "must not hold 'does-not-fit'",
    "ignore = ['CNN']": "must not hold 'CNN': it names CNN001, CNN002, CNN003, and errors",
    "per-file-ignores = []": "per-file-ignores must be a table, not a list",
    "per-file-ignores = {a = 'CNN2'}": "per-file-ignores.a must be a list of rules, not 'CNN2'",
    "per-file-ignores = {'a/*' = ['CNN1']}": "per-file-ignores.'a/*' must not hold 'CNN1'",
    "per-file-ignores = {'!a' = ['CNN2']}": "per-file-ignores: '!a' must not begin with '!'",
    "severity = {CNN2 = 'error'}": "severity must be about one rule, a code such as CNN201 or a name such as gridding",
    "severity = {griding = 'error'}": "did you mean gridding?",
    "severity = {gridding = 'eror'}": "error, warning or advice, not 'eror'\nhelp: did you mean error?",
    "severity = {gridding = 1979-05-27}": "not a date or a time",
    "severity = {CNN102 = 'warning'}": "severity.CNN102 must be error, not 'warning': errors",
    "severity = {CNN210 = 'error', gridding = 'error'}": "severity must have CNN210 once, not also as gridding",
    "fail-on = 'none'": "fail-on must be error, warning, advice or never, not 'none'",
    "fail-on = true": "fail-on must be error, warning, advice or never, not true",
    "exclude = ['']": "exclude: '' must be a pattern such as",
    "include = ['a', {}]": "include must be a list of patterns; one of its values is a table",
    "thresholds = {does-not-fit = 1}": "the rule has no threshold\nhelp: rules with one: linear-",
    "thresholds = {linear-concentration = 30}": "to 1, not 30\nhelp: a share, not a percentage: 0.3",
    "thresholds = {linear-concentration = -0.1}": "must be a number from 0 to 1, not -0.1",
    "thresholds = {linear-concentration = nan}": "must be a number from 0 to 1, not nan",
    "thresholds = {linear-concentration = 1e999999999}": "not 1e999999999",
    "thresholds = {linear-concentration = '1/2'}": "must be a number from 0 to 1, not '1/2'",
    "thresholds = {linear-concentration = true}": "must be a number from 0 to 1, not true",
    "thresholds = {grown-since-baseline = 0x" + "f" * 9000 + "}": "to 1000000, not a huge number",
    "tool.cnncalc = 1": "cnncalc.toml: tool.cnncalc must be a table, not 1\nhelp: [tool.cnncalc]",
    "select = ['CNN2'": "cnncalc.toml: a configuration must be TOML: unclosed array",
    "select = 1\nselect = 2\n": "cnncalc.toml:2:11: a configuration must be TOML: cannot overwrite a value",
    "x = " + "9" * 5000: "cnncalc.toml: a configuration must be TOML: a number is too long",
    "x = " + "[" * 5000: "cnncalc.toml: a configuration must be nested less deep",
    "x = '" + "a" * 2**20 + "'": "a configuration must be at most 262144 bytes",
    "a" + ".a" * 100_000 + " = 1": "a configuration must have at most 1000 dots in a line",
    b"select = ['\xff']": "a configuration must be UTF-8 (byte 0xff)",
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: repr(text[:40]))
def test_what_is_wrong_is_told_with_the_file_the_key_and_what_would_be_right(text, two_thresholds):
    assert WRONG[text] in refused(text)


def test_a_key_of_a_pyproject_is_told_with_its_table():
    message = refused("[tool.cnncalc]\nignor = ['CNN2']\n", "pyproject.toml")
    assert message == "pyproject.toml: tool.cnncalc.ignor is not a key of the configuration\nhelp: did you mean ignore?"


def test_no_message_carries_a_control_character():
    assert "\x1b" not in refused("'\\u001b[31m' = 1\n".replace("'", '"')) + refused('select = ["\\u001b[31m"]')


def test_a_threshold_is_exact(two_thresholds):
    assert configured("thresholds = {linear-concentration = 0.1}").thresholds[SHARE] * 10 == 1


@pytest.mark.parametrize("code", RULES)
def test_every_rule_takes_its_own_threshold_or_has_none(code):
    default = rule(code).threshold
    if default is None:
        assert "the rule has no threshold" in refused(f"thresholds.{code} = 1")
    else:
        written = str(float(default))
        assert configured(f"thresholds.{code} = {written}").thresholds == {RULES[code]: default}
        assert f"from 0 to {rule(code).most}" in refused(f"thresholds.{code} = {rule(code).most}.5")


VALUES = st.recursive(
    st.sampled_from(
        ["1", "-1", "0.5", "inf", "true", "'CNN2'", "'error'", "'gridding'", "'*'", "1979-05-27", "'a/b'", "''"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(["gridding", "CNN101", "CNN2", "a"]), inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"{key} = {value}" for key, value in items.items()) + "}"
        ),
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*keys.KEYS, "tool", "extend"]), VALUES, max_size=3))
@ANY
def test_any_values_are_settings_or_a_usage_error(values):
    assert_settings_or_refused("".join(f"{key} = {value}\n" for key, value in values.items() if key != "thresholds"))


@given(st.binary(max_size=60))
@ANY
def test_any_bytes_are_settings_or_a_usage_error(content):
    assert_settings_or_refused(content)


# the command line


def test_nothing_given_changes_nothing():
    found = Settings(select=("CNN2",), ignore=("CNN201",), fail_on=None, folder="/x")
    assert with_options(found) == found


def test_select_replaces_and_ignore_adds():
    found = with_options(Settings(select=("CNN2",), ignore=("CNN302",)), select=["CNN3"], ignore=["CNN303"])
    assert [code for code in RULES if found.selects(code, "f")] == ["CNN301"]


def test_select_takes_back_an_ignore_of_the_same_rule():
    found = with_options(Settings(ignore=("gridding", "CNN201")), select=["CNN210", "CNN2"])
    assert found.selects("CNN210", "f")
    assert not found.selects("CNN201", "f")


def test_ignore_wins_over_a_closer_select_of_the_configuration():
    found = with_options(Settings(select=("CNN201", "CNN301")), ignore=["CNN2"])
    assert [code for code in RULES if found.selects(code, "f")] == ["CNN301"]


def test_the_closer_of_two_options_wins():
    found = with_options(Settings(), select=["CNN201"], ignore=["CNN2"])
    assert [code for code in RULES if found.selects(code, "f")] == ["CNN201"]


def test_severity_is_laid_over_the_configuration():
    found = with_options(Settings(severity={"CNN210": Severity.ERROR}), severity=["gridding=advice", "CNN203 = error"])
    assert found.severity == {"CNN210": Severity.ADVICE, "CNN203": Severity.ERROR}


def test_fail_on_and_growth_are_laid_over_the_configuration():
    found = with_options(Settings(thresholds={SHARE: Fraction(1, 3)}), fail_on="never", growth="2.5%")
    assert found.fail_on is None
    assert found.thresholds == {SHARE: Fraction(1, 3), COUNT: Fraction(1, 40)}


def test_patterns_of_the_command_line_are_seen_from_the_working_directory(folder, monkeypatch):
    (folder / "a[1]").mkdir()
    monkeypatch.chdir(folder / "a[1]")
    found = with_options(Settings(exclude=("b/x",), folder=str(folder)), exclude=["b/y", "*.old.yaml"])
    paths = ["b/y/net.yaml", "../b/x/net.yaml", "z.old.yaml", "b/x/net.yaml", "../b/y/net.yaml"]
    assert [is_excluded(path, found) for path in paths] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"select": ["gridin"]}, "--select must name rules"),
        ({"select": ["gridin"]}, "\nhelp: did you mean gridding?"),
        ({"ignore": ["CNN104"]}, "--ignore must not hold 'CNN104': errors CNN0xx and CNN1xx cannot be ignored"),
        ({"severity": ["gridding"]}, "--severity must be a rule and a level such as gridding=error, not 'gridding'"),
        ({"severity": ["gridding=bad"]}, "--severity gridding must be error, warning or advice, not 'bad'"),
        ({"severity": ["CNN101=advice"]}, "--severity CNN101 must be error, not 'advice'"),
        ({"fail_on": "none"}, "--fail-on must be error, warning, advice or never, not 'none'"),
        ({"exclude": ["!a"]}, "--exclude: '!a' must not begin with '!'"),
        ({"growth": "-1"}, "--max-growth must be a percentage such as 5 or 2.5, not '-1'"),
        ({"growth": "1e400"}, "--max-growth must be a percentage"),
    ],
)
def test_a_wrong_option_is_told_by_its_name(options, message):
    with pytest.raises(UsageError) as caught:
        with_options(Settings(), **options)
    assert message in str(caught.value)
