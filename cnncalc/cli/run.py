"""``cnncalc run``: a network on real tensors."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cnncalc.cli.options import Assignments, SpecFile, arguments
from cnncalc.errors import UsageError, printable

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis
    from cnncalc.execute.dispatch import Array
    from cnncalc.execute.pictures import Scaling

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)

SHAPE = r"[0-9]+(x[0-9]+)*"


class Dtype(StrEnum):
    """How many bits a number has."""

    float32 = "float32"
    float64 = "float64"


EPILOG = """
Examples:

- `cnncalc run net.yaml` -- on random numbers, with random weights: does it run, and what comes out

- `cnncalc run zoo:lenet5 --input digit.png --weights lenet5.npz` -- a picture, and weights by path: conv1.weight, ...

- `cnncalc run zoo:edge_detection --input photo.jpg --weights edge.npz --save conv1=edges.png`

- `cnncalc run net.yaml --input left=a.npy --input right=b.npy --save 'conv1:3=map.png' --save linear1=out.npy`

A picture is stretched to the input's size (bilinear) and divided by 255; --mean and --std go on from there.
"""


@app.command(epilog=EPILOG)
def run(
    spec: SpecFile,
    input: Annotated[
        list[str] | None,
        typer.Option(metavar="[NAME=]FILE", help="A picture, a .npy, a .npz, or a shape for random numbers."),
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A .npz or .safetensors with each tensor by its path.")
    ] = None,
    save: Annotated[
        list[str] | None,
        typer.Option(metavar="LAYER=FILE", help="Write a layer's output: .npy, or a picture; LAYER:3 is one channel."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many of the largest outputs are shown.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Draws random inputs and weights.")] = 0,
    dtype: Annotated[Dtype, typer.Option(help="The numbers that are computed with.")] = Dtype.float32,
    mean: Annotated[str | None, typer.Option(metavar="NUMBERS", help="Taken off a picture, one a channel.")] = None,
    std: Annotated[str | None, typer.Option(metavar="NUMBERS", help="Divides a picture, one a channel.")] = None,
    set: Assignments = None,
) -> None:
    """Run a network with NumPy on a picture, on arrays or on random numbers, and show what comes out."""
    from cnncalc.analysis import analyze
    from cnncalc.execute.run import execute
    from cnncalc.execute.tensors import initial, loaded
    from cnncalc.spec.load import load

    given = dict(_named(one) for one in input or [])
    shape = given.pop("", None) if re.fullmatch(SHAPE, given.get("", "-")) else None
    analysis = analyze(load(spec, args=arguments(set or []), input=shape))
    scaling = _scaling(mean, std)
    inputs, said = _inputs(analysis, given, scaling, seed, dtype.value)
    tensors = loaded(weights, analysis, dtype.value) if weights else initial(analysis, seed, dtype.value)
    wanted = [_saving(one, analysis) for one in save or []]
    with progress(len(analysis.facts)) as advance:
        result = execute(
            analysis.graph, inputs, tensors, keep={path for path, _, _ in wanted}, seen=lambda *_: advance()
        )
    how = f"weights from {printable(str(weights))}" if weights else f"weights drawn from seed {seed}"
    sys.stdout.write("".join(f"{line}\n" for line in [*said, how]))
    for path, array in result.outputs.items():
        sys.stdout.write(_told(path, array[0], top))
    for path, channel, file in wanted:
        sys.stdout.write(_saved(path, channel, file, result.kept[path][0]))


@contextmanager
def progress(total: int | None) -> Iterator[Callable[[], None]]:
    """Show on a terminal how far a long run is; the function that is yielded says that one more step is done."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("running", total=total)
        yield lambda: bar.advance(task)


def _named(text: str) -> tuple[str, str]:
    name, equals, file = text.partition("=")
    return (name, file) if equals and name.isidentifier() else ("", text)


def _scaling(mean: str | None, std: str | None) -> Scaling:
    from cnncalc.execute.pictures import Scaling

    found = []
    for option, text, default in (("--mean", mean, "0"), ("--std", std, "1")):
        try:
            values = [float(part) for part in (text or default).split(",")]
        except ValueError:
            raise UsageError(f"{option} must be numbers with commas, not {printable((text or '')[:60])}") from None
        if option == "--std" and not all(values):
            raise UsageError("--std must not be 0")
        found.append(values)
    return Scaling(*found)


