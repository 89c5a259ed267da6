"""What becomes of each layer between two networks: renamed, changed, affected by what is above, added, removed."""

from time import process_time

import pytest

import cnncalc
from cnncalc.difference import Fate, Renaming, difference
from cnncalc.difference.folding import rows
from cnncalc.difference.renames import renames


def net(*layers, head="input: 3x16x16"):
    lines = "".join(f"- {layer}\n" for layer in layers)
    return cnncalc.analyze(cnncalc.loads(f"cnncalc: 1\nrounding: floor\n{head}\nlayers:\n{lines}"))


def zoo(name, **args):
    return cnncalc.analyze(cnncalc.load(f"zoo:{name}", args={key: str(value) for key, value in args.items()}))


def fates(before, after):
    """Return what became of the layers that are neither the same nor renamed, by path."""
    entries = difference(before, after).entries
    return {one.path: one.fate.value for one in entries if one.fate not in (Fate.SAME, Fate.RENAMED)}


def settings(before, after):
    entries = difference(before, after).entries
    return {one.path: [tuple(each) for each in one.settings] for one in entries if one.settings}


def told(before, after):
    """Return the rows: fate, path, number of layers."""
    found = rows(difference(before, after).entries)
    return [(row.fate.value, f"{row.path} to {row.last}" if row.last else row.path, len(row.entries)) for row in found]


CONV = "{conv: %d, kernel: 3, padding: half, act: relu}"
FLAT = [CONV % 8, CONV % 8, "{max_pool: 2}", CONV % 16, CONV % 16, "{max_pool: 2}", "{linear: 10}"]


def test_a_layer_put_into_the_middle_is_one_addition_and_renames_by_number():
    found = difference(net(*FLAT), net(*FLAT[:1], "{conv: 8, kernel: 5, padding: half}", *FLAT[1:]))
    assert [one.path for one in found.of(Fate.ADDED)] == ["conv2"]
    assert found.of(Fate.REMOVED, Fate.CHANGED) == []
    renamed = [(one.before.node.path, one.path) for one in found.entries if one.renaming is Renaming.NUMBER]
    assert renamed[0] == ("conv2", "conv3")
    assert len(renamed) == 6
    assert all(one.renaming is not Renaming.NAME for one in found.entries)


def test_of_equal_layers_the_one_that_kept_its_name_is_the_same():
    layer = "{conv: 3, kernel: 3, padding: half, name: %s}"
    before = net(*(layer % name for name in "abc"))
    after = net(*(layer % name for name in ("a", "new", "b", "c")))
    found = difference(before, after)
    assert [one.path for one in found.of(Fate.ADDED)] == ["new"]
    assert found.of(Fate.RENAMED) == []


def test_between_changes_too_the_one_that_kept_its_name_is_the_same():
    layer = "{conv: 3, kernel: 3, padding: half, name: %s}"
    before = net("{conv: 3, name: head}", *(layer % name for name in "abc"), "{linear: 10, name: tail}")
    after = net("{conv: 3, kernel: 5, padding: half, name: head}", *(layer % name for name in ("a", "new", "b", "c")),
                "{linear: 11, name: tail}")  # fmt: skip
    found = {"head": "changed", "new": "added", "tail": "changed"}
    assert fates(before, after) == found | dict.fromkeys("abc", "affected")


def test_a_name_that_was_given_is_a_rename_and_no_removal():
    found = difference(
        net("{conv: 4, act: relu}", "{linear: 9}"), net("{conv: 4, act: relu, name: stem}", "{linear: 9}")
    )
    assert found.is_same
    assert [(one.before.node.path, one.path, one.renaming) for one in found.of(Fate.RENAMED)] == [
        ("conv1", "stem", Renaming.NAME),
        ("conv1.act", "stem.act", Renaming.NAME),
    ]


