"""The totals of every spec in the zoo against literal numbers, each with its source beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

import pytest
import yaml

import cnncalc
from cnncalc.claims import unmet
from cnncalc.errors import SpecError
from cnncalc.field import Extent, ReceptiveField
from cnncalc.layers.base import elements
from cnncalc.zoo import names, zoo_path

HEADER = "# yaml-language-server: $schema=cnncalc.schema.json"

# Where the numbers are from.
TORCHVISION = "torchvision's model metadata (params, GFLOPS as GMACs); conv and linear MACs by PyTorch's flop counter"
GRADIENT = "measured by gradient on torchvision's model"
ARAUJO = "Araujo, Norris and Sim, Computing Receptive Fields of Convolutional Neural Networks, Distill 2019, the table"
TIMM = "timm's model: params, conv and linear MACs by PyTorch's flop counter, every shape along the way"
LECTURE = "the lecture"


@dataclass(frozen=True)
class Published:
    """One network: a spec with arguments, and what is known of it. None where no source has the number."""

    spec: str
    params: int
    macs: int
    output: tuple[int, ...] | tuple[tuple[int, ...], ...]
    sources: tuple[str, ...]
    seen: tuple[int, ...] | str | None = None  # size, jump, start of the last layer that does not see the whole
    args: dict[str, int | str] = field(default_factory=dict)

    def __str__(self):
        return " ".join([self.spec, *(f"{name}={value}" for name, value in self.args.items())])


ZOO = [
    Published("alexnet", 61_100_840, 714_188_480, (1000,), (TORCHVISION, GRADIENT), (195, 32, -66)),
    Published(
        "alexnet_2012", 60_965_224, 724_406_816, (1000,),
        ("the bvlc_alexnet model of Caffe, at 227", f"{ARAUJO}: alexnet_v2, whose first layer is unpadded too"),
        (195, 32, -64),
    ),
    Published("vgg16", 138_357_544, 15_470_264_320, (1000,), (TORCHVISION, GRADIENT, ARAUJO), (212, 32, -90)),
    Published("resnet18", 11_689_512, 1_814_073_344, (1000,), (TORCHVISION, GRADIENT), (435, 32, -217)),
    Published("resnet34", 21_797_672, 3_663_761_408, (1000,), (TORCHVISION, GRADIENT), (899, 32, -449)),
    Published("resnet50", 25_557_032, 4_089_184_256, (1000,), (TORCHVISION, GRADIENT), (427, 32, -213)),
    Published(
        "resnet50_v1", 25_557_032, 3_857_973_248, (1000,),
        ("He et al. 2016, table 1: 3.8 G", f"{ARAUJO}: resnet_v1_50, 483 at steps of 32",
         "torchvision's model with each stride moved to the 1x1 before it: counted, and measured by gradient"),
        (483, 32, -241),
    ),
    Published("resnet101", 44_549_160, 7_801_405_440, (1000,), (TORCHVISION, GRADIENT), (971, 32, -485)),
    Published("resnet152", 60_192_808, 11_513_626_624, (1000,), (TORCHVISION, GRADIENT), (1451, 32, -725)),
    Published("resnext50_32x4d", 25_028_904, 4_230_479_872, (1000,), (TORCHVISION, GRADIENT), (427, 32, -213)),
    Published("wide_resnet50_2", 68_883_240, 11_398_021_120, (1000,), (TORCHVISION, GRADIENT), (427, 32, -213)),
    Published(
        "googlenet", 6_998_552, 1_582_671_872, (1000,),
        ("the bvlc_googlenet model of Caffe, 6,998,552 params and 1.583 G MACs; the digits follow from table 1",),
    ),
    Published(
        "googlenet_torchvision", 6_624_904, 1_498_376_192, (1000,), (TORCHVISION, GRADIENT), (379, 32, -167),
    ),
    Published(
        "inception_v3", 23_834_568, 5_713_216_096, (1000,),
        (f"{TORCHVISION}; params without the 3,326,696 of the auxiliary head", ARAUJO), (1311, 32, -618),
    ),
    Published(
        "mobilenet_v1", 4_231_976, 568_740_352, (1000,),
        ("Howard et al. 2017, table 4: 4.2 M params, 569 M mult-adds; exact from table 1", ARAUJO), (315, 32, -126),
    ),
    Published("mobilenet_v2", 3_504_872, 300_774_272, (1000,), (TORCHVISION, GRADIENT), (491, 32, -245)),
    Published("densenet121", 7_978_856, 2_834_161_664, (1000,), (TORCHVISION,)),
    Published("densenet169", 14_149_480, 3_359_843_328, (1000,), (TORCHVISION,)),
    Published("densenet201", 20_013_928, 4_291_365_888, (1000,), (TORCHVISION,)),
    Published("squeezenet1_0", 1_248_424, 818_924_576, (1000,), (TORCHVISION,)),
    Published("squeezenet1_1", 1_235_496, 349_151_936, (1000,), (TORCHVISION, GRADIENT), (207, 16, -88)),
    Published(
        "unet", 31_030_658, 150_428_424_448, (2, 388, 388),
        ("Ronneberger et al. 2015, figure 1, from which the totals follow; what it sees depends on the position",),
        "unknown",
    ),
    Published(
        "c3d", 79_991_015, 38_548_959_232, (487,),
        ("Tran et al. 2015, figure 3 with the 487 classes of Sports-1M, from which the totals follow",),
    ),
    Published(
        "wavenet",
        (256 * 32 * 2 + 32) + 30 * (2 * (32 * 32 * 2 + 32) + 32 * 512 + 512) + 29 * (32 * 32 + 32)
        + (512 * 512 + 512) + (512 * 256 + 256),
        16_000 * (256 * 32 * 2 + 30 * (2 * 32 * 32 * 2 + 32 * 512) + 29 * 32 * 32 + 512 * 512 + 512 * 256),
        (256, 16_000),
        ("van den Oord et al. 2016, figure 4: term by term", "each stack adds 1023, the first convolution 1"),
        (1 + 1 + 3 * 1023, 1, -3070),
    ),
    Published(
        "deepface",
        (32 * 3 * 11**2 + 32) + (16 * 32 * 9**2 + 16)
        + 55**2 * (16 * 16 * 9**2 + 16) + 25**2 * (16 * 16 * 7**2 + 16) + 21**2 * (16 * 16 * 5**2 + 16)
        + (16 * 21**2 * 4096 + 4096) + (4096 * 4030 + 4030),
        142**2 * 32 * 3 * 11**2 + 63**2 * 16 * 32 * 9**2
        + 55**2 * 16 * 16 * 9**2 + 25**2 * 16 * 16 * 7**2 + 21**2 * 16 * 16 * 5**2
        + 16 * 21**2 * 4096 + 4096 * 4030,
        (4030,), ("Taigman et al. 2014, figure 2: term by term (their text says more than 120 million params)",),
        (11 + (3 - 1) + 2 * (9 - 1) + 2 * (9 - 1) + 2 * (7 - 1) + 4 * (5 - 1), 4, 0),
    ),
    Published("lenet5", 61_706, 416_520, (10,), ("LeCun et al. 1998, with C3 complete: the lecture's L1",)),
    Published(
        "lenet5_1998", 60_000, 340_908 - 840 - 4 * (6 * 14**2 + 16 * 5**2) - 6 * 28**2 - 16 * 10**2 - 120 - 84, (84,),
        ("LeCun et al. 1998: 60,000 trainable parameters; 340,908 connections, less those of the RBF units, "
         "4 of the 5 of each subsampled output, and the biases",),
        (14 + 4 + 4 * 4 - 2, 4, 0),
    ),
    Published(
        "srcnn", 8_032 + 97, 21**2 * 5**2 * 32 + 25**2 * (64 * 32 + 9**2 * 64), (1, 21, 21),
        ("Dong et al. 2016, 9-1-5: 8,032 weights, 33x33 to 21x21; 97 biases; MACs term by term",), (33 - 21 + 1, 1, 0),
    ),
    Published(
        "espcn", (25 * 64 + 64) + (9 * 64 * 32 + 32) + (9 * 32 * 9 + 9), 17**2 * (25 * 64 + 9 * 64 * 32 + 9 * 32 * 9),
        (1, 51, 51), ("Shi et al. 2016, section 3.2: 5-3-3 with 64 and 32 maps, scale 3: term by term",),
        (5 + 2 + 2, Fraction(1, 3), -4),
    ),
    Published(
        "m5",
        (80 * 128) + 3 * (128 * 128 + 128 * 256 + 256 * 512) + 2 * (128 + 128 + 256 + 512) + (512 * 10 + 10),
        8_000 * 80 * 128 + 3 * (2_000 * 128 * 128 + 500 * 128 * 256 + 125 * 256 * 512) + 512 * 10, (10,),
        ("Dai et al. 2017, table 1: term by term (0.5 M params there, cut short)",),
        (80 + 3 * 4 + (2 + 3) * 16 + (2 + 3) * 64 + (2 + 3) * 256, 1024, -(38 + 16 + 64 + 256)),
    ),
    Published(
        "darknet53", 41_609_928, 9_285_115_904, (1000,),
        ("timm's darknet53, its shapes too", "18.57 Bn operations on its first author's page, two for each MAC"),
        (725, 32, -362),
    ),
    Published("r3d_18", 33_371_472, 40_696_553_472, (400,), (TORCHVISION,)),
    Published(
        "unet3d", 19_069_955 + 2_336, 266_731_018_496, (3, 28, 44, 44),
        ("Çiçek et al. 2016: 19,069,955 params, which have one of the scale and the bias of each of 2,336 channels; "
         "MACs by PyTorch's flop counter on the same network there",), "unknown",
    ),
    Published("inception_v4", 42_679_816, 12_253_974_624, (1000,), (TIMM, ARAUJO), (2071, 32, -998)),
    Published("inception_resnet_v2", 55_843_464, 13_155_794_016, (1000,), (TIMM, ARAUJO), (3039, 32, -1482)),
    Published(
        "xception", 22_855_952, 8_357_403_496, (1000,),
        ("Chollet 2017, table 3: 22,855,952 params", TIMM, "measured by gradient on timm's model"), (1083, 32, -538),
    ),
    Published("mobilenet_v3_large", 5_483_032, 216_589_760, (1000,), (TORCHVISION,)),
    Published("mobilenet_v3_small", 2_542_856, 56_510_400, (1000,), (TORCHVISION,)),
    Published("efficientnet_b0", 5_288_548, 385_814_752, (1000,), (TORCHVISION,)),
    Published("efficientnet_b1", 7_794_184, 686_802_832, (1000,), (f"{TORCHVISION}, at 240",)),
    Published("shufflenet_v2_x1_0", 2_278_604, 144_907_992, (1000,), (TORCHVISION, GRADIENT), (527, 32, -263)),
    Published("mnasnet1_0", 4_383_312, 314_415_872, (1000,), (TORCHVISION, GRADIENT), (843, 32, -421)),
    Published("convnext_tiny", 28_589_128, 4_455_531_264, (1000,), (TORCHVISION, GRADIENT), (1688, 32, -828)),
    Published("regnet_x_400mf", 5_495_976, 413_812_608, (1000,), (TORCHVISION, GRADIENT), (975, 32, -487)),
    Published("regnet_y_400mf", 4_344_144, 401_842_848, (1000,), (TORCHVISION,)),
    Published(
        "vgg11", 132_863_336, 7_609_090_048, (1000,), (TORCHVISION, f"{ARAUJO}: vgg_a"), (150, 32, -59),
    ),
    Published("vgg13", 133_047_848, 11_308_466_176, (1000,), (TORCHVISION,)),
    Published("vgg19", 143_667_240, 19_632_062_464, (1000,), (TORCHVISION,)),
    Published("vgg16_bn", 138_365_992, 15_470_264_320, (1000,), (TORCHVISION,)),
    Published("mc3_18", 11_695_440, 43_342_635_008, (400,), (TORCHVISION,)),
    Published("r2plus1d_18", 31_505_325, 40_519_080_960, (400,), (TORCHVISION,)),
    Published(
        "fcn_resnet50", 35_322_218 - 2_365_205, 152_716_512_000 - 9_990_739_200, (21, 520, 520),
        (f"{TORCHVISION}, both less the auxiliary head",), "unknown",
    ),
    Published(
        "deeplabv3_resnet50", 42_004_074 - 2_365_205, 178_721_945_088 - 9_990_739_200, (21, 520, 520),
        (f"{TORCHVISION}, both less the auxiliary head",),
    ),
    Published(
        "yolov3", 61_949_149, 32_932_037_632, ((255, 13, 13), (255, 26, 26), (255, 52, 52)),
        ("61,949,149 params and 65.86 Bn operations: darknet's yolov3.cfg at 416",), "unknown",
    ),
    Published(
        "fpn_resnet50", 26_852_416, 6_929_104_896, tuple((256, side, side) for side in (56, 28, 14, 7, 4)),
        ("torchvision's resnet_fpn_backbone, run: its params and shapes, MACs by PyTorch's flop counter",),
    ),
    Published("edge_detection", 2, 319 * 280 * 1 * 2, (1, 280, 319), ("Goodfellow et al. 2016, figure 9.6",)),
    # The lecture's small cases; tests/lecture says what each is about.
    Published("lecture_signal_1d", (2 * 5 + 1) * 4, 4 * 996 * 2 * 5, (4, 996), (LECTURE,), (5, 1, 0)),
    Published("lecture_image_2d", (2 * 5**2 + 1) * 4, 4 * 16 * 26 * 2 * 5**2, (4, 16, 26), (LECTURE,), (5, 1, 0)),
    Published(
        "lecture_video_3d", (2 * 5**3 + 1) * 4, 4 * 6 * 16 * 26 * 2 * 5**3, (4, 6, 16, 26), (LECTURE,), (5, 1, 0)
    ),
    Published("lecture_valid", 10, 3 * 3 * 9, (1, 3, 3), (LECTURE,), (3, 1, 0)),
    Published("lecture_same", 10, 5 * 5 * 9, (1, 5, 5), (LECTURE,), (3, 1, -1)),
    Published("lecture_strided_5x5", 10, 2 * 2 * 9, (1, 2, 2), (LECTURE,), (3, 2, 0)),
    Published("lecture_half", 10 + 26 + 50, 7 * 7 * (9 + 25 + 49), (1, 7, 7), (LECTURE,), (1 + 2 + 4 + 6, 1, -6)),
    Published("lecture_six_filters", 6 * 76, 6 * 28 * 28 * 75, (6, 28, 28), (LECTURE,), (5, 1, 0)),
    Published("lecture_ten_filters", 760, 10 * 32 * 32 * 75, (10, 32, 32), (LECTURE,), (5, 1, -2)),
    Published("lecture_tiny_1x1", 26, 25, (1, 1, 1), (LECTURE,), (5, 1, -2)),
    Published("lecture_tiny_2x2", 26, 100, (1, 2, 2), (LECTURE,), (5, 1, -2)),
    Published("lecture_1x1", 65 * 32, 64 * 32 * 56 * 56, (32, 56, 56), (LECTURE,), (1, 1, 0)),
    Published("lecture_one_7x7", 49 * 64**2, 49 * 56 * 56 * 64**2, (64, 56, 56), (LECTURE,), (7, 1, -3)),
    Published("lecture_stacked_3x3", 27 * 64**2, 27 * 56 * 56 * 64**2, (64, 56, 56), (LECTURE,), (7, 1, -3)),
    Published("lecture_bottleneck", 13_312, 13_312 * 56 * 56, (64, 56, 56), (LECTURE,), (3, 1, -1)),
    Published("lecture_1x3_3x1", 6 * 64**2, 6 * 56 * 56 * 64**2, (64, 56, 56), (LECTURE,), (3, 1, -1)),
]  # fmt: skip

# Other networks that the same files say, given arguments.
STAGES = ("n1", "n2", "n3", "n4", "n5")
VARIANTS = [
    Published(
        "vgg16", 132_863_336, 7_609_090_048, (1000,), (f"{TORCHVISION}: vgg11", f"{ARAUJO}: vgg_a"), (150, 32, -59),
        dict(zip(STAGES, (1, 1, 2, 2, 2), strict=True)),
    ),
    Published(
        "vgg16", 143_667_240, 19_632_062_464, (1000,), (f"{TORCHVISION}: vgg19",),
        args=dict(zip(STAGES, (2, 2, 4, 4, 4), strict=True)),
    ),
    Published(
        "deepface", 137_774_071, 536_470_144, (8631,),
        ("params as reported of swghosh/DeepFace, in Keras, for the 8631 people of VGGFace2",), args={"classes": 8631},
    ),
    Published(
        "inception_v3", 27_161_264, 5_718_899_296, (1000,),
        ("torchvision's model metadata (params); MACs by PyTorch's flop counter in training",), args={"aux": "true"},
    ),
    Published(
        "googlenet_torchvision", 13_004_888, 1_506_748_416, (1000,),
        ("params of torchvision's model with aux_logits; MACs by PyTorch's flop counter in training",),
        args={"aux": "true"},
    ),
    Published(
        "googlenet", 13_378_280, 1_591_044_096, (1000,),
        ("the bvlc_googlenet model of Caffe in training, 13,378,280 params",), args={"aux": "true"},
    ),
    Published(
        "fcn_resnet50", 35_322_218, 152_716_512_000, (21, 520, 520), (TORCHVISION,), args={"aux": 1},
    ),
    Published(
        "fcn_resnet50", 54_314_346, 232_737_606_400, (21, 520, 520), (f"{TORCHVISION}: fcn_resnet101",),
        args={"aux": 1, "n3": 23},
    ),
    Published(
        "deeplabv3_resnet50", 42_004_074, 178_721_945_088, (21, 520, 520), (TORCHVISION,), args={"aux": 1},
    ),
    Published(
        "deeplabv3_resnet50", 60_996_202, 258_743_039_488, (21, 520, 520), (f"{TORCHVISION}: deeplabv3_resnet101",),
        args={"aux": 1, "n3": 23},
    ),
    Published(
        "regnet_x_400mf", 5_157_512, 397_677_568, (1000,),
        ("pycls's own widths, timm's regnetx_004: 5.2 M params and 0.4 B flops in the paper",), args={"w4": 384},
    ),
    Published("convnext_tiny", 50_223_688, 8_683_712_256, (1000,), (f"{TORCHVISION}: convnext_small",),
              args={"n3": 27}),
    Published("shufflenet_v2_x1_0", 1_366_792, 40_476_448, (1000,), (f"{TORCHVISION}: shufflenet_v2_x0_5",),
              args={"c2": 48, "c3": 96, "c4": 192}),
    Published("mnasnet1_0", 2_218_512, 104_455_968, (1000,), (f"{TORCHVISION}: mnasnet0_5",), args={"width": "0.5"}),
]  # fmt: skip
KNOWN = ZOO + VARIANTS


@cache
def analyzed(spec, **args):
    return cnncalc.analyze(cnncalc.load(f"zoo:{spec}", args=args))


def last_field(analysis):
    """Return the field of the last layer that does not see the whole, along each axis; None if every layer does."""
    seen = (one.field for one in reversed(analysis.facts))
    return next((axes for axes in seen if not set(axes) <= {Extent.WHOLE, Extent.FLAT}), None)


def ends(analysis, paths):
    """Return the receptive field's size at the end of each node or block, the same along all axes."""
    sizes = []
    for path in paths:
        last = [one for one in analysis.facts if f"{one.node.path}.".startswith(f"{path}.")][-1]
        (axis,) = set(last.field)
        sizes.append(axis.size)
    return sizes


