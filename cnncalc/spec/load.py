"""Loading: a path, a zoo name or the bytes of a spec in, a Graph out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from cnncalc.errors import UsageError, printable
from cnncalc.graph import Graph
from cnncalc.pause import collector_paused
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.document import Document, document
from cnncalc.spec.expand import Expansion
from cnncalc.spec.extends import Followed, follow
from cnncalc.spec.files import STDIN, STDIN_NAME, content_of
from cnncalc.spec.inputs import inputs, symbols_in
from cnncalc.spec.refusal import argument
from cnncalc.spec.source import Mapping as Marked
from cnncalc.spec.values import ident


def load(
    source: str | Path,
    *,
    args: Mapping[str, Number | str] | None = None,
    input: str | None = None,
    symbolic: bool = False,
) -> Graph:
    """Return the graph of a spec file, of ``zoo:name``, ``zoo:name?arg=value``, or of standard input (``-``).

    ``args`` replaces arguments of the file, by name; ``input`` its input shape, such as ``3x64x64``. With ``symbolic``
    the symbols in the input's sizes stay what they are, and whatever depends on them becomes a formula.

    Raises UsageError for a path that cannot be read, and SpecError, with the place, for whatever is wrong in the file.

    >>> load("zoo:lenet5").inputs
    {'input': (1, 32, 32)}
    """
    name = str(source)
    return loads(
        content_of(name), file=STDIN_NAME if name == STDIN else name, args=args, input=input, symbolic=symbolic
    )


def loads(
    content: bytes | str,
    *,
    file: str = "<text>",
    args: Mapping[str, Number | str] | None = None,
    input: str | None = None,
    symbolic: bool = False,
) -> Graph:
    """Return the graph of the text of a spec; ``file`` is what errors call it.

    >>> graph = loads("{cnncalc: 1, input: 1x8x8, layers: [{conv: 4, kernel: 3}]}")
    >>> [node.path for node in graph.nodes]
    ['conv1']
    >>> loads("{cnncalc: 1, input: [3, 32*h, W], layers: [{conv: 4}]}", symbolic=True).inputs
    {'input': (3, Polynomial(32*h), Polynomial(W))}
    """
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    given = arguments(args or {})
    with collector_paused():
        base = follow(content, file, given, input)
        if symbolic:
            graph, found = with_symbols(base)
        else:
            found = document(base.data, base.file, base.told)
            graph = Expansion(found, inputs(found, base.shown, base.args)).graph()
    if base.args or base.input is not None:
        graph = unclaimed(graph, base.data, base.args, is_other=base.input is not None)
    return headed(graph, base, found.args, given, input) if base.heads else graph


def headed(
    graph: Graph, base: Followed, args: Mapping[str, Number], given: Mapping[str, Number], input: str | None
) -> Graph:
    """Return the graph of a file that extends another: under its own name, with what it states itself.

    The other's budget bounds it too.
    """
    from cnncalc.spec.claims import claims

    first, budget = base.heads[0], dict(graph.budget)
    for head in base.heads[::-1] if not graph.least else ():
        budget |= claims("budget", head.data, head.file, args)
    expect = claims("expect", first.data, first.file, args)
    own = graph._replace(name=base.name(graph.name), file=first.file, expect=expect, budget=budget)
    return unclaimed(own, first.data, given, is_other=input is not None) if given or input is not None else own


def unclaimed(graph: Graph, data: Marked, given: Mapping[str, Number], *, is_other: bool) -> Graph:
    """Return a graph without what its file expects of the network as it is written, which this one is not.

    With ``is_other`` its input is another one, and nothing that a layer expects still stands.
    What is worked out with an argument that was given still stands, and so does a budget: it bounds every variant.
    """
    if is_other:
        nodes = [node._replace(expect=None) if node.expect else node for node in graph.nodes]
        return graph._replace(expect={}, nodes=nodes)
    written = data.get("expect") or {}
    return graph._replace(expect={name: one for name, one in graph.expect.items() if mentions(written[name], given)})


def mentions(written: object, names: Iterable[str]) -> bool:
    """Return whether a value, or one inside it, is text with one of the names.

    >>> mentions({"size": ["2*c", 3]}, ["c"]), mentions("5M", ["M2"])
    (True, False)
    """
    import re

    if isinstance(written, str):
        return not set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", written)).isdisjoint(names)
    parts = written.values() if isinstance(written, dict) else written if isinstance(written, list) else ()
    return any(mentions(part, names) for part in parts)


def with_symbols(base: Followed) -> tuple[Graph, Document]:
    """Return the graph and the document of a file in whose input symbols stay what they are.

    Its budget is left out: a bound is for numbers.
    """
    from cnncalc.symbolic.sign import assuming

    with assuming() as least:
        symbols = {name: value for name, value in symbols_in(base.data, base.input).items() if name not in base.args}
        given = {**symbols, **base.args}
        found = document(base.data, base.file, given if base.input is None else base.args)
        graph = Expansion(found, inputs(found, base.shown, given)).graph()
    return graph._replace(budget={}, least={name: least.get(name, 1) for name in symbols}), found


def arguments(args: Mapping[str, Number | str]) -> dict[str, Number]:
    """Return arguments from outside with their values worked out; raise UsageError for what is no number."""
    return {name: _argument(name, value) for name, value in args.items()}


def _argument(name: str, value: Number | str) -> Number:
    try:
        ident(name)
        return argument(value, {})
    except ValueError as error:
        raise UsageError(f"--set {printable(name[:60])}={printable(str(value)[:60])}: {error}") from None
