"""The stories of numbers that are really quoted, and of numbers made up from the networks themselves."""

from fractions import Fraction

import pytest

import cnncalc
from cnncalc.errors import SpecError
from cnncalc.profiles import names, read, total
from cnncalc.reconcile.quote import quote
from cnncalc.reconcile.story import reconcile
from cnncalc.reconcile.variants import Variant, variants
from cnncalc.spec.files import content_of


def told(spec, number, **options):
    return reconcile(quote(number), variants(content_of(spec), spec, **options))


def first(spec, number, **options):
    story = told(spec, number, **options).exact[0]
    return story.names[0], story.variant.change.split(" ")[0], int(story.value), story.fit


@pytest.mark.parametrize(
    ("spec", "number", "story"),
    [
        # ptflops before 0.7, the README of which has 4.12 GMac
        ("zoo:resnet50", "4.12e9", ("ptflops-0.6", "", 4_121_925_096, "rounded")),
        # He et al. 2016, table 1: 3.8 x 10^9, of the network with the stride on the 1x1
        ("zoo:resnet50", "3.8e9", ("mac-v1", "v1=true", 3_857_973_248, "its further digits cut off")),
        ("zoo:resnet50", "4.1e9", ("mac-v1", "", 4_089_184_256, "rounded")),
        ("zoo:resnet50", "4.09 GFLOPs", ("mac-v1", "", 4_089_184_256, "rounded")),
        ("zoo:resnet50", "8.2e9", ("torch-flop-counter", "", 8_178_368_512, "rounded")),
        ("zoo:resnet50", "4.11G", ("fvcore", "", 4_111_512_576, "rounded")),
        ("zoo:resnet50", "4133742592", ("thop", "", 4_133_742_592, "exactly")),
        # TF-slim's number leaves out the classifier
        ("zoo:resnet50", "3480207360", ("MACs without the classifier", "slim=true", 3_480_207_360, "exactly")),
        ("zoo:resnet50", "25.6M", ("params", "", 25_557_032, "rounded")),
        ("zoo:resnet50", "97.7MiB", ("bytes of the params and buffers in fp32", "", 102_440_608, "rounded")),
        ("zoo:vgg16", "15.5G", ("mac-v1", "", 15_470_264_320, "rounded")),
        ("zoo:vgg16", "30.9 GFLOPs", ("mac-v1, times 2", "", 30_940_528_640, "rounded")),
        ("zoo:alexnet", "714188480", ("mac-v1", "", 714_188_480, "exactly")),
        # Howard et al. 2017, table 8: 569 million mult-adds
        ("zoo:mobilenet_v1", "569M", ("mac-v1", "", 568_740_352, "rounded")),
        ("zoo:mobilenet_v2", "300M", ("mac-v1", "", 300_774_272, "its further digits cut off")),
    ],
)
def test_the_plainest_story_comes_first(spec, number, story):
    name, *rest = first(spec, number)
    names_of = told(spec, number).exact[0].names
    assert story[0] in names_of, (name, names_of)
    assert tuple(rest) == story[1:]


@pytest.mark.parametrize("profile", names())
def test_a_tools_whole_number_names_the_tool(profile):
    analysis = cnncalc.analyze(cnncalc.load("zoo:googlenet_torchvision"))
    number = total(read(profile), analysis)
    story = reconcile(quote(str(number)), [Variant(analysis)]).exact[0]
    assert profile in story.names
    assert story.value == number


def test_the_terms_lead_from_the_macs_to_the_number():
    for story in told("zoo:resnet50", "4.1e9").exact:
        if story.counting.counts == "operations":
            base = story.times * story.variant.analysis.totals.macs
            assert base + sum(story.bridge.values()) == story.counting.total
            assert story.value == story.counting.total * story.unit.factor


def test_a_batch_is_seen():
    story = told("zoo:alexnet", str(32 * 714_188_480)).exact[0]
    assert story.names[0] == "mac-v1, of a batch of 32"


def test_another_image_size_is_seen():
    story = told("zoo:resnet50", "5.34G").exact[0]  # 256 pixels in place of 224
    assert (story.variant.change, int(story.value)) == ("input 3x256x256", 5_340_348_416)


def test_a_relative_of_the_zoo_is_named():
    assert "zoo:vgg19" in [story.variant.change for story in told("zoo:vgg16", "143667240").exact]


@pytest.mark.parametrize(
    ("spec", "numbers", "story"),
    [
        ("zoo:alexnet", ["60M", "60Mparams", "60 million", "60e6", "60000000"], ("params", 61_100_840)),
        ("zoo:efficientnet_b0", ["390M", "390e6", "390000000", "390 million"], ("mac-v1", 385_814_752)),
        ("zoo:lenet5", ["60k", "60e3", "60000"], ("params", 61_706)),
    ],
)
def test_a_number_has_the_same_stories_however_it_is_written(spec, numbers, story):
    found = [[(one.names[0], one.value, one.fit) for one in told(spec, number).exact] for number in numbers]
    assert story in [(name, value) for name, value, _ in found[0]]
    for number, other in zip(numbers, found, strict=True):
        assert other == found[0] or "params" in number  # a word leaves out what counts something else


def test_what_is_exact_to_more_digits_goes_first():
    fits = [one.fit for one in told("zoo:resnet152", "60M").exact]
    assert (fits[0], int(told("zoo:resnet152", "60M").exact[0].value)) == ("rounded", 60_192_808)
    assert told("zoo:resnet50", "4.1e9").exact[0].counting.name == "mac-v1"


