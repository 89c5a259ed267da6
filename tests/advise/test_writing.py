"""How a rewritten spec reads: in the style of its file, its names and comments kept, and nothing else touched."""

import pytest

from cnncalc.advise.advice import advise
from cnncalc.advise.applying import chosen, rewritten
from cnncalc.advise.reading import read_network, reloader
from cnncalc.errors import UsageError
from tests.advise.promises import kept, promised, read_again

HEAD = "cnncalc: 1\ninput: 3x32x32\n"


def advice_on(text, *only, **args):
    return advise(read_network(text.encode(), "net.yaml", args), reloader("net.yaml", args), only)


def applied(text, kind):
    """Return a spec with the one piece of a kind in it, proved again."""
    advice = advice_on(text, kind)
    (piece,) = advice.pieces
    done = rewritten(advice, [1], reloader("net.yaml"), None)
    after = read_again(done.text)
    promised(piece, after)
    kept(advice.network.analysis, after, pooled=kind == "pooling")
    return done.text


def applied_with(text, kind, **args):
    """Return what is done to a spec that was analysed with arguments from outside."""
    plain = read_network(text.encode(), "net.yaml"), reloader("net.yaml")
    return rewritten(advice_on(text, kind, **args), [1], reloader("net.yaml", args), plain)


def why_left(text, kind):
    advice = advice_on(text, kind)
    return [one.why for _, left in advice.left for one in left] + [
        one.why for piece in advice.pieces for one in piece.left
    ]


def changes(text, kind):
    """Return what goes and what comes, line by line."""
    old, new = text.splitlines(), applied(text, kind).splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


# ---- in place of a line


def test_a_line_in_braces_becomes_several_and_keeps_its_comment():
    text = HEAD + "layers:\n- {conv: 32}\n- {conv: 64, kernel: 5, padding: 2, act: relu}  # wide\n"
    assert applied(text, "stack") == HEAD + (
        "layers:\n- {conv: 32}\n- {conv: 32, kernel: 3, padding: 1, act: relu}\n"
        "- {conv: 64, kernel: 3, padding: 1, act: relu}  # wide\n"
    )


def test_a_branch_in_brackets_stays_in_brackets():
    text = HEAD + "layers:\n- {conv: 32}\n- concat: [[{conv: 16}, {conv: 32, kernel: 5, padding: half}], []]\n"
    wanted = "[[{conv: 16}, {conv: 16, kernel: 3, padding: half}, {conv: 32, kernel: 3, padding: half}], []]"
    assert changes(text, "stack")[1] == [f"- concat: {wanted}"]


def test_a_line_of_options_below_each_other_stays_so():
    text = (
        HEAD + "layers:\n- {conv: 32}\n- conv: 64\n  kernel: 5  # five\n  padding: 2\n  name: x\n- {add: [x, prev]}\n"
    )
    new = "- conv: 32\n  kernel: 3\n  padding: 1\n- conv: 64\n  kernel: 3  # five\n  padding: 1\n  name: x\n"
    assert new in applied(text, "stack")


def test_a_list_in_a_list_keeps_its_dashes():
    text = HEAD + "layers:\n- {conv: 32}\n- concat:\n  - - {conv: 64, kernel: 5, padding: 2}\n    - relu\n  - []\n"
    wanted = "  - - {conv: 32, kernel: 3, padding: 1}\n    - {conv: 64, kernel: 3, padding: 1}\n    - relu\n"
    assert wanted in applied(text, "stack")


def test_what_the_defaults_say_is_not_said_again():
    text = HEAD + "defaults: {conv: {padding: half, act: relu}}\nlayers:\n- {conv: 32}\n- {conv: 64, kernel: 5}\n"
    assert changes(text, "stack") == (
        ["- {conv: 64, kernel: 5}"],
        ["- {conv: 32, kernel: 3}", "- {conv: 64, kernel: 3}"],
    )


