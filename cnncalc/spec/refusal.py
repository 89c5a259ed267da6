"""How a validator's bare complaint becomes an error with its place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from cnncalc.errors import BadExpression, InvalidField, Place, Span, SpecError, UnknownName, closest
from cnncalc.layers.base import Layer
from cnncalc.layers.fields import PADDING_WORDS, Evaluator, fraction
from cnncalc.layers.fields import text as shown
from cnncalc.spec.arithmetic import Number
from cnncalc.spec.expression import Environment, ExpressionError, UnknownVariable, parse
from cnncalc.spec.source import Mapping as Marked
from cnncalc.spec.source import find, search
from cnncalc.spec.values import COMMON

MAX_CANDIDATES = 1_000
"""How many names a suggestion looks at: to compare two names takes a while."""


class Context(NamedTuple):
    """What a validator outside of a model is handed in pydantic's place."""

    context: Evaluator | None


Model = TypeVar("Model", bound=BaseModel)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return the help for a word that is not known: the word meant, from another framework or mistyped.

    >>> suggestion("kernel_size", ["kernel", "stride"]), suggestion("strid", ["kernel", "stride"])
    ('did you mean kernel?', 'did you mean stride?')
    """
    from cnncalc.spec.foreign import ABSENT, FOREIGN

    if word.lower() in ABSENT:
        return ABSENT[word.lower()]
    names = list(islice(known, MAX_CANDIDATES))
    foreign = FOREIGN.get(word.lower())
    near = foreign if foreign in names else closest(word, names) or closest(word.lower(), names)
    return f"did you mean {near}?" if near else ""


def several(names: Iterable[str], none: str = "none") -> str:
    """Return names for a message, cut short where there are many.

    >>> several(["c", "stride"]), several([])
    ('c, stride', 'none')
    """
    every = list(names)
    more = f" and {len(every) - 12} more" if len(every) > 12 else ""
    return (", ".join(every[:12]) or none) + more


def evaluator(environment: Environment) -> Evaluator:
    """Return the function that gives an expression its value in ``environment``."""
    return lambda text: parse(text).value(environment)


def rehearsal(known: Iterable[str], read: set[str]) -> Evaluator:
    """Return an evaluator that only checks an expression and notes in ``read`` the names it reads.

    An expression that reads names is 1 to it, which any option takes: what its value may be is checked when it has one.
    """

    def check(text: str) -> Number:
        expression = parse(text)
        for name, (start, end) in expression.names.items():
            if name not in known:
                unknown = UnknownVariable(name, start, end)
                unknown.text = text
                raise unknown
        if not expression.names:
            return expression.value({})
        read.update(expression.names)
        return 1

    return check


def recording(environment: Environment, values: dict[str, Number]) -> Evaluator:
    """Return an evaluator that also notes the value of each expression in ``values``, by its text."""

    def note(text: str) -> Number:
        values[text] = parse(text).value(environment)
        return values[text]

    return note


def argument(value: object, environment: Environment) -> Number:
    """Return a number or a truth, from itself or from an expression."""
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    if isinstance(value, str):
        return parse(value).value(environment)
    if isinstance(value, bool):
        return value
    found = fraction(value, Context(None))
    return int(found) if found.denominator == 1 else found


class refusing:  # noqa: N801 - reads as what it does in a with statement
    """Give the complaint of a validator in this context its place.

    A class, for it is entered for every expression: a generator takes three times as long.
    """

    def __init__(self, place: Place, label: str, known: Iterable[str] = ()) -> None:
        self.told = place, label, known

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, ValueError):
            raise refused(error, *self.told) from None


def refused(error: ValueError, place: Place, label: str, known: Iterable[str] = ()) -> SpecError:
    """Return the error to raise for a validator's complaint about the value labelled ``label`` at ``place``."""
    if not isinstance(error, ExpressionError):
        return InvalidField(place, f"{label} {error}".strip())
    span = place.span
    if span.line == span.end_line:  # the caret goes under the part at fault, where that is on one line
        end = span.end_column if error.end is None else span.column + error.end
        span = span._replace(column=span.column + error.start, end_column=end)
    place = place._replace(span=span)
    if isinstance(error, UnknownVariable):
        return UnknownName(place, f"{label}: {error.fact}", help=suggestion(error.name, known))
    return BadExpression(place, f"{label}: {error.fact}")