# ---- every spec


def test_every_spec_of_the_zoo_has_published_totals():
    assert sorted(row.spec for row in ZOO) == names()


@pytest.mark.parametrize("row", KNOWN, ids=str)
def test_parameters_are_the_published_ones(row):
    assert analyzed(row.spec, **row.args).totals.params == row.params, row.sources


@pytest.mark.parametrize("row", KNOWN, ids=str)
def test_multiply_adds_are_the_published_ones(row):
    assert analyzed(row.spec, **row.args).totals.macs == row.macs, row.sources


@pytest.mark.parametrize("row", KNOWN, ids=str)
def test_the_output_is_the_published_one(row):
    outputs = row.output if isinstance(row.output[0], tuple) else (row.output,)
    assert tuple(analyzed(row.spec, **row.args).outputs.values()) == outputs, row.sources


@pytest.mark.parametrize("row", [row for row in KNOWN if row.seen], ids=str)
def test_the_receptive_field_is_the_published_one(row):
    axes = last_field(analyzed(row.spec, **row.args))
    if isinstance(row.seen, str):
        assert set(axes) == {Extent(row.seen)}, row.sources
    else:
        assert {(axis.size, axis.jump, axis.start)[: len(row.seen)] for axis in axes} == {row.seen}, row.sources


@pytest.mark.parametrize("name", names())
def test_every_spec_begins_with_the_schema_and_the_version(name):
    assert zoo_path(name).read_text(encoding="utf-8").splitlines()[:2] == [HEADER, "cnncalc: 1"]


