"""Everything that can go wrong with a cassette. No message contains a credential."""

__all__ = [
    "CassetteError",
    "CassetteFormatError",
    "CassetteIncompleteError",
    "CassetteLeakError",
    "CassetteMissError",
    "CassetteNotSavedError",
    "CassetteTooOldError",
    "CassetteUsageError",
    "UnplayedEntriesError",
]


class CassetteError(Exception):
    """The base class of all cassette errors."""


class CassetteUsageError(CassetteError):
    """The marker has invalid arguments, or the cassette cannot be opened in this way."""


class CassetteFormatError(CassetteError):
    """The file cannot be read, is not a cassette of this plugin, or is damaged."""


class CassetteMissError(CassetteError, AssertionError):
    """No entry answers a request.

    It is an AssertionError, because the test expected an answer and there is none. It is not an httpx error, so clients
    that retry transport errors let it through. If code catches every Exception, the cassette remembers the miss and
    fails the test at its end.
    """


class UnplayedEntriesError(CassetteError, AssertionError):
    """The test passed without requesting everything that is recorded."""


class CassetteTooOldError(CassetteError, AssertionError):
    """An entry is older than the cassette's maximum age."""


class CassetteIncompleteError(CassetteError):
    """The test passed, but a request got no answer that could be recorded."""


class CassetteLeakError(CassetteError):
    """A live credential would have been written; nothing was written."""


class CassetteNotSavedError(CassetteError):
    """The file could not be written; an old file is unchanged."""
