"""What reading segments may raise; both are errors of this library, and nothing else leaves it.

```
ReplayError
└── SegmentError                  a source cannot be read at all; also a ValueError
    └── SegmentLimitError         going on would cost more than the limits allow
```

Damage is no error: it is reported as `Unreadable`, and reading goes on behind it.
"""

from __future__ import annotations

from ..errors import ReplayError

__all__ = ["SegmentError", "SegmentLimitError"]


class SegmentError(ReplayError, ValueError):
    """A source cannot be read: a file that is missing, a stream that is closed, a manifest that is none."""


class SegmentLimitError(SegmentError):
    """Going on would cost more memory or time than `Limits` allows: a zip bomb, or limits that are too low."""

    limit: str
    """The field of `Limits` that was reached."""

    source: str
    """The name of the file, or `bytes` or `stream`."""

    offset: int
    """Where in the source, in bytes."""
