"""The arithmetic of the language: exact, bounded, and nothing but arithmetic.

The text goes through Python's parser, an allow-list of nodes turns the tree into closures, and every value is an int,
a bool or a Fraction of at most 64 bits.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from cnncalc.errors import LayerError
from cnncalc.spec.arithmetic import BINARY, COMPARE, FUNCTIONS, MAX_BITS, UNARY, Number, bounded

Environment = Mapping[str, Number]
Compute = Callable[[Environment], Number]

MAX_LENGTH = 200

_ALLOWED = r"[A-Za-z0-9_ .,()+\-*/%<>=!]*"
_RUN_TOGETHER = r"(?<![A-Za-z0-9_.])[0-9.]+[A-Za-z_][A-Za-z0-9_]*"


class ExpressionError(ValueError):
    """What is wrong with an expression, and from which character to which."""

    def __init__(self, fact: str, start: int = 0, end: int | None = None) -> None:
        super().__init__(fact)
        self.fact = fact
        self.start = start
        self.end = end
        self.text = ""

    def within(self, text: str) -> ExpressionError:
        """Return this error, its characters counted in ``text``, of which the blanks before it were taken off."""
        shift = len(text) - len(text.lstrip())
        self.text, self.start, self.end = text, self.start + shift, None if self.end is None else self.end + shift
        return self


class UnknownVariable(ExpressionError):
    """A name that the environment does not have."""

    def __init__(self, name: str, start: int, end: int) -> None:
        super().__init__(f"'{name}' has no value here", start, end)
        self.name = name


class Expression(NamedTuple):
    """A parsed expression: its text, the names it reads with where they first stand, and how it computes."""

    text: str
    names: Mapping[str, tuple[int, int]]
    compute: Compute

    def value(self, environment: Environment) -> Number:
        """Return the exact value; raise ExpressionError where there is none.

        >>> parse("0.1*3").value({}) == Fraction(3, 10)
        True
        """
        try:
            return self.compute(environment)
        except ExpressionError as error:
            raise error.within(self.text) from None
        except LayerError as error:  # of a formula: what depends on its symbols, or is too long
            fact = f"{error.fact}; {error.help}" if error.help else error.fact
            raise ExpressionError(fact, 0, len(self.text)).within(self.text) from None


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Return the expression of a text; raise ExpressionError with the characters at fault.

    >>> parse("stride if i == 0 else 1").value({"i": 0, "stride": 2})
    2
    """
    try:
        return _parsed(text, text.strip(" "))
    except ExpressionError as error:
        raise error.within(text) from None


def _parsed(whole: str, text: str) -> Expression:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression must have at most {MAX_LENGTH} characters ({len(text)})")
    if not text:
        raise ExpressionError("an expression must not be empty")
    allowed = re.match(_ALLOWED, text)
    if allowed and allowed.end() < len(text):
        at = allowed.end()
        raise ExpressionError(f"'{text[at]}' is not part of an expression", at, at + 1)
    if found := re.search(_RUN_TOGETHER, text):
        raise ExpressionError(f"'{found[0]}' is neither a number nor a name", found.start(), found.end())
    try:
        tree = ast.parse(text, mode="eval").body
        names, compute = _names(tree, len(whole) - len(whole.lstrip(" "))), _build(tree, text)
    except SyntaxError as error:
        at = max(0, (error.offset or 1) - 1)
        raise ExpressionError(f"'{text}' is not an expression", min(at, len(text) - 1)) from None
    except (RecursionError, MemoryError):
        raise ExpressionError("an expression must not be nested this deep") from None
    return Expression(whole, names, compute)


