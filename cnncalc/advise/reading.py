"""A spec read for advice: its text, its network, and how a rewritten text of it is read."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.advise.line import Network
from cnncalc.advise.proof import Reload
from cnncalc.advise.source import Source
from cnncalc.analysis import Analysis, analyze
from cnncalc.checks.survey import Survey
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.document import document
from cnncalc.spec.load import arguments, loads
from cnncalc.spec.source import read


def read_network(
    content: bytes, file: str, args: Mapping[str, Number | str] | None = None, input: str | None = None
) -> Network:
    """Return the network of a spec's bytes, with arguments and an input shape from outside; raise SpecError.

    >>> read_network(b"{cnncalc: 1, input: 1x8x8, layers: [{conv: 4, kernel: 3}]}", "net.yaml").totals.params
    40
    """
    graph = loads(content, file=file, args=args, input=input)
    found = Survey(file, content.decode("utf-8-sig"))
    found.data = read(content, file)
    found.graph, found.analysis = graph, analyze(graph)
    return Network(Source(found), document(found.data, file, arguments(args or {})), found.analysis)


def reloader(file: str, args: Mapping[str, Number | str] | None = None, input: str | None = None) -> Reload:
    """Return what loads and analyses a text of the same file with the same arguments and input."""

    def reload(text: str) -> Analysis:
        return analyze(loads(text, file=file, args=args, input=input))

    return reload
