"""Specs to start from, the words of the language, and three ways to spoil a spec."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

SPECS = Path(__file__).parents[2] / "specs"

INLINE = [
    """\
cnncalc: 1
input: 3x16x16
rounding: floor
args: {h: 2, wide: 8}
defaults: {conv: {padding: half, norm: {group_norm: h}, act: relu}, depthwise: {padding: same}}
layers:
- {conv: wide, kernel: 3, stride: 2, name: stem}
- {depthwise: 3, multiplier: 2, dilation: 2}
- {locally_connected: 8, kernel: 3, padding: 1, bias: false, norm: none}
- {conv_transpose: 8, kernel: 4, stride: 2, padding: 1, output_padding: 1, groups: 2}
- {max_pool: 3, stride: 2, padding: 1, dilation: 1}
- {avg_pool: 2, count_include_pad: false, rounding: ceil}
- {upsample: 2, mode: bilinear}
- {pad: [[0, 1], [1, 0]]}
- {crop: 1}
- {pixel_shuffle: 2}
- {conv: 12, act: none, norm: none}
- {channel_shuffle: 3}
- {slice: [2, 8]}
- {local_response_norm: 5}
- {scale: 0.5}
- [batch_norm]
- {adaptive_avg_pool: 4x4}
- {adaptive_max_pool: 2}
- {reshape: 2x12}
- {linear: 10, bias: false, act: softmax}
""".replace("- [batch_norm]\n", "- batch_norm\n- layer_norm\n- instance_norm\n- prelu\n- {dropout: 0.5}\n- identity\n"),
    """\
cnncalc: 1
inputs: {left: 2x8x8, right: 2x8x8}
outputs: [sum, gap]
blocks:
  leg:
    args: {c, k: 3, deep: false}
    layers:
    - {conv: c, kernel: k, padding: half, repeat: 2, name: body}
    - {conv: max(c, cin), when: deep and cin != c}
  meet:
    args: {c}
    inputs: [other]
    layers:
    - concat: [prev, other, [{conv: c}]]
      align: crop
      name: joined
    - {add: [in, [{conv: cin, from: joined}]], act: relu6}
layers:
- {use: leg, with: [4], from: left, name: one}
- {use: leg, with: {c: 4}, from: right, name: two, weights: one}
- {use: meet, with: [2*2], from: [one, two]}
- {add: [prev, one.body.0, one.body.*], name: sum, expect: 4x8x8}
- {global_avg_pool, name: gap}
""",
    """\
cnncalc: 1
input: [4, 8*h, 8*h]
args: {h: 1, n: 3}
blocks:
  res:
    args: {d}
    layers:
    - multiply:
      - [{conv: 4, kernel: 3, dilation: d, padding: same, act: tanh}]
      - [{conv: 4, kernel: 3, dilation: d, padding: same_lower, act: sigmoid}]
      name: z
    - {conv: 6, name: skip}
    - {conv: 4, from: z}
    - {add: [in, prev]}
layers:
- {use: res, with: {d: 2**(i % 2)}, repeat: n, name: res}
- {add: res.*.skip, act: relu}
- {use: res, rows: [[1], [2]], when: cin > 100}
- add: [[{conv: 6, kernel: 1x3, padding: 0x1}], []]
  repeat: 2
- global_max_pool
- flatten
- {linear: round(10 * 1.5) if n > 2 else 3}
expect: {params: 1.2M, output: 15, receptive_field: {size: 7, jump: 1}}
budget: {params: 5M, macs: 1.2G}
""",
    """\