def _names(tree: ast.expr, shift: int) -> dict[str, tuple[int, int]]:
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    found: dict[str, tuple[int, int]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in called:
            at = node.col_offset + shift, node.col_offset + shift + len(node.id)
            found[node.id] = min(at, found.get(node.id, at))
    return found


def _build(node: ast.expr, text: str) -> Compute:
    start, end = node.col_offset, node.end_col_offset
    match node:
        case ast.Constant(value=bool() | int() | float() as number):
            return _constant(number, text, start, end)
        case ast.Name(id=name):
            return lambda env: _lookup(env, name, start, end)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            return _binary(BINARY[type(op)], _build(left, text), _build(right, text), start, end)
        case ast.UnaryOp(op=op, operand=operand) if type(op) in UNARY:
            apply, value = UNARY[type(op)], _build(operand, text)
            return lambda env: apply(value(env))
        case ast.BoolOp(op=op, values=values):
            return _bool(isinstance(op, ast.And), [_build(value, text) for value in values])
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in COMPARE for op in ops):
            return _compare([COMPARE[type(op)] for op in ops], [_build(part, text) for part in (left, *others)])
        case ast.IfExp(test=test, body=body, orelse=orelse):
            condition, yes, no = _build(test, text), _build(body, text), _build(orelse, text)
            return lambda env: yes(env) if condition(env) else no(env)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            least, most, function = FUNCTIONS[name]
            if not least <= len(args) <= most:
                wanted = "1 argument" if most == 1 else f"{least} arguments" + (" or more" if most > least else "")
                raise ExpressionError(f"{name} must have {wanted} ({len(args)})", start, end)
            return _call(function, [_build(arg, text) for arg in args], start, end)
        case ast.Call(func=ast.Name(id=name)) if name not in FUNCTIONS:
            raise ExpressionError(f"{name} is not a function here; there are {', '.join(FUNCTIONS)}", start, end)
    if isinstance(node, ast.Attribute):
        fact = f"'{text[start:end]}' must not have a dot: an expression reads arguments, i, row and cin, not layers"
        raise ExpressionError(fact, start, end)
    raise ExpressionError(f"'{text[start:end]}' is not part of an expression", start, end)


def _constant(number: float, text: str, start: int, end: int | None) -> Compute:
    """Return the constant; ``number`` is Python's reading, and a decimal is read again from the text, exactly."""
    try:
        value = number if isinstance(number, bool) else bounded(Fraction(text[start:end]))
    except OverflowError:
        raise ExpressionError(f"a number must fit in {MAX_BITS} bits ({text[start:end][:24]})", start, end) from None
    return lambda env: value  # noqa: ARG005 - every closure takes the environment


def _lookup(env: Environment, name: str, start: int, end: int | None) -> Number:
    try:
        return env[name]
    except KeyError:
        raise UnknownVariable(name, start, end or start + len(name)) from None


def _binary(
    apply: Callable[[Number, Number], Number], left: Compute, right: Compute, start: int, end: int | None
) -> Compute:
    def compute(env: Environment) -> Number:
        try:
            return bounded(apply(left(env), right(env)))
        except ZeroDivisionError:
            raise ExpressionError("a division by zero has no value", start, end) from None
        except OverflowError as error:
            raise ExpressionError(str(error), start, end) from None

    return compute


def _call(function: Callable[..., Number], args: list[Compute], start: int, end: int | None) -> Compute:
    def compute(env: Environment) -> Number:
        try:
            return bounded(function(*[arg(env) for arg in args]))
        except ZeroDivisionError:
            raise ExpressionError("a division by zero has no value", start, end) from None
        except OverflowError as error:
            raise ExpressionError(str(error), start, end) from None

    return compute


def _bool(every: bool, values: list[Compute]) -> Compute:
    if every:
        return lambda env: all(value(env) for value in values)
    return lambda env: any(value(env) for value in values)


def _compare(operators: list[Callable[[Number, Number], bool]], parts: list[Compute]) -> Compute:
    def compute(env: Environment) -> Number:
        values = [part(env) for part in parts]
        return all(op(a, b) for op, a, b in zip(operators, values[:-1], values[1:], strict=True))

    return compute
