"""`python -m rum_replay`: the command `rum-replay`."""

from ._cli import main

main()
