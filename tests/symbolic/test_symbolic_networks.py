"""Formulas against numbers: a network analysed once with symbols, and many times with the sizes they stand for."""

from __future__ import annotations

import re
from random import Random

import pytest

import cnncalc
from cnncalc.analysis import at_least
from cnncalc.errors import DoesNotCompute, SpecError, TooLarge, Undecidable
from cnncalc.field import Extent
from cnncalc.symbolic.polynomial import Polynomial
from cnncalc.symbolic.sign import assuming

from ..oracles.networks import random_network
from ..oracles.spec_text import text

SEED = 20261123
SIZES = 200
MULTIPLE = 2**7 * 3**5 * 5**2 * 7**2 * 11 * 13
SIDES = {1: "L", 2: "HW", 3: "DHW"}


def at(value, values):
    if isinstance(value, Polynomial):
        return value.evaluate(values)
    if isinstance(value, tuple):
        return tuple(at(part, values) for part in value)
    return value


def values_of(least, rng):
    return {name: start + rng.choice([0, 0, 1, 2, 3, rng.randint(0, 40)]) for name, start in least.items()}


def analysed(graph):
    """Return the analysis, its bounds those of the MACs on the input as well, which are worked out when asked for."""
    found = cnncalc.analyze(graph)
    with assuming() as least:
        assert all(one.macs_on_input >= 0 for one in found.facts)
    return found._replace(least=at_least(found.least, least))


def disagreements(symbolic, numeric, values):
    for formula, number in zip(symbolic.facts, numeric.facts, strict=True):
        for name in ("inputs", "shape", "params", "buffers", "macs", "flops", "activations", "macs_on_input"):
            ours, theirs = at(getattr(formula, name), values), getattr(number, name)
            if ours != theirs:
                yield formula.node.path, name, ours, theirs
        for ours, theirs in zip(formula.field, number.field, strict=True):
            if ours is not Extent.UNKNOWN and ours != theirs:
                yield formula.node.path, "field", ours, theirs


def check(loaded, least, symbolic, sizes, seed, every_fact):
    rng = Random(seed)
    for count in range(sizes):
        values = values_of(least, rng)
        try:
            numeric = cnncalc.analyze(loaded(values))
        except DoesNotCompute as error:
            if isinstance(error.__cause__, TooLarge):
                continue
            raise
        assert at(tuple(symbolic.totals), values) == tuple(numeric.totals), (seed, values)
        if count < every_fact:
            assert not [*disagreements(symbolic, numeric, values)], (seed, values)


ZOO = {
    "alexnet": "3,161280*h + 224,161280*w + 224",
    "c3d": "3,16*d,224*h + 112,224*w + 112",
    "densenet121": "3,32*h,32*w",
    "googlenet": "3,32*h + 192,32*w",
    "inception_v3": "3,32*h + 75 - 32,32*w + 75 - 32",
    "lenet5": "1,4*h + 28,4*w + 28",
    "mobilenet_v2": "3,32*h,32*w",
    "resnet18": "3,32*h,32*w",
    "resnet50": "3,32*h + 1,32*w + 5",
    "squeezenet1_0": "3,16*h + 16,16*w + 5",
    "unet": "1,16*h + 172,16*w + 172",
    "vgg16": "3,224*h,224*w",
    "wavenet": "256,n",
}


@pytest.mark.parametrize("name", ZOO)
def test_a_formula_is_the_number_at_200_sizes(name):
    spec = f"zoo:{name}"
    channels = str(cnncalc.load(spec).inputs["input"][0])
    given = ",".join([channels, *ZOO[name].split(",")[1:]])
    symbolic = analysed(cnncalc.load(spec, input=given, symbolic=True))

    def loaded(values):
        sizes = [str(eval(size, {}, values)) for size in given.split(",")]
        return cnncalc.load(spec, input="x".join(sizes))

    sizes = SIZES if len(symbolic.facts) < 100 else 40
    check(loaded, symbolic.least, symbolic, sizes, f"{SEED} {name}", every_fact=10)


def with_symbols(spec, multiple, channels):
    """Return the text of a spec with its sizes, and its channels too if asked, plus multiples of symbols."""
    (written,) = re.findall(r"^input: ([0-9x]+)$", spec, re.MULTILINE)
    sizes = written.split("x")
    names = SIDES.get(len(sizes) - 1, "")
    symbolic = [f"{multiple}*{name} + {size}" for name, size in zip(names, sizes[1:], strict=False)]
    first = f"{multiple}*C + {sizes[0]}" if channels else sizes[0]
    return spec.replace(f"input: {written}", f"input: [{', '.join([first, *symbolic])}]")


@pytest.mark.parametrize("part", range(10))
def test_random_networks_with_symbols_are_the_same_with_numbers(part):
    """The multiple is a common one of all strides, groups, factors and bins, so that every floor is one formula."""
    agreed = open_questions = 0
    for number in range(part, 400, 10):
        network = random_network(number)
        spec = text(network)
        given = with_symbols(spec, multiple=MULTIPLE, channels=number % 3 == 0)
        if "[" not in given.splitlines()[1]:
            continue
        try:
            symbolic = analysed(cnncalc.loads(given, symbolic=True))
        except SpecError as error:
            if isinstance(error.__cause__, Undecidable) or "must not depend" in str(error):
                open_questions += 1
                continue
            with pytest.raises(SpecError):  # what no large size can have, no size has
                cnncalc.analyze(cnncalc.loads(given, args=dict.fromkeys(symbols_of(given), 3)))
            continue
        agreed += 1
        check(
            lambda values, given=given: cnncalc.loads(given, args=values),
            symbolic.least,
            symbolic,
            sizes=12,
            seed=f"{SEED} {number}",
            every_fact=3,
        )
    assert agreed > 10
    assert open_questions < 4


def symbols_of(given):
    return re.findall(r"\*([A-Z])", given.splitlines()[1])
