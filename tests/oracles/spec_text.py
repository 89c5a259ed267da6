"""A random network as the YAML text of a spec, each value in one of the ways that the language has for it."""

from random import Random

from .networks import every_layer
from .sizes import JOINS, POINTWISE, WORDS


def text(network):
    """Return the YAML text; the same network always has the same."""
    rng = Random(repr(network))
    names = {operand for layer in every_layer(network["layers"]) for operand in layer.get("operands", ())
             if isinstance(operand, int)}  # fmt: skip
    lines = ["cnncalc: 1", f"input: {'x'.join(map(str, network['input']))}"]
    if network["rounding"] != "exact" or rng.random() < 0.5:
        lines.append(f"rounding: {network['rounding']}")
    lines.append("layers:")
    for index, layer in enumerate(network["layers"]):
        lines.append(f"- {_flow(layer, rng, f't{index}' if index in names else None)}")
    return "\n".join(lines) + "\n"


def _flow(layer, rng, name=None):
    op = layer["op"]
    if op in WORDS:
        if name is None and rng.random() < 0.8:
            return op
        parts = [f"act: {op}" if op in POINTWISE and rng.random() < 0.5 else f"{op}:"]
        parts = parts if parts[0].startswith("act") else [f"{op}: null"]
    elif op in JOINS:
        operands = [
            f"t{operand}" if isinstance(operand, int) else _branch(operand, rng) for operand in layer["operands"]
        ]
        parts = [f"{op}: [{', '.join(operands)}]"]
        if layer["align"] != "exact" or rng.random() < 0.3:
            parts.append(f"align: {layer['align']}")
    else:
        parts = [f"{op}: {_argument(layer, rng)}", *_options(layer, rng)]
    if layer.get("act"):
        parts.append(f"act: {layer['act']}")
    if name:
        parts.append(f"name: {name}")
    first, *rest = parts
    if rng.random() < 0.3:
        rng.shuffle(rest)
    return "{" + ", ".join([first, *rest]) + "}"


def _branch(layers, rng):
    return f"[{', '.join(_flow(layer, rng) for layer in layers)}]"


def _argument(layer, rng):
    op, literal = layer["op"], layer.get("literal", False)
    if op in ("conv", "locally_connected", "conv_transpose", "linear"):
        return layer["out"]
    if op in ("depthwise", "max_pool", "avg_pool"):
        return _window(layer["kernel"], rng, literal=literal)
    if op == "slice":
        return f"[{layer['start']}, {layer['stop']}]"
    if op == "reshape":
        sizes = "x".join(map(str, layer["shape"]))
        return sizes if rng.random() < 0.5 else f"[{', '.join(map(str, layer['shape']))}]"
    if op in ("pad", "crop"):
        return _pairs(layer["padding"], rng, literal=literal)
    for name in ("factor", "size", "groups", "initial"):
        if name in layer:
            return _window(layer[name], rng, literal=literal) if isinstance(layer[name], tuple) else layer[name]
    raise AssertionError(op)


DEFAULTS = {"kernel": 1, "stride": 1, "dilation": 1, "output_padding": 0, "groups": 1, "multiplier": 1, "bias": True,
            "mode": "nearest", "count_include_pad": True, "padding": 0}  # fmt: skip


def _options(layer, rng):
    op, literal = layer["op"], layer.get("literal", False)
    if op in ("channel_shuffle", "group_norm", "adaptive_avg_pool", "adaptive_max_pool", "pad", "crop", "reshape"):
        return
    arguments = ("kernel",) if op in ("depthwise", "max_pool", "avg_pool") else ()
    for name, usual in DEFAULTS.items():
        if name not in layer or name in arguments or (name == "dilation" and op == "avg_pool"):
            continue
        value, default = layer[name], usual
        if op.endswith("pool") and name == "stride":
            if value != layer["kernel"] or rng.random() < 0.5:
                yield f"stride: {_window(value, rng, literal=literal)}"
            continue
        if op == "conv_transpose" and name == "kernel":
            default = 2
        is_default = value in (default, (default,) * len(layer.get("kernel", ())))
        if name == "padding":
            is_default = value == "valid"
        if name == "bias" and layer.get("norm"):
            is_default = value is False  # a norm drops the bias unless it is asked for
        if is_default and rng.random() < 0.7:
            continue
        if name == "padding":
            yield f"padding: {value if isinstance(value, str) else _pairs(value, rng, literal=literal)}"
        elif isinstance(value, tuple):
            yield f"{name}: {_window(value, rng, literal=literal)}"
        else:
            yield f"{name}: {str(value).lower()}"
    if layer.get("rounding"):
        yield f"rounding: {layer['rounding']}"
    if layer.get("norm"):
        yield f"norm: {_flow(layer['norm'], rng)}"


def _window(values, rng, *, literal=False):
    if literal:
        return f"[{', '.join(map(str, values))}]"
    alike = len(set(values)) == 1
    if alike and rng.random() < 0.7:
        return str(values[0])
    if len(values) > 1 and rng.random() < 0.5:
        sizes = "x".join(map(str, values))
        return f'"{sizes}"' if values[0] == 0 else sizes  # 0x1 alone is a number in YAML 1.1
    return f"[{', '.join(map(str, values))}]"


def _pairs(pairs, rng, *, literal):
    if all(a == b for a, b in pairs) and rng.random() < 0.8:
        return _window(tuple(a for a, _ in pairs), rng, literal=literal)
    return f"[{', '.join(f'[{a}, {b}]' for a, b in pairs)}]"
