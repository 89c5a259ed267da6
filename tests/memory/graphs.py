"""Random small graphs with branches, views, unread layers and several outputs."""

import cnncalc


def random_graph(random, count):
    """Return an analysis of a graph of so many layers."""
    lines, names = [], ["in"]
    for index in range(count):
        source, name = random.choice(names[-4:]), f"n{index}"
        line = random.choice(
            [
                f"{{conv: {random.choice([1, 2, 4, 8])}, from: {source}, name: {name}}}",
                f"{{relu, from: {source}, name: {name}}}",
                f"{{batch_norm, from: {source}, name: {name}}}",
                f"{{dropout, from: {source}, name: {name}}}",
                f"{{max_pool: 3, stride: 1, padding: 1, from: {source}, name: {name}}}",
                f"{{add: [{source}, {source}], name: {name}}}",
                f"{{concat: [{source}, {random.choice(names)}], name: {name}}}",
            ]
        )
        lines.append(line)
        names.append(name)
    outputs = random.sample(names[1:], min(count, random.choice([1, 1, 2])))
    shape = random.choice(["2x12", "2x3x4", "2x2x2x3"])
    return cnncalc.analyze(
        cnncalc.loads(f"{{cnncalc: 1, input: {shape}, layers: [{', '.join(lines)}], outputs: [{', '.join(outputs)}]}}")
    )


def orders(found):
    """Yield every order in which the nodes of a storage can run."""

    def further(done, order):
        if len(order) == len(found.writes):
            yield order
        for node, needed in enumerate(found.before):
            if node not in done and done.issuperset(needed):
                yield from further(done | {node}, [*order, node])

    yield from further(frozenset(), [])
