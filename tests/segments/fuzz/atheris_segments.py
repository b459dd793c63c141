"""Coverage-guided fuzzing of everything that reads or uses segments; needs atheris, which is not a dependency.

    python -m tests.segments.fuzz.atheris_segments read NEW_INPUTS tests/segments/fuzz/seeds -max_total_time=600

`read` tests the reader, `use` everything that is built on it: pages, summaries, players, heatmaps, tables. Inputs that
fail belong in `seeds`, which the tests read and use on every run.
"""

from __future__ import annotations

import sys

import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

with atheris.instrument_imports(include=["rum_replay.segments"]):
    from tests.segments.fuzz.target import read_anything, use_anything

TARGETS = {"read": read_anything, "use": use_anything}


def main() -> None:
    name = sys.argv.pop(1) if len(sys.argv) > 1 else ""
    if name not in TARGETS:
        sys.exit(f"the first argument must be {' or '.join(TARGETS)}")
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