@pytest.mark.parametrize("name", names())
def test_every_spec_has_a_name_and_a_dated_source(name):
    written = yaml.safe_load(zoo_path(name).read_text(encoding="utf-8"))
    assert written["name"]
    assert re.search(r"\b(19|20)\d\d\b", written["source"])


@pytest.mark.parametrize("name", names())
def test_every_spec_claims_its_totals_and_the_claims_hold(name):
    graph = cnncalc.load(f"zoo:{name}")
    assert {"params", "macs", "output"} <= set(graph.expect)
    assert unmet(analyzed(name)) == []


@pytest.mark.parametrize("row", [row for row in ZOO if row.seen], ids=str)
def test_a_spec_claims_its_receptive_field_where_a_source_has_it(row):
    assert "receptive_field" in cnncalc.load(f"zoo:{row.spec}").expect


@pytest.mark.parametrize(
    ("claim", "wrong", "name"),
    [
        ("params: 11689512", "params: 11689511", "params"),
        ("macs: 1814073344", "macs: 1814073345", "macs"),
        ("output: 1000", "output: 1001", "output"),
        ("size: 435", "size: 437", "receptive_field"),
        ("start: -217", "start: -218", "receptive_field"),
        ("{size: 435, jump: 32, start: -217}", "unknown", "receptive_field"),
    ],
)
def test_a_wrong_claim_is_noticed(claim, wrong, name):
    text = zoo_path("resnet18").read_text(encoding="utf-8")
    assert claim in text
    graph = cnncalc.loads(text.replace(claim, wrong))
    assert [one.name for one in unmet(cnncalc.analyze(graph))] == [name]


