"""Every layer has all that a layer needs; the failing line says what to add."""

import ast
import inspect
import re
from pathlib import Path

import pytest

from cnncalc.layers import ACTIVATIONS, LAYERS, layer_class
from cnncalc.layers.base import Layer
from cnncalc.spec.schema import schema

ROOT = Path(__file__).parents[2]
LANGUAGE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
COUNTING = (ROOT / "docs" / "counting.md").read_text(encoding="utf-8")
RANDOM_NETWORKS = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "oracles").glob("*.py"))


@pytest.mark.parametrize("op", LAYERS)
def test_every_layer_has_a_class_with_a_docstring(op):
    kind = layer_class(op)
    assert issubclass(kind, Layer)
    assert kind.__doc__
    assert kind.__doc__ is not Layer.__doc__


@pytest.mark.parametrize("op", LAYERS)
def test_every_layers_argument_is_one_of_its_fields(op):
    kind = layer_class(op)
    assert not kind.argument or kind.argument in kind.model_fields


@pytest.mark.parametrize("op", [*LAYERS, *ACTIVATIONS])
def test_every_layer_is_in_the_language_page(op):
    assert f"`{op}`" in LANGUAGE, f"add {op} to docs/language.md"


@pytest.mark.parametrize("op", LAYERS)
def test_every_layer_is_in_the_counting_page(op):
    assert f"`{op}`" in COUNTING, f"say in docs/counting.md what {op} counts"


@pytest.mark.parametrize("op", [*LAYERS, *ACTIVATIONS])
def test_every_layer_is_in_the_schema(op):
    lines = schema()["definitions"]["layer"]["anyOf"]
    assert any(op in line.get("properties", {}) for line in lines)


@pytest.mark.parametrize("op", LAYERS)
def test_every_layer_is_compared_with_an_independent_computation(op):
    assert re.search(rf"\b{op}\b", RANDOM_NETWORKS), f"add {op} to tests/oracles/networks.py"


@pytest.mark.parametrize("op", LAYERS)
def test_every_layer_has_a_kernel(op):
    import cnncalc.execute.kernels  # noqa: F401 - registers them
    from cnncalc.execute.dispatch import kernel

    kind = layer_class(op)
    file = Path(inspect.getfile(kind)).name
    assert kernel.dispatch(kind) is not kernel.dispatch(Layer), f"add {op} to cnncalc/execute/kernels/{file}"


@pytest.mark.parametrize("op", LAYERS)
def test_every_layer_with_windows_or_sums_has_a_naive_kernel(op):
    import cnncalc.execute.naive  # noqa: F401 - registers them
    from cnncalc.execute.dispatch import naive

    kind = layer_class(op)
    needed = kind.macs is not Layer.macs or kind.slides is not Layer.slides or hasattr(kind, "bins")
    file = Path(inspect.getfile(kind)).name
    assert not needed or naive.dispatch(kind) is not naive.dispatch(Layer), f"add {op} to cnncalc/execute/naive/{file}"


def test_every_layer_class_of_the_package_is_in_the_one_list():
    listed = {layer_class(op) for op in LAYERS}
    bases = {base for kind in listed for base in kind.__mro__}
    for path in (ROOT / "cnncalc" / "layers").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and path.stem not in {"__init__", "fields"}:
                module = inspect.importlib.import_module(f"cnncalc.layers.{path.stem}")
                assert getattr(module, node.name) in listed | bases, (
                    f"{node.name} is in no op of cnncalc/layers/__init__.py"
                )


def test_no_file_has_grown_past_one_sitting():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "cnncalc").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}
