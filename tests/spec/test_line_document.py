"""Lines and documents as their authors write them: what is taken, and what is refused with place, numbers and help."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.spec.refusal import suggestion
from tests.spec.saying import graph, of_layers, paths, said

ACTS = "relu, relu6, leaky_relu, prelu, elu, sigmoid, tanh, silu, hardswish, hardsigmoid, gelu, softmax"


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        # options that there are not
        ("{conv: 8, kernal: 3}",
         "InvalidField 4:13: layers.0: conv: 'kernal' is not an option of conv | did you mean kernel?"),
        ("{conv: 8, kernel_size: 3}",
         "InvalidField 4:13: layers.0: conv: 'kernel_size' is not an option of conv | did you mean kernel?"),
        ("{conv: 8, strides: 2}",
         "InvalidField 4:13: layers.0: conv: 'strides' is not an option of conv | did you mean stride?"),
        ("{conv: 8, pad: 1}",
         "InvalidField 4:13: layers.0: a layer must have one op, not 2 (conv, pad) | did you mean padding?"),
        ("{conv: 8, use_bias: true}",
         "InvalidField 4:13: layers.0: conv: 'use_bias' is not an option of conv | did you mean bias?"),
        ("{conv: 8, activation: relu}",
         "InvalidField 4:13: layers.0: conv: 'activation' is not an option of conv | did you mean act?"),
        ("{conv: 8, filters: 16}", "InvalidField 4:13: layers.0: conv: 'filters' is not an option of conv | "
         "out_channels is the value of conv itself: {conv: ...}"),
        ("{conv: 8, out_channels: 16}",
         "InvalidField 4:13: layers.0: conv: 'out_channels' is the value of conv itself | {conv: 16}"),
        ("{depthwise: 3, kernel: [3, 3]}",
         "InvalidField 4:18: layers.0: depthwise: 'kernel' is the value of depthwise itself | {depthwise: ...}"),
        ("{locally_connected: 8, groups: 2}",
         "InvalidField 4:26: layers.0: locally_connected: 'groups' is not an option of locally_connected | "
         "it has kernel, stride, padding, rounding, dilation, bias, norm, act, name, from, when, repeat, expect, "
         "weights"),
        ("{locally_connected: 8, flip: true}",
         "InvalidField 4:26: layers.0: locally_connected: 'flip' is not an option of locally_connected | "
         "it has kernel, stride, padding, rounding, dilation, bias, norm, act, name, from, when, repeat, expect, "
         "weights"),
        ("{linear: 8, units: 16}", "InvalidField 4:15: layers.0: linear: 'units' is not an option of linear | "
         "out_features is the value of linear itself: {linear: ...}"),
        ("{linear: 8, norm: batch_norm}", "InvalidField 4:15: layers.0: linear: 'norm' is not an option of linear | "
         "it has bias, act, name, from, when, repeat, expect, weights"),
        ("{flatten: , start: 1}", "InvalidField 4:15: layers.0: flatten: 'start' is not an option of flatten | "
         "it has name, from, when, repeat, expect, weights"),
        # ops that there are not, none, or two
        ("rellu", "InvalidField 4:3: layers.0: 'rellu' is not a layer | did you mean relu?"),
        ("Conv2d", "InvalidField 4:3: layers.0: 'Conv2d' is not a layer | did you mean conv?"),
        ("{LocallyConnected2D: 8}", "InvalidField 4:3: layers.0: a layer must have an op, as in {conv: 64} "
         "(it has LocallyConnected2D) | did you mean locally_connected?"),
        ("{Conv2d: 8}", "InvalidField 4:3: layers.0: a layer must have an op, as in {conv: 64} (it has Conv2d) | "
         "did you mean conv?"),
        ("{dense: 8}",
         "InvalidField 4:3: layers.0: a layer must have an op, as in {conv: 64} (it has dense) | did you mean linear?"),
        ("{MaxPool: 2}", "InvalidField 4:3: layers.0: a layer must have an op, as in {conv: 64} (it has MaxPool) | "
         "did you mean max_pool?"),
        ("{kernel: 3, stride: 2}",
         "InvalidField 4:3: layers.0: a layer must have an op, as in {conv: 64} (it has kernel, stride)"),
        ("{}", "InvalidField 4:3: layers.0: a layer must have an op, as in {conv: 64}"),
        ("{conv: 8, max_pool: 2}", "InvalidField 4:13: layers.0: a layer must have one op, not 2 (conv, max_pool) | "
         "each layer is an item of the list"),
        ("{conv: 8, relu: }", "InvalidField 4:13: layers.0: a layer must have one op, not 2 (conv, relu) | act: relu"),
        ("{conv: 8, batch_norm: }",
         "InvalidField 4:13: layers.0: a layer must have one op, not 2 (conv, batch_norm) | norm: batch_norm"),
        ("3", "InvalidField 4:3: layers.0: a layer must be a word or a mapping such as {conv: 64}, not 3"),
        ("[relu]", "InvalidField 4:3: layers.0: a layer must be a word or a mapping such as {conv: 64}, not a list"),
        # missing values
        ("conv", "InvalidField 4:3: layers.0: conv must have a value | {conv: ...}"),
        ("{conv: }", "InvalidField 4:4: layers.0: conv: out_channels must be a whole number, not nothing"),
        ("{max_pool: , stride: 2}", "InvalidField 4:4: layers.0: max_pool: kernel must be a whole number, not nothing"),
        ("use", "InvalidField 4:3: layers.0: use must have a value | {use: ...}"),
        ("{add: }", "InvalidField 4:4: layers.0: add: add must have a list of names and branches, not nothing"),
        ("{add: []}", "InvalidField 4:9: layers.0: add: add must have a list of names and branches, not an empty list"),
        ("{flatten: 1}", "InvalidField 4:13: layers.0: flatten: flatten must stand alone, not with 1"),
        ("{relu: 6}", "InvalidField 4:10: layers.0: relu: relu must stand alone, not with 6"),
        # the two traps
        ("{conv: max(cin, 8)}", "BadExpression 4:10: 'max(cin' is cut at a comma: an expression with a comma inside "
         'braces must be quoted | put it in quotes: "max(cin, 8)"'),
        ("{conv: 8, kernel:3}", "YamlSyntax 4:13: 'kernel:3' must have a space after the colon | kernel: 3"),
        ("conv:8", "InvalidField 4:3: layers.0: 'conv:8' must have a space after the colon | conv: 8"),
        # values of the wrong kind
        ("{conv: true}", "InvalidField 4:10: layers.0: conv: out_channels must be a whole number, not true"),
        ("{conv: [8]}", "InvalidField 4:10: layers.0: conv: out_channels must be a whole number, not a list"),
        ("{conv: 0}", "InvalidField 4:10: layers.0: conv: out_channels must be at least 1 (0)"),
        ("{conv: 8, kernel: {h: 3}}",
         "InvalidField 4:21: layers.0: conv: kernel must be a whole number, not a mapping"),
        ("{conv: 8, kernel: []}",
         "InvalidField 4:21: layers.0: conv: kernel must have 1 to 16 numbers (0)"),
        ("{conv: 8, kernel: [3, 0]}", "InvalidField 4:21: layers.0: conv: kernel must be at least 1 (0)"),
        ("{conv: 8, padding: [[1], 2]}", "InvalidField 4:22: layers.0: conv: padding must be a number an axis or a "
         "[before, after] pair an axis, not a mixture"),
        ("{conv: 8, padding: SAME}",
         "InvalidField 4:22: layers.0: conv: padding must be same, in small letters ('SAME')"),
        ("{conv: 8, bias: 1}", "InvalidField 4:19: layers.0: conv: bias must be true or false, not 1"),
        ("{conv: 8, rounding: up}",
         "InvalidField 4:23: layers.0: conv: rounding must be one of exact, floor, ceil, not 'up'"),
        ("{upsample: 2, mode: linear}", "InvalidField 4:23: layers.0: upsample: mode must be one of nearest, bilinear, "
         "not 'linear'; did you mean bilinear?"),
        ("{conv: 8, act: rleu}",
         f"InvalidField 4:18: layers.0: conv: act must be one of {ACTS} or none, not 'rleu' | did you mean relu?"),
        ("{conv: 8, norm: bn}", "InvalidField 4:19: layers.0: conv: norm must be one of batch_norm, layer_norm, "
         "instance_norm, group_norm, local_response_norm or none, not 'bn' | did you mean batch_norm?"),
        ("{conv: 8, norm: {group_norm: 0}}", "InvalidField 4:32: layers.0: group_norm: groups must be at least 1 (0)"),
        ("{slice: 3}", "InvalidField 4:11: layers.0: slice: channels must be [start, stop]"),
        ("{scale: half}", "UnknownName 4:11: layers.0: scale: initial: 'half' has no value here"),
        # expressions, with the caret at the part at fault
        ("{conv: 2 * zin}",
         "UnknownName 4:14: layers.0: conv: out_channels: 'zin' has no value here | did you mean cin?"),
        ("{conv: 8, kernel: [3, 1 + zin]}",
         "UnknownName 4:29: layers.0: conv: kernel: 'zin' has no value here | did you mean cin?"),
        ("{conv: ' 8 + 1/0'}", "BadExpression 4:16: layers.0: conv: out_channels: a division by zero has no value"),
        ("{conv: 2 *}", "BadExpression 4:10: layers.0: conv: out_channels: '2 *' is not an expression"),
        ("{conv: i}", "UnknownName 4:10: layers.0: conv: out_channels: 'i' has no value here"),
        # common options
        ("{conv: 8, name: 1st}",
         "InvalidField 4:19: layers.0: conv: name must be a name of letters, digits and _, not '1st'"),
        ("{conv: 8, name: a.b}",
         "InvalidField 4:19: layers.0: conv: name must be a name of letters, digits and _, not 'a.b'"),
        ("{conv: 8, name: in}",
         "InvalidField 4:19: layers.0: conv: name must not be 'in', which has a meaning of its own"),
        ("{conv: 8, repeat: -1}", "InvalidField 4:21: layers.0: conv: repeat must be at least 0 (-1)"),
        ("{conv: 8, repeat: 1.5}", "InvalidField 4:21: layers.0: conv: repeat must be a whole number (1.5); round(), "
         "floor() or divisible() make one"),
        ("{conv: 8, when: 1}", "InvalidField 4:19: layers.0: conv: when must be true or false, not 1"),
        ("{conv: 8, from: []}", "InvalidField 4:19: layers.0: conv: from must name at least one layer"),
        ("{conv: 8, from: 3}", "InvalidField 4:19: layers.0: conv: from must name a layer above, as in conv1, "
         "stage.0.conv1 or res.*.skip, not 3"),
        ("{conv: 8, expect: 8xHxW}",
         "BadExpression 4:21: layers.0: conv: expect: '8xHxW' is neither a number nor a name"),
        ("{conv: 8, weights: [a]}", "InvalidField 4:22: layers.0: conv: weights must name a layer above, as in conv1, "
         "stage.0.conv1 or res.*.skip, not a list"),
        # operands
        ("{add: [in, {conv: 8}]}", "InvalidField 4:14: layers.0: add: an operand must be a name or a list of layers, "
         "not a mapping | a branch of one layer is a list too: [{conv: 64}]"),
        ("{add: [in, 3]}", "InvalidField 4:14: layers.0: add: an operand must be a name or a list of layers, not 3"),
        ("{add: [in, a b]}",
         "InvalidField 4:14: layers.0: add: add must name a layer above, as in conv1, stage.0.conv1 "
         "or res.*.skip, not 'a b'"),
        ("{add: [in, [rellu]]}", "InvalidField 4:15: layers.0.add.1.0: 'rellu' is not a layer | did you mean relu?"),
        # uses
        ("{use: stage}", "InvalidField 4:9: layers.0: use: use must name a block of this file, not 'stage' | "
         "the file has no blocks"),
        ("{use: 3}",
         "InvalidField 4:9: layers.0: use: use must name a block of this file, not 3 | the file has no blocks"),
    ],
)  # fmt: skip
def test_a_line_is_refused_in_these_words(layer: str, expected: str) -> None:
    assert said(of_layers(layer)) == expected


@pytest.mark.parametrize(
    ("word", "here"),
    [("kernel_size",
     "kernel"), ("STRIDES", "stride"), ("Conv2d", "conv"), ("BatchNorm", "batch_norm"), ("swish", "silu"),
     ("kernl", "kernel"), ("FLOOR", "floor"), ("zzz", "")],
)  # fmt: skip
def test_the_word_meant_is_found(word: str, here: str) -> None:
    known = ["kernel", "stride", "conv", "batch_norm", "silu", "floor"]
    assert suggestion(word, known) == (f"did you mean {here}?" if here else "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("input: 3x8x8\nlayers: [relu]", "InvalidField 1:1: cnncalc must be given | cnncalc: 1"),
        ("cnncalc: 2\ninput: 3x8x8\nlayers: [relu]",
         "InvalidField 1:10: cnncalc must be 1, the version of the language (2)"),
        ("cnncalc: '1'\ninput: 3x8x8\nlayers: [relu]",
         "InvalidField 1:11: cnncalc must be 1, the version of the language ('1')"),
        ("cnncalc: true\ninput: 3x8x8\nlayers: [relu]",
         "InvalidField 1:10: cnncalc must be 1, the version of the language (true)"),
        ("cnncalc: 1\nlayers: [relu]", "InvalidField 1:1: a spec must have either input or inputs | input: 3x224x224"),
        ("cnncalc: 1\ninput: 3x8x8\ninputs: {a: 3x8x8}\nlayers: [relu]",
         "InvalidField 1:1: a spec must have either input or inputs | input: 3x224x224"),
        ("cnncalc: 1\ninput: 3x8x8", "InvalidField 1:1: layers must be given"),
        ("cnncalc: 1\ninput: 3x8x8\nlayers: []",
         "InvalidField 3:1: layers: layers must be a list of layers, not an empty list"),
        ("cnncalc: 1\ninput: 3x8x8\nlayers: relu",
         "InvalidField 3:1: layers: layers must be a list of layers, not 'relu'"),
        ("cnncalc: 1\ninput: 3x8x8\nlayers:", "InvalidField 3:1: layers: layers must be a list of layers, not nothing"),
        ("cnncalc: 1\ninput: 3x8x8\nlayer: [relu]",
         "InvalidField 3:1: 'layer' is not an option here | did you mean layers?"),
        ("cnncalc: 1\ninput: 3x8x8\nname: [a]\nlayers: [relu]", "InvalidField 3:7: name must be text, not a list"),
        ("cnncalc: 1\ninput: 3x8x8\nrounding: round\nlayers: [relu]",
         "InvalidField 3:11: rounding must be one of exact, floor, ceil, not 'round'"),
        # inputs
        ("cnncalc: 1\ninput: 3 x 8 x 8\nlayers: [relu]",
         "InvalidField 2:8: input must be written 3x8x8, not '3 x 8 x 8'"),
        ("cnncalc: 1\ninput: 3X8X8\nlayers: [relu]", "InvalidField 2:8: input must be written 3x8x8, not '3X8X8'"),
        ("cnncalc: 1\ninput: 3, 8, 8\nlayers: [relu]", "InvalidField 2:8: input must be written 3x8x8, not '3, 8, 8'"),
        ("cnncalc: 1\ninput: 3x0x8\nlayers: [relu]", "InvalidField 2:8: input must be at least 1 (0)"),
        ("cnncalc: 1\ninput: []\nlayers: [relu]",
         "InvalidField 2:8: input must have channels, and sizes if it is an image"),
        ("cnncalc: 1\ninput: [3, -8, 8]\nlayers: [relu]", "InvalidField 2:12: input: input must be at least 1 (-8)"),
        ("cnncalc: 1\ninput: 1x1x1x1x1x1x1x1x1\nlayers: [relu]",
         "InvalidField 2:8: input: input must have at most 8 sizes (9)"),
        ("cnncalc: 1\ninput: [3, 8*h, w]\nlayers: [relu]",
         "UnknownName 2:8: input: the input has symbols without a value (h, w) | --set h=... --set w=...; "
         "or formulas, with `cnncalc shapes --symbolic`"),
        ("cnncalc: 1\ninputs: [3x8x8]\nlayers: [relu]",
         "InvalidField 2:9: inputs: inputs must be a mapping of names and shapes, not a list"),
        ("cnncalc: 1\ninputs: {}\nlayers: [relu]",
         "InvalidField 2:9: inputs: inputs must be a mapping of names and shapes, not a mapping"),
        ("cnncalc: 1\ninputs: {in: 3x8x8}\nlayers: [relu]",
         "InvalidField 2:14: inputs: a name must not be 'in', which has a meaning of its own"),
        # args
        ("cnncalc: 1\ninput: 3x8x8\nargs: [a]\nlayers: [relu]",
         "InvalidField 3:7: args must be a mapping of names, not a list"),
        ("cnncalc: 1\ninput: 3x8x8\nargs: {a-b: 1}\nlayers: [relu]",
         "InvalidField 3:8: args: an argument must be a name of letters, digits and _, not 'a-b'"),
        ("cnncalc: 1\ninput: 3x8x8\nargs: {cin: 1}\nlayers: [relu]",
         "InvalidField 3:8: args: an argument must not be 'cin', which has a meaning of its own"),
        ("cnncalc: 1\ninput: 3x8x8\nargs: {a: [1]}\nlayers: [relu]",
         "InvalidField 3:11: args: a must be a number, not a list"),
        ("cnncalc: 1\ninput: 3x8x8\nargs: {a: 1, b: 2*a}\nlayers: [relu]",
         "InvalidField 3:17: args: b must be a number, not '2*a'"),
        ("cnncalc: 1\ninput: 3x8x8\nargs: {a: }\nlayers: [relu]",
         "InvalidField 3:8: args: a must have a value | --set a=..."),
        # defaults
        ("cnncalc: 1\ninput: 3x8x8\ndefaults: {conv2d: {}}\nlayers: [relu]",
         "InvalidField 3:12: defaults: 'conv2d' is not an op with options | did you mean conv?"),
        ("cnncalc: 1\ninput: 3x8x8\ndefaults: {conv: {kernal: 3}}\nlayers: [relu]",
         "InvalidField 3:19: defaults: conv: 'kernal' is not an option that has a default | did you mean kernel?"),
        ("cnncalc: 1\ninput: 3x8x8\ndefaults: {conv: {out_channels: 3}}\nlayers: [relu]",
         "InvalidField 3:19: defaults: conv: 'out_channels' is not an option that has a default | "
         "it is the value of conv itself"),
        ("cnncalc: 1\ninput: 3x8x8\ndefaults: {conv: {stride: 0}}\nlayers: [relu]",
         "InvalidField 3:27: defaults: stride must be at least 1 (0)"),
        ("cnncalc: 1\ninput: 3x8x8\ndefaults: {conv: {kernel: 2*k}}\nlayers: [relu]",
         "UnknownName 3:29: defaults: kernel: 'k' has no value here"),
        ("cnncalc: 1\ninput: 3x8x8\ndefaults: {conv: {act: rleu}}\nlayers: [relu]",
         f"InvalidField 3:24: defaults: conv: act must be one of {ACTS} or none, not 'rleu' | did you mean relu?"),
        ("cnncalc: 1\ninput: 3x8x8\ndefaults: {conv: {norm: {group_norm: g}}}\nlayers: [relu]",
         "UnknownName 3:38: defaults: group_norm: groups: 'g' has no value here"),
        ("cnncalc: 1\ninput: 3x8x8\ndefaults: [conv]\nlayers: [relu]",
         "InvalidField 3:11: defaults: defaults must be a mapping, not a list"),
        # blocks
        ("cnncalc: 1\ninput: 3x8x8\nblocks: {a: [relu]}\nlayers: [relu]",
         "InvalidField 3:13: blocks.a: a block must be a mapping with layers, not a list"),
        ("cnncalc: 1\ninput: 3x8x8\nblocks: {a: {args: {c}}}\nlayers: [relu]",
         "InvalidField 3:13: blocks.a: layers must be given"),
        ("cnncalc: 1\ninput: 3x8x8\nblocks: {1a: {layers: [relu]}}\nlayers: [relu]",
         "InvalidField 3:10: blocks: name must be a name of letters, digits and _, not '1a'"),
        ("cnncalc: 1\ninput: 3x8x8\nblocks: {a: {layer: [relu]}}\nlayers: [relu]",
         "InvalidField 3:14: blocks.a: 'layer' is not an option here | did you mean layers?"),
        ("cnncalc: 1\ninput: 3x8x8\nblocks: {a: {args: {i: 1}, layers: [relu]}}\nlayers: [relu]",
         "InvalidField 3:21: blocks.a.args: an argument must not be 'i', which has a meaning of its own"),
        ("cnncalc: 1\ninput: 3x8x8\nblocks: {a: {args: {c: 1, d: 2*e}, layers: [relu]}}\nlayers: [relu]",
         "UnknownName 3:32: blocks.a.args: d: 'e' has no value here"),
        ("cnncalc: 1\ninput: 3x8x8\nblocks: {a: {args: {c: []}, layers: [relu]}}\nlayers: [relu]",
         "InvalidField 3:24: blocks.a.args: c must be a number, not a list"),
        ("cnncalc: 1\ninput: 3x8x8\nblocks: {a: {inputs: [b, b], layers: [relu]}}\nlayers: [relu]",
         "InvalidField 3:22: blocks.a: inputs must be a list of names, each once, not a list"),
        ("cnncalc: 1\ninput: 3x8x8\nblocks: {a: {layers: [{conv: c}]}}\nlayers: [relu]",
         "UnknownName 3:30: blocks.a.layers.0: conv: out_channels: 'c' has no value here"),
        # claims
        ("cnncalc: 1\ninput: 3x8x8\nlayers: [relu]\nexpect: {parms: 5}",
         "InvalidField 4:10: expect: 'parms' is not an option here | did you mean params?"),
        ("cnncalc: 1\ninput: 3x8x8\nlayers: [relu]\nexpect: {params: 5X}",
         "InvalidField 4:18: expect: params must be a number such as 61706, 5M or 1.2G, not '5X'"),
        ("cnncalc: 1\ninput: 3x8x8\nlayers: [relu]\nbudget: {macs: -1}",
         "InvalidField 4:16: budget: macs must be at least 0 (-1)"),
        ("cnncalc: 1\ninput: 3x8x8\nlayers: [relu]\nbudget: 5M",
         "InvalidField 4:9: budget: budget must be a mapping, not '5M'"),
        ("cnncalc: 1\ninput: 3x8x8\nlayers: [relu]\nexpect: {receptive_field: big}",
         "InvalidField 4:27: expect: receptive_field "
         "must be a size, a mapping of size, jump and start, whole or unknown, not 'big'"),
        # outputs
        ("cnncalc: 1\ninput: 3x8x8\nlayers: [relu]\noutputs: [relu1, zz]",
         "UnknownName 4:18: outputs: 'zz' must be given above this line"),
        ("cnncalc: 1\ninput: 3x8x8\nlayers: [relu]\noutputs: []",
         "InvalidField 4:10: outputs must name at least one layer"),
    ],
)  # fmt: skip
def test_a_document_is_refused_in_these_words(text: str, expected: str) -> None:
    assert said(text) == expected


def test_defaults_fill_what_a_layer_leaves_out() -> None:
    found = graph(
        "{conv: 8}", "{conv: 8, kernel: 1, act: none, norm: none}",
        head="cnncalc: 1\ninput: 3x8x8\ndefaults: {conv: {kernel: 3, padding: half, norm: batch_norm, act: relu}}\n",
    )  # fmt: skip
    assert paths(found) == ["conv1", "conv1.norm", "conv1.act", "conv2"]
    assert [getattr(node.layer, "kernel", None) for node in found.nodes] == [3, None, None, 1]
    assert [node.layer.padding for node in found.nodes if node.op == "conv"] == ["half", "half"]


@pytest.mark.parametrize(
    ("layer", "bias"),
    [
        ("{conv: 8}", True), ("{conv: 8, norm: batch_norm}", False), ("{conv: 8, norm: none}", True),
        ("{conv: 8, norm: {group_norm: 2}}", False), ("{conv: 8, norm: batch_norm, bias: true}", True),
        ("{depthwise: 3, norm: instance_norm}", False), ("{conv: 8, bias: false}", False), ("{linear: 8}", True),
    ],
)  # fmt: skip
def test_a_norm_drops_the_bias_unless_the_bias_is_asked_for(layer: str, bias: bool) -> None:
    assert graph(layer).nodes[0].layer.bias is bias


def test_a_default_bias_stays_beside_a_norm() -> None:
    head = "cnncalc: 1\ninput: 3x8x8\ndefaults: {conv: {bias: true}}\n"
    assert graph("{conv: 8, norm: batch_norm}", head=head).nodes[0].layer.bias is True


def test_arithmetic_in_defaults_is_that_of_the_file_not_of_a_block_that_has_the_same_names() -> None:
    head = (
        "cnncalc: 1\ninput: 4x8x8\nargs: {k: 3, g: 2}\n"
        "defaults: {conv: {kernel: [k, 2*k - 5], norm: {group_norm: 2*g}}}\n"
        "blocks: {b: {args: {k, g}, layers: [{conv: 8}]}}\n"
    )
    conv, norm = graph("{use: b, with: [7, 1]}", head=head).nodes
    assert conv.layer.kernel == (3, 1)
    assert norm.layer.groups == 4


def test_an_act_is_a_node_of_its_own_and_its_error_is_at_its_own_option() -> None:
    assert [(node.path, node.op) for node in graph("{linear: 4, act: relu}").nodes] == [
        ("linear1", "linear"),
        ("linear1.act", "relu"),
    ]
    assert said(of_layers("{conv: 12, norm: {group_norm: 8}}")) == (
        "DoesNotCompute 4:33: conv1.norm: group_norm: groups (8) must divide channels (12) | 4 and 6 would"
    )


@pytest.mark.parametrize(
    ("layer", "op"),
    [("relu",
     "relu"), ("{relu: }", "relu"), ("{act: relu}", "relu"), ("{global_avg_pool: , name: gap}", "global_avg_pool"),
     ("{global_avg_pool, name: gap}", "global_avg_pool"), ("{dropout: 0.5}", "dropout"), ("dropout", "dropout")],
)  # fmt: skip
def test_a_word_is_a_layer_alone_or_as_a_key(layer: str, op: str) -> None:
    assert [node.op for node in graph(layer).nodes] == [op]


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        ("{conv: 8, groups: 2}",
         "DoesNotCompute 4:21: conv1: conv: groups (2) must divide in_channels (3) | 1 would"),
        ("{pixel_shuffle: 2}",
         "DoesNotCompute 4:19: pixel_shuffle1: pixel_shuffle: the channels (3) must be a multiple of 2x2 (4)"),
        ("{max_pool: 9}",
         "DoesNotCompute 4:14: max_pool1: max_pool: height: the window must not exceed the padded input "
         "(a kernel of 9 over 8)"),
        ("{locally_connected: 8, kernel: 3, stride: 2}",
         "DoesNotCompute 4:45: locally_connected1: locally_connected: height: (W - F + 2P)/S + 1 = "
         "(8 - 3 + 2*0)/2 + 1 = 3.50 must be a whole number | "
         "rounding: floor drops what is left over, as PyTorch does"),
        ("{locally_connected: 8, kernel: 3x3x3}",
         "DoesNotCompute 4:34: locally_connected1: locally_connected: kernel must have a number for each spatial axis "
         "of the input (3x3x3 has 3, the input has 2)"),
    ],
)  # fmt: skip
def test_what_a_layer_refuses_is_told_at_the_option_it_is_about(layer: str, expected: str) -> None:
    assert said(of_layers(layer)) == expected


def test_kernels_that_are_not_shared_fit_inputs_of_one_size() -> None:
    layers = "{locally_connected: 3, name: a}", "{max_pool: 2}", "{locally_connected: 3, weights: a}"
    assert said(of_layers(*layers)) == (
        "DoesNotCompute 6:35: locally_connected1: locally_connected: shared weights must have one shape "
        "(weight is 4x4x3x3x1x1 here, 8x8x3x3x1x1 at a)"
    )


def test_a_flat_vector_has_no_positions_to_connect_locally() -> None:
    assert said(of_layers("{linear: 12}", "{locally_connected: 3}")) == (
        "DoesNotCompute 5:3: locally_connected1: locally_connected: the input must have spatial axes "
        "(it is a flat vector of 12)"
    )


def test_rounding_at_the_top_is_that_of_every_layer_that_has_none() -> None:
    found = graph("{max_pool: 3}", "{max_pool: 3, rounding: ceil}", head="cnncalc: 1\ninput: 3x8x8\nrounding: floor\n")
    assert [node.layer.rounding for node in found.nodes] == ["floor", "ceil"]


def test_claims_are_worked_out_with_the_arguments_of_the_file() -> None:
    head = "cnncalc: 1\ninput: 3x8x8\nargs: {c: 4}\n"
    tail = "expect: {params: 3*c, macs: 1.5k, output: [2*c, 8, 8], receptive_field: {size: 3}}\nbudget: {params: 2M}\n"
    text = of_layers("relu", head=head) + tail
    assert {name: claim.value for name, claim in cnncalc.loads(text).expect.items()} == {
        "params": 12,
        "macs": 1500,
        "output": (8, 8, 8),
        "receptive_field": {"size": 3},
    }
    found = cnncalc.loads(text, args={"c": 5})  # only what is said with the argument is still said
    assert {name: claim.value for name, claim in found.expect.items()} == {"params": 15, "output": (10, 8, 8)}
    assert {name: claim.value for name, claim in found.budget.items()} == {"params": 2_000_000}
