"""Receptive fields against Google's table: Araujo, Norris and Sim, Distill 2019, and the code that came with it.

The networks there are those of TF-slim, whose resnet_v1 has each stride in the last unit of its block, and whose pool
pads nothing at the start of an even size. Their effective padding is minus the start.
"""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.sight import sight

SLIM_RESNET = """
cnncalc: 1
input: 3x224x224
rounding: floor
defaults: {{conv: {{padding: half}}}}
blocks:
  unit:
    args: {{c, stride}}
    layers:
    - add:
      - [{{conv: c}}, {{conv: c, kernel: 3, stride: stride}}, {{conv: 4*c}}]
      - [{{conv: 4*c, stride: stride}}]
  block:
    args: {{c, n, stride}}
    layers:
    - {{use: unit, with: [c, stride if i == n - 1 else 1], repeat: n}}
layers:
- {{conv: 64, kernel: 7, stride: 2}}
- {{max_pool: 3, stride: 2, padding: same}}
- {{use: block, rows: [[64, {0}, 2], [128, {1}, 2], [256, {2}, 2], [512, {3}, 1]]}}
"""


def told(analysis, path=None):
    fields = {axis.closed for axis in sight(analysis, path).axes}
    assert len(fields) == 1
    (field,) = fields
    return field.size, field.jump, -field.start


@pytest.mark.parametrize(
    ("units", "published"),
    [((3, 4, 6, 3), (483, 32, 239)), ((3, 4, 23, 3), (1027, 32, 511)), ((3, 8, 36, 3), (1507, 32, 751))],
    ids=["resnet_v1_50", "resnet_v1_101", "resnet_v1_152"],
)
def test_resnet_v1(units, published):
    assert told(cnncalc.analyze(cnncalc.loads(SLIM_RESNET.format(*units)))) == published


def test_vgg_16():
    assert told(cnncalc.analyze(cnncalc.load("zoo:vgg16")), "stage.4.max_pool1") == (212, 32, 90)


def test_vgg_a():
    args = {f"n{stage}": n for stage, n in enumerate((1, 1, 2, 2, 2), 1)}
    assert told(cnncalc.analyze(cnncalc.load("zoo:vgg16", args=args)), "stage.4.max_pool1") == (150, 32, 59)


def test_inception_v3():
    assert told(cnncalc.analyze(cnncalc.load("zoo:inception_v3"))) == (1311, 32, 618)


@pytest.mark.parametrize(
    ("path", "size"),
    [("mixed_5.0.concat1", 63), ("mixed_5.1.concat1", 95), ("mixed_5.2.concat1", 127), ("mixed_6.3.concat1", 927),
     ("mixed_7.0.concat1", 1183), ("mixed_7.1.concat1", 1311)],
)  # fmt: skip
def test_inception_v3_module_by_module(path, size):
    assert told(cnncalc.analyze(cnncalc.load("zoo:inception_v3")), path)[0] == size
