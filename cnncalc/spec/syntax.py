"""What is wrong with a file that is not YAML, in the words of someone who wrote a network, not a parser."""

from __future__ import annotations

import re
from typing import Any

from cnncalc.errors import Place, Span, YamlSyntax

# patterns are compiled when they are first needed: most files are in order, and this large class takes 5 ms
# what YAML forbids, and the three characters that end a line in YAML 1.1 and do not in 1.2
_FORBIDDEN = "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_BREAK = "\r\n|\r|\n"
_UNPAIRED = "[\ud800-\udfff]"

_PROBLEMS = {
    "mapping values are not allowed": (
        "a colon must not stand here",
        "put a value that holds a colon and a space in quotes; keys of one mapping must begin in one column",
    ),
    "could not find expected ':'": ("a key must be followed by a colon and a space", ""),
    "violates indentation": ("a line must be indented with spaces, not tabs", ""),
    "expected ',' or ']'": ("a list must go on with a comma or end with ]", ""),
    "expected ',' or '}'": ("a mapping in braces must go on with a comma or end with }", ""),
    "expected <block end>": ("this line must begin in the column of the lines it belongs to", ""),
    "expected '-' indicator": ("this line must begin in the column of the lines it belongs to", ""),
    "expected key": ("this line must begin in the column of the lines it belongs to", ""),
    "node content": ("a value must stand here", ""),
    "incompatible YAML document": ("YAML directives are not part of the language", ""),
    "version number": ("YAML directives are not part of the language", ""),
    "document start>": ("a file must end after its one spec", ""),
}


def decoded(content: bytes, file: str) -> str:
    """Return the text of a file; raise YamlSyntax at the first character that it must not hold."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        span = place(content[: error.start].decode("utf-8-sig", "replace"))
        raise YamlSyntax(Place(file, span), f"a spec must be UTF-8 (byte 0x{content[error.start]:02x})") from None
    if not text.replace("\n", "").isprintable() and (found := re.search(_FORBIDDEN, text)):
        span = place(text[: found.start()])
        raise YamlSyntax(Place(file, span), f"a spec must not hold the character U+{ord(found[0]):04X}")
    return text


def place(before: str) -> Span:
    r"""Return the place of the character after a text.

    >>> place("cnncalc: 1\nname")
    Span(line=2, column=5, end_line=2, end_column=6)
    """
    lines = re.split(_BREAK, before)
    return Span(len(lines), len(lines[-1]) + 1, len(lines), len(lines[-1]) + 2)


def unpaired(text: str) -> bool:
    """Return whether a text holds half a character, as an escape can say."""
    return not text.isprintable() and re.search(_UNPAIRED, text) is not None


def syntax_error(error: Any, text: str, file: str) -> YamlSyntax:  # noqa: ANN401 - PyYAML's, which has no types
    """Return the error to raise for what the parser found, at its place; an open bracket or quote at its beginning."""
    problem, mark = error.problem or error.context or "", error.problem_mark or error.context_mark
    at = len(text) if mark is None else min(mark.index, len(text))
    if not text[at:].strip() and error.context_mark is not None and error.context_mark.index < at:
        opening = text[error.context_mark.index]
        if opening in "[{'\"":
            span = place(text[: error.context_mark.index])
            return YamlSyntax(Place(file, span), f"a spec must be YAML: the {opening} that stands here must be closed")
    if at == len(text):
        at = len(text.rstrip())
    fact, help = next((said for found, said in _PROBLEMS.items() if found in problem), (problem, ""))
    line = text.splitlines()[place(text[:at]).line - 1] if at < len(text) else ""
    if "mapping values" in problem and (found := re.fullmatch(r" *- (\w+: .*, *\w+: .*)", line)):
        fact, help = "a layer with options must stand in braces", f"- {{{found[1][:60].strip()}}}"
    if "cannot start any token" in problem:
        tab = text[at : at + 1] == "\t"
        fact = "a line must be indented with spaces, not tabs" if tab else f"a value must not start with {text[at]}"
        help = "" if tab else "put it in quotes"
    return YamlSyntax(Place(file, place(text[:at])), f"a spec must be YAML: {fact or 'it does not parse'}", help=help)


def whole_call(text: str, start: int) -> str:
    """Return a text from ``start`` up to the parenthesis that closes its first one, or to the end of the line.

    >>> whole_call("{conv: max(c, 8), kernel: 3}", 7)
    'max(c, 8)'
    """
    depth = 0
    line = re.split(_BREAK, text[start : start + 200], maxsplit=1)[0]
    for index, character in enumerate(line):
        depth += (character == "(") - (character == ")")
        if depth == 0 and character == ")":
            return line[: index + 1]
    return line