def test_a_depthwise_layer_says_what_only_the_defaults_of_conv_say():
    defaults = "defaults: {conv: {padding: half, norm: batch_norm, act: relu}}\n"
    text = HEAD + f"{defaults}layers:\n- {{conv: 32}}\n- {{conv: 64, kernel: 3}}\n"
    new = ["- {depthwise: 3, padding: half, norm: batch_norm, act: relu}", "- {conv: 64}"]
    assert changes(text, "separable")[1] == new


def test_the_defaults_of_depthwise_are_undone_where_conv_has_none():
    text = HEAD + "defaults: {depthwise: {act: relu6}}\nlayers:\n- {conv: 32}\n- {conv: 64, kernel: 3, padding: 1}\n"
    assert changes(text, "separable")[1] == ["- {depthwise: 3, padding: 1, act: none}", "- {conv: 64}"]


def test_an_act_that_the_line_turns_off_is_off_at_its_end_alone():
    text = (
        HEAD
        + "defaults: {conv: {padding: half, act: relu}}\nlayers:\n- {conv: 64}\n- {conv: 64, kernel: 3, act: none}\n"
    )
    new = ["- {conv: 32}", "- {conv: 32, kernel: 3}", "- {conv: 64, act: none}"]
    assert changes(text, "bottleneck")[1] == new


def test_the_stride_stands_on_the_last_of_a_stack_and_on_each_axis_of_a_factored_filter():
    text = HEAD + "rounding: floor\nlayers:\n- {conv: 64}\n- {conv: 64, kernel: 3, padding: 1, stride: 2}\n"
    assert changes(text, "factor")[1] == [
        "- {conv: 64, kernel: 1x3, stride: 1x2, padding: [0, 1]}",
        "- {conv: 64, kernel: 3x1, padding: [1, 0], stride: 2x1}",
    ]


def test_a_from_moves_to_the_first_of_the_new_lines():
    text = HEAD + "layers:\n- {conv: 32, name: a}\n- {max_pool: 2}\n- {conv: 64, from: a, kernel: 5, padding: 2}\n"
    assert changes(text, "stack")[1] == [
        "- {conv: 32, kernel: 3, padding: 1, from: a}",
        "- {conv: 64, kernel: 3, padding: 1}",
    ]


def test_a_when_stands_on_all_of_the_new_lines():
    text = HEAD + "args: {big: 1}\nlayers:\n- {conv: 32}\n- {conv: 64, kernel: 5, padding: 2, when: big == 1}\n"
    assert [line.count("when: big == 1") for line in changes(text, "stack")[1]] == [1, 1]


def test_new_lines_get_names_where_the_file_counts_on_the_numbers_of_others():
    text = (
        HEAD
        + "layers:\n- {conv: 32}\n- {conv: 32, kernel: 5, padding: 2}\n- {conv: 32}\n- {add: [prev, conv2, conv3]}\n"
    )
    assert changes(text, "stack")[1] == [
        "- {conv: 32, kernel: 3, padding: 1, name: conv2_1}",
        "- {conv: 32, kernel: 3, padding: 1}",
    ]


def test_flip_dilation_and_bias_go_with_the_new_lines():
    text = (
        HEAD + "layers:\n- {conv: 64}\n- {conv: 64, kernel: 3, padding: half, dilation: 2, flip: true, bias: false}\n"
    )
    assert changes(text, "separable")[1] == [
        "- {depthwise: 3, padding: half, dilation: 2, bias: false, flip: true}",
        "- {conv: 64, flip: true, bias: false}",
    ]


# ---- in a block


def test_a_repeated_line_becomes_the_repeated_use_of_a_block():
    text = HEAD + "# the layers\nlayers:\n- {conv: 64}\n- {conv: 64, kernel: 3, padding: 1, repeat: 3, name: x}\n"
    assert applied(text, "bottleneck") == HEAD + (
        "blocks:\n  bottleneck:\n    layers:\n"
        "    - {conv: 32}\n    - {conv: 32, kernel: 3, padding: 1}\n    - {conv: 64}\n"
        "# the layers\nlayers:\n- {conv: 64}\n- {use: bottleneck, name: x, repeat: 3}\n"
    )