# ---- torchvision's table: https://pytorch.org/vision/stable/models.html, column GFLOPS, which are GMACs


@pytest.mark.parametrize(
    ("spec", "args", "gmacs"),
    [
        ("alexnet", {}, "0.714"),
        ("vgg16", dict(zip(STAGES, (1, 1, 2, 2, 2), strict=True)), "7.609"),
        ("vgg16", dict(zip(STAGES, (2, 2, 2, 2, 2), strict=True)), "11.308"),
        ("vgg16", {}, "15.470"),
        ("vgg16", dict(zip(STAGES, (2, 2, 4, 4, 4), strict=True)), "19.632"),
        ("vgg16_bn", {}, "15.470"),
        ("r3d_18", {}, "40.697"),
        ("mc3_18", {}, "43.343"),
        ("r2plus1d_18", {}, "40.519"),
        ("fcn_resnet50", {"aux": 1}, "152.717"),
        ("fcn_resnet50", {"aux": 1, "n3": 23}, "232.738"),
        ("deeplabv3_resnet50", {"aux": 1}, "178.722"),
        ("deeplabv3_resnet50", {"aux": 1, "n3": 23}, "258.743"),
        ("resnet18", {}, "1.814"),
        ("resnet34", {}, "3.664"),
        ("resnet50", {}, "4.089"),
        ("resnet101", {}, "7.801"),
        ("resnet152", {}, "11.514"),
        ("resnext50_32x4d", {}, "4.230"),
        ("wide_resnet50_2", {}, "11.398"),
        ("googlenet_torchvision", {}, "1.498"),
        ("inception_v3", {}, "5.713"),
        ("mobilenet_v2", {}, "0.301"),
        ("squeezenet1_0", {}, "0.819"),
        ("squeezenet1_1", {}, "0.349"),
        ("mobilenet_v3_small", {}, "0.057"),
        ("mobilenet_v3_large", {}, "0.217"),
        ("efficientnet_b0", {}, "0.386"),
        ("efficientnet_b1", {}, "0.687"),
        ("shufflenet_v2_x1_0", {}, "0.145"),
        ("mnasnet1_0", {}, "0.314"),
        ("convnext_tiny", {}, "4.456"),
        ("regnet_x_400mf", {}, "0.414"),
        ("regnet_y_400mf", {}, "0.402"),
        ("densenet121", {}, "2.834"),
        ("densenet169", {}, "3.360"),
        ("densenet201", {}, "4.291"),
    ],
)
def test_multiply_adds_round_to_the_published_three_decimals(spec, args, gmacs):
    assert f"{analyzed(spec, **args).totals.macs / 10**9:.3f}" == gmacs


