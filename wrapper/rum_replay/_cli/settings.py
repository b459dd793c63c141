"""The global options, and what they configure: output, progress, and the client with its site and credentials."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import click
from click.shell_completion import CompletionItem

from .._sites import SITES
from .._timeouts import DEFAULT_TIMEOUT
from .output import Form, Output
from .progress import Progress, ShownWaits

if TYPE_CHECKING:
    from .. import AsyncReplayClient, Clock, ReplayClient, RetryEvent
    from .choice import Choice

__all__ = [
    "GLOBAL_OPTIONS",
    "JSON_OPTION",
    "OUTPUT_OPTION",
    "GlobalOption",
    "Settings",
    "is_given",
    "write_global_options",
]

C = TypeVar("C")

_PATIENCE = 900.0
"""Seconds that one of many calls may take with all its waits. Those for a rate limit add up while others go first."""

_ATTEMPTS = 6


@attrs.define
class Settings:
    """The values of the global options; None or False where one was not given."""

    profile: str | None = None
    site: str | None = None
    base_url: str | None = None
    timeout: float | None = None
    json: bool = False
    format: str | None = None
    verbose: bool = False
    clock: Clock | None = None
    """What time it is, and waiting, for the command and its client; None: this machine's."""

    _progress: Progress | None = attrs.field(default=None, init=False, eq=False)
    _output: Output | None = attrs.field(default=None, init=False, eq=False)
    _choice: Choice | None = attrs.field(default=None, init=False, eq=False)
    _is_warned: bool = attrs.field(default=False, init=False, eq=False)

    def now(self) -> float:
        """The Unix time in seconds."""
        return self._clock().time()

    def _clock(self) -> Clock:
        from .. import SystemClock

        return self.clock or SystemClock()

    @property
    def progress(self) -> Progress:
        """The line about work in progress; the log of --verbose takes its place."""
        if self._progress is None:
            self._progress = Progress(self.clock, shown=not self.verbose)
        return self._progress

    @property
    def form(self) -> Form:
        """The form of output that was chosen."""
        forms: dict[str, Form] = {"table": "table", "json": "json", "yaml": "yaml", "csv": "csv"}
        return "lines" if self.json else forms[self.format or "table"]

    @property
    def output(self) -> Output:
        """Where the command prints to; always the same object, in the form that was chosen by its first use."""
        if self._output is None:
            self._output = Output(self.form)
        return self._output

    @property
    def choice(self) -> Choice:
        """The site and credentials that count; raises a ReplayError if the profile cannot be used."""
        if self._choice is None:
            from .choice import choose

            self._choice = choose(self.site, self.base_url, self.profile)
        return self._choice

    def client(self) -> ReplayClient:
        """A client with these options, and the credentials of the environment or of the profile."""
        from .. import ReplayClient

        return self._client(ReplayClient)

    def async_client(self) -> AsyncReplayClient:
        """The same, for many calls at a time, which wait for their turn through several windows of a rate limit."""
        from .. import AsyncReplayClient, RetryPolicy

        return self._client(AsyncReplayClient, retry=RetryPolicy(deadline=_PATIENCE, attempts=_ATTEMPTS))

    def warned_choice(self) -> Choice:
        """The same; the first time, with a note if a profile that was asked for does not decide what it states."""
        choice = self.choice
        if choice.warning is not None and not self._is_warned:
            self.output.note(choice.warning)
        self._is_warned = True
        return choice

    def _client(self, make: Callable[..., C], **more: Any) -> C:
        choice = self.warned_choice()
        return make(
            site=choice.site,
            base_url=choice.base_url,
            # In no variable here, so that no traceback shows them.
            api_key=choice.key("api_key"),
            app_key=choice.key("app_key"),
            bearer_token=choice.key("bearer_token"),
            timeout=DEFAULT_TIMEOUT if self.timeout is None else self.timeout,
            on_retry=self._note_retry,
            clock=self._shown_clock() if self.progress.is_shown else self.clock,
            **more,
        )

    def _shown_clock(self) -> Clock:
        return ShownWaits(self._clock(), self.progress)

    def _note_retry(self, event: RetryEvent) -> None:
        if self.progress.is_shown:
            self.progress.retry_reason = event.reason
        elif event.wait >= 1:
            self.output.note(f"{event.method} {event.url_template}: {event.reason}, retrying in {event.wait:.1f} s")

    def words(self) -> list[str]:
        """The global options as they would be typed."""
        words: list[str] = []
        for option in GLOBAL_OPTIONS:
            value = getattr(self, str(option.name))
            if is_given(value):
                words += [option.opts[-1]] if option.is_flag else [option.opts[-1], str(value)]
        return words