def _inputs(
    analysis: Analysis, given: dict[str, str], scaling: Scaling, seed: int, dtype: str
) -> tuple[dict[str, Array], list[str]]:
    """Return the inputs of a network, a batch of one each, and a line on what each of them is."""
    from cnncalc.execute.verify import random_inputs

    graph = analysis.graph
    if "" in given and len(graph.inputs) > 1:
        raise UsageError(f"--input must say which of the inputs it is: {next(iter(graph.inputs))}=FILE")
    if "" in given:
        given = {next(iter(graph.inputs)): given[""]}
    if unknown := next((name for name in given if name not in graph.inputs), None):
        raise UsageError(f"--input {printable(unknown[:60])}=: the inputs are {', '.join(graph.inputs)}")
    found = random_inputs(analysis, seed, 1, dtype)
    said = []
    for name, shape in graph.inputs.items():
        if name not in given:
            said.append(f"{name}: random, from seed {seed}")
            continue
        array, how = _read(Path(given[name]), name, shape, scaling)
        found[name] = array.astype(dtype)[None]
        said.append(f"{name}: {printable(given[name])}{how}")
    return found, said


def _read(path: Path, name: str, shape: tuple[int, ...], scaling: Scaling) -> tuple[Array, str]:
    from cnncalc.execute.arrays import read_array, read_arrays
    from cnncalc.execute.pictures import SUFFIXES, read_picture
    from cnncalc.layers.base import sizes_text

    if path.suffix.lower() in SUFFIXES:
        array, how = read_picture(path, shape, scaling)
        return array, f", {how}"
    if path.suffix == ".npz":
        arrays = read_arrays(path)
        if name not in arrays:
            has = printable(", ".join(list(arrays)[:8])[:200]) or "nothing"
            raise UsageError(f"{printable(str(path))}: there is no array {name} (it has {has})")
        array = arrays[name]
    elif path.suffix == ".npy":
        array = read_array(path)
    else:
        raise UsageError(f"--input {printable(str(path))}: must be a picture, a .npy, a .npz or a shape as 3x64x64")
    if array.shape == (1, *shape):
        array = array[0]
    if array.shape != shape:
        raise UsageError(f"{printable(str(path))}: {name} must be {sizes_text(shape)}, it is {sizes_text(array.shape)}")
    return array, ""


def _saving(text: str, analysis: Analysis) -> tuple[str, int | None, Path]:
    """Return the node, the channel if one is named, and the file of a --save."""
    from cnncalc.errors import closest
    from cnncalc.execute.pictures import SUFFIXES
    from cnncalc.layers.base import sizes_text

    name, equals, file = text.partition("=")
    layer, colon, number = name.partition(":")
    shapes = {one.node.path: one.shape for one in analysis.facts}
    if not equals or not file:
        raise UsageError(f"--save must be LAYER=FILE, not {printable(text[:80])}")
    if layer not in shapes:
        near = closest(layer, shapes)
        hint = f"; did you mean {near}?" if near else ""
        raise UsageError(f"--save {printable(layer[:80])}: there is no such layer{hint}")
    shape, path = shapes[layer], Path(file)
    channel = int(number) if number.isdecimal() and len(number) < 10 else None
    if colon and (channel is None or channel >= shape[0]):
        raise UsageError(f"--save {printable(name[:80])}: the channels are 0 to {shape[0] - 1}")
    if path.suffix.lower() not in (".npy", *SUFFIXES):
        raise UsageError(f"--save {printable(file)}: must end in .npy or in that of a picture, such as .png")
    if path.suffix != ".npy" and (len(shape) != 3 or (channel is None and shape[0] not in (1, 3))):
        needs = f"a picture has 1 or 3 channels ({sizes_text(shape)}); {layer}:0 is the first"
        raise UsageError(f"--save {printable(name[:80])}: {needs}")
    return layer, channel, path


def _saved(path: str, channel: int | None, file: Path, array: Array) -> str:
    from cnncalc.execute.arrays import array_bytes
    from cnncalc.execute.pictures import picture_bytes
    from cnncalc.report.destination import store

    values: Any = array if channel is None else array[channel]
    content, how = (array_bytes(values), "") if file.suffix == ".npy" else picture_bytes(file.suffix, values)
    store(content, file)
    return f"{path}: written to {printable(str(file))}{how and ', '}{how}\n"


def _told(path: str, values: Array, top: int) -> str:
    """Return an output in words: the largest of a vector, the range of a map."""
    from cnncalc.layers.base import sizes_text

    if values.ndim > 1 and values.size > values.shape[0]:
        low, mean, high = (f"{float(one):.6g}" for one in (values.min(), values.mean(), values.max()))
        return f"{path}: {sizes_text(values.shape)}, from {low} to {high}, mean {mean}\n"
    flat = values.reshape(-1)
    ranked = sorted(range(flat.size), key=lambda index: (-float(flat[index]), index))[:top]
    rows = "".join(f"  {index:>6}  {float(flat[index]):.6g}\n" for index in ranked)
    return f"{path}: {sizes_text(values.shape)}, the largest:\n{rows}"
