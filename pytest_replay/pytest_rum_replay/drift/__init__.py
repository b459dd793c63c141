"""Differences between cassettes and the live API, reported by `--rum-replay-verify`."""