@pytest.mark.parametrize(("side", "operations"), [(320, "38.97"), (416, "65.86"), (608, "140.69")])
def test_yolov3_has_the_operations_that_its_authors_publish(side, operations):
    analysis = cnncalc.analyze(cnncalc.load("zoo:yolov3", input=f"3x{side}x{side}"))
    assert f"{2 * analysis.totals.macs / 10**9:.2f}" == operations, "their page of YOLOv3, column FLOPS, in Bn"


def test_vgg13_has_the_published_parameters():
    args = dict(zip(STAGES, (2, 2, 2, 2, 2), strict=True))
    assert analyzed("vgg16", **args).totals.params == 133_047_848, TORCHVISION


# the same metadata's min_size: the smallest square on which torchvision's model runs
@pytest.mark.parametrize(
    ("spec", "smallest"),
    [
        ("alexnet", 63),
        ("vgg16", 32),
        ("googlenet_torchvision", 15),
        ("inception_v3", 75),
        ("squeezenet1_0", 21),
        ("squeezenet1_1", 17),
        ("densenet121", 29),
        ("convnext_tiny", 32),
    ],
)
def test_a_network_runs_on_its_published_smallest_input_and_on_none_smaller(spec, smallest):
    cnncalc.analyze(cnncalc.load(f"zoo:{spec}", input=f"3x{smallest}x{smallest}"))
    with pytest.raises(SpecError):
        cnncalc.analyze(cnncalc.load(f"zoo:{spec}", input=f"3x{smallest - 1}x{smallest - 1}"))


