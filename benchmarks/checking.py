"""``cnncalc check specs/`` against yamllint on the same files, in turn; and the memory that 10,000 files take."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SPECS = ROOT / "specs"
FEW, MANY = 1_000, 10_000


def seconds(command):
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, check=False)
    return time.perf_counter() - start


def survives(path):
    """Return whether yamllint reads a file at all: it ends in a traceback on the hostile ones of specs/broken."""
    command = [sys.executable, "-m", "yamllint", "-d", "relaxed", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "Traceback" not in done.stderr


def mebibytes(files, *options):
    """Return the largest resident size of any process that checks so many files."""
    with tempfile.TemporaryDirectory() as folder:
        texts = [path.read_text(encoding="utf-8") for path in sorted(SPECS.glob("*.yaml"))]
        for index in range(files):
            (Path(folder) / f"{index:05}.cnn.yaml").write_text(texts[index % len(texts)], encoding="utf-8")
        program = (
            "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        command = [sys.executable, "-m", "cnncalc", "check", folder, "--format", "concise", *options]
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", program, *command], capture_output=True, text=True, check=True)
        return int(done.stdout) / 1024, time.perf_counter() - start


def main(rounds=7):
    files = [path for path in sorted(map(str, SPECS.rglob("*.yaml"))) if survives(path)]
    commands = {
        "cnncalc check": [sys.executable, "-m", "cnncalc", "check", *files],
        "cnncalc check -j 1": [sys.executable, "-m", "cnncalc", "check", "-j", "1", *files],
        "yamllint": [sys.executable, "-m", "yamllint", "-d", "relaxed", *files],
    }
    times = {name: [] for name in commands}
    for command in commands.values():
        seconds(command)
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(seconds(command))
    for name, taken in times.items():
        ratio = statistics.median(a / b for a, b in zip(taken, times["yamllint"], strict=True))
        print(f"{name:20} {len(files)} files, median {statistics.median(taken):.2f} s, {ratio:.2f} times yamllint")
    for count in (FEW, MANY):
        size, taken = mebibytes(count)
        print(f"{count:6,} files: {size:.0f} MiB at most, {taken:.1f} s")


if __name__ == "__main__":
    main()
