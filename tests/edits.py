"""Random networks as graphs, and edits of them: names, layers, options and wires, without a spec in between."""

from cnncalc.analysis import analyze
from cnncalc.errors import Span
from cnncalc.graph import Graph, Node, Origin
from cnncalc.layers import layer_class

ORIGIN = Origin("random", Span(1, 1, 1, 1), {})


def layer(op, **options):
    return layer_class(op).model_validate(options)


def any_layer(rng, channels=3):
    """Return an op and a layer that keep the shape of a 3x5x5 tensor."""
    kernel = rng.choice([1, 3, 5])
    return rng.choice(
        [
            ("conv", layer("conv", out_channels=channels, kernel=kernel, padding="half")),
            ("conv", layer("conv", out_channels=channels, kernel=3, padding="half", bias=False)),
            ("depthwise", layer("depthwise", kernel=kernel, padding="half")),
            ("relu", layer("act", function="relu")),
            ("batch_norm", layer("batch_norm")),
        ]
    )


def node(path, op, made, *inputs):
    return Node(path, op, made, inputs, path, ORIGIN)


def chain(layers):
    """Return the analysis of layers one after the other, each named as a spec names it."""
    nodes, before, numbers = [], "input", {}
    for op, made in layers:
        numbers[op] = numbers.get(op, 0) + 1
        nodes.append(node(f"{op}{numbers[op]}", op, made, before))
        before = nodes[-1].path
    return analyze(Graph("", "random", {"input": (3, 5, 5)}, nodes, (before,)))


def network(rng, size):
    """Return a random graph of so many layers, joins among them."""
    nodes, tensors = [], ["input"]
    for index in range(size):
        if len(tensors) > 1 and rng.random() < 0.35:
            op = rng.choice(["add", "multiply"])
            nodes.append(node(f"n{index}", op, layer(op), *rng.sample(tensors[-4:], 2)))
        else:
            nodes.append(node(f"n{index}", *any_layer(rng), rng.choice(tensors[-3:])))
        tensors.append(nodes[-1].path)
    return Graph("", "random", {"input": (3, 5, 5)}, nodes, (tensors[-1],))


def renamed(graph, name):
    """Return a graph with other names: ``name`` of each path."""
    names = {path: path for path in graph.inputs} | {one.path: name(one.path) for one in graph.nodes}
    nodes = [
        one._replace(
            path=names[one.path],
            inputs=tuple(names[path] for path in one.inputs),
            weights=names.get(one.weights, one.weights),
        )
        for one in graph.nodes
    ]
    return graph._replace(nodes=nodes, outputs=tuple(names[path] for path in graph.outputs))


def shuffled(rng, graph):
    """Return a graph in another order of execution, the operands of sums in another order too."""
    left, done, nodes = list(graph.nodes), set(graph.inputs), []
    while left:
        one = rng.choice([one for one in left if done.issuperset(one.inputs)])
        left.remove(one)
        done.add(one.path)
        inputs = list(one.inputs)
        if one.op in ("add", "multiply"):
            rng.shuffle(inputs)
        nodes.append(one._replace(inputs=tuple(inputs)))
    return graph._replace(nodes=nodes)


def edited(rng, graph, edits):
    """Return a graph with random layers taken out, put in, changed or wired to others; names stay."""
    for step in range(edits):
        nodes = list(graph.nodes)
        at = rng.randrange(len(nodes))
        one, kind = nodes[at], rng.choice(["out", "in", "change", "wire"])
        if kind == "out" and len(nodes) > 1:
            nodes.pop(at)
            graph = rewired(graph._replace(nodes=nodes), one.path, one.inputs[0])
        elif kind == "in":
            new = f"new{step}"
            graph = rewired(graph, one.path, new)
            nodes = list(graph.nodes)
            nodes.insert(at + 1, node(new, *any_layer(rng), one.path))
            graph = graph._replace(nodes=nodes)
        elif kind == "change" and one.op in ("conv", "depthwise"):
            made = one.layer.model_copy(update={"kernel": rng.choice([1, 3, 5, 7]), "bias": rng.random() < 0.5})
            nodes[at] = one._replace(layer=made)
            graph = graph._replace(nodes=nodes)
        elif kind == "wire":
            above = [*graph.inputs, *(each.path for each in nodes[:at])]
            nodes[at] = one._replace(inputs=(rng.choice(above), *one.inputs[1:]))
            graph = graph._replace(nodes=nodes)
    return graph


def rewired(graph, path, other):
    """Return a graph in which all that read one tensor read another."""
    nodes = [one._replace(inputs=tuple(other if name == path else name for name in one.inputs)) for one in graph.nodes]
    return graph._replace(nodes=nodes, outputs=tuple(other if name == path else name for name in graph.outputs))
