"""The start of the command: ``cnncalc`` and ``python -m cnncalc``."""

from __future__ import annotations

import gc

gc.disable()  # nothing is garbage while modules are imported: looking for it is a tenth of the start-up


def main() -> None:
    """Run the command line."""
    from cnncalc.cli import run

    try:
        run()
    finally:
        gc.freeze()  # nor is it at the end, when the process gives all of it back


if __name__ == "__main__":
    main()