def _store(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """Store an option in the Settings, which all contexts share; one that is not given leaves them unchanged."""
    settings = ctx.ensure_object(Settings)
    if not is_given(value):
        return
    name = str(option.name)
    if name == "verbose" and not settings.verbose and not ctx.resilient_parsing:
        _log_to_stderr(ctx)
    setattr(settings, name, value)


def is_given(value: object) -> bool:
    """Whether an option was given."""
    return value is not None and value is not False  # 0 and "" are given


def _log_to_stderr(ctx: click.Context) -> None:
    # Only the log of this library, which contains neither credentials nor text from the server.
    logger = logging.getLogger("rum_replay")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)

    def undo() -> None:
        logger.removeHandler(handler)
        logger.setLevel(level)

    ctx.find_root().call_on_close(undo)


class GlobalOption(click.Option):
    """An option that can be given before or after the command; help lists it in a section with the others."""

    def __init__(self, *names: str, **settings: Any) -> None:
        super().__init__(names, expose_value=False, callback=_store, **settings)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:  # noqa: ARG002
        """None, which keeps it out of the section of the command's own options."""
        return None

    def global_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """The line for the section of global options."""
        record = super().get_help_record(ctx)
        assert record is not None
        return record


def _complete_site(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    names = [(name, site.domain) for site in SITES for name in (site.name, site.domain)]
    return [CompletionItem(name, help=domain) for name, domain in names if name.startswith(incomplete)]


def _complete_profile(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from .profiles import profile_names

    return [CompletionItem(name) for name in profile_names() if name.startswith(incomplete)]


JSON_OPTION = GlobalOption(
    "--json", is_flag=True, help="Print JSON, one object per line; errors too, on standard error."
)
OUTPUT_OPTION = GlobalOption(
    "-o",
    "--output",
    "format",
    type=click.Choice(["table", "json", "yaml", "csv"]),
    help="How to print rows; json, yaml: one document.",
)
GLOBAL_OPTIONS = (
    GlobalOption(
        "--profile",
        metavar="NAME",
        shell_complete=_complete_profile,
        help="Site and keys of an organization, as a file of yours says; the environment counts before it.",
    ),
    GlobalOption(
        "--site",
        metavar="SITE",
        shell_complete=_complete_site,
        help="Datadog site, such as eu1 or datadoghq.eu; overrides the environment.",
    ),
    GlobalOption(
        "--base-url",
        metavar="URL",
        help="Base URL of the API instead of a site: a proxy or the emulator; overrides the environment.",
    ),
    GlobalOption(
        "--timeout",
        type=click.FLOAT,
        metavar="SECONDS",
        help="How long to wait for a connection and for each part of a response; by default "
        f"{DEFAULT_TIMEOUT.connect:g} and {DEFAULT_TIMEOUT.read:g}.",
    ),
    GlobalOption("-v", "--verbose", is_flag=True, help="Log each request to standard error."),
    JSON_OPTION,
    OUTPUT_OPTION,
)


def write_global_options(options: Sequence[GlobalOption], ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the section of help that lists global options."""
    with formatter.section("Global options, before or after the command"):
        formatter.write_dl([option.global_help_record(ctx) for option in options])
