"""Random specs out of the language's own vocabulary: mostly sound, so that the code behind the checks is reached."""

from __future__ import annotations

from random import Random

ACTS = (
    "relu",
    "relu6",
    "leaky_relu",
    "prelu",
    "elu",
    "sigmoid",
    "tanh",
    "silu",
    "hardswish",
    "gelu",
    "softmax",
    "none",
)
PADS = ("valid", "half", "same", "same_lower", "full", "causal", "0", "1", "2", "[1, 0]", "[[0, 1], [1, 0]]", "1x1")
ODD = ("0", "-1", "1.5", "1000000000", "cin", "missing", "[]", "{}", "null", "true", "relu", "3x", "2**40", "c+")


class Writer:
    """Writes one spec as YAML in braces; ``odd`` is how often a value is none that fits."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.odd = random.choice((0.0, 0.0, 0.005, 0.02, 0.1))
        self.names = ["prev", "in"]
        self.named = 0
        self.blocks: dict[str, tuple[list[str], list[str]]] = {}
        self.symbols: list[str] = []

    def pick(self, *values: object) -> str:
        """Return one of some values, or now and then one that does not fit."""
        return self.random.choice(ODD) if self.random.random() < self.odd else str(self.random.choice(values))

    def chance(self, share: float) -> bool:
        """Return true that often."""
        return self.random.random() < share

    def channels(self) -> str:
        """Return a number of channels."""
        return self.pick(1, 2, 4, 4, 4, 8, "cin", "2*cin", "max(cin//2, 1)", *self.symbols)

    def options(self, *pairs: tuple[str, float, tuple[object, ...]]) -> list[str]:
        """Return some options with values."""
        return [f"{name}: {self.quoted(self.pick(*values))}" for name, share, values in pairs if self.chance(share)]

    def quoted(self, text: str) -> str:
        """Return a value as it can stand inside braces."""
        return f'"{text}"' if "," in text and text[0] not in "[{" else text

    def layer(self, depth: int) -> str:
        """Return one line."""
        match self.random.randrange(20):
            case 0 | 1 | 2 | 3:
                parts = [f"conv: {self.quoted(self.channels())}", *self.convolution()]
                parts += self.options(
                    ("groups", 0.1, (1, 2, 4)), ("norm", 0.2, ("batch_norm", "none", "{group_norm: 2}"))
                )
            case 4:
                parts = [f"depthwise: {self.pick(1, 3, '3x1')}"]
                parts += [part for part in self.convolution() if not part.startswith("kernel")]
                parts += self.options(("multiplier", 0.2, (1, 2)))
                if self.chance(0.3):
                    parts = [f"locally_connected: {self.quoted(self.channels())}", *self.convolution()]
            case 5:
                parts = [f"conv_transpose: {self.quoted(self.channels())}"]
                parts += self.options(("kernel", 0.5, (1, 2, 3, 4)), ("stride", 0.5, (1, 2, 3)), ("padding", 0.3, PADS))
                parts += self.options(("output_padding", 0.2, (0, 1)), ("dilation", 0.1, (1, 2)))
            case 6:
                op = self.random.choice(("max_pool", "avg_pool"))
                parts = [f"{op}: {self.pick(1, 2, 3, '1x2')}"]
                parts += self.options(("stride", 0.5, (1, 2)), ("padding", 0.3, (0, 1, "half", "same")))
                parts += self.options(("rounding", 0.5, ("floor", "ceil", "exact")))
            case 7:
                op = self.random.choice(("adaptive_avg_pool", "adaptive_max_pool", "upsample"))
                parts = [f"{op}: {self.pick(1, 2, 3, '2x1')}"]
            case 8:
                op = self.random.choice(("pad", "crop", "pixel_shuffle", "channel_shuffle", "group_norm"))
                sides = ("1x0", "[[0, 1], [1, 0]]") if op in ("pad", "crop") else ()
                parts = [f"{op}: {self.pick(1, 1, 2, *sides)}"]
            case 9:
                op = self.random.choice(("local_response_norm", "scale", "dropout"))
                parts = [f"{op}: {self.pick(1, 2, 5)}"]
            case 10:
                parts = [f"slice: {self.pick('[0, 1]', '[1, 2]', '[0, cin]', '[2, 4]')}"]
            case 11:
                if self.chance(0.8):
                    return self.pick("relu", "batch_norm", "layer_norm", "instance_norm", "identity", "global_avg_pool")
                parts = [f"linear: {self.channels()}", *self.options(("act", 0.5, ACTS))]
            case 12:
                parts = [f"reshape: {self.pick('4x8x8', '16x16', '256', '[cin, 64]')}"]
            case 13 | 14 | 15 | 16:
                parts = self.join(depth)
            case _ if self.blocks:
                parts = self.use()
            case _:
                parts = [f"act: {self.pick(*ACTS[:-1])}"]
        return "{" + ", ".join(parts + self.common(parts)) + "}"

    def convolution(self) -> list[str]:
        """Return options that all convolutions share."""
        return self.options(
            ("kernel", 0.6, (1, 2, 3, 3, 5, "3x1", "[1, 3]")), ("stride", 0.2, (1, 2)), ("padding", 0.7, PADS),
            ("dilation", 0.1, (1, 2)), ("act", 0.3, ACTS), ("bias", 0.2, ("true", "false")),
            ("rounding", 0.2, ("floor", "ceil")),
        )  # fmt: skip

    def join(self, depth: int) -> list[str]:
        """Return an add, a multiply or a concat of names and branches."""
        op = self.random.choice(("add", "multiply", "concat", "concat"))
        operands = []
        for _ in range(self.random.choice((1, 2, 2, 3))):
            if self.chance(0.5) or depth > 2:
                operands.append(self.pick(*self.names))
            else:
                outside = list(self.names)
                operands.append(
                    "[" + ", ".join(self.layer(depth + 1) for _ in range(self.random.choice((0, 1, 1, 2)))) + "]"
                )
                self.names = outside
        aligns = ("crop", "exact", "stretch")
        return [f"{op}: [{', '.join(operands)}]", *self.options(("align", 0.4, aligns), ("act", 0.2, ACTS))]

    def use(self) -> list[str]:
        """Return the use of a block."""
        name = self.random.choice(list(self.blocks))
        args, inputs = self.blocks[name]
        values = [self.pick(1, 2, 4, "cin", *self.symbols) for _ in args]
        parts = [f"use: {name}"]
        if args and self.chance(0.2):
            parts.append(
                f"rows: [{', '.join('[' + ', '.join(values) + ']' for _ in range(self.random.choice((1, 2))))}]"
            )
        elif args and self.chance(0.5):
            parts.append(f"with: [{', '.join(values)}]")
        elif args:
            parts.append("with: {" + ", ".join(f"{a}: {v}" for a, v in zip(args, values, strict=True)) + "}")
        if inputs:
            parts.append(f"from: [{', '.join(['prev'] + [self.pick(*self.names) for _ in inputs])}]")
        return parts

    def common(self, parts: list[str]) -> list[str]:
        """Return options that every line may have."""
        found = self.options(("when", 0.1, ("true", "false", "cin > 2", "not 1")), ("expect", 0.02, ("4x8x8", 4)))
        if "rows" not in "".join(parts) and self.chance(0.15):
            found += [f"repeat: {self.pick(0, 1, 2, 3, *self.symbols)}"]
        if self.chance(0.1) and "from" not in "".join(parts):
            found.append(f"from: {self.pick(*self.names)}")
        if self.chance(0.05):
            found.append(f"weights: {self.pick(*self.names[2:], 'conv1')}")
        if self.chance(0.3):
            self.named += 1
            name = f"n{self.named}"
            found.append(f"name: {name}")
            self.names += [name] if self.chance(0.8) else [name, f"{name}.0", f"{name}.*"]
        return found

    def lines(self, count: int) -> str:
        """Return a list of layers."""
        return "[" + ",\n  ".join(self.layer(0) for _ in range(count)) + "]"

    def spec(self) -> str:
        """Return a whole spec."""
        parts = ["cnncalc: 1"]
        shape = self.pick("4x8x8", "4x8x8", "3x16x16", "4x16", "2x4x4x4", "4x9x7", "[4, 8, 8]", "16")
        parts.append(f"input: {shape}")
        if self.chance(0.6):
            parts.append(f"rounding: {self.pick('floor', 'ceil', 'exact')}")
        if self.chance(0.3):
            parts.append("args: {n: 2, w: 4}")
            self.symbols = ["n", "w"]
        if self.chance(0.2):
            parts.append("defaults: {conv: {padding: half, act: relu, norm: {group_norm: 1}}}")
        outside, blocks = self.symbols, []
        for name in ("one", "two", "three")[: self.random.randrange(4)]:
            args, inputs = self.random.choice(([], ["c"], ["c", "k"])), self.random.choice(([], [], ["skip"]))
            self.symbols, self.names = outside + args, ["prev", "in", *inputs]
            heads = f"args: {{{', '.join(args)}}}, " if args else ""
            heads += f"inputs: [{', '.join(inputs)}], " if inputs else ""
            blocks.append(f"  {name}: {{{heads}layers: {self.lines(self.random.randrange(1, 4))}}}")
            self.blocks[name] = args, inputs
        parts += ["blocks:", *blocks] if blocks else []
        self.symbols, self.names = outside, ["prev", "in"]
        parts.append(f"layers: {self.lines(self.random.randrange(1, 8))}")
        parts += self.options(("outputs", 0.2, ("[prev]", "[prev, in]", f"[{self.names[-1]}]")))
        return "\n".join(parts) + "\n"
