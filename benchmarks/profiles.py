"""The counting profiles against the tools themselves: on modules made from the specs of the zoo, and on torchvision's own code.

Installs nothing: `pip install -e '.[oracle]' torchvision fvcore thop torchinfo ptflops calflops transformers accelerate torchprofile`,
and tensorflow-cpu where its profiler is to run. A tool that is not there is left out, and said so.

    python benchmarks/profiles.py                        every network of the zoo below --most MACs
    python benchmarks/profiles.py alexnet resnet50       these
    python benchmarks/profiles.py --rows totals.csv      also one row for each total, as tests/golden/profile_totals.csv has them
"""

import argparse
import csv
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import cnncalc
from cnncalc import profiles, zoo

sys.path.append(str(Path(__file__).parents[1]))  # for tests.oracles, which writes a graph as modules
FIELDS = ("network", "written", "profile", "tool", "version", "total")
SPELLED = {"googlenet_torchvision": "googlenet"}
"""Specs of torchvision's networks under another name."""


def tensorflow_total(analysis):
    from tests.oracles.tensorflow_graph import float_operations

    return float_operations(analysis)


def tools():
    """Return the functions that give a tool's total for an analysis, by profile, and what is not installed."""
    found, absent = {}, []
    try:
        from tests.oracles import modules, profilers
    except ImportError:
        absent.append("torch")
    else:
        for name in profilers.TOOLS:
            if profilers.usable(name):
                found[name] = lambda analysis, name=name: profilers.total(name, *modules.network(analysis))
            else:
                absent.append(name)
    try:
        found["tf-profiler"] = tensorflow_total if version("tensorflow-cpu") else None
    except PackageNotFoundError:
        absent.append("tf-profiler")
    return found, absent


def of_torchvision(name, analysis):
    """Return torchvision's own module for a spec and its inputs, None where it has none or another network."""
    try:
        import torch
        from torchvision import models
    except ImportError:
        return None
    name = SPELLED.get(name, name)
    make = getattr(models, name, None) or getattr(models.video, name, None)
    if make is None:
        return None
    options = {"aux_logits": False, "init_weights": False} if name in ("googlenet", "inception_v3") else {}
    module = make(weights=None, **options).eval()
    if sum(one.numel() for one in module.parameters()) != analysis.totals.params:
        return None
    return module, [torch.zeros(1, *shape) for shape in analysis.graph.inputs.values()]


def published(name):
    """Return the total in torchvision's documentation, in millions as it rounds them; None where it has none."""
    try:
        from torchvision import models
    except ImportError:
        return None
    weights = models.get_model_weights(SPELLED.get(name, name))
    return round(1000 * weights.DEFAULT.meta["_ops"])


def measured(names, most):
    """Yield one row a network, writing and profile: theirs, and what the profile says beside it."""
    found, absent = tools()
    if absent:
        print(f"not installed, left out: {', '.join(absent)}", file=sys.stderr)
    for name in names:
        analysis = cnncalc.analyze(cnncalc.load(f"zoo:{name}"))
        if analysis.totals.macs > most:
            print(f"{name}: left out, {analysis.totals.macs:,} MACs", file=sys.stderr)
            continue
        own = of_torchvision(name, analysis)
        for profile, total in found.items():
            ours = profiles.total(profiles.read(profile), analysis)
            yield name, "modules", profile, attempt(lambda total=total: total(analysis)), ours  # noqa: B023
            if own is not None and profile != "tf-profiler":
                from tests.oracles import profilers

                yield name, "torchvision", profile, attempt(lambda: profilers.total(profile, *own)), ours  # noqa: B023
        if own is not None and (millions := published(name)) is not None:
            yield name, "documentation", "torchvision", millions, round(analysis.totals.macs / 10**6)


def attempt(total):
    """Return a tool's total, or why it has none."""
    try:
        found = total()
        return int(found)
    except Exception as error:  # noqa: BLE001 - whatever a tool does is a result
        return f"{type(error).__name__}"


def table(rows, written):
    """Return a Markdown table: = where a tool prints what its profile says, otherwise by how much it prints more."""
    cells = {(name, profile): (theirs, ours) for name, how, profile, theirs, ours in rows if how == written}
    columns = list(dict.fromkeys(profile for _, profile in cells))
    lines = [f"| network | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    for name in dict.fromkeys(name for name, _ in cells):
        shown = []
        for profile in columns:
            theirs, ours = cells.get((name, profile), ("", ""))
            shown.append("=" if theirs == ours else f"{theirs - ours:+,}" if isinstance(theirs, int) else theirs)
        lines.append(f"| {name} | {' | '.join(shown)} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("networks", nargs="*", default=[])
    parser.add_argument("--most", type=float, default=50e9, help="leave out networks with more MACs")
    parser.add_argument("--rows", type=Path, help="write every total to this file")
    options = parser.parse_args()
    rows = []
    for row in measured(options.networks or zoo.names(), options.most):
        print(*row, flush=True, file=sys.stderr)
        rows.append(row)
    for written, title in (
        ("modules", "modules made from the specs"),
        ("torchvision", "torchvision's own code"),
        ("documentation", "torchvision's documentation, in millions"),
    ):
        if any(row[1] == written for row in rows):
            print(f"\n{title}: = where the tool prints the profile's number, else what it prints more\n")
            print(table(rows, written))
    if options.rows:
        with options.rows.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(FIELDS)
            for name, written, profile, theirs, _ in rows:
                rule = profiles.read(profile)
                writer.writerow((name, written, profile, rule.tool, rule.version, theirs))


if __name__ == "__main__":
    main()