def test_layers_that_move_into_a_block_are_renamed():
    inside = "input: 3x16x16\nblocks:\n  body: {layers: [{conv: 8, act: relu}, {conv: 9, act: relu}]}"
    found = difference(net("{conv: 8, act: relu}", "{conv: 9, act: relu}", "{linear: 3}"),
                       net("{use: body}", "{linear: 3}", head=inside))  # fmt: skip
    assert found.is_same
    assert [(one.before, one.after, one.layers) for one in renames(found.entries)] == [("*", "body.*", 4)]


def test_a_norm_on_a_line_of_its_own_is_the_norm_of_the_line_before():
    one = net("{conv: 8, norm: batch_norm, act: relu}", "{linear: 3}")
    two = net("{conv: 8, bias: false}", "batch_norm", "relu", "{linear: 3}")
    assert difference(one, two).is_same


def test_a_kernel_that_grew_is_a_change_and_what_is_below_is_affected():
    before = net("{conv: 8, kernel: 3, name: a}", "{conv: 8, name: b}", "{linear: 3}")
    after = net("{conv: 8, kernel: 5, name: a}", "{conv: 8, name: b}", "{linear: 3}")
    assert settings(before, after) == {"a": [("kernel", 3, 5)]}
    assert fates(before, after) == {"a": "changed", "b": "affected", "linear1": "affected"}


def test_a_wider_layer_is_changed_and_its_successors_are_affected_and_not_changed():
    before = net("{conv: 8, name: a, norm: batch_norm}", "{conv: 8, name: b}", "{conv: 8, name: c}")
    after = net("{conv: 9, name: a, norm: batch_norm}", "{conv: 8, name: b}", "{conv: 8, name: c}")
    assert fates(before, after) == {"a": "changed", "a.norm": "affected", "b": "affected"}


def test_a_smaller_image_changes_no_layer():
    after = net(*FLAT, head="input: 3x12x12")
    assert set(fates(net(*FLAT), after).values()) == {"affected"}
    assert not difference(net(*FLAT), after).is_same


def test_an_option_written_in_another_way_is_no_change():
    before = net("{conv: 8, kernel: 3, padding: half}", "{max_pool: 2}", "{conv: 4, kernel: 3x1, padding: same}")
    after = net("{conv: 8, kernel: 3x3, padding: [[1, 1], [1, 1]]}", "{max_pool: 2, stride: 2x2}",
                "{conv: 4, kernel: [3, 1], padding: 1x0}")  # fmt: skip
    assert {one.fate for one in difference(before, after).entries} == {Fate.SAME}


def test_a_rounding_is_a_change_where_it_changes_a_size_and_else_not():
    fitting = net("{conv: 8, kernel: 2, stride: 2, rounding: exact}"), net("{conv: 8, kernel: 2, stride: 2}")
    assert difference(*fitting).is_same
    loose = [net(f"{{max_pool: 3, stride: 2, rounding: {word}}}") for word in ("floor", "ceil")]
    assert settings(*loose) == {"max_pool1": [("rounding", "floor", "ceil")]}


def test_another_op_under_the_same_name_is_a_replacement():
    found = fates(net("{max_pool: 2, name: down}"), net("{avg_pool: 2, name: down}"))
    assert found == {"down": "replaced"}


def test_another_norm_of_a_line_that_counts_on_is_a_replacement():
    before = net("{conv: 8, norm: batch_norm}", "{linear: 3}")
    after = net("{conv: 3}", "{conv: 8, norm: {group_norm: 2}}", "{linear: 3}")
    assert fates(before, after)["conv2.norm"] == "replaced"


def test_another_op_under_another_name_is_a_removal_and_an_addition():
    found = fates(net("{max_pool: 2}", "{linear: 3}"), net("{avg_pool: 2}", "{linear: 3}"))
    assert found == {"max_pool1": "removed", "avg_pool1": "added"}


def test_another_activation_is_a_change_of_a_setting():
    assert settings(net("{conv: 3, act: relu}"), net("{conv: 3, act: gelu}")) == {
        "conv1.act": [("function", "relu", "gelu")]
    }


