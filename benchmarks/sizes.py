"""The legal sizes of ResNet-152 from 1 to 1,024 against one analysis of it, in turn."""

import statistics
import time
from pathlib import Path

from cnncalc import analyze, loads
from cnncalc.sizes import legal_sizes
from cnncalc.sizes.line import Line, Range
from cnncalc.sizes.network import Network
from cnncalc.sizes.sweep import sweep

TEXT = (Path(__file__).parents[1] / "specs" / "resnet50.yaml").read_text(encoding="utf-8")
GRAPH = loads(TEXT, args={"n1": 3, "n2": 8, "n3": 36, "n4": 3})
NETWORK = Network(GRAPH, GRAPH.inputs)
ASKED = Range(1, 1024)


def one_axis():
    """Return every verdict along the height, proved beyond a bound."""
    from cnncalc.sizes.axis import axes_of

    line = Line(NETWORK, axes_of(GRAPH.inputs)[0], GRAPH.inputs, ASKED)
    return [line.at(size) for size in range(ASKED.low, ASKED.high + 1)]


def swept():
    """Return the same, each size walked through the network."""
    return sweep(GRAPH, [{"input": (3, size, 224)} for size in range(ASKED.low, ASKED.high + 1)]).refusals


def command():
    """Return what ``cnncalc sizes`` tells: both axes, the spec's own size, what changes with it."""
    return legal_sizes(NETWORK, [ASKED, ASKED])


def main(rounds=15):
    functions = {
        "one analysis": lambda: analyze(GRAPH),
        "one axis, by proof": one_axis,
        "one axis, by sweep": swept,
        "all of `sizes`": command,
    }
    times = {name: [] for name in functions}
    for function in functions.values():
        function()
    for _ in range(rounds):
        for name, function in functions.items():
            start = time.perf_counter()
            function()
            times[name].append(time.perf_counter() - start)
    for name, taken in times.items():
        ratio = statistics.median(a / b for a, b in zip(taken, times["one analysis"], strict=True))
        print(f"{name:20} {1e3 * statistics.median(taken):8.1f} ms, {ratio:5.1f} times one analysis")


if __name__ == "__main__":
    main()
