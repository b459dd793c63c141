"""Replay triage: the sessions that were watched most, kept in a playlist, with who watched them."""
