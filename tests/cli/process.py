"""The command line in a process of its own: a fork of one that has imported what commands need, or a new one.

A fork takes a tenth of the time of a start. What a start imports, and how long it takes, other tests look at.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import typer

PRELOADED = ("numpy", "rich.console", "rich.markdown", "rich.table", "rich.progress")


class Ended(NamedTuple):
    """The exit code of a process, and what it wrote."""

    returncode: int
    stdout: bytes
    stderr: bytes


def run(arguments, stdin, environment, cwd):
    """Return what ``python -m cnncalc`` with these arguments does."""
    if not hasattr(os, "fork"):
        command = [sys.executable, "-m", "cnncalc", *arguments]
        result = subprocess.run(command, input=stdin, capture_output=True, env=environment, cwd=cwd, check=False)
        return Ended(result.returncode, result.stdout, result.stderr)
    with tempfile.TemporaryDirectory() as folder:
        files = [str(Path(folder) / name) for name in ("in", "out", "err")]
        Path(files[0]).write_bytes(stdin)
        request = {"arguments": [str(one) for one in arguments], "files": files, "cwd": str(cwd or Path.cwd())}
        code = nursery().ask(request | {"environment": dict(environment)})
        return Ended(code, *(Path(name).read_bytes() for name in files[1:]))


class Nursery:
    """A process that has imported everything and forks when it is asked to."""

    def __init__(self):
        self.owner = os.getpid()
        command = [sys.executable, "-m", "tests.cli.process"]
        root = str(Path(__file__).parents[2])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root)
        atexit.register(self.process.kill)

    def ask(self, request):
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


_NURSERIES = {}


def nursery():
    """Return the nursery of this process."""
    if os.getpid() not in _NURSERIES:
        _NURSERIES[os.getpid()] = Nursery()
    return _NURSERIES[os.getpid()]


def serve():
    """Fork for every request, and answer with the child's exit code."""
    from importlib import import_module
    from pkgutil import walk_packages

    import cnncalc
    from cnncalc import cli
    from cnncalc.__main__ import main

    run = cli.run

    for name in (*PRELOADED, *(module.name for module in walk_packages(cnncalc.__path__, "cnncalc."))):
        if "__main__" not in name:
            import_module(name)
    cli.run = run  # not the command of that name, which has taken its place in the package
    for command in cli.COMMANDS:
        typer.main.get_command(import_module(f"cnncalc.cli.{command}").app)
    cnncalc.analyze(cnncalc.load("zoo:mobilenet_v2"))  # what is built when it is first used
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    for line in requests:
        child = os.fork()
        if child == 0:
            become(json.loads(line))
            main()
        _, status = os.waitpid(child, 0)
        answers.write(b"%d\n" % os.waitstatus_to_exitcode(status))
        answers.flush()


def become(request):
    """Take the files, the folder, the environment and the arguments of a request for one's own."""
    for number, name in enumerate(request["files"]):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(name, flags), number)
    os.closerange(3, 64)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["cwd"])
    sys.argv = ["cnncalc", *request["arguments"]]
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115 - until the end


if __name__ == "__main__":
    serve()