@pytest.mark.parametrize(
    "spec",
    ["resnet18", "resnet50", "mobilenet_v2", "mobilenet_v3_large", "mobilenet_v3_small", "efficientnet_b0",
     "shufflenet_v2_x1_0", "mnasnet1_0", "regnet_x_400mf", "regnet_y_400mf"],
)  # fmt: skip
def test_a_fully_padded_network_runs_on_one_pixel(spec):
    assert cnncalc.analyze(cnncalc.load(f"zoo:{spec}", input="3x1x1")).totals.macs > 0, TORCHVISION


# ---- MobileNetV1: Howard et al. 2017, table 6


@pytest.mark.parametrize(
    ("width", "millions_of_macs", "millions_of_params"), [("0.75", 325, 2.6), ("0.5", 149, 1.3), ("0.25", 41, 0.5)]
)
def test_a_narrower_mobilenet_costs_what_its_paper_says(width, millions_of_macs, millions_of_params):
    totals = analyzed("mobilenet_v1", width=width).totals
    assert totals.macs // 10**6 == millions_of_macs
    assert round(totals.params / 10**6, 1) == millions_of_params


# ---- ResNet-50: one name, three networks


def test_resnet50_v1_with_the_stride_on_the_1x1_costs_less_and_sees_more():
    analysis = analyzed("resnet50", v1="true")
    assert analysis.totals.params == 25_557_032
    assert analysis.totals.macs == 3_857_973_248, "He et al. 2016, table 1: 3.8 G"
    assert {(axis.size, axis.jump) for axis in last_field(analysis)} == {(483, 32)}, f"{ARAUJO}: resnet_v1_50"


