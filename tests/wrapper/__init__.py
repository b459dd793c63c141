"""Tests of wrapper/rum_replay."""
