# Derived from rum_replay/_async by scripts/unasync. Do not edit.
"""The drivers. `_async` is written by hand; `_sync` is derived from it by scripts/unasync."""