def test_resnet50_of_tf_slim_with_the_stride_in_the_last_unit_costs_least():
    analysis = analyzed("resnet50", slim="true")
    classifier = 2048 * 1000
    assert analysis.totals.params == 25_557_032
    assert analysis.totals.macs - classifier == 3_480_207_360, "TF-slim's resnet_v1_50, convolutions without the logits"


@pytest.mark.parametrize(
    ("args", "size"), [({}, 483), ({"n3": 23}, 1027), ({"n2": 8, "n3": 36}, 1507)], ids=["50", "101", "152"]
)
def test_the_field_of_tf_slims_resnets_is_googles(args, size):
    analysis = analyzed("resnet50", slim="true", **args)
    assert {(axis.size, axis.jump) for axis in last_field(analysis)} == {(size, 32)}, ARAUJO


def resnet50_elements(op):
    return sum(elements(one.shape) for one in analyzed("resnet50").facts if one.node.op == op)


# What profilers print for torchvision's resnet50 at 224: conv and linear MACs, and what each adds to them.
def test_torchinfo_adds_the_biases_and_the_norms_parameters():
    totals = analyzed("resnet50").totals
    assert totals.macs + 1_000 + 2 * 26_560 == 4_089_238_376  # torchinfo, "Total mult-adds"
    assert totals.buffers == 2 * 26_560  # the channels that are normalised, here mean and variance


def test_torchprofile_adds_one_a_norm_element_and_the_global_pools_outputs():
    assert analyzed("resnet50").totals.macs + resnet50_elements("batch_norm") + 2_048 == 4_100_300_288  # torchprofile


def test_fvcore_adds_two_a_norm_element_and_the_global_pools_inputs():
    macs = analyzed("resnet50").totals.macs
    assert macs + 2 * resnet50_elements("batch_norm") + 2_048 * 7 * 7 == 4_111_512_576  # fvcore


def test_calflops_doubles_the_macs_and_adds_norms_relus_and_the_pools_inputs():
    macs = analyzed("resnet50").totals.macs
    norms, relus = resnet50_elements("batch_norm"), resnet50_elements("relu")
    assert 2 * macs + 2 * norms + relus + 64 * 112 * 112 + 2_048 * 7 * 7 == 8_211_108_352  # calflops, FLOPs


# ---- joins, which no count of parameters or MACs sees


@pytest.mark.parametrize(
    ("spec", "op", "count"),
    [
        ("resnet18", "add", 2 + 2 + 2 + 2),  # He et al. 2016, table 1: one a block
        ("resnet50", "add", 3 + 4 + 6 + 3),
        ("mobilenet_v2", "add", 0 + 1 + 2 + 3 + 2 + 2 + 0),  # Sandler et al. 2018, table 2: all but the first of a row
        ("densenet121", "concat", 6 + 12 + 24 + 16),  # Huang et al. 2017, table 1: one a dense layer
        ("squeezenet1_0", "concat", 8),  # Iandola et al. 2016, table 1: fire2 to fire9
        ("mobilenet_v3_large", "multiply", 3 + 2 + 3),  # Howard et al. 2019, table 1: the ticks of SE
        ("mobilenet_v3_large", "add", 15 - 5),  # all bottlenecks but the four of stride 2 and the step to 112 channels
        ("mobilenet_v3_small", "multiply", 11 - 2),  # table 2
        ("efficientnet_b0", "multiply", 1 + 2 + 2 + 3 + 3 + 4 + 1),  # Tan and Le 2019, table 1: one an MBConv
        ("efficientnet_b0", "add", 0 + 1 + 1 + 2 + 2 + 3 + 0),  # all but the first of a row
        ("shufflenet_v2_x1_0", "channel_shuffle", 4 + 8 + 4),  # Ma et al. 2018, table 5: one a unit
        ("convnext_tiny", "add", 3 + 3 + 9 + 3),  # Liu et al. 2022, table 9
        ("inception_v4", "concat", 3 + 4 + 1 + 7 + 1 + 3 * 3),  # Szegedy et al. 2017, figures 3 to 9
        ("inception_resnet_v2", "add", 10 + 20 + 10),  # the authors' code: Block35, Block17 and Block8
        ("xception", "add", 12),  # Chollet 2017, figure 5
        ("unet", "concat", 4),  # Ronneberger et al. 2015, figure 1: four grey arrows
        ("wavenet", "multiply", 30),  # van den Oord et al. 2016, figure 4: a gate a layer
        ("wavenet", "add", 29 + 1),  # and a residual, which nothing reads after the last; the sum of the skips
    ],
)
def test_a_network_has_as_many_joins_as_its_paper_says(spec, op, count):
    assert sum(one.node.op == op for one in analyzed(spec).facts) == count