def test_the_operands_of_a_sum_have_no_order():
    three, one = "{conv: 4, kernel: 3, padding: half, name: x}", "{conv: 4, name: z}"
    for op, same in (("add", True), ("multiply", True), ("concat", False)):
        before, after = (net(f"{{{op}: [[{a}], [{b}]]}}") for a, b in ((three, one), (one, three)))
        found = difference(before, after)
        assert found.is_same is same
        assert [each.path for each in found.entries if each.rewired] == ([] if same else ["concat1"])


def test_a_branch_that_is_deleted_is_a_removal_and_its_join_is_affected():
    branches = ["[{conv: 4}]", "[{conv: 4, kernel: 3, padding: half}]", "[{conv: 5, kernel: 5, padding: half}]"]
    before = net(f"{{concat: [{', '.join(branches)}]}}", "{linear: 2}")
    after = net(f"{{concat: [{', '.join(branches[:1] + branches[2:])}]}}", "{linear: 2}")
    found = difference(before, after)
    assert [one.before.node.path for one in found.of(Fate.REMOVED)] == ["conv2"]
    assert {one.path: one.fate for one in found.of(Fate.AFFECTED)} == {
        "concat1": Fate.AFFECTED,
        "linear1": Fate.AFFECTED,
    }


def test_a_layer_that_reads_another_tensor_is_rewired_and_one_behind_a_new_layer_is_not():
    layers = ["{conv: 3, name: a}", "{conv: 3, kernel: 3, padding: half, name: b}", "{conv: 3, name: c}"]
    found = difference(net(*layers), net(*layers[:2], "{conv: 3, name: c, from: a}"))
    assert [(one.path, one.fate) for one in found.entries if one.rewired] == [("c", Fate.CHANGED)]
    found = difference(net(*layers), net(*layers[:2], "tanh", "{conv: 3, name: c}"))
    assert [one for one in found.entries if one.rewired] == []


def test_layers_that_begin_to_share_their_tensors_are_changed():
    before = net("{conv: 3, name: a}", "{conv: 3, name: b}")
    after = net("{conv: 3, name: a}", "{conv: 3, name: b, weights: a}")
    assert settings(before, after) == {"b": [("weights", "its own", "a")]}
    assert difference(before, after).delta("params") == -12


def test_shared_tensors_under_other_names_are_no_change():
    before = net("{conv: 3, name: a}", "{conv: 3, name: b, weights: a}")
    after = net("{conv: 3, name: x}", "{conv: 3, name: z, weights: x}")
    assert difference(before, after).is_same


def test_several_inputs_are_paired_by_name_then_by_shape():
    layers = ["{conv: 4, from: %s}", "{conv: 4, from: %s}", "{add: [conv1, conv2]}"]
    one = net(layers[0] % "l", layers[1] % "r", layers[2], head="inputs: {l: 3x8x8, r: 2x8x8}")
    two = net(layers[0] % "image", layers[1] % "depth", layers[2], head="inputs: {depth: 2x8x8, image: 3x8x8}")
    found = difference(one, two)
    assert found.is_same
    assert [(each.before[0], each.after[0]) for each in found.inputs] == [("l", "image"), ("r", "depth")]


def test_an_input_that_came_is_a_difference():
    one = net("{conv: 4, from: l}", head="inputs: {l: 3x8x8}")
    two = net("{conv: 4, from: l}", head="inputs: {l: 3x8x8, r: 3x8x8}")
    found = difference(one, two)
    assert not found.is_same
    assert [each.before for each in found.inputs] == [("l", (3, 8, 8)), None]


def test_other_outputs_are_a_difference():
    layers = ["{conv: 4, name: a}", "{conv: 4, name: b}"]
    outputs = "input: 3x8x8\noutputs: [%s]"
    assert difference(net(*layers, head=outputs % "a, b"), net(*layers, head=outputs % "b, a")).outputs_changed


