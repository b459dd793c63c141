"""Tests of recordings as tests for Playwright."""
