"""Which module people import a class from: what tracebacks, reprs and pickles name instead of an internal one."""

__all__ = ["public"]


def public(*classes: type, module: str = "rum_replay") -> None:
    """Let classes name a public module as theirs.

    Type hints are looked up in that module too. So a module whose public classes have annotated fields does without
    `from __future__ import annotations`, which would leave names that are not found there.
    """
    for cls in classes:
        cls.__module__ = module
