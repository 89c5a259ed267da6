"""Every file in specs/broken is refused in exactly the words of refusals.txt, class, place, numbers and help."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc import errors

BROKEN = Path(__file__).parents[2] / "specs" / "broken"
FILES = sorted(path.name for path in BROKEN.iterdir())


def golden() -> dict[str, str]:
    """Return what each file is refused with: the name of the error in brackets, and the message."""
    paragraphs = Path(__file__).with_name("refusals.txt").read_text(encoding="utf-8").split("\n\n")
    said = [paragraph.strip() for paragraph in paragraphs if paragraph.strip() and not paragraph.startswith("#")]
    return {text.split("] ", 1)[1].split(":", 1)[0]: text for text in said}


GOLDEN = golden()


def refusal(name: str) -> errors.SpecError:
    """Return the error that a file is refused with."""
    with pytest.raises(errors.SpecError) as caught:
        cnncalc.analyze(cnncalc.loads((BROKEN / name).read_bytes(), file=name))
    return caught.value


@pytest.mark.parametrize("name", FILES)
def test_a_broken_spec_is_refused_in_these_words(name: str) -> None:
    error = refusal(name)
    assert f"[{type(error.__cause__ or error).__name__}] {error}" == GOLDEN[name]


def test_the_table_and_the_folder_hold_the_same_files() -> None:
    assert sorted(GOLDEN) == FILES


@pytest.mark.parametrize("name", FILES)
def test_a_broken_spec_says_what_is_wrong_with_it(name: str) -> None:
    lines = (BROKEN / name).read_text(encoding="latin-1").splitlines()
    said = [line for line in lines if line.startswith("# refused: ")]
    assert len(said) == 1
    assert "# yaml-language-server: $schema=../cnncalc.schema.json" in lines


@pytest.mark.parametrize(
    "name",
    [name for name in vars(errors) if isinstance(kind := getattr(errors, name), type)
     and issubclass(kind, (errors.SpecError, errors.LayerError))
     and kind not in (errors.SpecError, errors.LayerError, errors.DoesNotCompute)
     and kind is not errors.Undecidable],  # only formulas are: tests/cli/test_shapes_symbolic.py
)  # fmt: skip
def test_every_kind_of_refusal_has_a_broken_spec(name: str) -> None:
    assert any(text.startswith(f"[{name}] ") for text in GOLDEN.values())
