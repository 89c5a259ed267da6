"""The profiles against the tools' own totals: published ones, ones recorded from the tools, and what the page says."""

import csv
from functools import cache
from pathlib import Path

import pytest

import cnncalc
from cnncalc.profiles import counted, names, read, total
from cnncalc.profiles.quantities import QUANTITIES
from cnncalc.report.notes import profile_total

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
RECORDED = ROOT / "tests" / "golden" / "profile_totals.csv"

# what each tool prints for torchvision's models at 3x224x224; the versions are the profiles'
RESNET50 = {
    "mac-v1": 4_089_184_256,
    "torchvision": 4_089_184_256,
    "calflops-macs": 4_089_184_256,
    "ptflops-aten": 4_089_185_256,
    "torchinfo": 4_089_238_376,
    "torchprofile": 4_100_300_288,
    "fvcore": 4_111_512_576,
    "ptflops": 4_132_436_968,
    "ptflops-0.6": 4_121_925_096,
    "thop": 4_133_742_592,
    "torch-flop-counter": 8_178_368_512,
    "calflops": 8_211_108_352,
}
ALEXNET = {
    "torch-flop-counter": 1_428_376_960,
    "torchinfo": 714_682_664,
    "fvcore": 714_197_696,
    "ptflops": 716_441_128,
    "ptflops-0.6": 715_561_896,
    "ptflops-aten": 714_682_664,
    "thop": 714_206_912,
    "calflops": 1_429_741_184,
    "calflops-macs": 714_188_480,
    "torchprofile": 714_197_696,
}


@cache
def analyzed(name):
    return cnncalc.analyze(cnncalc.load(f"zoo:{name}"))


def recorded(written):
    with RECORDED.open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["written"] == written]
    return [(row["network"], row["profile"], row["version"], int(row["total"])) for row in rows]


@pytest.mark.parametrize(("profile", "printed"), RESNET50.items())
def test_resnet50_has_the_total_that_the_tool_prints(profile, printed):
    assert total(read(profile), analyzed("resnet50")) == printed


@pytest.mark.parametrize(("profile", "printed"), ALEXNET.items())
def test_alexnet_has_the_total_that_the_tool_prints(profile, printed):
    assert total(read(profile), analyzed("alexnet")) == printed


@pytest.mark.parametrize("network", sorted({row[0] for row in recorded("modules")}))
def test_a_profile_is_what_its_tool_printed_for_the_modules_of_the_network(network):
    rows = [row for row in recorded("modules") if row[0] == network]
    assert {row[1]: total(read(row[1]), analyzed(network)) for row in rows} == {row[1]: row[3] for row in rows}


def test_the_totals_were_recorded_from_the_versions_that_the_profiles_name():
    assert {(profile, version) for _, profile, version, _ in recorded("modules")} == {
        (name, read(name).version) for name in {row[1] for row in recorded("modules")}
    }


def test_at_least_twelve_networks_were_run_through_every_tool():
    tools = {row[1] for row in recorded("modules")}
    assert tools >= {*ALEXNET, "tf-profiler"}
    for tool in tools:
        assert len({network for network, profile, *_ in recorded("modules") if profile == tool}) >= 12, tool


def test_of_torchvisions_own_code_the_tools_print_something_else_only_where_the_page_says_so():
    # hooks do not see F.adaptive_avg_pool2d and the like, and ptflops then counts them once
    differs = {
        f"| {network} | `{profile}` | {printed:,} | {total(read(profile), analyzed(network)):,} |"
        for network, profile, _, printed in recorded("torchvision")
        if printed != total(read(profile), analyzed(network))
    }
    section = PAGE.partition("## Another writing")[2].partition("\n## ")[0]
    told = {
        "|".join(line.split("|")[:5]) + "|" for line in section.splitlines() if line.startswith("| ") and "`" in line
    }
    assert told == differs


@pytest.mark.parametrize("name", names())
def test_the_page_has_the_totals_of_resnet50_and_alexnet(name):
    profile = read(name)
    totals = [profile_total(counted(name, analyzed(network))) for network in ("resnet50", "alexnet")]
    tool = f"{profile.tool} {profile.version.partition('.post')[0]}"
    assert f"| `{name}` | {tool} | {profile.unit} | {' | '.join(totals)} | {profile.truth} |" in PAGE


@pytest.mark.parametrize("name", QUANTITIES)
def test_the_page_has_every_quantity(name):
    assert f"| `{name}` | {QUANTITIES[name][0]} |" in PAGE
