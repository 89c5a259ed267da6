"""Modules that need a framework are not collected where it is absent; the tests that use them skip and say so."""

from importlib.util import find_spec

NEEDS = {"modules.py": "torch", "profilers.py": "torch", "tensorflow_graph.py": "tensorflow"}
collect_ignore = [name for name, framework in NEEDS.items() if find_spec(framework) is None]