def test_expressions_become_the_arguments_of_the_block():
    text = HEAD + "layers:\n- {conv: 32}\n- {conv: 32*2**i, kernel: 3, padding: 1, repeat: 3}\n"
    new = applied(text, "separable")
    assert "- {use: separable, with: [32*2**i], repeat: 3}" in new
    assert "    args: {c}\n" in new


def test_uses_that_are_left_stay_as_they_are_behind_a_condition():
    text = HEAD + (
        "blocks:\n  stage:\n    args: {c}\n    layers:\n    - {conv: c, kernel: 3, padding: 1, repeat: 2}\n"
        "layers:\n- {use: stage, rows: [[64], [128]]}\n"
    )
    new = applied(text, "bottleneck")
    assert "- {conv: c, kernel: 3, padding: 1, when: cin != c}\n" in new
    assert "- {conv: c//2, kernel: 3, padding: 1, when: cin == c}\n" in new


def test_equal_lines_share_a_block_and_a_taken_name_is_not_taken_again():
    line = "- {conv: 64, kernel: 3, padding: 1, repeat: 2}\n"
    text = (
        HEAD + f"blocks: {{separable: {{layers: [relu]}}}}\nlayers:\n- {{conv: 64}}\n{line}- {{use: separable}}\n{line}"
    )
    new = applied(text, "separable")
    assert new.count("separable_2: {") == 1
    assert new.count("use: separable_2") == 2


def test_a_file_in_braces_gets_its_block_in_braces():
    text = "{cnncalc: 1, input: 3x32x32, layers: [{conv: 64}, {conv: 64, kernel: 3, padding: 1, repeat: 2}]}"
    assert applied(text, "separable") == (
        "{cnncalc: 1, input: 3x32x32, blocks: {separable: {layers: [{depthwise: 3, padding: 1}, {conv: 64}]}}, "
        "layers: [{conv: 64}, {use: separable, repeat: 2}]}"
    )


def test_the_ends_of_lines_stay_as_they_are():
    text = (HEAD + "layers:\n- {conv: 64}\n- {conv: 64, kernel: 3, padding: 1, repeat: 2}\n").replace("\n", "\r\n")
    new = applied(text, "separable")
    assert new.count("\n") == new.count("\r\n") > text.count("\n")


# ---- pooling


def test_the_pool_stands_in_front_of_what_flattens():
    text = HEAD + "layers:\n- {conv: 16}\n- flatten\n- dropout\n- {linear: 10}\n"
    assert changes(text, "pooling") == ([], ["- global_avg_pool"])
    assert "- global_avg_pool\n- flatten\n" in applied(text, "pooling")


def test_the_pool_reads_what_the_linear_layer_did():
    text = HEAD + "layers:\n- {conv: 16, name: a}\n- {max_pool: 2}\n- {linear: 10, from: a}\n"
    assert changes(text, "pooling")[1] == ["- {global_avg_pool, from: a}", "- {linear: 10}"]


@pytest.mark.parametrize(
    ("layers", "why"),
    [
        ("- {linear: 10}\n", "it reads the image's 3 channels"),
        ("- {conv: 16}\n- flatten\n- {linear: 10, name: x}\n- {linear: 10, from: flatten1}\n", "another layer reads"),
        ("- {conv: 1}\n- {linear: 1}\n- {linear: 99999}\n", "less than one in 10"),
    ],
)
def test_a_linear_layer_that_is_left(layers, why):
    assert any(why in one for one in why_left(HEAD + "layers:\n" + layers, "pooling"))


