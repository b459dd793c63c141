"""Tests of timelines of sessions."""
