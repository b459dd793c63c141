"""What can be wrong with a cassette. No message holds a credential."""

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
    """The root of all of them."""


class CassetteUsageError(CassetteError):
    """The marker, or the way in which a cassette was opened, cannot work."""


class CassetteFormatError(CassetteError):
    """The file is not a cassette of ours, or was damaged by hand."""


class CassetteMissError(CassetteError, AssertionError):
    """A request that no entry answers.

    An AssertionError, because a test expected an answer and there is none. It is no httpx error, so clients that retry
    what their transport raises let it through; where code catches every Exception, the cassette remembers the miss
    and fails the test at its end.
    """


class UnplayedEntriesError(CassetteError, AssertionError):
    """The test passed without asking for all that is recorded."""


class CassetteTooOldError(CassetteError, AssertionError):
    """An entry is older than the cassette's maximum age."""


class CassetteIncompleteError(CassetteError):
    """The test passed, but a request got no answer that could be recorded."""


class CassetteLeakError(CassetteError):
    """A live credential would have been written; nothing was."""


class CassetteNotSavedError(CassetteError):
    """The file system refused the new file; an old one is as it was."""