cnncalc: 1
input: 1x64
layers:
- {conv: 4, kernel: 2, padding: causal, dilation: 4}
- {conv: 4, kernel: 3, padding: full}
- {max_pool: 2}
- {conv: 4, weights: conv2}
""",
    "{cnncalc: 1, input: 2x4x4x4, layers: [{conv: 4, kernel: 3x1x1, padding: [1, 0, 0]}, {avg_pool: [2, 2, 1]}]}\n",
]

WORDS = """
cnncalc input inputs layers name source rounding args defaults blocks outputs expect budget exact floor ceil
conv depthwise conv_transpose linear max_pool avg_pool adaptive_avg_pool adaptive_max_pool global_avg_pool
global_max_pool batch_norm layer_norm instance_norm group_norm local_response_norm scale act upsample pad crop
pixel_shuffle channel_shuffle slice reshape flatten dropout identity add multiply concat use with rows from when repeat
weights kernel stride padding dilation groups bias norm output_padding multiplier mode align count_include_pad
relu prelu softmax none prev in i row cin valid half same same_lower full causal nearest bilinear crop params macs
output receptive_field activations size jump start whole unknown kernel_size filters strides pad use_bias Conv2d
true false null yes on y n ~ 0 1 2 3 -1 0.5 1.5 7 64 1e3 010 0x3 1:30 .nan 5M 3x3 1x7 3x32x32 100000 1000000000
9223372036854775807 1.0e+99 2**32 9**9**9 1/0 1/3 max(c,8) divisible(c,8) (1 "1+" cin+ not -  stride!=1
locally_connected
res res.*.skip res.0 conv1 conv1.act a.b.c * ** & << &a *a !!int !x {} [] [[]] [[1,2]] { } [ ] , : - # | > ? % @ ` ' "
""".split()  # noqa: SIM905 - a list of these would be a page

STRANGE = ("\u00e9", "\u2028", "\x00", "\r", "\x1b[31m", "\ufeff", "\U0001f600", "\u0663")
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*|[0-9.]+|\s+|.", re.DOTALL)


def corpus() -> list[str]:
    """Return the inline specs and those of the zoo that are quick to analyse."""
    zoo = [path.read_text(encoding="utf-8") for path in sorted(SPECS.glob("*.yaml"))]
    return INLINE + [text for text in zoo if len(text) < 4000]


def spoil_bytes(random: Random, text: str) -> bytes:
    """Return a spec with a few bytes flipped, dropped, doubled or put in."""
    data = bytearray(text.encode())
    for _ in range(random.choice((1, 1, 1, 2, 4, 12))):
        at = random.randrange(len(data) + 1)
        match random.choice((0, 1, 1, 2, 3, 4, 4, 5)):
            case 0:
                data[at : at + 1] = bytes([random.choice((random.randrange(256), random.randrange(32, 127)))])
            case 1:
                del data[at : at + random.randrange(1, 20)]
            case 2:
                data[at:at] = data[max(0, at - random.randrange(1, 60)) : at]
            case 3:
                data[at:at] = random.choice(b"{}[],:-#&*!|>'\"%@`\t\n \\").to_bytes(1, "big")
            case 4:
                data[at:at] = random.choice(WORDS).encode()
            case 5:
                data[at : at + 1] = random.choice(STRANGE).encode()
        data = data or bytearray(b"a")
    return bytes(data)


def spoil_tokens(random: Random, text: str, other: str) -> str:
    """Return a spec with a few tokens or lines replaced, swapped, dropped or moved in from another spec."""
    if random.random() < 0.3:
        lines, others = text.splitlines(keepends=True), other.splitlines(keepends=True)
        for _ in range(random.choice((1, 1, 2, 5))):
            at = random.randrange(len(lines) + 1)
            match random.randrange(4):
                case 0:
                    lines[at : at + 1] = []
                case 1:
                    lines.insert(at, random.choice(others))
                case 2:
                    lines[at : at + 1] = [" " * random.randrange(5) + line.lstrip(" ") for line in lines[at : at + 1]]
                case 3:
                    random.shuffle(lines)
        return "".join(lines)
    tokens = _TOKEN.findall(text)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        at = random.randrange(len(tokens))
        match random.randrange(5):
            case 0:
                tokens[at] = random.choice(WORDS)
            case 1:
                tokens[at] = ""
            case 2:
                there = random.randrange(len(tokens))
                tokens[at], tokens[there] = tokens[there], tokens[at]
            case 3:
                tokens[at] = random.choice(_TOKEN.findall(other))
            case 4:
                numbers = [index for index, token in enumerate(tokens) if token[:1].isdigit()]
                if numbers:
                    tokens[random.choice(numbers)] = random.choice(("0", "1", "2", "3", "5", "8", "-1", "4096", "0.5"))
    return "".join(tokens)
