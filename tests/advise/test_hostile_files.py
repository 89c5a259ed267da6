"""Whatever the file, advice ends in advice or in an error of the package."""

import os
import time
from random import Random

from cnncalc.advise.advice import advise
from cnncalc.advise.applying import chosen, rewritten
from cnncalc.advise.reading import read_network, reloader
from cnncalc.errors import CnncalcError
from cnncalc.report.advised.json import advised_json
from cnncalc.report.advised.markdown import advised_markdown
from cnncalc.report.advised.text import print_advised
from tests.advise.specs import Author
from tests.fuzz.corpus import corpus, spoil_bytes, spoil_tokens
from tests.fuzz.grammar import Writer

SEED = int(os.environ.get("CNNCALC_SEED", "20240301"))
RUNS = int(os.environ.get("CNNCALC_HOSTILE", "150"))


def outcome(content):
    """Return how many pieces there are; nothing but an error of the package may be raised."""
    try:
        network = read_network(content, "odd\x1b[31m.yaml")
        reload = reloader("odd\x1b[31m.yaml")
        advice = advise(network, reload)
        for text in (print_advised(advice, 5, None), advised_markdown(advice, 5), advised_json(advice, 5)):
            assert "\x1b" not in text
        if advice.pieces:
            rewritten(advice, chosen(advice, "all"), reload, None)
        return len(advice.pieces)
    except CnncalcError:
        return 0


def told(content):
    started = time.process_time()
    try:
        found = outcome(content)
    except BaseException as error:
        error.add_note(repr(content))
        raise
    assert time.process_time() - started < 20
    return found


def test_specs_of_the_grammar():
    assert sum(told(Writer(Random(f"{SEED}/{index}")).spec().encode()) for index in range(2 * RUNS)) > 2


def test_spoiled_specs():
    texts, random = corpus(), Random(SEED)
    for index in range(RUNS):
        text = Author(f"{SEED}/{index}").spec() if index % 2 else random.choice(texts)
        told(spoil_tokens(random, text, random.choice(texts)).encode("utf-8", "surrogatepass"))
        told(spoil_bytes(random, text))


def test_a_line_of_a_thousand_convolutions_ends_soon():
    lines = "- {conv: 64, kernel: 5, padding: 2}\n" * 100 + "- {conv: 64, kernel: 5, padding: 2, repeat: 900}\n"
    started = time.process_time()
    network = read_network(f"cnncalc: 1\ninput: 3x16x16\nlayers:\n{lines}".encode(), "net.yaml")
    assert advise(network, reloader("net.yaml")).pieces
    assert time.process_time() - started < 20
