"""A file as far as it can be understood: its text, its data, its network, and every error met on the way."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import NamedTuple

from cnncalc.analysis import Analysis, Facts, Ledger, Tensor, images
from cnncalc.errors import CnncalcError, DoesNotCompute, DoesNotFit, LayerError, Span, SpecError
from cnncalc.graph import Graph, Node, walk
from cnncalc.layers.base import Shape
from cnncalc.pause import collector_paused
from cnncalc.profiles import Counted
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.document import Document, document, symbols_of
from cnncalc.spec.expand import Expansion
from cnncalc.spec.extends import follow, names_of
from cnncalc.spec.inputs import Written, inputs
from cnncalc.spec.load import loads, unclaimed
from cnncalc.spec.source import Mapping as Marked
from cnncalc.spec.source import Sequenced, read


class Refusal(NamedTuple):
    """An error of the package with its place; for one of a layer, the node and the shapes it was given."""

    error: SpecError
    node: Node | None = None
    inputs: tuple[Shape, ...] = ()

    @property
    def cause(self) -> CnncalcError:
        """What was refused: the bare LayerError of a layer, otherwise the error itself."""
        cause = self.error.__cause__
        return cause if isinstance(cause, LayerError) else self.error


class Survey:
    """What is known of one file. ``graph`` and ``analysis`` are None where the file does not come that far.

    The analysis goes on after a layer that does not fit, with the floor of its size; ``guessed`` has the paths of the
    nodes whose numbers hang on such a guess. Nodes that could not be described at all are not in the analysis.
    """

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.data: Marked | None = None
        self.document: Document | None = None
        self.graph: Graph | None = None
        self.analysis: Analysis | None = None
        self.refusals: list[Refusal] = []
        self.guessed: set[str] = set()
        self.baseline: Mapping[str, int] = {}
        """What the network had when the baseline was written, by measure; empty without one."""
        self.counted: Counted | None = None
        """The network as another tool counts it, if one is asked for; for one sample."""
        self.base: Survey | None = None
        """The file that this one extends, with this one's arguments: its layers are there."""
        self.tries = 500_000
        """How many more layers may be worked out in search of what would fit."""
        self.sources: dict[Callable[[Shape], object], dict[str, str]] = {}
        """Where a walk up from a node has ended, by what was to stay the same and the node's path."""

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        return split_lines(self.text)

    @cached_property
    def facts(self) -> Mapping[str, Facts]:
        """The facts of the nodes that hang on no guess, by path: what a rule looks at."""
        return {path: one for path, one in self.described.items() if path not in self.guessed}

    @cached_property
    def described(self) -> Mapping[str, Facts]:
        """The facts of all nodes that could be described, by path, those that hang on a guess included."""
        return {one.node.path: one for one in self.analysis.facts} if self.analysis else {}

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Where each node stands in the graph's list, by path."""
        return {node.path: at for at, node in enumerate(self.graph.nodes)} if self.graph else {}

    @cached_property
    def mappings(self) -> Mapping[Span, Marked]:
        """The mappings of the file by their place: a layer's is at its origin's span."""
        found: dict[Span, Marked] = {}
        open_: list[object] = [self.data]
        while open_:
            value = open_.pop()
            if isinstance(value, Marked):
                found[value.span] = value
                open_ += value.values()
            elif isinstance(value, Sequenced):
                open_ += value
        return found

    @property
    def whole(self) -> bool:
        """Whether everything in the file was understood and fits, so that the totals are the network's."""
        return self.analysis is not None and not self.refusals

    def option(self, node: Node, *names: str) -> Span:
        """Return the stretch of a layer's option, key and value: of the first of ``names`` in the file, or the layer's.

        The value of the op itself is found under the op's name.
        """
        data = self.mappings.get(node.origin.span)
        for name in names:
            if data is not None and name in data:
                return self.stretch(data, name)
        return node.origin.span

    def stretch(self, data: Marked, name: str) -> Span:
        """Return the stretch of a key and its value, the value's quotes included."""
        key, value = data.keys_at[name], self._written(data[name], data.values_at[name])
        line = self.lines[value.end_line - 1] if value.end_line <= len(self.lines) else ""
        quoted = line[value.end_column - 1 : value.end_column] in ("'", '"')
        return Span(key.line, key.column, value.end_line, value.end_column + quoted)

    def _written(self, value: object, at: Span) -> Span:
        """Return the place of a value; of a list of lines the last, as YAML ends it where the next line begins."""
        while at.end_line <= len(self.lines):
            if at.end_column > 1 and self.lines[at.end_line - 1][at.end_column - 2] in "]}":
                break
            if isinstance(value, Sequenced) and value:
                at, value = value.items_at[-1], value[-1]
            elif isinstance(value, Marked) and value:
                last = next(reversed(value))
                at, value = value.values_at[last], value[last]
            else:
                break
        return at

    def source(self, node: Node, same: Callable[[Shape], object] = lambda shape: shape[1:]) -> str:
        """Return the path of the input or node that made what ``same`` sees of a node's first input.

        Walks up while that stays the same; by default, the spatial sizes. ``same`` should be one function for all
        nodes: what was walked once is not walked again for it.
        """
        nodes, known = self.described, self.sources.setdefault(same, {})
        path, passed = node.inputs[0], []
        while path in nodes and path not in known:
            if not all(same(shape) == same(nodes[path].shape) for shape in nodes[path].inputs[:1]):
                break
            passed.append(path)
            path = nodes[path].node.inputs[0]
        path = known.get(path, path)
        known.update(dict.fromkeys(passed, path))
        inputs = self.graph.inputs if self.graph else {}
        return path if path in nodes or path in inputs else node.inputs[0]

    def where(self, path: str) -> Span:
        """Return where an input or a node stands in the file."""
        assert self.data is not None
        if path in self.described:
            return self.described[path].node.origin.span
        named = self.data.get("inputs")
        if isinstance(named, Marked) and path in named:
            return named.values_at[path]
        return self.data.values_at.get("input", Span(1, 1, 1, 1))


