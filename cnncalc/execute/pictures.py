"""Pictures as inputs and outputs: what is done to a picture is said, and a tensor is drawn as grey or colour."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cnncalc.errors import UsageError, printable
from cnncalc.execute.dispatch import Array
from cnncalc.layers.base import Shape, sizes_text

if TYPE_CHECKING:
    from PIL.Image import Image

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
MODES = {1: "L", 3: "RGB", 4: "RGBA"}
MAX_PIXELS = 2**27


class Scaling(NamedTuple):
    """What is done to the values 0 to 255: divided by 255, less ``mean``, over ``std`` (one, or one a channel)."""

    mean: Sequence[float] = (0.0,)
    std: Sequence[float] = (1.0,)

    def __str__(self) -> str:
        if tuple(self.mean) == (0.0,) and tuple(self.std) == (1.0,):
            return "divided by 255"
        mean, std = (", ".join(f"{one:g}" for one in values) for values in (self.mean, self.std))
        return f"divided by 255, less {mean}, divided by {std}"


def read_picture(path: Path, shape: Shape, scaling: Scaling) -> tuple[Array, str]:
    """Return a picture as an input of that shape, and in words what was done to it.

    It is stretched to the input's size (bilinear) and turned to grey or to colour as the input has 1, 3 or 4 channels.

    Raises UsageError for a file that is no picture, or an input that is none.
    """
    if len(shape) != 3 or shape[0] not in MODES:
        raise UsageError(
            f"{printable(str(path))}: a picture needs an input of 1, 3 or 4 channels, not {sizes_text(shape)}"
        )
    for values in scaling:
        if len(values) not in (1, shape[0]):
            raise UsageError(f"--mean and --std must have one number or {shape[0]}, one a channel ({len(values)})")
    with _opened(path) as picture:
        size, mode = picture.size, picture.mode
        resized = picture.convert(MODES[shape[0]]).resize((shape[2], shape[1]), 2)  # 2 is bilinear
        pixels = np.asarray(resized, dtype=np.float64).reshape(*shape[1:], shape[0])
    scaled = (pixels / 255 - np.array(scaling.mean)) / np.array(scaling.std)
    how = f"{size[0]}x{size[1]} {mode} to {shape[2]}x{shape[1]} {MODES[shape[0]]} (width x height, bilinear), {scaling}"
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)), how


def picture_bytes(suffix: str, values: Array) -> tuple[bytes, str]:
    """Return a tensor of 1 or 3 channels, or one without a channel axis, as a picture file, and in words how.

    The smallest value becomes 0 and the largest 255.
    """
    import io

    image = values if values.ndim == 2 else values[0] if values.shape[0] == 1 else values.transpose(1, 2, 0)
    low, high = float(image.min()), float(image.max())
    grey = np.zeros(image.shape) if low == high else (image - low) / (high - low)
    pillow = _pillow()
    drawn, stream = pillow.fromarray(np.rint(255 * grey).astype(np.uint8)), io.BytesIO()
    try:
        drawn.save(stream, format=pillow.registered_extensions()[suffix.lower()])
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(f"a picture cannot be written as {suffix}: {printable(str(error))[:200]}") from None
    return stream.getvalue(), f"{low:g} is black, {high:g} is white"


def _opened(path: Path) -> Image:
    pillow = _pillow()
    try:
        pillow.MAX_IMAGE_PIXELS = MAX_PIXELS
        picture: Image = pillow.open(path)
        picture.load()
    except (OSError, ValueError, SyntaxError, EOFError, pillow.DecompressionBombError) as error:
        reason = getattr(error, "strerror", None) or "is not a picture that can be read"
        raise UsageError(f"{printable(str(path))}: {printable(reason)}") from None
    return picture


def _pillow() -> Any:  # noqa: ANN401 - a module that may not be there
    try:
        from PIL import Image
    except ImportError:
        raise UsageError("pictures need `pip install 'cnncalc[pictures]'`; .npy needs nothing") from None
    return Image
