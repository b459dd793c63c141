"""Keeps credentials and personal data out of everything that is written."""
