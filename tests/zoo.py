"""The specs of the zoo that have layers of their own: what holds of a body holds of those that extend it."""

from cnncalc.spec.source import read
from cnncalc.zoo import names, zoo_path

BODIES = [name for name in names() if "extends" not in read(zoo_path(name).read_bytes(), name)]
