"""Random specs that advice has something to say about, written in every style that the language allows."""

from random import Random

ACTS = ("relu", "tanh", "none")
CHANNELS = (8, 16, 24, 32, 64, 96, 128)


class Author:
    """Writes one spec: blocks with arguments, rows, repeats, names, branches; in braces and on lines of their own."""

    def __init__(self, seed):
        self.rng = Random(f"advise/{seed}")
        self.rank = self.rng.choice([1, 2, 2, 2, 3])
        self.defaults = self.chance(0.4)
        self.named = 0
        self.known = []  # names that a reference may give, at the top
        self.counts = {}

    def chance(self, share):
        return self.rng.random() < share

    def conv(self, argument, *, inside=False, stride=True):
        """Return the options of a convolution that keeps the size, or halves it."""
        rng = self.rng
        kernel = rng.choice([1, 3, 3, 3, 5, 5, 7])
        options = {"conv": argument}
        if kernel > 1:
            options["kernel"] = kernel
        if kernel > 1 and self.rank > 1 and self.chance(0.1):
            options["kernel"] = "x".join(str(rng.choice([1, kernel])) for _ in range(self.rank))
        dilation = 2 if self.chance(0.1) else 1
        if dilation > 1:
            options["dilation"] = dilation
        if not self.defaults or self.chance(0.2):
            number = kernel // 2 * dilation if isinstance(options.get("kernel", 1), int) else "half"
            options["padding"] = rng.choice(["half", number, "same"])
        if stride and self.chance(0.15):
            options["stride"] = 2
        if inside and stride and self.chance(0.3):
            options["stride"] = "s"
        if self.chance(0.3):
            options["act"] = rng.choice(ACTS)
        if self.chance(0.2):
            options["norm"] = rng.choice(["batch_norm", "{group_norm: 2}", "none"])
        if self.chance(0.1):
            options["bias"] = rng.choice(["true", "false"])
        if self.chance(0.1):
            options["groups"] = rng.choice([1, 2])
        return options

    def line(self, options, indent, *, flow=False):
        """Return a line of a list: in braces, or each option on its own line; now and then with a comment."""
        first, *rest = options.items()
        if self.chance(0.2):
            self.rng.shuffle(rest)
        parts = [f"{key}: {value}" for key, value in (first, *rest)]
        if flow:
            return f"{{{', '.join(parts)}}}"
        comment = "  # as it was" if self.chance(0.1) else ""
        if self.chance(0.25):
            gap = " " * self.rng.choice([1, 1, 3])
            return f"{indent}-{gap}{f'{chr(10)}{indent} {gap}'.join(parts)}{comment}\n"
        return f"{indent}- {{{', '.join(parts)}}}{comment}\n"

    def branches(self, argument, indent, *, inside):
        """Return a concat of branches, in brackets or as lists of lists."""
        made = []
        for _ in range(self.rng.choice([1, 2, 3])):
            made.append([self.conv(argument(), inside=inside, stride=False) for _ in range(self.rng.choice([1, 2]))])
        if self.chance(0.6):
            rows = [f"[{', '.join(self.line(one, '', flow=True) for one in row)}]" for row in made]
            return f"{indent}- concat:\n" + "".join(f"{indent}  - {row}\n" for row in rows)
        text = f"{indent}- concat:\n"
        for row in made:
            lines = [f"{{{', '.join(f'{key}: {value}' for key, value in one.items())}}}" for one in row]
            text += f"{indent}  - - {lines[0]}\n" + "".join(f"{indent}    - {line}\n" for line in lines[1:])
        return text

    def block(self, name):
        def argument():
            return self.rng.choice(["c", "c", "2*c", "c*w//2", "c//2", 32, "cin"])

        text = f"  {name}:\n    args: {{c, s: 1}}\n    layers:\n"
        for _ in range(self.rng.choice([1, 2, 3])):
            if self.chance(0.3):
                text += self.branches(argument, "    ", inside=True)
                continue
            options = self.conv(argument(), inside=True)
            if self.chance(0.25):
                options["repeat"] = self.rng.choice([2, "n"])
            if self.chance(0.15):
                options["when"] = self.rng.choice(["cin > 8", "c != 16", "true"])
            text += self.line(options, "    ")
        return text

    def top(self):
        text = ""
        for _ in range(self.rng.randint(2, 6)):
            if self.chance(0.35):
                rows = ", ".join(f"[{self.rng.choice(CHANNELS)}]" for _ in range(self.rng.choice([1, 2, 3])))
                options = {"use": self.rng.choice(["one", "two"]), "rows": f"[{rows}]"}
                if self.chance(0.2):
                    options = {"use": options["use"], "with": f"[{self.rng.choice(CHANNELS)}]", "repeat": 2}
                text += self.line(options, "")
                continue
            if self.chance(0.15):
                text += self.branches(lambda: self.rng.choice(CHANNELS), "", inside=False)
                continue
            options = self.conv(self.rng.choice([*CHANNELS, "16*w"]))
            if self.chance(0.15):
                options["repeat"] = self.rng.choice([2, "n"])
            if self.chance(0.2):
                self.named += 1
                options["name"] = f"n{self.named}"
                self.known.append(f"n{self.named}")
            elif self.known and self.chance(0.3):
                options["from"] = self.rng.choice(self.known)
            text += self.line(options, "")
        return text

    def spec(self):
        sizes = {1: "64", 2: "16x20", 3: "6x8x8"}[self.rank]
        text = f"cnncalc: 1\ninput: {self.rng.choice([3, 16])}x{sizes}\nrounding: floor\nargs: {{w: 2, n: 2}}\n"
        if self.defaults:
            text += "defaults: {conv: {padding: half, act: relu, norm: batch_norm}}\n"
        text += f"blocks:\n{self.block('one')}{self.block('two')}"
        text += f"# the network\nlayers:\n- {{conv: {self.rng.choice(CHANNELS)}}}\n{self.top()}"
        if self.chance(0.4):
            text += self.rng.choice(["- flatten\n- dropout\n", "- dropout\n", ""])
            text += "- {linear: 100, act: relu}\n- {linear: 10}\n"
        if self.chance(0.2):
            text += f"- {{add: [prev, {self.rng.choice(['conv1', 'prev'])}]}}\n" if "linear" not in text else ""
        return text
