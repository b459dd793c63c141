"""`python -m rum_replay.cli`."""

from . import main

main()
