"""Imports run one way, each library has one place, and the shapes path loads nothing heavy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "cnncalc"
ORDER = [
    {"errors", "field", "pause", "wording"},
    {"slide", "symbolic"},
    {"layers"},
    {"graph", "zoo"},
    {"spec", "analysis", "algebra"},
    {"channels"},
    {"claims", "comparison", "declared", "difference", "folding", "liveness"}
    | {"profiles", "pullback", "reach", "sizes", "solve"},
    {"boxes"},
    {"checks", "execute", "explain", "memory", "sight"},
    {"advise", "reconcile"},
    {"report"},
    {"cli"},
]
LEVEL = {name: level for level, names in enumerate(ORDER) for name in names}
HOMES = {
    "pydantic": {"layers", "spec"},
    "yaml": {"spec"},
    "rich": {"report", "cli"},
    "typer": {"cli"},
    "numpy": {"execute"},
}
FILES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= (
                {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "cnncalc" else {node.module}
            )
    return found


def wrong_way(path: Path, imports: set[str]) -> list[str]:
    """Return the imports of a file that go up, or across between siblings."""
    here = part_of(path)
    if here not in LEVEL:  # __init__ and __main__ open the package to the outside
        return []
    parts = {name.split(".")[1] for name in imports if name.startswith("cnncalc.")} - {"__version__", here}
    allowed_doc = {"zoo"} if here == "zoo" else set()  # the zoo reads a spec's title through the language
    return sorted(
        part for part in parts - allowed_doc if LEVEL[part] >= LEVEL[here] and (here, part) != ("zoo", "spec")
    )


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_one_way(path):
    assert wrong_way(path, imported(path)) == []


def test_a_wrong_import_is_seen():
    assert wrong_way(PACKAGE / "field.py", {"cnncalc.slide"}) == ["slide"]
    assert wrong_way(PACKAGE / "spec" / "load.py", {"cnncalc.analysis"}) == ["analysis"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_each_library_has_one_place(path):
    for name in imported(path):
        home = HOMES.get((name or "").split(".")[0])
        assert home is None or part_of(path) in home, f"{name} belongs to {home}"


HEAVY = ("numpy", "torch", "onnx", "scipy", "tensorflow")
SHAPES = "import sys; from cnncalc.cli import run; sys.argv = ['cnncalc', 'shapes', 'zoo:lenet5']; code = run()"


def loaded_after(code: str) -> set[str]:
    program = f"{code}\nimport sys\nprint('LOADED', *sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(result.stdout.split("LOADED ")[1].split())


def test_shapes_loads_neither_numpy_nor_a_framework():
    assert not loaded_after(SHAPES) & set(HEAVY)


def test_a_heavy_import_would_be_seen():
    assert "numpy" in loaded_after(SHAPES + "; import numpy")


def test_importing_the_package_pulls_in_nothing():
    loaded = loaded_after("import cnncalc")
    assert not loaded & {"pydantic", "yaml", "rich", "typer", *HEAVY}
    assert not any(name.startswith("cnncalc.") for name in loaded)