@pytest.mark.parametrize(("channels", "kinds"), [(1, 0), (3, 0), (4, 0), (5, 1), (64, 1)])
def test_a_layer_that_reads_an_input_is_left_for_its_few_channels_alone(channels, kinds):
    text = f"cnncalc: 1\ninput: {channels}x32x32\nlayers:\n- {{conv: {channels}, kernel: 7, padding: half}}\n"
    assert len(advice_on(text, "stack").pieces) == kinds
    assert all(f"it reads the image's {channels} channel" in why for why in why_left(text, "stack"))


def test_a_linear_layer_on_a_map_that_is_an_input_gets_a_pool():
    text = "cnncalc: 1\ninput: 64x7x7\nlayers:\n- {linear: 10}\n"
    assert changes(text, "pooling") == ([], ["- global_avg_pool"])


def test_a_stack_has_3s_along_the_axes_on_which_the_filter_is_larger():
    text = "cnncalc: 1\ninput: 3x8x16x16\nrounding: floor\nlayers:\n- {conv: 8}\n"
    line = "- {conv: 8, kernel: 3x7x7, padding: [1, 2, 3], stride: 1x2x1}\n"
    assert changes(text + line, "stack")[1] == [
        "- {conv: 8, kernel: 1x3x3, padding: [0, 1, 1]}",
        "- {conv: 8, kernel: 1x3x3, padding: [0, 1, 1]}",
        "- {conv: 8, kernel: 3, padding: [1, 0, 1], stride: 1x2x1}",
    ]
    assert advice_on(text + line, "stack").pieces[0].headline == (
        "stacks of 3x3x3 in place of one convolution of 3x7x7"
    )


@pytest.mark.parametrize(
    ("sizes", "kernel", "why"),
    [
        ("64", 9, "length 9 on 8 -> 8 channels as four of length 3 would cost 37% more params and 33% more MACs"),
        ("64", 7, "length 7 on 8 -> 8 channels as three of length 3 would cost 32% more params and 29% more MACs"),
        ("16x16", "1x7", "1x7 on 8 -> 8 channels as three 1x3 would cost 32% more params and 29% more MACs"),
        ("16x16", "8x8", "8 positions an axis are no stack of 3: the number is even"),
        ("16x16", "5x4", "4 positions an axis are no stack of 3: the number is even"),
        ("16x16", 201, "it would become 100 layers, which are too many"),
    ],
)
def test_a_larger_filter_that_is_no_cheaper_stack_is_left_with_the_figure(sizes, kernel, why):
    text = f"cnncalc: 1\ninput: 3x{sizes}\nlayers:\n- {{conv: 8}}\n- {{conv: 8, kernel: {kernel}, padding: 100}}\n"
    assert why_left(text if kernel == 201 else text.replace("padding: 100", "padding: half"), "stack") == [why]


# ---- what is left


@pytest.mark.parametrize(
    ("kind", "layers", "why"),
    [
        (
            "stack",
            "- {conv: 64, kernel: 11, padding: 5}\n",
            "it reads the image's 3 channels; 11x11 on 3 -> 64 channels as five 3x3",
        ),
        (
            "stack",
            "- {conv: 16}\n- {conv: 128, kernel: 5}\n",
            "16 channels between would be fewer than a quarter of 128",
        ),
        ("bottleneck", "- {conv: 32}\n- {conv: 32, kernel: 3}\n", "32 channels are fewer than 64"),
        ("separable", "- {conv: 32}\n- {conv: 32, kernel: 3, groups: 4}\n", "it has 4 groups"),
        (
            "separable",
            "- {conv: 8}\n- {conv: 1, kernel: 3}\n",
            "3x3 on 8 -> 1 channels as depthwise 3x3 and 1x1 would cost",
        ),
        ("separable", "- {conv: 8}\n-\n  conv: 8\n  kernel: 3\n", "it is not written in braces, nor behind its dash"),
        ("stack", "- {conv: 8}\n- conv: 8\n  kernel: 5 # five\n  repeat: 2\n", "a comment stands inside it"),
        ("stack", "- {conv: 8}\n- {conv: 8, kernel: 5, padding: 2, norm: {group_norm: 2}}\n", "receptive field (whole"),
        ("stack", "- {conv: 8}\n- {conv: 8, kernel: 5, name: a}\n- {conv: 8, kernel: 5, weights: a}\n", "its tensors"),
    ],
)
def test_a_convolution_that_is_left_and_why(kind, layers, why):
    assert any(why in one for one in why_left(HEAD + "layers:\n" + layers, kind))