@pytest.mark.parametrize("head", ["input: 16", "input: 3x40", "input: 3x6x6x6"])
def test_vectors_and_one_and_three_dimensions_are_told_too(head):
    layers = ["{linear: 8}", "relu"] if head == "input: 16" else ["{conv: 8, kernel: 3, padding: [[0, 2]%s]}", "relu"]
    axes = head.count("x")
    layers[0] = layers[0] % "".join(", [1, 0]" for _ in range(axes - 1)) if axes else layers[0]
    found = difference(net(*layers, head=head), net(*layers, "tanh", head=head))
    assert [one.path for one in found.of(Fate.ADDED)] == ["tanh1"]


def test_resnet18_to_resnet34_is_eight_blocks_in_four_rows():
    assert told(zoo("resnet18"), zoo("resnet18", n1=3, n2=4, n3=6, n4=3)) == [
        ("added", "stage.0.basic.2", 7),
        ("added", "stage.1.basic.2 to stage.1.basic.3", 14),
        ("added", "stage.2.basic.2 to stage.2.basic.5", 28),
        ("added", "stage.3.basic.2", 7),
    ]


def test_vgg16_to_vgg19_is_three_layers():
    assert told(zoo("vgg16"), zoo("vgg16", n3=4, n4=4, n5=4)) == [
        ("added", f"stage.{stage}.conv1.3", 2) for stage in (2, 3, 4)
    ]


def test_mobilenet_v1_to_v2_is_the_blocks_that_went_and_those_that_came():
    found = told(zoo("mobilenet_v1"), zoo("mobilenet_v2"))
    assert ("removed", "separable.1 to separable.12", 72) in found
    assert ("added", "stage.1 to stage.6", 138) in found


def test_another_width_removes_no_layer():
    found = difference(zoo("mobilenet_v2"), zoo("mobilenet_v2", width="0.5"))
    assert found.of(Fate.ADDED, Fate.REMOVED, Fate.REPLACED) == []


def test_the_same_change_in_many_places_of_a_block_is_one_row():
    layers = ["{use: b, repeat: 5}", "{linear: 3}"]
    before, after = (
        net(*layers, head=f"input: 3x8x8\nblocks:\n  b: {{layers: [{{conv: 3, act: {act}}}]}}")
        for act in ("relu", "gelu")
    )
    assert told(before, after) == [("changed", "b.*.conv1.act", 5)]


def test_what_is_removed_stands_where_it_was():
    found = difference(net("{conv: 4}", "tanh", "{linear: 3}"), net("{conv: 4}", "{linear: 3}"))
    assert [(one.path, one.fate) for one in found.entries] == [
        ("conv1", Fate.SAME),
        ("tanh1", Fate.REMOVED),
        ("linear1", Fate.SAME),
    ]


BLOCK = "input: 3x8x8\nblocks:\n  b: {args: {c}, layers: [{conv: c, kernel: 3, padding: 1, act: relu}]}"


@pytest.mark.parametrize(
    ("before", "after", "added"),
    [
        (["{use: b, with: [4], repeat: 4000}"], ["{use: b, with: [4], repeat: 4001}"], 2),
        (["{use: b, with: [4], repeat: 4000}"],
         ["{conv: 4, name: stem}", "{use: b, with: [4], repeat: 4001, name: x}", "{linear: 3}"], 4),
        (["{conv: 4, name: a}", f"{{add: [{', '.join(['[relu]'] * 4000)}]}}"],
         ["{conv: 4, name: a}", f"{{add: [{', '.join(['[relu]'] * 4001)}]}}"], 1),
    ],
    ids=["deeper", "both ends", "wide"],
)  # fmt: skip
def test_a_large_network_takes_seconds(before, after, added):
    one, two = net(*before, head=BLOCK), net(*after, head=BLOCK)
    start = process_time()
    found = difference(one, two)
    assert process_time() - start < 15  # of a second or two
    assert len(found.of(Fate.ADDED)) == added
    assert found.of(Fate.REMOVED) == []
