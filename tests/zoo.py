"""The specs of the zoo that have layers of their own: what holds of a body holds of those that extend it."""

from cnncalc.spec.source import read
from cnncalc.zoo import names, zoo_path

BODIES = [name for name in names() if "extends" not in read(zoo_path(name).read_bytes(), name)]

ONCE = {
    "inception_v4": {"a": 1, "b": 1, "c": 1}, "inception_resnet_v2": {"a": 1, "b": 1, "c": 2}, "xception": {"n": 1},
    "convnext_tiny": {"n1": 1, "n2": 1, "n3": 1, "n4": 1},
    "fcn_resnet50": {"n3": 2}, "deeplabv3_resnet50": {"n3": 2}, "fpn_resnet50": {"n1": 2, "n2": 1, "n3": 1, "n4": 1},
}  # fmt: skip
"""The arguments under which a module stands once, or as often as it differs, where all of its repeats take long."""