def test_a_stack_that_costs_more_is_left_with_the_figure():
    text = HEAD + "rounding: floor\nlayers:\n- {conv: 64}\n- {conv: 64, kernel: 5, padding: 2, stride: 2}\n"
    (why,) = why_left(text, "stack")
    assert why == "5x5 on 64 -> 64 channels as two 3x3 would cost 80% more MACs, for 28% fewer params"


def test_a_budget_of_activations_is_kept():
    text = HEAD + "layers:\n- {conv: 32}\n- {conv: 32, kernel: 5, padding: 2}\nbudget: {activations: 70000}\n"
    assert any("over the budget of 70,000" in one for one in why_left(text, "separable"))


# ---- applying


def test_claims_that_were_true_are_true_again_and_the_rest_is_untouched():
    line = "- {conv: 64, kernel: 5, padding: 2}\n"
    text = HEAD + f"layers:\n- {{conv: 32}}\n{line}expect:\n  params: 51392 # all\n  macs: 1\nbudget: {{params: 60k}}\n"
    new = applied(text, "stack")
    assert f"  params: {read_again(new).totals.params} # all\n  macs: 1\nbudget: {{params: 60k}}\n" in new


def test_pieces_that_rewrite_one_line_do_not_go_together():
    advice = advice_on(HEAD + "layers:\n- {conv: 64}\n- {conv: 64, kernel: 5, padding: 2}\n- {linear: 10}\n")
    kinds = [piece.kind for piece in advice.pieces]
    first, pooling = 1, kinds.index("pooling") + 1
    assert all(first in piece.excludes for piece in advice.pieces[1:] if piece.kind != "pooling")
    assert advice.pieces[pooling - 1].excludes == ()
    assert chosen(advice, "all") == (first, pooling)
    with pytest.raises(UsageError, match="rewrite one line"):
        chosen(advice, f"{first},{next(n for n in range(2, 6) if n != pooling)}")


def test_what_is_advised_with_set_must_hold_without_it_too():
    text = HEAD + (
        "args: {wide: 0}\nlayers:\n- {conv: 8}\n"
        "- {conv: 64 if wide else 9, kernel: 5, padding: 2}\n- {conv: 64, kernel: 3, padding: 1, repeat: 2}\n"
    )
    done = applied_with(text, "separable", wide="1")
    assert [*read_again(done.text).outputs.values()] == [(64, 32, 32)]


def test_what_costs_more_as_the_file_is_written_is_not_applied():
    text = HEAD + "args: {m: 1}\nlayers:\n- {conv: 16*m}\n- {conv: 32, kernel: 5, padding: 2}\n"
    with pytest.raises(UsageError, match="as the file is written its params would grow from 12,896 to 13,952"):
        applied_with(text, "stack", m="4")


def test_the_order_is_by_the_larger_share_and_small_savings_are_not_told():
    advice = advice_on(
        HEAD + "layers:\n- {conv: 512}\n- {conv: 512, kernel: 5}\n- {conv: 2, kernel: 3}\n- {linear: 9}\n"
    )
    gains = [piece.gain for piece in advice.pieces]
    assert gains == sorted(gains, reverse=True)
    assert all(100 * gain >= 1 for gain in gains)
    assert all(100 * piece.gain < 1 for piece in advice.small)
