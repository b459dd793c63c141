"""The drivers. `_async` is written by hand; `_sync` is derived from it by scripts/unasync."""
