"""Coverage-guided fuzzing of everything that reads segments, where atheris is installed (it is no dependency).

    python -m tests.segments.fuzz.atheris_segments NEW_INPUTS tests/segments/fuzz/seeds -max_total_time=600

What it finds goes into `seeds`, which the tests read on every run.
"""

from __future__ import annotations

import sys

import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

with atheris.instrument_imports(include=["rum_replay.segments"]):
    from tests.segments.fuzz.target import read_anything


def main() -> None:
    atheris.Setup(sys.argv, read_anything)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
