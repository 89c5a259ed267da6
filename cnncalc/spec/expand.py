"""From a document to a graph: blocks, rows and repeats written out, names resolved, every layer in one flat list."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Mapping, MutableMapping
from dataclasses import dataclass, field

from cnncalc.errors import DoesNotFit, InvalidField, Place, RecursiveBlock, Span, UnknownName
from cnncalc.graph import Claim, Graph, Node, Origin, visit
from cnncalc.layers.base import Shape, output_shape
from cnncalc.layers.fields import flag, number, shape
from cnncalc.layers.fields import text as shown
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.document import Document
from cnncalc.spec.line import Line
from cnncalc.spec.meter import Meter, expense
from cnncalc.spec.refusal import Context, evaluator, refusing, several
from cnncalc.spec.scope import Environment, Name, Scope, maps, name_lines, owner, resolve
from cnncalc.spec.source import find


@dataclass(slots=True)
class Expansion:
    """The graph so far, and the shapes of its first nodes, as far as a ``cin`` has asked for them."""

    document: Document
    inputs: Mapping[str, Shape]
    nodes: list[Node] = field(default_factory=list)
    meter: Meter = field(default_factory=Meter)
    shapes: dict[str, Shape] = field(default_factory=dict)
    shaped: int = 0
    known: dict[tuple[object, ...], Shape] = field(default_factory=dict)
    scopes: dict[int, MutableMapping[str, Line]] = field(default_factory=dict)

    def graph(self) -> Graph:
        """Return the whole network."""
        document = self.document
        self.shapes = dict(self.inputs)
        entry = next(iter(self.inputs)) if len(self.inputs) == 1 else None
        names = {name: Name(name, name) for name in self.inputs}
        scope = Scope("", names, self.environment({}, entry), entry, self.named(document.lines, names))
        last = self.body(document.lines, scope, entry)
        outputs = [last] if last is not None else []
        if document.spec.outputs is not None:
            top = Span(1, 1, 1, 1)
            outputs = []
            for index, ref in enumerate(document.spec.outputs):
                at = find(document.data, ("outputs", index), find(document.data, ("outputs",), top))
                outputs += self.tensors(ref, scope, last, Place(document.file, at, "outputs"))
        stated: dict[str, dict[str, Claim]] = {"expect": {}, "budget": {}}
        if document.spec.expect is not None or document.spec.budget is not None:
            from cnncalc.spec.claims import claims

            stated = {key: claims(key, document.data, document.file, document.args) for key in ("expect", "budget")}
        return Graph(
            document.spec.name or "",
            document.file,
            self.inputs,
            self.nodes,
            tuple(dict.fromkeys(outputs)),
            expect=stated["expect"],
            budget=stated["budget"],
        )

    def environment(self, values: Mapping[str, Number], entry: str | None) -> Environment:
        """Return the names of a scope that ``entry`` enters: the file's arguments, ``values``, and cin."""
        return Environment({**self.document.args, **values}, lambda: self.channels(entry))

    def named(self, lines: list[Line], inputs: Collection[str] = ()) -> MutableMapping[str, Line]:
        """Return the lines of one scope by name; they get their names when the scope is first met."""
        found = self.scopes.get(id(lines))
        if found is None:
            found = self.scopes[id(lines)] = name_lines(lines, inputs)
        return found

    def channels(self, entry: str | None) -> int:
        """Return the channels of a tensor; the nodes before it get their shapes on the way."""
        if entry is None:
            raise KeyError("cin")
        while entry not in self.shapes:
            visit(self.nodes[self.shaped], self.shapes, self.shape)
            self.shaped += 1
        return self.shapes[entry][0]

    def shape(self, node: Node, inputs: list[Shape]) -> Shape:
        """Return a node's output shape; a layer that recurs is one object, and so is its shape."""
        key = id(node.layer), *inputs
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = shape_or_floor(node, inputs)
        return found

    def body(self, lines: list[Line], scope: Scope, current: str | None) -> str | None:
        """Expand a list of layers and return the tensor at its end."""
        if not lines:
            return current
        with self.meter.inside(lines[0].place, len(scope.active)):
            for line in lines:
                current = self.line(line, scope, current)
        return current

    def line(self, line: Line, scope: Scope, current: str | None) -> str | None:
        """Expand one line, as often as it says, and return the tensor after it."""
        path = scope.path + line.name
        rows = "rows" in line.written and line.block != ""
        if line.common.repeat is None and not rows:
            name = scope.names[line.name] = self.instance(line, scope, current, path)
            return name.value
        times = self.times(line, scope, rows)
        every: dict[str, Name] = {}
        later = self.inner(line, scope) if line.operands else scope.later
        name = Name(current, path, line.kind_text, path)
        for index in self.meter.times(line.place, path, times):
            environment = Environment({**scope.environment, "row" if rows else "i": index}, scope.environment.channels)
            inner = scope._replace(environment=environment)
            own: dict[str, Name] = {}
            if line.operands:  # the branches of each time have names of their own
                names = ChainMap(own, *maps(scope.names))
                inner = inner._replace(path=f"{path}.{index}.", names=names, later=later)
            name = self.instance(line, inner, current, f"{path}.{index}", index if rows else None)
            every[str(index)] = name._replace(inside=own) if own else name
            current = name.value
        if times == 0:
            self.meter.layer(line.place, path)
        scope.names[line.name] = name._replace(value=current, path=path, inside=every)
        return current

    def inner(self, line: Line, scope: Scope) -> MutableMapping[str, Line]:
        """Return the lines that the branches of a repeated join can name, by name."""
        if id(line) not in self.scopes:
            every = [one for lines in line.operands if isinstance(lines, list) for one in lines]
            self.scopes[id(line)] = name_lines(every)
        later = self.scopes[id(line)]
        for role, _ in line.followers:
            if role in later:
                raise InvalidField(
                    later[role].place, f"the name '{role}' must not be given here: it is the {role} of {line.name}"
                )
        return ChainMap(later, *maps(scope.later))

    def times(self, line: Line, scope: Scope, rows: bool) -> int:
        """Return how many instances a line makes."""
        if rows:
            found = line.written["rows"]
            if isinstance(found, list) and found:
                return len(found)
            at = line.data.values_at["rows"]
            raise InvalidField(line.place._replace(span=at), f"rows must be a list of lists, not {shown(found)}")
        at = line.data.values_at["repeat"]
        self.meter.work(line.place, expense(line.common.repeat))
        with refusing(line.place._replace(span=at), "repeat", scope.environment):
            return number(line.common.repeat, Context(evaluator(scope.environment)), least=0)

    def instance(self, line: Line, scope: Scope, current: str | None, path: str, row: int | None = None) -> Name:
        """Expand a line once and return what its name stands for."""
        place = Place(line.place.file, line.place.span, path, line.op)
        at, sources = place, [current]
        if line.common.from_ is not None:
            at = place._replace(span=find(line.data, ("from",), place.span))
            sources = [tensor for ref in line.common.from_ for tensor in self.tensors(ref, scope, current, at)]
        if line.common.when is not True and not self.present(line, scope, place):
            self.meter.layer(place, path)
            return Name(sources[0], path, line.kind_text, owner(path, scope.shared))
        shared = self.sharing(line, scope, place)
        if line.block:
            return self.use(line, scope, sources, place, shared, row)
        if len(sources) != 1:
            raise InvalidField(at, f"from must name one tensor ({len(sources)} given)")
        inputs = self.operands(line, scope, sources[0], place) if line.operands else [self.given(sources[0], place)]
        return Name(self.put(line, scope, tuple(inputs), path, shared), path, line.kind_text, owner(path, shared))

    def present(self, line: Line, scope: Scope, place: Place) -> bool:
        """Return whether the ``when`` of a line holds."""
        self.meter.work(place, expense(line.common.when))
        with refusing(place._replace(span=line.data.values_at["when"]), "when", scope.environment):
            return flag(line.common.when, Context(evaluator(scope.environment)))

    def operands(self, line: Line, scope: Scope, current: str | None, place: Place) -> list[str]:
        """Return the tensors that a join reads: branches run from the current tensor."""
        found: list[str] = []
        for index, operand in enumerate(line.operands):
            if isinstance(operand, list):
                self.meter.read(place, 1)
                found.append(self.given(self.body(operand, scope, current), place))
            else:
                at = find(line.data, (line.op, index), place.span)
                found += self.tensors(operand, scope, current, place._replace(span=at))
        return found

    def put(self, line: Line, scope: Scope, inputs: tuple[str, ...], path: str, shared: tuple[str, str] | None) -> str:
        """Put a layer and its norm and activation into the graph; return the path of the last."""
        chain = [(path, line), *((f"{path}.{role}", follower) for role, follower in line.followers)]
        self.meter.layer(line.place, path)
        for at, one in chain:
            if one.cost:
                self.meter.work(one.place, one.cost)
            expect = self.expected(line, scope) if at == chain[-1][0] else None
            layer = one.layer(scope.environment)
            origin = Origin(one.place.file, one.place.span, one.spans, scope.calls)
            self.nodes.append(Node(at, one.op, layer, inputs, owner(at, shared), origin, expect))
            inputs = (at,)
        return inputs[0]

    def expected(self, line: Line, scope: Scope) -> Claim | None:
        """Return the shape that a line says its output has."""
        if line.common.expect is None:
            return None
        self.meter.work(line.place, expense(line.common.expect))
        at = line.data.values_at["expect"]
        with refusing(line.place._replace(span=at), "expect", scope.environment):
            return Claim(shape(line.common.expect, Context(evaluator(scope.environment))), at, line.place.file)

    def sharing(self, line: Line, scope: Scope, place: Place) -> tuple[str, str] | None:
        """Return whose tensors a line uses: those of its ``weights``, or as the scope around it says."""
        if line.common.weights is None:
            return scope.shared
        at = place._replace(span=line.data.values_at["weights"])
        names = resolve(line.common.weights, scope.names, at, scope.later)
        if len(names) > 1:
            raise InvalidField(at, f"weights must name one layer ({len(names)} given)")
        if names[0].kind != line.kind_text:
            kind = f"a {names[0].kind}" if names[0].kind else "an input"
            raise InvalidField(at, f"weights must name another {line.kind_text} ({line.common.weights} is {kind})")
        return place.path, names[0].owner

    def use(
        self,
        line: Line,
        scope: Scope,
        sources: list[str | None],
        place: Place,
        shared: tuple[str, str] | None,
        row: int | None,
    ) -> Name:
        """Expand a block once and return its name, with the names inside it."""
        from cnncalc.spec.bind import bind

        block = self.document.blocks[line.block]
        active = (*scope.active, block.name)
        if block.name in scope.active:
            raise RecursiveBlock(place, f"a block must not use itself ({' -> '.join(active)})")
        if len(sources) != 1 + len(block.inputs):
            raise InvalidField(
                place._replace(span=find(line.data, ("from",), place.span)),
                f"from must name a tensor for each of {', '.join(('in', *block.inputs))} ({len(sources)} given)",
                help="" if line.common.from_ or not block.inputs else f"from: [prev, {', '.join(block.inputs)}]",
            )
        entry, *others = [self.given(source, place) for source in sources]
        given = [line.written.get("with"), line.written["rows"][row] if row is not None else None, block.args]
        self.meter.work(place, expense(given) + 20 * len(block.args))
        environment = self.environment({}, entry)
        environment.update(bind(line, block, scope.environment, environment, row, place))
        names = {name: Name(tensor, tensor) for name, tensor in zip(block.inputs, others, strict=True)}
        calls = (*scope.calls, line.place.span)
        inner = Scope(
            f"{place.path}.", names, environment, entry, self.named(block.lines, block.inputs), calls, active, shared
        )
        end = self.body(block.lines, inner, entry)
        if line.common.expect is not None and self.nodes and self.nodes[-1].path == end:
            self.nodes[-1] = self.nodes[-1]._replace(expect=self.expected(line, scope))
        return Name(end, place.path, line.kind_text, owner(place.path, shared), names)

    def tensors(self, ref: str, scope: Scope, current: str | None, place: Place) -> list[str]:
        """Return the tensors that a reference stands for."""
        if ref in ("prev", "in"):
            self.meter.read(place, 1)
            return [self.given(current if ref == "prev" else scope.entry, place)]
        found = resolve(ref, scope.names, place, scope.later)
        self.meter.read(place, len(found))
        return [self.given(name.value, place) for name in found]

    def given(self, tensor: str | None, place: Place) -> str:
        """Return a tensor; at the top of a network with several inputs there is none until a ``from`` names one."""
        if tensor is None:
            fact = f"from must say which of the inputs to read ({several(self.inputs)})"
            raise UnknownName(place, fact, help=f"from: {next(iter(self.inputs))}")
        return tensor


def shape_or_floor(node: Node, inputs: list[Shape]) -> Shape:
    """Return a node's output shape, floored: that a filter does not fit is the analysis' to tell."""
    try:
        return output_shape(node.layer, inputs)
    except DoesNotFit:
        return output_shape(node.layer.model_copy(update={"rounding": "floor"}), inputs)
