"""Random specs with one mistake of a given kind in them, in one, two or three dimensions."""

from __future__ import annotations

from random import Random

ROUNDINGS = ("exact", "exact", "floor", "ceil")


class Mistake:
    """Writes one spec; the same seed always writes the same."""

    def __init__(self, code: str, seed: int) -> None:
        self.random = Random(f"{code} {seed}")
        self.rank = self.random.choice((1, 2, 2, 2, 3))
        self.channels = self.random.choice((3, 4, 6, 8, 12, 16))
        self.sizes = self.some(4, 20)
        self.head = ""
        self.code = code

    def some(self, low: int, high: int) -> list[int]:
        """Return a number for each axis, more often than not the same."""
        if self.random.random() < 0.6:
            return [self.random.randint(low, high)] * self.rank
        return [self.random.randint(low, high) for _ in range(self.rank)]

    def axes(self, low: int, high: int) -> str:
        """Return such numbers as an option has them."""
        values = self.some(low, high)
        if len(set(values)) == 1:
            return str(values[0])
        return self.random.choice(("x".join(map(str, values)), str(values)))

    def options(self, *pairs: tuple[str, float, str]) -> str:
        """Return some options, in any order."""
        given = [f", {name}: {value}" for name, share, value in pairs if self.random.random() < share]
        self.random.shuffle(given)
        return "".join(given)

    def before(self) -> list[str]:
        """Return a few sound layers, some of which make the image smaller."""
        sound = [
            f"{{conv: {self.channels}, kernel: 3, padding: half, act: relu}}",
            f"{{conv: {self.channels}, kernel: 3, padding: same, norm: batch_norm}}",
            "relu",
            "{max_pool: 2, rounding: floor}",
            "{max_pool: 3, stride: 2, padding: 1, rounding: ceil}",
            f"{{conv: {self.channels}, kernel: 1}}",
            f"{{conv: {self.channels}, kernel: 2, stride: 2}}",
            f"{{add: [[], [{{conv: {self.channels}, kernel: 3, padding: half}}]]}}",
        ]
        return [self.random.choice(sound) for _ in range(self.random.randrange(3))]

    def text(self) -> str:
        """Return the spec."""
        lines = [*self.before(), *getattr(self, self.code)(), *self.random.choice(([], ["relu"], ["flatten"]))]
        shape = "x".join(map(str, (self.channels, *self.sizes)))
        top = self.random.choice(("", "", "rounding: floor\n", "defaults: {conv: {norm: batch_norm}}\n"))
        end = self.random.choice(("\n", "\n", "\r\n"))
        spec = f"cnncalc: 1\n{self.head or f'input: {shape}'}\n{top}layers:\n" + "".join(
            f"- {line}\n" for line in lines
        )
        return spec.replace("\n", end)

    def blocked(self, line: str) -> str:
        """Return a layer in braces, or now and then on lines of its own."""
        if self.random.random() < 0.7 or "[" in line or "{" in line[1:]:
            return line
        return line[1:-1].replace(", ", "\n  ")

    def CNN101(self) -> list[str]:
        op = self.random.choice((f"conv: {self.channels}, kernel: ", "max_pool: ", "depthwise: "))
        more = self.options(("padding", 0.4, self.axes(0, 1)))
        return [self.blocked(f"{{{op}{self.axes(2, 5)}, stride: {self.axes(2, 4)}{more}}}")]

    def CNN102(self) -> list[str]:
        kind = self.random.randrange(8)
        if kind == 0:
            return [f"{{crop: {self.axes(3, 12)}}}"]
        if kind == 1:
            padding = self.random.choice((self.axes(4, 20), "same"))
            return [f"{{conv_transpose: 8, kernel: {self.axes(1, 4)}, stride: {self.axes(1, 5)}, padding: {padding}}}"]
        op = self.random.choice((f"conv: {self.channels}, kernel: ", "avg_pool: ", "depthwise: "))
        more = self.options(
            ("padding", 0.4, self.axes(0, 2)), ("stride", 0.4, self.axes(1, 3)),
            ("dilation", 0.4 if "pool" not in op else 0, self.axes(1, 3)),
            ("rounding", 0.3, self.random.choice(ROUNDINGS)),
        )  # fmt: skip
        return [self.blocked(f"{{{op}{self.axes(3, 25)}{more}}}")]

    def CNN103(self) -> list[str]:
        op = self.random.choice(("max_pool", "avg_pool"))
        padding = self.random.choice((self.axes(1, 6), "full", self.axes(2, 3)))
        more = self.options(("stride", 0.6, self.axes(1, 3)), ("rounding", 0.4, self.random.choice(ROUNDINGS)))
        return [self.blocked(f"{{{op}: {self.axes(1, 5)}, padding: {padding}{more}}}")]

    def CNN104(self) -> list[str]:
        groups, out = self.random.randint(2, 13), self.random.randint(2, 30)
        if self.random.random() < 0.3:
            out = groups * self.random.randint(1, 4)
        return [self.random.choice((
            f"{{conv: {out}, groups: {groups}}}", f"{{conv_transpose: {out}, kernel: 2, groups: {groups}}}",
            f"{{group_norm: {groups}}}", f"{{channel_shuffle: {groups}}}", f"{{pixel_shuffle: {groups}}}",
            f"{{conv: {out}, norm: {{group_norm: {groups}}}}}",
        ))]  # fmt: skip

    def operand(self, channels: int) -> str:
        """Return a branch."""
        kernel, stride = self.random.choice((1, 2, 3, 5)), self.random.choice((1, 1, 1, 2))
        padding = self.random.choice(("half", "0", "same", "1"))
        conv = f"{{conv: {channels}, kernel: {kernel}, stride: {stride}, padding: {padding}, rounding: floor}}"
        pool = f"{{max_pool: 3, stride: {stride}, padding: 1, rounding: ceil}}"
        return self.random.choice(
            ("[]", f"[{conv}]", f"[{conv}, relu]", f"[{pool}]", f"[{pool}, {conv}]", "prev", "stem")
        )

    def join(self, *ops: str) -> list[str]:
        """Return a named layer, and a join of it and of branches."""
        stem = f"{{conv: {self.channels}, kernel: 3, padding: half, name: stem}}"
        counts = [
            self.random.choice((self.channels, self.channels, 16, 32)) for _ in range(self.random.choice((2, 2, 3)))
        ]
        branches = [self.operand(count) for count in counts]
        lines = [
            stem,
            *self.random.choice(
                ([], [f"{{conv: 16, kernel: {self.random.choice((1, 3))}}}"], ["{max_pool: 2, rounding: floor}"])
            ),
        ]
        op = self.random.choice(ops)
        if self.random.random() < 0.3:
            return [*lines, f"{op}:\n" + "\n".join(f"  - {branch}" for branch in branches)]
        return [*lines, f"{{{op}: [{', '.join(branches)}]{self.options(('act', 0.3, 'relu'))}}}"]

    def CNN105(self) -> list[str]:
        if self.random.random() < 0.1:
            return ["flatten", "{linear: 8, name: a}", "{linear: 12}", "{add: [a, prev]}"]
        return self.join("add", "add", "multiply")

    def CNN106(self) -> list[str]:
        if self.random.random() < 0.1:
            return ["{concat: [[{linear: 8}], []]}"]
        return self.join("concat")

    def CNN107(self) -> list[str]:
        layer = self.random.choice((
            "{conv: 8, kernel: 3}", "{max_pool: 2, rounding: floor}", "{upsample: 2}", "{conv_transpose: 8}",
            "{depthwise: 3, padding: half}", "{adaptive_avg_pool: 1}", "{pad: 1}",
        ))  # fmt: skip
        kind = self.random.randrange(4)
        if kind == 0:
            self.head = f"input: {self.random.choice((784, 3072, 192, 256))}"
            self.before = lambda: []  # type: ignore[method-assign]
            return [layer]
        if kind == 1:
            return ["flatten", *self.random.choice(([], ["relu"])), layer]
        other = self.random.choice([rank for rank in (1, 2, 3) if rank != self.rank])
        numbers = [self.random.randint(1, 3) for _ in range(other)]
        pair = [[number, number + self.random.randrange(2)] for number in numbers]
        return [self.random.choice((
            f"{{conv: 8, kernel: {numbers}}}", f"{{conv: 8, kernel: 3, padding: {pair}}}",
            f"{{conv: 8, kernel: 3, padding: {numbers}}}", f"{{conv_transpose: 8, stride: {numbers}}}",
            f"{{conv: 8, kernel: 3, padding: {'half' if self.rank == 1 else 'causal'}}}", f"{{upsample: {numbers}}}",
            f"{{max_pool: {numbers}, rounding: floor}}", f"{{adaptive_avg_pool: {numbers}}}", f"{{pad: {pair}}}",
            "{conv_transpose: 8, padding: causal}", f"{{conv: 8, kernel: 3, padding: half, dilation: {numbers}}}",
        ))]  # fmt: skip

    def CNN108(self) -> list[str]:
        more = self.options(
            ("stride", 0.6, self.axes(1, 3)), ("dilation", 0.3, self.axes(1, 3)), ("padding", 0.3, self.axes(0, 1))
        )
        return [
            self.blocked(f"{{conv_transpose: 8, kernel: {self.axes(2, 4)}, output_padding: {self.axes(1, 5)}{more}}}")
        ]