def validated(
    model: type[Model],
    data: Mapping[str, object],
    place: Place,
    marks: object,
    evaluate: Evaluator,
    *,
    paths: Mapping[str, Sequence[int | str]] | None = None,
    known: Iterable[str] = (),
) -> Model:
    """Return ``data`` as a ``model``; its options stand in the file at the same keys of ``marks``, or at ``paths``.

    Raises SpecError for the first thing that is wrong, at its place.
    """
    try:
        return model.model_validate(data, context=evaluate)
    except ValidationError as error:
        raise _first(error, model, place, marks, paths or {}, known) from None


def checked(
    model: type[BaseModel],
    data: Mapping[str, object],
    place: Place,
    marks: object,
    evaluate: Evaluator,
    *,
    known: Iterable[str] = (),
) -> None:
    """Raise SpecError for the first option that is wrong; unlike ``validated``, let options be missing."""
    try:
        model.model_validate(data, context=evaluate)
    except ValidationError as error:
        if any(one["type"] != "missing" for one in error.errors(include_url=False)):
            raise _first(error, model, place, marks, {}, known) from None


def mapping(value: object, label: str, at: Span, file: str) -> Marked:
    """Return a value that must be a mapping; nothing is an empty one."""
    if value is None:
        return Marked(at)
    if not isinstance(value, Marked):
        raise InvalidField(Place(file, at, label), f"{label} must be a mapping, not {shown(value)}")
    return value


def options_of(model: type[BaseModel]) -> list[str]:
    """Return the names that may stand beside an op, or in a mapping of the document."""
    fields = [field.alias or name for name, field in model.model_fields.items()]
    if not issubclass(model, Layer):
        return fields
    return [name for name in fields if name != model.argument] + [*model.followers, *COMMON]


def not_an_option(option: str, known: Sequence[str], place: Place, marks: object, help: str = "") -> InvalidField:
    """Return the error to raise for an option that ``marks`` has and that is none of those known."""
    span: Span = getattr(marks, "keys_at", {}).get(option, place.span)
    help = help or suggestion(option, known) or f"it has {', '.join(known)}"
    return InvalidField(
        place._replace(span=span),
        f"'{option[:60]}' is not an option{f' of {place.op}' if place.op else ' here'}",
        help=help,
    )


def _first(
    failure: ValidationError,
    model: type[BaseModel],
    place: Place,
    marks: object,
    paths: Mapping[str, Sequence[int | str]],
    known: Iterable[str],
) -> SpecError:
    errors = failure.errors(include_url=False)
    error = next((one for one in errors if one["type"] != "missing"), errors[0])
    option = str(error["loc"][0])
    path = [*paths.get(option, (option,)), *error["loc"][1:]]
    label = option
    at = place._replace(span=find(marks, path, place.span))
    if error["type"] == "extra_forbidden":
        help = ""
        if meant := next((name for name in paths if suggestion(option, [name]) == f"did you mean {name}?"), None):
            help = f"{meant} is the value of {place.op} itself: {{{place.op}: ...}}"
        return not_an_option(option, options_of(model), place, marks, help)
    if error["type"] == "missing":
        return InvalidField(place, f"{label} must be given", help="cnncalc: 1" if label == "cnncalc" else "")
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, ExpressionError):
        span = search(marks, path, cause.text) or at.span  # in a list, the caret goes under the one expression
        words = PADDING_WORDS if option == "padding" else ()
        return refused(cause, at._replace(span=span), label, [*words, *known])
    if isinstance(cause, ValueError):
        return refused(cause, at, label, known)
    return InvalidField(at, f"{label}: {error['msg'].lower()}")
