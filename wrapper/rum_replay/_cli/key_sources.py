"""Where a profile's keys come from: a variable of the environment, or a command such as a secret store's.

A command is run without a shell, within a time limit. What it prints is shown nowhere; what it writes to standard error
is shown only if it fails, without anything known to be secret.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import PurePath

import attrs

from .._errors import ConfigurationError
from .._printable import one_line

__all__ = ["KeySource", "looks_like_key"]

TIMEOUT = 60.0
"""Seconds: somebody may have to unlock the secret store."""

_MOST_SHOWN = 300
"""Characters of what a command wrote to standard error; the last ones."""

_KEY = re.compile(
    rb"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|dd(?:app|pat|sat)_[0-9A-Za-z_-]{16,})(?![0-9A-Za-z])"
)
"""API keys are 32, older application keys 40 hexadecimal digits; newer keys and tokens have a prefix."""

_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASS|CREDENTIAL", re.IGNORECASE)


def looks_like_key(text: str) -> bool:
    """Whether a text holds what one of Datadog's keys or tokens looks like."""
    return _KEY.search(text.encode("utf-8", "surrogatepass")) is not None


@attrs.define
class KeySource:
    """Where one key comes from."""

    argument: str
    """The argument of the client, such as `api_key`."""

    profile: str
    variable: str | None = None
    command: tuple[str, ...] = attrs.field(default=(), repr=False)
    _found: str | None = attrs.field(default=None, init=False, repr=False, eq=False)
    """The key, since somebody may have to unlock the secret store each time."""

    @property
    def title(self) -> str:
        """What it is, for people: arguments of commands are not shown."""
        if self.variable is not None:
            return f"{self.variable} (profile {self.profile!r})"
        return f"the command `{self._program}` (profile {self.profile!r})"

    @property
    def _program(self) -> str:
        return one_line(PurePath(self.command[0]).name)

    def get(self) -> str:
        """The key; raises ConfigurationError, which holds neither the key nor what the command printed."""
        if self._found is not None:
            return self._found
        found = _run(self.command) if self.variable is None else _value_of(self.variable)
        if isinstance(found, _Unusable):
            source = f"the command `{self._program}`" if self.variable is None else self.variable
            raise ConfigurationError(f"{self.argument} of profile {self.profile!r}: {source} {found.reason}")
        self._found = found
        return found


@attrs.frozen
class _Unusable:
    """Instead of a key; an exception would leave the key in the frames of its traceback."""

    reason: str


def _value_of(variable: str) -> str | _Unusable:
    return os.environ.get(variable, "").strip() or _Unusable("is not set")


def _run(command: tuple[str, ...]) -> str | _Unusable:
    """What a command printed, or why it cannot be used."""
    program = os.path.expanduser(command[0])  # noqa: PTH111 - `Path` would drop a leading `./`
    try:
        process = subprocess.Popen(  # noqa: S603 - what the user's own file says
            [program, *command[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except (OSError, ValueError) as error:
        return _Unusable(f"cannot be started: {getattr(error, 'strerror', None) or type(error).__name__}")
    with process:
        try:
            printed, complaint = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired as error:
            process.kill()
            asked = _without_secrets(error.stderr or b"", error.output or b"")  # such as a question
            return _Unusable(f"did not end within {TIMEOUT:g} s" + (f": {asked}" if asked else ""))
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        said = _without_secrets(complaint, printed) or "it wrote nothing to standard error"
        status = process.returncode
        return _Unusable(f"was ended by signal {-status}: {said}" if status < 0 else f"failed, status {status}: {said}")
    key = printed.decode("utf-8", "replace").strip()
    if not key:
        return _Unusable("printed nothing")
    return key if len(key.split()) == 1 else _Unusable("printed more than one word: it must print the key alone")


def _without_secrets(complaint: bytes, printed: bytes) -> str:
    """The end of what a command complained about, without what it printed and what the environment holds of secrets."""
    from .._redaction import Redaction

    secrets = [os.environ[name].strip() for name in os.environ if _SECRET_NAME.search(name)]
    secrets += printed.decode("utf-8", "replace").split()
    ours = (secret for secret in secrets if secret.isascii() and secret.isprintable())
    text = _KEY.sub(b"[redacted]", Redaction(ours)(complaint)).decode("utf-8", "replace")
    shown = one_line(text)
    return shown if len(shown) <= _MOST_SHOWN else f"…{shown[-_MOST_SHOWN:]}"
