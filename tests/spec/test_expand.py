"""From a document to a graph: names, repeats, rows, references, blocks, shared weights, and the limits."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.errors import UsageError
from tests.spec.saying import graph, of_layers, paths, said, shapes

HEAD = "cnncalc: 1\ninput: 4x8x8\n"


def blocks(*lines: str, head: str = HEAD) -> str:
    """Return the top of a spec with blocks, one a line, from line 4 on."""
    return head + "blocks:\n" + "".join(f"  {line}\n" for line in lines)


def inputs_of(found: cnncalc.graph.Graph, path: str) -> tuple[str, ...]:
    """Return what the node at a path reads."""
    return next(node.inputs for node in found.nodes if node.path == path)


def weights(found: cnncalc.graph.Graph) -> dict[str, str]:
    """Return whose tensors each node uses that does not use its own."""
    return {node.path: node.weights for node in found.nodes if node.weights != node.path}


# names


def test_a_layer_without_a_name_is_its_op_and_a_number() -> None:
    assert paths(graph("{conv: 8}", "relu", "{conv: 8}", "relu")) == ["conv1", "relu1", "conv2", "relu2"]


def test_a_name_given_in_the_file_is_not_taken_by_a_layer_without_one() -> None:
    assert paths(graph("{conv: 8}", "{conv: 8, name: conv1}")) == ["conv2", "conv1"]


def test_names_of_branches_are_counted_together_with_those_around_them() -> None:
    assert paths(graph("{conv: 4}", "{add: [[{conv: 4}], []]}", "{conv: 4}")) == ["conv1", "conv2", "add1", "conv3"]


def test_a_norm_and_an_act_are_called_after_their_layer() -> None:
    assert paths(graph("{conv: 8, norm: batch_norm, act: relu, name: stem}")) == ["stem", "stem.norm", "stem.act"]


def test_a_block_used_once_has_its_name_and_used_twice_a_number_too() -> None:
    head = blocks("b: {layers: [relu]}")
    assert paths(graph("{use: b}", head=head)) == ["b.relu1"]
    assert paths(graph("{use: b}", "{use: b}", head=head)) == ["b1.relu1", "b2.relu1"]


def test_nested_names_read_as_module_paths_do() -> None:
    head = blocks(
        "basic: {args: {c}, layers: [{conv: c, name: conv1, act: relu}]}",
        "stage: {args: {c, n}, layers: [{use: basic, with: [c], repeat: n}]}",
    )
    assert paths(graph("{use: stage, rows: [[4, 1], [8, 2]]}", head=head)) == [
        "stage.0.basic.0.conv1", "stage.0.basic.0.conv1.act", "stage.1.basic.0.conv1", "stage.1.basic.0.conv1.act",
        "stage.1.basic.1.conv1", "stage.1.basic.1.conv1.act",
    ]  # fmt: skip


def test_two_layers_of_one_name_are_refused() -> None:
    assert said(of_layers("{conv: 8, name: a}", "{add: [[{conv: 8, name: a}], []]}")) == (
        "InvalidField 5:27: layers.1.add.0.0: conv: the name 'a' must be given once (lines 4 and 5)"
    )


def test_a_layer_with_the_name_of_an_input_is_refused() -> None:
    assert said(of_layers("{conv: 8, name: input}")) == (
        "InvalidField 4:19: layers.0: conv: the name 'input' must be given once (it is that of an input)"
    )


def test_a_layer_without_a_name_does_not_take_that_of_an_input() -> None:
    head = "cnncalc: 1\ninputs: {conv1: 4x8x8}\n"
    assert paths(graph("{conv: 8}", head=head)) == ["conv2"]


def test_the_act_of_a_repeated_join_and_a_layer_of_its_branches_are_not_both_called_act() -> None:
    assert said(of_layers("{add: [[{conv: 3, name: act}], []], act: relu, repeat: 2}")) == (
        "InvalidField 4:11: layers.0.add.0.0: conv: the name 'act' must not be given here: it is the act of add1"
    )


# repeat, rows, when


def test_repeat_is_a_chain() -> None:
    found = graph("{conv: 8, repeat: 3}")
    assert [(node.path, node.inputs) for node in found.nodes] == [
        ("conv1.0", ("input",)), ("conv1.1", ("conv1.0",)), ("conv1.2", ("conv1.1",)),
    ]  # fmt: skip


def test_i_counts_the_times_and_the_options_are_worked_out_anew_each_time() -> None:
    assert shapes(graph("{conv: 2**i, repeat: 3}")) == [(1, 8, 8), (2, 8, 8), (4, 8, 8)]


def test_nothing_repeated_is_the_identity() -> None:
    found = graph("{conv: 8, name: a}", "{conv: 16, repeat: 0, name: b}", "{add: [a, b]}")
    assert paths(found) == ["a", "add1"]
    assert inputs_of(found, "add1") == ("a", "a")


def test_the_branches_of_a_repeated_join_have_names_of_their_own() -> None:
    found = graph("{add: [[{conv: 3}], []], repeat: 2}", "{conv: 8}")
    assert paths(found) == ["add1.0.conv1", "add1.0", "add1.1.conv1", "add1.1", "conv1"]


def test_the_branches_of_a_repeated_join_have_names_apart_from_each_other() -> None:
    found = graph("{add: [[{conv: 3}], [{conv: 3}]], repeat: 2}")
    assert paths(found)[:3] == ["add1.0.conv1", "add1.0.conv2", "add1.0"]
    assert inputs_of(found, "add1.1") == ("add1.1.conv1", "add1.1.conv2")


def test_a_row_is_an_instance_in_the_order_of_the_arguments() -> None:
    head = blocks("b: {args: {c, k: 1}, layers: [{conv: c, kernel: k, padding: half}]}")
    found = graph("{use: b, rows: [[8], [16, 3], [8*row, 1]]}", head=head)
    assert paths(found) == ["b.0.conv1", "b.1.conv1", "b.2.conv1"]
    assert shapes(found) == [(8, 8, 8), (16, 8, 8), (16, 8, 8)]
    assert [node.layer.kernel for node in found.nodes] == [1, 3, 1]


def test_arguments_may_be_given_for_all_rows_together() -> None:
    head = blocks("b: {args: {c, k: 1}, layers: [{conv: c, kernel: k, padding: half}]}")
    assert [node.layer.kernel for node in graph("{use: b, with: {k: 3}, rows: [[8], [16]]}", head=head).nodes] == [3, 3]
    assert said(of_layers("{use: b, with: {c: 3}, rows: [[8], [16]]}", head=head)) == (
        "InvalidField 6:34: b.0: use: c must be given once, in with or in the rows"
    )


@pytest.mark.parametrize(
    ("condition", "present"),
    [("true", True), ("false", False), ("cin > 3", True), ("cin % 2", False), ("i == 0", True)],
)
def test_a_layer_is_there_when_its_condition_holds(condition: str, present: bool) -> None:
    repeat = ", repeat: 1" if "i" in condition.split() else ""
    found = graph(f"{{conv: 8, when: {condition}{repeat}}}", "relu", head=HEAD)
    assert ("conv1" in paths(found) or "conv1.0" in paths(found)) == present


def test_a_layer_that_is_left_out_hands_on_what_it_reads() -> None:
    found = graph(
        "{conv: 3, name: a}", "{conv: 3, name: b}", "{conv: 3, from: a, when: false, name: c}", "{add: [c, b]}"
    )
    assert inputs_of(found, "add1") == ("a", "b")


# references


def test_from_replaces_what_a_layer_reads() -> None:
    assert inputs_of(graph("{conv: 3, name: a}", "relu", "{conv: 8, from: a}"), "conv1") == ("a",)


def test_prev_and_in_are_what_stands_before_and_what_came_in() -> None:
    head = blocks("b: {layers: [{conv: 4, name: a}, {add: [in, prev, [], [relu]]}]}")
    found = graph("{conv: 4}", "{use: b}", head=head)
    assert inputs_of(found, "b.add1") == ("conv1", "b.a", "b.a", "b.relu1")


def test_a_branch_runs_from_what_the_join_reads() -> None:
    found = graph("{conv: 3, name: a}", "{conv: 3, name: b}", "{add: [prev, [relu]], from: a}")
    assert inputs_of(found, "add1") == ("a", "relu1")
    assert inputs_of(found, "relu1") == ("a",)


def test_a_name_inside_a_block_is_reached_from_outside() -> None:
    head = blocks("b: {layers: [{conv: 4, name: a}, relu]}")
    assert inputs_of(graph("{use: b, repeat: 2}", "{add: [b.0.a, b.1.a, b.0]}", head=head), "add1") == (
        "b.0.a", "b.1.a", "b.0.relu1",
    )  # fmt: skip


def test_a_wildcard_stands_for_every_time_in_order() -> None:
    head = blocks("b: {layers: [{conv: 4, name: a}, relu]}")
    found = graph("{use: b, repeat: 11, name: n}", "{concat: n.*.a}", "{concat: [n.*]}", head=head)
    assert inputs_of(found, "concat1") == tuple(f"n.{k}.a" for k in range(11))
    assert inputs_of(found, "concat2") == tuple(f"n.{k}.relu1" for k in range(11))


def test_the_name_of_a_repeated_layer_is_the_last_of_its_times() -> None:
    assert inputs_of(graph("{conv: 3, repeat: 3, name: a}", "relu", "{add: [a, prev]}"), "add1") == ("a.2", "relu1")


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (["{conv: 3, name: stem}", "{add: [stme, prev]}"],
         "UnknownName 5:10: add1: add: 'stme' must be given above this line | did you mean stem?"),
        (["{add: [late, prev]}", "{conv: 3, name: late}"],
         "UnknownName 4:10: add1: add: 'late' must be given above this line | line 5 gives it, below"),
        (["{conv: 3, name: a, from: a}"], "UnknownName 4:28: a: conv: 'a' must be given above this line"),
        (["{add: [[{conv: 3, name: a}], []], when: false}", "{conv: 3, from: a}"],
         "UnknownName 5:19: conv1: conv: 'a' must be given above this line | "
         "line 4 gives it, but that layer is left out, or in a branch that is repeated"),
        (["{add: [[{conv: 3, name: a}], []], repeat: 2}", "{conv: 3, from: add1.b}"],
         "UnknownName 5:19: conv1: conv: 'add1.b': there must be 'b' in add1 (it has 0, 1)"),
        (["{add: [[{conv: 3, name: aaa}], []], repeat: 2}", "{conv: 3, from: add1.0.aab}"],
         "UnknownName 5:19: conv1: conv: 'add1.0.aab': there must be 'aab' in add1.0 (it has aaa) | did you mean aaa?"),
        (["{conv: 3, name: a}", "{conv: 3, from: a.*}"],
         "UnknownName 5:19: conv1: conv: 'a.*' must match at least one layer "
         "| * stands for each time of a layer that has repeat or rows"),
        (["{conv: 3, from: prev.0}"],
         "UnknownName 4:19: conv1: conv: 'prev.0': there are no names in prev | give that layer a name"),
        (["{conv: 3, repeat: 2, name: a}", "{conv: 3, from: a.*}"],
         "InvalidField 5:19: conv1: conv: from must name one tensor (2 given)"),
    ],
)  # fmt: skip
def test_a_reference_is_refused_in_these_words(layers: list[str], expected: str) -> None:
    assert said(of_layers(*layers)) == expected


# several inputs and outputs


def test_several_inputs_are_read_by_name() -> None:
    head = "cnncalc: 1\ninputs: {left: 4x8x8, right: 2x8x8}\n"
    found = graph("{concat: [left, right]}", head=head)
    assert found.inputs == {"left": (4, 8, 8), "right": (2, 8, 8)}
    assert shapes(found) == [(6, 8, 8)]


def test_one_of_several_inputs_must_be_named() -> None:
    head = "cnncalc: 1\ninputs: {left: 4x8x8, right: 2x8x8}\n"
    assert said(of_layers("{conv: 8}", head=head)) == (
        "UnknownName 4:3: conv1: conv: from must say which of the inputs to read (left, right) | from: left"
    )
    assert said(of_layers("{conv: cin, from: left}", head=head)) == (
        "UnknownName 4:10: layers.0: conv: out_channels: 'cin' has no value here"
    )


def test_a_single_input_may_have_a_name() -> None:
    head = "cnncalc: 1\ninputs: {image: 4x8x8}\n"
    assert shapes(graph("{conv: cin}", "{add: [image, in, prev]}", head=head)) == [(4, 8, 8), (4, 8, 8)]


def test_the_output_is_the_last_tensor_unless_others_are_named() -> None:
    assert graph("{conv: 8}", "relu").outputs == ("relu1",)
    assert cnncalc.loads(of_layers("{conv: 8}", "relu") + "outputs: [conv1, prev, in, conv1]\n").outputs == (
        "conv1", "relu1", "input",
    )  # fmt: skip


# blocks


def test_a_block_sees_the_arguments_of_the_file_but_not_the_names_around_its_use() -> None:
    head = blocks("b: {layers: [{conv: w}, {add: [outside, prev]}]}", head=HEAD + "args: {w: 4}\n")
    assert said(of_layers("{conv: 4, name: outside}", "{use: b}", head=head)) == (
        "UnknownName 5:34: b.add1: add: 'outside' must be given above this line"
    )


def test_an_argument_of_a_block_hides_one_of_the_file_and_does_not_change_it() -> None:
    head = blocks("b: {args: {w}, layers: [{conv: w}]}", head=HEAD + "args: {w: 4}\n")
    assert shapes(graph("{use: b, with: [2*w]}", "{conv: w}", head=head)) == [(8, 8, 8), (4, 8, 8)]


def test_i_of_a_use_is_not_seen_inside_the_block() -> None:
    head = blocks("b: {layers: [{conv: i + 1}]}")
    assert said(of_layers("{use: b, repeat: 2}", head=head)) == (
        "UnknownName 4:23: blocks.b.layers.0: conv: out_channels: 'i' has no value here"
    )


def test_cin_is_what_enters_the_block_not_the_layer() -> None:
    head = blocks("b: {layers: [{conv: 2*cin}, {conv: cin}, {conv: 7, when: cin != 4}]}")
    assert shapes(graph("{conv: 4}", "{use: b}", head=head)) == [(4, 8, 8), (8, 8, 8), (4, 8, 8)]


def test_cin_is_known_behind_a_filter_that_does_not_fit_and_the_filter_is_told() -> None:
    head = blocks("b: {layers: [{conv: cin}]}")
    assert said(of_layers("{conv: 4, kernel: 3, stride: 2}", "{use: b}", head=head)).startswith(
        "DoesNotCompute 6:32: conv1: conv: height:"
    )


def test_a_default_may_read_cin_and_the_arguments_of_the_file() -> None:
    head = blocks("b: {args: {c: cin * w}, layers: [{conv: c}]}", head=HEAD + "args: {w: 2}\n")
    assert shapes(graph("{use: b}", "{use: b}", head=head)) == [(8, 8, 8), (16, 8, 8)]


def test_a_block_with_inputs_is_given_a_tensor_for_each() -> None:
    head = blocks("up: {inputs: [skip], layers: [{concat: [skip, prev]}]}")
    assert inputs_of(graph("{conv: 4, name: e}", "relu", "{use: up, from: [prev, e]}", head=head), "up.concat1") == (
        "e",
        "relu1",
    )
    assert said(of_layers("{use: up}", head=head)) == (
        "InvalidField 6:3: up: use: from must name a tensor for each of in, skip (1 given) | from: [prev, skip]"
    )
    assert said(of_layers("{use: up, from: [in, in, in]}", head=head)) == (
        "InvalidField 6:19: up: use: from must name a tensor for each of in, skip (3 given)"
    )


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("{use: b}", "InvalidField 6:3: b: use: b must be given c | with: {c: ...}"),
        ("{use: b, with: {d: 1}}", "InvalidField 6:19: b: use: b has no argument 'd' | it has c, stride"),
        ("{use: b, with: {c: 1, strid: 1}}",
         "InvalidField 6:25: b: use: b has no argument 'strid' | did you mean stride?"),
        ("{use: b, with: [1, 2, 3]}",
         "InvalidField 6:18: b: use: with must have at most one value for each of c, stride (3 given)"),
        ("{use: b, with: 3}", "InvalidField 6:18: b: use: with must be a list of values or a mapping of names, not 3"),
        ("{use: b, with: [[1]]}", "InvalidField 6:19: b: use: c must be a number, not a list"),
        ("{use: b, with: [1 + zz]}", "UnknownName 6:23: b: use: c: 'zz' has no value here"),
        ("{use: b, with: [0]}", "InvalidField 4:45: blocks.b.layers.0: conv: out_channels must be at least 1 (0)"),
        ("{use: b, rows: [[1], 2]}", "InvalidField 6:24: b.1: use: row 1 must be a list of values, not 2"),
        ("{use: b, rows: [[1], [1, 2, 3]]}",
         "InvalidField 6:24: b.1: use: row 1 must have at most one value for each of c, stride (3 given)"),
        ("{use: b, rows: []}", "InvalidField 6:18: layers.0: use: rows must be a list of lists, not a list"),
        ("{use: b, rows: 3}", "InvalidField 6:18: layers.0: use: rows must be a list of lists, not 3"),
        ("{use: b, rows: [[1]], repeat: 2}",
         "InvalidField 6:25: layers.0: use: rows and repeat must not both be given: a row is an instance"),
        ("{use: b, rows: [[1]], expect: 1x8x8}",
         "InvalidField 6:25: layers.0: use: expect must stand on one layer, not on rows"),
    ],
)  # fmt: skip
def test_a_use_is_refused_in_these_words(use: str, expected: str) -> None:
    head = blocks("b: {args: {c, stride: 1}, layers: [{conv: c, stride: stride}]}")
    assert said(of_layers(use, head=head)) == expected


def test_a_default_that_has_no_value_is_told_at_the_default() -> None:
    head = blocks("b: {args: {c: 8 // (cin - 4)}, layers: [{conv: c}]}")
    assert said(of_layers("{use: b}", head=head)) == "BadExpression 4:17: b: use: c: a division by zero has no value"


def test_a_block_that_uses_itself_is_told_with_the_chain() -> None:
    head = blocks("a: {layers: [{use: b}]}", "b: {layers: [{use: c}]}", "c: {layers: [{add: [[{use: b}], []]}]}")
    assert said(of_layers("{use: a}", head=head)) == (
        "RecursiveBlock 6:24: a.b.c.b: use: a block must not use itself (a -> b -> c -> b)"
    )


def test_a_block_used_twice_side_by_side_is_not_recursive() -> None:
    head = blocks("a: {layers: [relu]}", "b: {layers: [{use: a}, {use: a}]}")
    assert paths(graph("{use: b}", "{use: a}", head=head)) == ["b.a1.relu1", "b.a2.relu1", "a.relu1"]


# weights


def test_a_layer_may_use_the_tensors_of_one_above() -> None:
    found = graph(
        "{conv: 4, kernel: 3, padding: half}", "{conv: 4, kernel: 3, padding: half, weights: conv1}", head=HEAD
    )
    assert weights(found) == {"conv2": "conv1"}
    assert cnncalc.analyze(found).totals.params == 4 * 4 * 9 + 4
    assert cnncalc.analyze(found).totals.macs == 2 * 64 * 4 * 4 * 9


def test_its_norm_is_shared_with_it() -> None:
    found = graph("{conv: 4, norm: batch_norm, name: a}", "{conv: 4, norm: batch_norm, name: b, weights: a}", head=HEAD)
    assert weights(found) == {"b": "a", "b.norm": "a.norm"}


def test_what_is_shared_with_a_sharer_is_the_owner_s() -> None:
    found = graph("{conv: 4}", "{conv: 4, weights: conv1}", "{conv: 4, weights: conv2}", head=HEAD)
    assert weights(found) == {"conv2": "conv1", "conv3": "conv1"}
    assert cnncalc.analyze(found).totals.params == 4 * 4 + 4


def test_a_use_shares_the_whole_block() -> None:
    head = blocks("b: {layers: [{conv: 4}, {conv: 4, repeat: 2}]}")
    found = graph("{use: b, name: x}", "{use: b, name: z, weights: x}", head=head)
    assert weights(found) == {"z.conv1": "x.conv1", "z.conv2.0": "x.conv2.0", "z.conv2.1": "x.conv2.1"}
    assert cnncalc.analyze(found).totals.params == 3 * (4 * 4 + 4)


def test_sharing_inside_a_shared_block_goes_to_the_owner() -> None:
    head = blocks("b: {layers: [{conv: 4, name: p}, {conv: 4, weights: p}]}")
    found = graph("{use: b, name: x}", "{use: b, name: z, weights: x}", "{conv: 4, weights: z.p}", head=head)
    assert weights(found) == {"x.conv1": "x.p", "z.p": "x.p", "z.conv1": "x.p", "conv1": "x.p"}
    assert cnncalc.analyze(found).totals.params == 4 * 4 + 4


def test_the_tensors_of_a_repeated_layer_are_those_of_its_last_time() -> None:
    found = graph(
        "{conv: 4, repeat: 3, name: a}", "{conv: 4, weights: a}", "{conv: 4, weights: a.0, repeat: 2}", head=HEAD
    )
    assert weights(found) == {"conv1": "a.2", "conv2.0": "a.0", "conv2.1": "a.0"}


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (["{conv: 4, weights: input}"],
         "InvalidField 4:22: conv1: conv: weights must name another conv (input is an input)"),
        (["{conv: 4, name: a}", "{linear: 4, weights: a}"],
         "InvalidField 5:24: linear1: linear: weights must name another linear (a is a conv)"),
        (["{conv: 4}", "{conv: 4, weights: prev}"],
         "UnknownName 5:22: conv2: conv: a layer must be named here, not 'prev' | give that layer a name"),
        (["{conv: 4, repeat: 2, name: a}", "{conv: 4, weights: a.*}"],
         "InvalidField 5:22: conv1: conv: weights must name one layer (2 given)"),
        (["{conv: 4, name: a}", "{conv: 4, kernel: 3, weights: a}"],
         "DoesNotCompute 5:33: conv1: conv: shared weights must have one shape (weight is 4x4x3x3 here, 4x4x1x1 at a)"),
    ],
)  # fmt: skip
def test_weights_are_refused_in_these_words(layers: list[str], expected: str) -> None:
    assert said(of_layers(*layers, head=HEAD)) == expected


# arguments and inputs given from outside


def test_an_argument_given_replaces_that_of_the_file() -> None:
    head = HEAD + "args: {w: 4}\n"
    assert shapes(graph("{conv: w}", head=head, args={"w": "2*8"})) == [(16, 8, 8)]
    assert shapes(graph("{conv: 8*w}", head=head, args={"w": "0.5"})) == [(4, 8, 8)]


def test_an_argument_without_a_value_must_be_given() -> None:
    head = HEAD + "args: {w: }\n"
    assert said(of_layers("{conv: w}", head=head)) == "InvalidField 3:8: args: w must have a value | --set w=..."
    assert shapes(graph("{conv: w}", head=head, args={"w": 2})) == [(2, 8, 8)]


def test_an_argument_that_the_file_does_not_have_is_refused() -> None:
    head = HEAD + "args: {width: 4}\n"
    with pytest.raises(UsageError, match=r"^--set widht: f has no such argument; did you mean width\?$"):
        cnncalc.loads(of_layers("relu", head=head), file="f", args={"widht": 1})
    with pytest.raises(UsageError, match=r"^--set zzz: f has no such argument; it has width$"):
        cnncalc.loads(of_layers("relu", head=head), file="f", args={"zzz": 1})


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"w": "1+"}, "--set w=1+: '1+' is not an expression"),
        ({"w": "x"}, "--set w=x: 'x' has no value here"),
        ({"w-1": 3}, "--set w-1=3: must be a name of letters, digits and _, not 'w-1'"),
        ({"w": float("nan")}, "--set w=nan: "),
    ],
)
def test_an_argument_that_is_no_number_is_bad_usage(args: dict[str, object], expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        cnncalc.loads(of_layers("relu", head=HEAD + "args: {w: 4}\n"), args=args)  # type: ignore[arg-type]
    assert str(caught.value).startswith(expected)


def test_symbols_of_the_input_are_arguments_or_are_given() -> None:
    head = "cnncalc: 1\ninput: [3, 32*h, w]\nargs: {w: 8}\n"
    assert shapes(graph("relu", head=head, args={"h": 2})) == [(3, 64, 8)]
    assert said(of_layers("relu", head=head)) == (
        "UnknownName 2:8: input: the input has symbols without a value (h) "
        "| --set h=...; or formulas, with `cnncalc shapes --symbolic`"
    )


def test_the_input_may_be_replaced() -> None:
    assert shapes(graph("relu", input="1x5")) == [(1, 5)]
    assert shapes(graph("relu", input="7")) == [(7,)]
    with pytest.raises(UsageError, match="--input must be a shape such as 3x224x224, not 'abc'"):
        graph("relu", input="abc")
    with pytest.raises(UsageError, match="--input is for a network with one input"):
        graph("relu", head="cnncalc: 1\ninputs: {a: 3x8x8}\n", input="3x8x8")


# expect


def test_expect_is_kept_at_the_last_node_of_its_line() -> None:
    head = blocks("b: {layers: [{conv: 4, act: relu}]}")
    found = graph("{conv: 4, act: relu, expect: 4x8x8}", "{use: b, expect: [4, 8, 2*4]}", head=head)
    assert {node.path: node.expect.value for node in found.nodes if node.expect} == {
        "conv1.act": (4, 8, 8),
        "b.conv1.act": (4, 8, 8),
    }


# limits


def test_a_repeat_that_cannot_end_well_does_not_begin() -> None:
    head = blocks("a: {layers: [{conv: 1, repeat: 60_000}]}".replace("_", ""), "b: {layers: [{use: a, repeat: 2}]}")
    assert said(of_layers("{use: b, repeat: 10**9}", head=head)) == (
        "YamlUnsafe 7:3: b: use: a network must have at most 100000 layers"
    )
    assert said(of_layers("{use: b, repeat: 2}", head=head)) == (
        "YamlUnsafe 4:16: b.0.a.1.conv1: conv: a network must have at most 100000 layers"
    )


def test_the_layers_are_counted_while_they_are_written_out() -> None:
    head = blocks("a: {layers: [{conv: 1, norm: batch_norm}, relu]}")
    assert said(of_layers("{use: a, repeat: 50001}", head=head)) == (
        "YamlUnsafe 6:3: a: use: a network must have at most 100000 layers"
    )


def test_layers_that_are_left_out_count_too() -> None:
    assert "at most 100000 layers" in said(of_layers("{conv: 1, when: false, repeat: 10**9}"))
    head = blocks("a: {layers: [{conv: 1, repeat: 0}]}")
    assert "at most 100000 layers" in said(of_layers("{use: a, repeat: 10**9}", head=head))


def test_blocks_are_used_sixteen_deep_at_most() -> None:
    def chain(count: int) -> str:
        lines = [f"b{k}: {{layers: [{{use: b{k + 1}}}]}}" for k in range(count - 1)]
        return of_layers("{use: b0}", head=blocks(*lines, f"b{count - 1}: {{layers: [relu]}}"))

    assert len(cnncalc.loads(chain(16)).nodes) == 1
    assert said(chain(17)).endswith("blocks must be used at most 16 deep")


def test_branches_are_nested_a_hundred_deep_at_most() -> None:
    inside = "{use: b%d}"
    for _ in range(10):
        inside = "{add: [[" + inside + "]]}"
    lines = [f"b{k}: {{layers: [{inside % (k + 1)}]}}" for k in range(11)]
    text = of_layers("{use: b0}", head=blocks(*lines, "b11: {layers: [relu]}"))
    assert said(text).endswith("layers must be nested at most 100 deep, blocks and branches together")


def test_a_path_is_a_thousand_characters_at_most() -> None:
    lines = [f"b{k}: {{layers: [{{use: b{k + 1}, name: {'x' * 75}}}]}}" for k in range(14)]
    message = said(of_layers("{use: b0}", head=blocks(*lines, "b14: {layers: [relu]}")))
    assert message.endswith("the path of a layer must have at most 1000 characters (1072)")
    assert len(message) < 200


def test_the_tensors_that_names_stand_for_are_counted() -> None:
    message = said(of_layers("{conv: 1, repeat: 1000, name: r}", "{add: r.*, repeat: 1000}"))
    assert message == (
        "YamlUnsafe 5:9: add1.250: add: the names in a network must stand for at most 250000 tensors in all"
    )


def test_the_expressions_worked_out_are_counted() -> None:
    long = "+".join(["i"] * 90)
    assert said(of_layers(f"{{conv: 1 + {long}, repeat: 99999}}")).endswith(
        "the expressions of a network must have at most 3000000 characters, repeats included"
    )


def test_arguments_are_two_hundred_at_most() -> None:
    args = ", ".join(f"a{k}: 1" for k in range(201))
    assert (
        said(of_layers("relu", head=f"{HEAD}args: {{{args}}}\n"))
        == "InvalidField 3:7: args must have at most 200 names (201)"
    )
