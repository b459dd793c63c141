"""Tests of what is told of sessions in order."""
