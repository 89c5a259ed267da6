"""Numbers as papers and READMEs have them, each with its source and the first story that is right for it."""

from functools import cache

import pytest

from cnncalc.reconcile.quote import quote
from cnncalc.reconcile.story import reconcile
from cnncalc.reconcile.variants import variants
from cnncalc.spec.files import content_of

ROUNDED, CUT = "rounded", "its further digits cut off"
V1, FP32 = "v1=true (zoo:resnet50_v1)", "bytes of the params and buffers in fp32, in M of 2^20"
HE = "He et al. 2016, table 1"
HOWARD = "Howard et al. 2017, table 8"
SANDLER = "Sandler et al. 2018, table 4"
TAN = "Tan and Le 2019, table 2"
LIU = "Liu et al. 2022, table 1"
PTFLOPS = "ptflops before 0.7, README"
TORCHVISION = "torchvision, table of its weights"
KERAS = "Keras applications"
TABLE = [
    ("resnet50", "3.8e9", HE, V1, "mac-v1", 3_857_973_248, CUT),
    ("resnet101", "7.6e9", HE, "v1=true", "mac-v1", 7_570_194_432, ROUNDED),
    ("resnet152", "11.3e9", HE, "v1=true", "mac-v1", 11_282_415_616, ROUNDED),
    ("resnet18", "1.8e9", HE, "", "mac-v1", 1_814_073_344, ROUNDED),
    ("resnet34", "3.6e9", HE, "", "mac-v1", 3_663_761_408, CUT),
    ("vgg19", "19.6e9", "He et al. 2016, figure 3", "", "mac-v1", 19_632_062_464, ROUNDED),
    ("vgg16", "15.3e9", "He et al. 2016, section 4.1", "", "MACs of the convolutions alone", 15_346_630_656, ROUNDED),
    ("resnet50", "4.12e9", PTFLOPS, "", "ptflops-0.6", 4_121_925_096, ROUNDED),
    ("resnet101", "7.85 GMac", PTFLOPS, "", "ptflops-0.6", 7_849_500_136, ROUNDED),
    ("densenet121", "2.88 GMac", PTFLOPS, "", "ptflops-0.6", 2_882_720_488, ROUNDED),
    ("squeezenet1_0", "0.83 GMac", PTFLOPS, "", "ptflops-0.6", 830_046_392, ROUNDED),
    ("mobilenet_v2", "0.32 GMac", PTFLOPS, "", "ptflops-0.6", 320_300_008, ROUNDED),
    ("resnet50", "4.11 GFLOPs", "fvcore", "", "fvcore", 4_111_512_576, ROUNDED),
    ("resnet50", "4.1e9", "widely quoted of v1.5", "", "mac-v1", 4_089_184_256, ROUNDED),
    ("resnet50", "4.09 GFLOPS", TORCHVISION, "", "mac-v1", 4_089_184_256, ROUNDED),
    ("resnet50", "8.2e9", "widely quoted, multiply and add apart", "", "torch-flop-counter", 8_178_368_512, ROUNDED),
    ("resnet50", "3480207360", "TF-slim", "slim=true", "MACs without the classifier", 3_480_207_360, "exactly"),
    ("resnet50", "25.6M params", TORCHVISION, "", "params", 25_557_032, ROUNDED),
    ("resnet18", "11.7M", TORCHVISION, "", "params", 11_689_512, ROUNDED),
    ("resnet152", "60.2M", TORCHVISION, "", "params", 60_192_808, ROUNDED),
    ("wide_resnet50_2", "68.9M", "Zagoruyko and Komodakis 2016", "", "params", 68_883_240, ROUNDED),
    ("resnext50_32x4d", "25.0e6", "Xie et al. 2017, table 1", "", "params", 25_028_904, ROUNDED),
    ("resnext50_32x4d", "4.2e9", "Xie et al. 2017, table 1", "", "mac-v1", 4_230_479_872, ROUNDED),
    ("alexnet", "60 million", "Krizhevsky et al. 2012, abstract", "", "params", 61_100_840, "rounded to 1 digit"),
    ("vgg16", "138M", "Simonyan and Zisserman 2015, table 2", "", "params", 138_357_544, ROUNDED),
    ("vgg19", "144M", "Simonyan and Zisserman 2015, table 2", "", "params", 143_667_240, ROUNDED),
    ("vgg11", "133M", "Simonyan and Zisserman 2015, table 2", "", "params", 132_863_336, ROUNDED),
    ("vgg16", "528MB", KERAS, "", FP32, 527_792_144, ROUNDED),
    ("vgg16", "14714688", f"{KERAS}, include_top=False", "", "params without the linear layers", 14_714_688, "exactly"),
    ("xception", "22,855,952", "Chollet 2017, table 3", "", "params", 22_855_952, "exactly"),
    ("mobilenet_v1", "569M", HOWARD, "", "mac-v1", 568_740_352, ROUNDED),
    ("mobilenet_v1", "4.2M", HOWARD, "", "params", 4_231_976, ROUNDED),
    ("mobilenet_v2", "300M", SANDLER, "", "mac-v1", 300_774_272, CUT),
    ("mobilenet_v2", "3.4M", SANDLER, "", "weights alone, without biases and norms", 3_469_760, CUT),
    ("squeezenet1_0", "4.8MB", "Iandola et al. 2016, table 2", "", FP32, 4_762_359, ROUNDED),
    ("inception_v3", "27.2M", TORCHVISION, "aux=true", "params", 27_161_264, ROUNDED),
    ("convnext_tiny", "4.5G", LIU, "", "mac-v1", 4_455_531_264, ROUNDED),
    ("convnext_tiny", "29M", LIU, "", "params", 28_589_128, ROUNDED),
    ("efficientnet_b0", "5.3M", TAN, "", "params", 5_288_548, ROUNDED),
    ("efficientnet_b0", "0.39B", TAN, "", "mac-v1", 385_814_752, ROUNDED),
    ("unet", "31M", "PyTorch hub and others", "", "params", 31_030_658, ROUNDED),
    ("yolov3", "65.86 Bn", "darknet, README of YOLO", "", "mac-v1, times 2", 65_864_075_264, ROUNDED),
]


@cache
def networks(spec):
    return list(variants(content_of(f"zoo:{spec}"), f"zoo:{spec}"))


@pytest.mark.parametrize(
    ("spec", "number", "source", "change", "name", "value", "fit"), TABLE, ids=[f"{row[0]} {row[1]}" for row in TABLE]
)
def test_the_first_story_of_a_published_number_is_right(spec, number, source, change, name, value, fit):
    story = reconcile(quote(number), networks(spec)).exact[0]
    assert (story.variant.change, name in story.names, int(story.value), story.fit) == (change, True, value, fit), (
        source
    )


def test_the_table_has_forty_numbers_each_with_its_source():
    assert len(TABLE) >= 40
    assert all(row[2] for row in TABLE)
