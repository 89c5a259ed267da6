"""CNN209: a join whose branches look at different places of the image."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from cnncalc.analysis import Facts
from cnncalc.checks.alignment import Apart, centre, field_of, images, moved, parted
from cnncalc.checks.base import Finding, Label, Rule, Severity, Suggestion
from cnncalc.checks.survey import Survey
from cnncalc.checks.trial import Trials
from cnncalc.checks.words import listing
from cnncalc.field import Field, ReceptiveField
from cnncalc.layers.base import axis_name
from cnncalc.layers.merge import Merge
from cnncalc.layers.window import Window

_MOST_HELPED = 1_000  # joins; beyond this they come from lines that have been told with their help
_MOST_STEPS = 64  # from an operand up to the window that made it


class MisalignedJoin(Rule):
    """The branches of an add, multiply or concat step at other rates, or are centred on other places of the image."""

    code = "CNN209"
    name = "misaligned-join"
    severity = Severity.WARNING
    why = (
        "A join puts together what its operands have at one position, and that should be about one place of the image. "
        "One-sided padding before a stride shifts a branch, and other strides let it drift away."
    )
    formula = "centre of output o = start + (size - 1)/2 + o*jump, for each operand"
    example = (
        "cnncalc: 1\ninput: 3x32x32\nlayers:\n- add:\n  - - {conv: 8, kernel: 3, stride: 2, padding: same}\n"
        "  - - {conv: 8, kernel: 3, stride: 2, padding: same_lower}\n"
    )
    instead = (
        "cnncalc: 1\ninput: 3x32x32\nlayers:\n- add:\n  - - {conv: 8, kernel: 3, stride: 2, padding: same}\n"
        "  - - {conv: 8, kernel: 3, stride: 2, padding: same}\n"
    )
    options = (
        "The threshold is the least shift that is told, in steps of the operands: below 1/2, the default, no other "
        "padding brings them nearer. Operands that see nothing to come, as under causal padding, are aligned if they "
        "end together."
    )
    references = ("Araujo, Norris and Sim 2019, Computing Receptive Fields of Convolutional Neural Networks, Distill",)
    threshold = Fraction(1, 2)
    most = 10**6

    def findings(self, survey: Survey, threshold: Fraction | None) -> Iterator[Finding]:
        """Yield a finding for each join of branches that are not aligned."""
        least = Fraction(1, 2) if threshold is None else threshold
        seen, told = images(survey), 0
        for one in survey.facts.values():
            if isinstance(one.node.layer, Merge) and len({seen[path] for path in one.node.inputs}) == 1:
                fields = [field_of(survey, path) for path in one.node.inputs]
                if found := parted(one, fields, least):
                    told += 1
                    helps = _helps(one, fields, found, survey, least) if told <= _MOST_HELPED else ()
                    yield self._found(one, fields, found, survey)._replace(helps=tuple(helps))

    def _found(self, one: Facts, fields: Sequence[Field], found: Sequence[Apart], survey: Survey) -> Finding:
        node, worst = one.node, found[0]
        alike = [part for part in found if part._replace(axis=0) == worst._replace(axis=0)]
        axes = " and ".join(axis_name(part.axis, len(one.shape) - 1) for part in alike)
        ours, theirs = (node.inputs[number] for number in (worst.other, worst.first))
        shifted = moved(one, fields)
        here, there = (shifted[number][worst.axis] for number in (worst.other, worst.first))
        assert isinstance(here, ReceptiveField)
        assert isinstance(there, ReceptiveField)
        if worst.drift:
            says = f"{ours} steps {pixels(here.jump)} an output along {axes}, {theirs} {there.jump}"
        else:
            side = "after" if worst.shift > 0 else "before"
            says = f"{ours} is centred {pixels(abs(worst.shift))} {side} {theirs} along {axes}"
        notes = [_sees(path, field) for path, field in ((ours, here), (theirs, there))]
        if not worst.drift:
            notes.append(f"that is {abs(worst.shift) / here.jump} of a step of {pixels(here.jump)}")
        others = tuple(
            Label(survey.where(path), f"centred on {centre(field)}") for path, field in ((ours, here), (theirs, there))
        )
        data = survey.mappings.get(node.origin.span)
        word = data.keys_at[node.op] if data is not None else node.origin.span
        return self.finding(node.place()._replace(span=word), says)._replace(
            label="the branches do not look at one place",
            others=others,
            notes=tuple(notes),
            calls=node.origin.calls,
        )


def pixels(count: int | Fraction) -> str:
    """Return a distance in the image.

    >>> pixels(Fraction(1, 2)), pixels(1), pixels(4)
    ('1/2 pixel', '1 pixel', '4 pixels')
    """
    return f"{count} pixel{'s' if count > 1 else ''}"


def _sees(path: str, field: ReceptiveField) -> str:
    return (
        f"output 0 of {path} sees {pixels(field.size)} from {field.start} on, centred on {centre(field)}, and the "
        f"next {pixels(field.jump)} further"
    )


def _helps(
    one: Facts, fields: Sequence[Field], found: Sequence[Apart], survey: Survey, least: Fraction
) -> Iterator[tuple[Suggestion, ...]]:
    """Yield a padding moved from one side to the other, on the window that made the operand, that aligns the join."""
    for part in {(part.other, part.first): part for part in found if not part.drift}.values():
        for operand, sign in ((part.other, 1), (part.first, -1)):
            made = _made_by(survey, one.node.inputs[operand], fields[operand])
            if made is None:
                continue
            source = field_of(survey, made.node.inputs[0])

            def mended(tried: Facts, operand: int = operand, source: Field = source) -> bool:
                after = tried.node.layer.receptive_field(tried.inputs, [source])
                changed = [after if number == operand else field for number, field in enumerate(fields)]
                return tried.shape == survey.facts[tried.node.path].shape and not parted(one, changed, least)

            pairs = [(slide.before, slide.after) for slide in made.node.layer.slides(made.inputs[0][1:])]
            for other in found:
                axis = source[other.axis]
                assert isinstance(axis, ReceptiveField)
                by = sign * other.shift / axis.jump
                if (other.other, other.first) == (part.other, part.first) and by.denominator == 1:
                    pairs[other.axis] = pairs[other.axis][0] + int(by), pairs[other.axis][1] - int(by)
            if min(min(pair) for pair in pairs) < 0:
                continue
            tried = Trials(survey, mended).tried(made, {"padding": (tuple(pairs), listing(pairs))})
            if tried is not None:
                yield (tried._replace(text=f"{tried.text} on {made.node.path} as before, and aligns the branches"),)
                return


def _made_by(survey: Survey, path: str, field: Field) -> Facts | None:
    """Return the window layer whose field an operand has, behind layers that leave it as it is."""
    for _ in range(_MOST_STEPS):
        made = survey.facts.get(path)
        if made is None or made.field != field or len(made.node.inputs) > 1:
            return None
        if isinstance(made.node.layer, Window) and len(field) == len(made.shape) - 1:
            return made
        path = made.node.inputs[0]
    return None
