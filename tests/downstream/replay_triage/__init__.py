"""Replay triage: keeps the most watched sessions in a playlist and reports who watched them."""
