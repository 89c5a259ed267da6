"""The start of the command, ``cnncalc`` or ``python -m cnncalc``; most of its time is imports, which it spares."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from types import ModuleType

gc.disable()  # nothing is garbage while modules are imported: looking for it takes a tenth of the start-up


class _NoPlugins(ModuleType):
    """In place of the module in which pydantic looks for plugins, which reads every installed package's metadata.

    There are none for the models here. Whatever else is asked of it, the real module answers.
    """

    @staticmethod
    def get_plugins() -> tuple[()]:
        """Return no plugins."""
        return ()

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # the import system's own questions, which a plain module would not answer either
            raise AttributeError(name)
        from importlib import import_module

        sys.modules.pop(self.__name__, None)
        return getattr(import_module(self.__name__), name)


def main() -> None:
    """Run the command line, and leave without taking the modules apart again."""
    sys.modules.setdefault("pydantic.plugin._loader", _NoPlugins("pydantic.plugin._loader"))
    from cnncalc.cli import run

    code = run()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # of a pipe that was closed
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
