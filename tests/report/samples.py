"""Findings to write: a plain one, one with everything, and any with text that means harm."""

import os

from hypothesis import settings
from hypothesis import strategies as st

from cnncalc.checks.base import Edit, Finding, Fix, Label, Severity, Suggestion
from cnncalc.errors import Place, Span

ANY = settings(derandomize=True, max_examples=50, deadline=None)
FEW = settings(ANY, max_examples=20)  # where a schema is slow
HOSTILE = [
    "a\n::error::x",
    "::error::x",
    " ::stop-commands::x",
    "\x1b[31mred",
    "]]>",
    "%0A::error::x",
    "a,line=1::b",
    "\"quoted\" 'twice' <b>&amp;",
    "[here](https://example.org) {0} {{1}}",
    '"results": [], "findings": []',
    "..\\..\\net.yaml",
    "\u202egnp.yaml",
    "\u2028\x85\x9b\x00\x7f",
    "\ud800\udfff",
    "\ufffe\uffff",
    os.fsdecode(b"bad\xff\xfe.yaml"),
    "größe/网络.yaml",
]
ERROR = Finding(
    "CNN101",
    "does-not-fit",
    Severity.ERROR,
    Place("specs/net.yaml", Span(4, 23, 4, 32), "conv1", "conv"),
    "3x3 filter with stride 3 does not fit a 7x7 input",
)
WARNING = ERROR._replace(severity=Severity.WARNING)
ADVICE = ERROR._replace(severity=Severity.ADVICE)
FULL = ERROR._replace(
    label="4 steps do not divide by 3",
    others=(Label(Span(2, 8, 2, 13), "the 7x7 input"),),
    notes=("(7 - 3 + 2*0)/3 + 1 = 2.33, not a whole number",),
    helps=(
        (Suggestion("`padding: 1` gives 3x3", (Edit(Span(4, 32, 4, 32), ", padding: 1"),), (8, 3, 3)),),
        (Suggestion("`stride: 2` gives 3x3"), Suggestion("`stride: 1` gives 5x5")),
    ),
    fix=Fix("`padding: 1`", (Edit(Span(4, 32, 4, 32), ", padding: 1\n"),), safe=False),
    calls=(Span(9, 3, 9, 20),),
    more=2,
)
TEXT = ["cnncalc: 1", "input: 1x7x7", "layers:", "  - {conv: 8, kernel: 3, stride: 3}  "]


def lines(file):
    return TEXT


def at(finding, file=None, line=None, path=None):
    place = finding.place
    span = place.span if line is None else Span(line, 3, line, 9)
    return finding._replace(place=Place(file or place.file, span, place.path if path is None else path, place.op))


texts = st.sampled_from(HOSTILE) | st.text(st.characters(), max_size=20)
numbers = st.integers(1, 9)
spans = st.builds(lambda line, column, more: Span(line, column, line + more, column + more), numbers, numbers, numbers)
edits = st.lists(st.builds(Edit, spans, texts), max_size=2).map(tuple)
findings = st.builds(
    Finding,
    st.just("CNN101"),
    st.just("does-not-fit"),
    st.sampled_from(Severity),
    st.builds(Place, texts, spans, texts, texts),
    texts,
    texts,
    st.lists(st.builds(Label, spans, texts), max_size=2).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
    st.lists(st.tuples(st.builds(Suggestion, texts, edits)), max_size=2).map(tuple),
    st.none() | st.builds(Fix, texts, st.lists(st.builds(Edit, spans, texts), min_size=1, max_size=2).map(tuple)),
    st.lists(spans, max_size=2).map(tuple),
    st.integers(0, 3),
)
many = st.lists(findings, max_size=3)
