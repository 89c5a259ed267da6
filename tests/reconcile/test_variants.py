"""The networks that a number may be of: each once, and called by the spec of the zoo that it is."""

import pytest

from cnncalc.reconcile.variants import variants
from tests.reconcile.test_stories import told


@pytest.mark.parametrize(
    ("spec", "number", "change"),
    [
        ("zoo:resnet50", "3.8e9", "v1=true (zoo:resnet50_v1)"),
        ("zoo:resnet101", "7.6e9", "v1=true"),  # He et al. 2016, table 1: no spec of the zoo is that network
        ("zoo:resnet152", "11.3e9", "v1=true"),
        ("zoo:vgg16", "138365992", "bn=true (zoo:vgg16_bn)"),
        ("zoo:vgg11", "138365992", "zoo:vgg16_bn"),
    ],
)
def test_a_spec_of_the_zoo_is_named_where_it_is_that_very_network(spec, number, change):
    assert told(spec, number).exact[0].variant.change == change


def test_a_network_is_tried_once_however_it_is_written():
    content = b"{cnncalc: 1, extends: zoo:resnet50, args: {v1: true}}"
    found = [one.change for one in variants(content, "net.yaml")]
    assert "zoo:resnet50" not in found  # v1=false is that network
    assert "v1=false (zoo:resnet50)" in found
    assert "zoo:resnet50_v1" not in found  # the file itself


@pytest.mark.parametrize(
    ("spec", "number", "other"),
    [
        ("zoo:alexnet", "724406816", "zoo:alexnet_2012"),
        ("zoo:alexnet", "0.724G", "zoo:alexnet_2012"),
        ("zoo:alexnet_2012", "61100840", "zoo:alexnet"),
        ("zoo:googlenet", "1498376192", "zoo:googlenet_torchvision"),
        ("zoo:lenet5", "60000", "zoo:lenet5_1998"),
        ("zoo:mobilenet_v2", "568740352", "zoo:mobilenet_v1"),
    ],
)
def test_another_network_of_that_name_is_tried(spec, number, other):
    assert told(spec, number).exact[0].variant.change == f"{other}, another network of that name"