def test_bytes_do_not_lead_where_none_are_quoted():
    found = told("zoo:mobilenet_v2", "3.4M")
    assert int(found.exact[0].value) == 3_469_760  # the weights of its convolutions and its linear layer, cut off
    assert not [one for one in (*found.exact, *found.nearest) if "int8" in one.names[0]]
    assert "int8" in told("zoo:mobilenet_v2", "3.5MB").exact[0].names[0]
    # torchvision's file of ResNet-50 is 97.8 MiB, which it writes as MB; people leave out the B
    assert told("zoo:resnet50", "97.7M").exact[0].counting.name == "bytes of the params and buffers in fp32"


@pytest.mark.parametrize(
    ("spec", "number"),
    [("zoo:resnet50", "3857973248"), ("zoo:vgg16", "528MB"), ("zoo:googlenet", "6998552"), ("zoo:resnet50", "25.6M")],
)
def test_stories_of_one_value_are_told_as_one(spec, number):
    found = told(spec, number)
    for stories in (found.exact, found.nearest):
        assert len({one.value for one in stories}) == len(stories)
    assert "input" not in found.exact[0].variant.change


def test_another_network_of_the_same_value_is_named_with_it():
    text = (
        b"{cnncalc: 1, input: 3x64x64, args: {a: false, b: false}, layers: "
        b"[{conv: 20 if a or b else 4, kernel: 3}, {max_pool: 1, when: b}]}"
    )
    found = reconcile(quote(str(62 * 62 * 20 * 27)), variants(text, "net.yaml")).exact
    assert [one.variant.change for one in found] == ["a=true"]
    assert "mac-v1 with b=true" in found[0].names


def test_a_sum_that_no_tool_prints_is_found():
    """2 for each norm output, 1 for each activation: worked out here by hand for a network of two layers."""
    text = b"{cnncalc: 1, input: 3x64x64, layers: [{conv: 16, kernel: 3, norm: batch_norm, act: relu}, {conv: 7}]}"
    macs = 62 * 62 * (16 * 27 + 7 * 16)
    number = macs + 2 * 16 * 62 * 62 + 16 * 62 * 62 + 7 * 62 * 62
    found = reconcile(quote(str(number + 0)), variants(text, "net.yaml"))
    assert found.exact
    assert all(story.value == number for story in found.exact)


def test_a_number_from_nowhere_has_no_story_but_neighbours():
    found = told("zoo:resnet50", "4123456789")
    assert found.exact == []
    assert found.nearest[0].names[0] == "ptflops-0.6"
    assert all(story.value != found.quote.value for story in found.nearest)
    assert found.nearest[0].gap == Fraction(4_123_456_789 - 4_121_925_096, 4_121_925_096)


def test_a_wrong_spec_is_refused():
    with pytest.raises(SpecError):
        list(variants(b"{cnncalc: 1, input: 1x7x7, layers: [{conv: 8, kernel: 9}]}", "net.yaml"))


@pytest.mark.parametrize(
    "text",
    [
        "{cnncalc: 1, input: 16, layers: [{linear: 4}]}",
        "{cnncalc: 1, input: 1x100, layers: [relu]}",
        "{cnncalc: 1, input: 2x4x8x8, layers: [{conv: 4, kernel: 3}, global_avg_pool]}",
        "{cnncalc: 1, inputs: {a: 1x8x8, b: 1x8x8}, layers: [{add: [a, b]}]}",
    ],
)
def test_every_network_has_an_answer(text):
    for number in ("4.12e9", "25.6M", "1234567"):
        assert reconcile(quote(number), variants(text.encode(), "net.yaml")).own.analysis.facts


def test_a_profile_that_has_no_number_for_a_huge_network_is_left_out():
    text = b"{cnncalc: 1, input: 1000000x1000000x1000000, layers: [{conv: 1000000}]}"
    assert reconcile(quote("1000"), variants(text, "huge.yaml")).nearest
    assert reconcile(quote("1000001000000"), variants(text, "huge.yaml")).exact[0].names[0] == "params"


@pytest.mark.parametrize(
    ("spec", "number", "name", "value"),
    [
        ("zoo:vgg16", "14.7M", "params without the linear layers", 14_714_688),
        ("zoo:vgg16", "14714688", "params without the linear layers", 14_714_688),  # Keras, include_top=False
        # the CS231n notes on VGG-16, their column added up; torchvision's adaptive pool is not in it
        ("zoo:vgg16", "15.24M", "tensors in place, inputs included, pools that change nothing left out", 15_237_608),
        ("zoo:vgg16", "58MiB", "tensors in place, inputs included in fp32", 61_050_784),
        ("zoo:resnet50", "7225344", "peak in place in fp32", 7_225_344),
        ("zoo:resnet50", "7225344 bytes", "peak in place in fp32", 7_225_344),
        ("zoo:resnet50", "9.188MiB", "peak in fp32", 9_633_792),
        ("zoo:resnet50", "112,074,400 bytes", "weights and peak in fp32", 112_074_400),
    ],
)
def test_what_memory_prints_is_known(spec, number, name, value):
    story = told(spec, number).exact[0]
    assert (name in story.names, story.variant.change, int(story.value)) == (True, "", value), story.names