def test_the_residual_additions_of_resnet50_are_the_outputs_of_its_blocks():
    # He et al. 2016, table 1: the output sizes and the channels
    assert resnet50_elements("add") == 3 * 256 * 56**2 + 4 * 512 * 28**2 + 6 * 1024 * 14**2 + 3 * 2048 * 7**2


def test_the_sum_of_wavenets_skips_reads_all_thirty():
    final = [one for one in analyzed("wavenet").facts if one.node.op == "add"][-1]
    assert final.inputs == ((512, 16_000),) * 30


# ---- activations: output elements of conv and linear (Radosavovic et al. 2020, "Designing Network Design Spaces")


@pytest.mark.parametrize(
    ("spec", "exact"),
    [
        (
            "vgg16",  # Simonyan and Zisserman 2015, table 1, column D: 13.56 M
            2 * 64 * 224**2 + 2 * 128 * 112**2 + 3 * 256 * 56**2 + 3 * 512 * 28**2 + 3 * 512 * 14**2 + 4096 * 2 + 1000,
        ),
        ("resnet50", 11_113_984 + 1_000),  # what the norms read, by torchprofile's total above, and the classes
    ],
)
def test_activations_are_the_published_ones(spec, exact):
    assert analyzed(spec).totals.activations == exact


@pytest.mark.parametrize(
    ("spec", "millions"), [("resnet50", "11.11"), ("mobilenet_v2", "6.68"), ("densenet121", "6.90")]
)
def test_activations_round_to_the_published_millions(spec, millions):
    # timm, results/benchmark-infer-*.csv, column infer_macts
    assert f"{analyzed(spec).totals.activations / 10**6:.2f}" == millions


# ---- receptive fields along the way


def test_the_field_of_vgg16_grows_as_googles_table_says():
    assert ends(analyzed("vgg16"), [f"stage.{i}.max_pool1" for i in range(5)]) == [6, 16, 44, 100, 212], ARAUJO


def test_the_field_of_inception_v3_grows_as_googles_table_says():
    paths = [
        "mixed_5.0", "mixed_5.1", "mixed_5.2",
        "mixed_6a", "mixed_6.0", "mixed_6.1", "mixed_6.2", "mixed_6.3",
        "mixed_7a", "mixed_7.0", "mixed_7.1",
    ]  # fmt: skip
    expected = [63, 95, 127, 159, 351, 543, 735, 927, 1055, 1183, 1311]  # Mixed_5b to Mixed_7c
    assert ends(analyzed("inception_v3"), paths) == expected, ARAUJO


def dilated(rates):
    rows = ", ".join(f"[{rate}]" for rate in rates)
    text = f"""
    cnncalc: 1
    input: 1x128x128
    blocks: {{step: {{args: {{d}}, layers: [{{conv: 1, kernel: 3, dilation: d, padding: half, act: relu}}]}}}}
    layers: [{{use: step, rows: [{rows}]}}]
    """
    return ends(cnncalc.analyze(cnncalc.loads(text)), [f"step.{i}" for i in range(len(rates))])


def test_the_context_network_sees_67_pixels():
    # Yu and Koltun 2016, "Multi-Scale Context Aggregation by Dilated Convolutions", table 1
    assert dilated([1, 1, 2, 4, 8, 16, 1]) == [3, 5, 9, 17, 33, 65, 67]


# Wang et al. 2018, "Understanding Convolution for Semantic Segmentation", section 3.2
@pytest.mark.parametrize(("rates", "span"), [([2, 2, 2], 13), ([1, 2, 5], 17)])
def test_dilations_span_their_sum(rates, span):
    assert dilated(rates)[-1] == span


def test_a_stack_of_wavenet_sees_1024_samples():
    # van den Oord et al. 2016, section 2.1: "each 1, 2, 4, ..., 512 block has receptive field of size 1024"
    text = """
    cnncalc: 1
    input: 1x16000
    layers: [{conv: 1, kernel: 2, dilation: 2**i, padding: causal, repeat: 10}]
    """
    (axis,) = last_field(cnncalc.analyze(cnncalc.loads(text)))
    assert axis == ReceptiveField(size=1024, jump=1, start=-1023)


# ---- U-Net: Ronneberger et al. 2015, section 3: every pool must see an even size, so 188 + 16k


@pytest.mark.parametrize(("side", "output"), [(188, 4), (204, 20), (572, 388), (700, 516)])
def test_unet_takes_188_and_16_more_and_loses_184(side, output):
    analysis = cnncalc.analyze(cnncalc.load("zoo:unet", input=f"1x{side}x{side}"))
    assert list(analysis.outputs.values()) == [(2, output, output)]


@pytest.mark.parametrize("side", [172, 196, 256, 512, 570, 573, 576])
def test_unet_refuses_other_sizes_multiples_of_32_among_them(side):
    with pytest.raises(SpecError):
        cnncalc.analyze(cnncalc.load("zoo:unet", input=f"1x{side}x{side}"))