def split_lines(text: str) -> list[str]:
    r"""Return the lines of a text as YAML counts them; str.splitlines knows more ends.

    >>> split_lines("a\r\nb\rc\nd\x0ce")
    ['a', 'b', 'c', 'd\x0ce']
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def survey(
    content: bytes, file: str, given: Mapping[str, Number] | None = None, input: str | Written | None = None
) -> Survey:
    """Return what can be understood of a file's bytes; whatever they are, nothing is raised.

    ``given`` are values for arguments of the file; those that it does not have are left aside. ``input`` is a shape in
    place of the file's own.

    >>> found = survey(b"{cnncalc: 1, input: 1x7x7, layers: [{conv: 8, kernel: 3, stride: 3}, relu]}", "net.yaml")
    >>> [type(refusal.cause).__name__ for refusal in found.refusals], sorted(found.guessed)
    (['DoesNotFit'], ['conv1', 'relu1'])
    """
    found = Survey(file, content.decode("utf-8-sig", "replace"))
    with collector_paused():
        try:
            found.data = read(content, file)
            if "extends" in found.data:
                _extend(found, content, given or {})
                return found
            errors: list[SpecError] = []
            known = names_of(found.data)
            own = {name: value for name, value in (given or {}).items() if name in known}
            found.document = document(found.data, file, own, errors)
            found.refusals += map(Refusal, errors)
            if not errors:
                graph = Expansion(found.document, inputs(found.document, input, given or {})).graph()
                found.graph = unclaimed(graph, found.data, own, is_other=bool(input)) if own or input else graph
                _analyze(found, found.graph)
        except SpecError as error:
            found.refusals.append(Refusal(error))
    return found


def _extend(found: Survey, content: bytes, given: Mapping[str, Number]) -> None:
    """Understand a file that extends another by the other one, with this one's arguments."""
    base = follow(content, found.file)
    known = names_of(base.data)
    symbols = () if base.written is None else symbols_of(base.written.value)
    mine = {name: value for name, value in given.items() if name in known or name in symbols}
    found.base = survey(base.content, base.file, {**base.args, **mine}, base.shown)
    if found.base.whole:
        found.graph = loads(content, file=found.file, args=mine)
        _analyze(found, found.graph)


def _analyze(found: Survey, graph: Graph) -> None:
    """Describe every node that can be, going on after those that cannot."""
    ledger = Ledger()

    def step(node: Node, sources: list[Tensor | None]) -> Tensor | None:
        known = [source for source in sources if source is not None]
        if len(known) < len(sources):
            return None
        shapes = tuple(source.shape for source in known)
        downstream = not found.guessed.isdisjoint(node.inputs)
        if downstream:
            found.guessed.add(node.path)
        try:
            return ledger.describe(node, known)
        except LayerError as error:
            if not downstream:
                told = DoesNotCompute(node.place(error.option), error.fact, help=error.help)
                told.__cause__ = error
                found.refusals.append(Refusal(told, node, shapes))
            found.guessed.add(node.path)
            if not isinstance(error, DoesNotFit):
                return None
        try:
            return ledger.describe(node._replace(layer=node.layer.model_copy(update={"rounding": "floor"})), known)
        except LayerError:
            return None

    values: dict[str, Tensor | None] = {**images(graph)}
    walk(graph, values, step)
    found.analysis = Analysis(graph, ledger.facts)
