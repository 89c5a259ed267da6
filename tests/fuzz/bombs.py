"""Small files that ask for too much, by name; run as a program, it feeds one of them to cnncalc and says what came.

The program runs in a process of its own, which may have little memory and little time.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import cnncalc
from cnncalc.errors import CnncalcError

HEAD = "cnncalc: 1\ninput: 1x8x8\n"
DOT = "cnncalc: 1\ninput: 1x1x1\n"
BIG = 2**60
SUM = "+".join(f"i/{k}" for k in range(3, 33))
MEMORY = 1536 * 2**20


def chain(count: int, times: str = "1") -> str:
    """Return blocks each of which uses the next, the last of them a relu."""
    uses = "".join(f"  b{k}: {{layers: [{{use: b{k + 1}, repeat: {times}}}]}}\n" for k in range(count))
    return f"{HEAD}blocks:\n{uses}  b{count}: {{layers: [relu]}}\nlayers:\n- {{use: b0}}\n"


def branches(count: int, depth: int, options: str = "") -> str:
    """Return such blocks with each use inside many branches."""
    use = "{use: b%d}"
    for _ in range(depth):
        use = "{add: [[" + use + "]]" + options + "}"
    blocks = "".join(f"  b{k}: {{layers: [{use % (k + 1)}]}}\n" for k in range(count))
    return f"{HEAD}blocks:\n{blocks}  b{count}: {{layers: [{{relu: , repeat: 100000}}]}}\nlayers:\n- {{use: b0}}\n"


def many(pattern: str, count: int) -> str:
    """Return a pattern written many times with a number in it, in a list."""
    return ", ".join(pattern % k for k in range(count))


# refused while it is read or expanded, or a network like any other: nothing may take long
REFUSED = {
    "brackets": "[" * 100_000,
    "braces": "{a: " * 100_000,
    "dashes": "- " * 100_000,
    "question marks": "? " * 100_000,
    "two mebibytes": HEAD + "name: " + "a" * 2**21,
    "too many values": HEAD + "layers: [" + "[]," * 120_000 + "]",
    "duplicate keys": HEAD + "layers: {" + "a: 1, " * 49_000 + "}",
    "keys without a value": HEAD + "layers: {" + many("a%d", 49_000) + "}",
    "a mapping without an op": HEAD + f"layers: [{{{many('kernal%d: 1', 40_000)}}}]",
    "options nobody knows": HEAD + f"layers: [{{conv: 1, {many('kernal%d: 1', 40_000)}}}]",
    "a number to a large power": HEAD + "layers: [{conv: 1.0e+99}]",
    "an exponent of five digits": HEAD + "layers: [{conv: 1.0e99999}]",
    "towers of powers": HEAD + "layers: [{conv: 9**9**9}]",
    "a long expression": HEAD + "layers: [{conv: " + "1+" * 50_000 + "1}]",
    "many parentheses": HEAD + 'layers: [{conv: "' + "(" * 190 + '"}]',
    "a billion layers": HEAD + "layers: [{conv: 8, repeat: 1000000000}]",
    "a million layers with norm and act": HEAD + "layers: [{conv: 8, norm: batch_norm, act: relu, repeat: 1000000}]",
    "ten to the 120 layers": chain(10, "1000000000000"),
    "a hundred calls": chain(100),
    "blocks in branches in blocks": branches(15, 13),
    "paths of thousands of characters": branches(8, 8, f", repeat: 1, name: {'x' * 70}"),
    "fifty thousand arguments": HEAD + f"args: {{{many('a%d: 1', 49_000)}}}\nlayers: [{{conv: 8, repeat: 100000}}]",
    "a use with many arguments": HEAD
    + f"blocks: {{b: {{args: {{{many('a%d: 1', 200)}}}, layers: [relu]}}}}\nlayers: [{{use: b, repeat: 100000}}]",
    "a use with long arguments": HEAD
    + f"blocks: {{b: {{args: {{{many('a%d: ' + SUM.replace('i', 'cin'), 200)}}}, layers: [relu]}}}}\n"
    + "layers: [{use: b, repeat: 100000}]",
    "long expressions": HEAD + f"layers: [{{conv: 1+ceil({SUM}), kernel: 1+0*ceil({SUM}), repeat: 100000}}]",
    "long conditions": HEAD + f"layers: [{{relu: , when: {SUM} < 0, repeat: 100000}}]",
    "wildcards in every layer": HEAD + "layers: [{conv: 1, repeat: 50000, name: res}, {add: res.*, repeat: 1000}]",
    "wildcards in one layer": HEAD + f"layers: [{{conv: 1, repeat: 50000, name: res}}, {{add: [{'res.*,' * 1000}]}}]",
    "wildcards in the outputs": HEAD
    + f"outputs: [{'res.*,' * 10_000}]\nlayers: [{{conv: 1, repeat: 50000, name: res}}]",
    "operands in every layer": HEAD + f"layers: [{{add: [{'in,' * 90_000}], repeat: 1000}}]",
    "empty branches in every layer": HEAD + f"layers: [{{add: [{'[],' * 90_000}], repeat: 1000}}]",
    "a block of many inputs": HEAD
    + f"blocks: {{b: {{inputs: [{many('a%d', 2000)}], layers: [relu]}}}}\n"
    + f"layers: [{{use: b, repeat: 50000, from: [{'in,' * 2001}]}}]",
    "many similar names": HEAD
    + f"layers: [{many('{relu: , name: ' + 'a' * 70 + '%d}', 9000)}, {{add: {'a' * 60}bbbb}}]",
    "many inputs": f"cnncalc: 1\ninputs: {{{many('a' * 60 + '%d: 1x1x1', 12_000)}}}\nlayers: [relu]",
    "many symbols": f"cnncalc: 1\ninput: [{many('a' * 60 + '%d', 12_000)}]\nlayers: [relu]",
    "many axes": "cnncalc: 1\ninput: " + "1x" * 400_000 + "1\nlayers: [{upsample: 1, mode: bilinear}]",
}
SOUND = {
    "a hundred thousand layers": HEAD + "layers: [{conv: 8, repeat: 100000}]",
    "thirty thousand layers of their own": HEAD + "layers: [{conv: i+1, repeat: 30000}]",
    "fifty thousand operands": HEAD + "layers: [{conv: 1, repeat: 50000, name: res}, {add: res.*}]",
    "ninety thousand operands": HEAD + f"layers: [{{add: [{'in,' * 90_000}]}}]",
    "forty thousand rows": HEAD
    + f"blocks: {{b: {{args: {{c}}, layers: [{{conv: c}}]}}}}\nlayers: [{{use: b, rows: [{'[1],' * 40_000}]}}]",
    "thirty thousand lines": HEAD + "layers:\n" + "- {conv: 1}\n" * 32_000,
    "many names and a repeat": HEAD + "layers:\n" + "- relu\n" * 20_000 + "- {add: [[]], repeat: 20000}\n",
    "many names and a repeat in a repeat": HEAD
    + "layers:\n"
    + "- relu\n" * 20_000
    + "- {add: [[{add: [[]], repeat: 1}]], repeat: 20000}\n",
    "digits and underscores": HEAD + "name: " + "1_" * 300_000 + "z\nlayers: [relu]",
    "digits": HEAD + "name: " + "1" * 900_000 + "z\nlayers: [relu]",
    "a long name": HEAD + "name: " + "a" * 1_000_000 + "\nlayers: [relu]",
    "a long comment": "#" * 1_000_000 + "\n" + HEAD + "layers: [relu]",
    "blank lines": "\n" * 1_000_000 + HEAD + "layers: [relu]",
    "a kernel as long as a long input": "cnncalc: 1\ninput: 1x1000000000\nlayers: [{conv: 1, kernel: 999999999}]",
    "overlapping windows of a long input": "cnncalc: 1\ninput: 1x1000000000\n"
    "layers: [{max_pool: 99999, padding: 40000, dilation: 7, stride: 1}]",
    "signs": HEAD + "layers: [{conv: " + "-" * 190 + "1}]",
    "phases of a transposed convolution": HEAD
    + "layers: [{conv_transpose: 1, kernel: 1000000, stride: 1000000, dilation: 3}]",
    "huge groups": HEAD + "layers: [{depthwise: 1, multiplier: 1000000007}, {conv: 1000000007, groups: 1000000007}]",
}
# sizes without a bound, and loops over options: each of these is a rule of one layer that must say no
OF_LAYERS = {
    "pairs of operands": HEAD + "layers: [{concat: [prev, prev], repeat: 2000}]",
    "wide padding": HEAD + "layers: [{pad: 1000000000000000, repeat: 50000}]",
    "strides upon strides": DOT + f"layers: [{{conv: 1, stride: {BIG}, repeat: 100000}}]",
    "upsampling upon upsampling": HEAD + f"layers: [{{upsample: {BIG}, repeat: 20000}}]",
    "multipliers upon multipliers": HEAD + f"layers: [{{depthwise: 1, multiplier: {BIG}, repeat: 20000}}]",
    "groups of too many digits": HEAD
    + f"layers: [{{depthwise: 1, multiplier: {BIG}, repeat: 2000}}, {{group_norm: 7}}]",
    "operands of too many digits": HEAD
    + f"layers: [{{depthwise: 1, multiplier: {BIG}, repeat: 2000, name: a}}, {{add: [a.0, a]}}]",
    "axes of a reshape": "cnncalc: 1\ninput: 1\nlayers: [{reshape: " + "1x" * 200_000 + "1, repeat: 100000}]",
    "a list of axes": "cnncalc: 1\ninput: 1\nlayers: [{reshape: [" + "1," * 90_000 + "1], repeat: 100000}]",
}


def main(name: str) -> None:
    """Print as JSON what came of a bomb, how long it took and how much memory."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    text = (REFUSED | SOUND | OF_LAYERS)[name]
    started = time.process_time()
    try:
        cnncalc.analyze(cnncalc.loads(text, file="f.yaml"))
        said = ""
    except CnncalcError as error:
        said = str(error)
    taken = time.process_time() - started
    print(json.dumps({"said": said, "units": taken / unit()}))


def unit() -> float:
    """Return the processor's time for three million steps of a loop: what the time of a bomb is measured in.

    The machines that run the tests differ, and are shared: a second is not the same amount of work twice.
    """
    started, total = time.process_time(), 0
    for index in range(3_000_000):
        total += index * index
    return time.process_time() - started


if __name__ == "__main__":
    main(sys.argv[1])
