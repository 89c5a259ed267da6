"""The shorthand for a stack of layers that a shell needs no quotes for: 3x3x3, 1x3+3x1, 1x1:C/2+3x3:C/2+1x1:C."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, NamedTuple

from cnncalc.errors import UsageError, printable

CHANNELS = "C"
GRAMMAR = (
    "a stage is [dw|local]KERNEL[xTIMES] with :CHANNELS, @dDILATION, /sSTRIDE or /gGROUPS behind it, or dense; "
    "+ puts stages one after the other"
)

_WORDS = {
    r"depthwise_?(conv)?|dwconv": "dw",
    r"locally_connected|unshared_?|local_?conv": "local",
    r"fully_?connected|linear|fc": "dense",
    r"conv([123]d)?_?": "",
    r"\*": "x",
    r"/d([0-9])": r"@d\1",
    r"@?(stride|s)_?([0-9])": r"/s\2",
    r"//+": "/",
}
_MOST = 10**6
_MOST_STAGES = 1_000
_HEAD = re.compile(r"(dense)|(dw|local|)([0-9]+(?:x[0-9]+)*)")
_MODIFIER = re.compile(r":([0-9]*)(C?)(?:/([0-9]+))?(?![0-9A-Za-z])|@d([0-9]+)|/([sg])([0-9]+)")


class Stage(NamedTuple):
    """One layer of a stack, and how often it comes.

    ``channels`` are those that come out, as a number and as a multiple of C; both are None where as many come out as
    went in.
    """

    text: str
    kind: str
    """conv, dw, local or dense."""
    kernel: tuple[int, ...]
    times: int = 1
    channels: Fraction | None = None
    of_c: bool = False
    dilation: int = 1
    stride: int = 1
    groups: int = 1


def stages(text: str, rank: int) -> list[Stage]:
    """Return the stages of a stack for images with so many axes; the first numbers of each are the kernel's.

    Raises UsageError, a caret under the part at fault.

    >>> [(stage.kernel, stage.times) for stage in stages("3x3x3", rank=2)]
    [((3, 3), 3)]
    >>> [(stage.kernel, str(stage.channels)) for stage in stages("1x1:C/2+3x3", rank=2)]
    [((1, 1), '1/2'), ((3, 3), 'None')]
    """
    found = []
    start = 0
    text = text.replace("X", "x").replace("\u00d7", "x")
    for part in text.split("+"):
        found.append(_stage(text, start, part, rank))
        start += len(part) + 1
    layers = sum(stage.times for stage in found)
    if layers > _MOST_STAGES:
        raise wrong(text, 0, len(text), f"a stack must have at most {_MOST_STAGES} layers ({layers})")
    return found


def meant(text: str, rank: int) -> str:
    """Return the shorthand that was likely meant by one that is none; nothing if there is no telling.

    >>> meant("conv3x3:c/2+depthwise3x3+fc", 2), meant("local", 2), meant("net", 2)
    ('3x3:C/2+dw3x3+dense', 'local3x3', '')
    """
    found = re.sub(r"\s+", "", text).lower()
    for pattern, instead in _WORDS.items():
        found = re.sub(pattern, instead, found)
    parts = [f"{part}{'x'.join('3' * rank)}" if part in ("", "dw", "local") else part for part in found.split("+")]
    found = re.sub(r":([0-9]*)c", rf":\1{CHANNELS}", "+".join(parts))
    try:
        stages(found, rank)
    except UsageError:
        return ""
    return found if text else ""


def wrong(text: str, start: int, end: int, fact: str) -> UsageError:
    """Return the error about a stretch of a shorthand, with the caret under it."""
    shown, before = printable(text[:100]), len(printable(text[:start][:100]))
    carets = "^" * max(1, min(end, 100) - start)
    return UsageError(f"{fact}\n  {shown}\n  {' ' * before}{carets}")


def _stage(text: str, start: int, part: str, rank: int) -> Stage:
    head = _HEAD.match(part)
    if head is None:
        help = "there must be a stage on both sides of a +" if not part else f"this is no stage: {GRAMMAR}"
        raise wrong(text, start, start + len(part), help)
    stage = Stage(part, "dense", ()) if head[1] else _windows(text, start, head, rank)
    at = head.end()
    given: dict[str, Any] = {}
    while at < len(part):
        found = _MODIFIER.match(part, at)
        if found is None:
            raise wrong(text, start + at, start + len(part), _meant(part[at:]))
        name, value = _option(text, start, found)
        if name in given:
            raise wrong(text, start + at, start + found.end(), f"{name} must be given once")
        if head[1] and name != "channels":
            raise wrong(text, start + at, start + found.end(), f"dense must have no {name}: it has no kernel")
        given[name] = value
        if name == "channels":
            given["of_c"] = bool(found[2])
        at = found.end()
    stage = stage._replace(**given)
    if stage.groups > 1 and stage.kind != "conv":
        raise wrong(text, start, start + len(part), f"{stage.kind} must have no groups")
    return stage._replace(text=part)


def _windows(text: str, start: int, head: re.Match[str], rank: int) -> Stage:
    numbers = head[3].split("x")
    where = start + head.start(3), start + head.end()
    if len(numbers) == 1:
        numbers *= rank
    if len(numbers) < rank:
        raise wrong(text, *where, f"a kernel must have {rank} sizes here ({head[3]} has {len(numbers)})")
    if len(numbers) > rank + 1:
        fact = f"there must be {rank} sizes of a kernel and one number of times ({head[3]} has {len(numbers)} numbers)"
        raise wrong(text, *where, f"{fact}; a 3-D kernel needs --rank 3" if rank == 2 else fact)
    if any(len(number) > 7 or not 1 <= int(number) <= _MOST for number in numbers):
        raise wrong(text, *where, f"sizes and times must be 1 to {_MOST}")
    sizes = tuple(map(int, numbers[:rank]))
    return Stage(head[0], head[2] or "conv", sizes, int(numbers[rank]) if len(numbers) > rank else 1)


def _option(text: str, start: int, found: re.Match[str]) -> tuple[str, int | Fraction]:
    where = start + found.start(), start + found.end()
    if found[0][0] == ":":
        if not found[1] and not found[2]:
            raise wrong(text, *where, f"channels must be a number or of the kind {CHANNELS}, 2{CHANNELS}, {CHANNELS}/2")
        times, over = _positive(text, where, found[1] or "1"), _positive(text, where, found[3] or "1")
        if found[3] and not found[2]:
            raise wrong(text, *where, f"channels must be a whole number, or a part of {CHANNELS} such as {CHANNELS}/2")
        return "channels", Fraction(times, over)
    if found[4]:
        return "dilation", _positive(text, where, found[4])
    return ("stride" if found[5] == "s" else "groups"), _positive(text, where, found[6])


def _positive(text: str, where: tuple[int, int], number: str) -> int:
    if len(number) > 7 or not 1 <= int(number) <= _MOST:
        raise wrong(text, *where, f"a number must be 1 to {_MOST}")
    return int(number)


def _meant(rest: str) -> str:
    """Return what is wrong with what stands behind a kernel."""
    if re.match(r"[@/]?[sd][0-9]|/[0-9]|@[0-9]", rest):
        return "a stride is written /s2, a dilation @d2, groups /g2"
    if re.fullmatch(r".*[0-9C]x[0-9]+", rest):
        return "how often it comes stands behind its kernel: 3x3x2:64 is twice 3x3 to 64 channels"
    if re.match(r":[A-Za-z]", rest):
        return f"channels must be a number or of the kind {CHANNELS}, 2{CHANNELS}, {CHANNELS}/2"
    return f"this is no part of a stage: {GRAMMAR}"
