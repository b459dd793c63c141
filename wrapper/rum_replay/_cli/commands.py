"""What all commands share: the global options, the client that they configure, confirmation and failure."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import attrs
import click
from click.shell_completion import CompletionItem

from .._printable import printable
from .._sites import SITES
from .._timeouts import DEFAULT_TIMEOUT
from .output import Form, Output
from .progress import Progress, ShownWaits
from .times import TIME_FORMS, TimeOption

if TYPE_CHECKING:
    from .. import AsyncReplayClient, Clock, ReplayClient, RetryEvent
    from .profiles import Choice

__all__ = [
    "COMPLETE_VARIABLE",
    "GLOBAL_OPTIONS",
    "ApiCommand",
    "Command",
    "CommandError",
    "Group",
    "Interrupted",
    "RowCommand",
    "Settings",
    "confirm",
    "on_interrupt",
    "write_global_options",
    "yes_option",
]

COMPLETE_VARIABLE = "_RUM_REPLAY_COMPLETE"
"""Set by the scripts of `rum-replay completion` when they ask what is possible."""


C = TypeVar("C")

_PATIENCE = 900.0
"""Seconds that one of many calls may take with all its waits. Those for a rate limit add up while others go first."""

_ATTEMPTS = 6


class CommandError(click.ClickException):
    """A command could not do its work; shown as one line, with exit status 1."""


class Interrupted(click.ClickException):
    """Ctrl-C or SIGTERM; the message says what is done and how to go on."""

    exit_code = 130


@contextmanager
def on_interrupt(how_to_go_on: Callable[[], str] | None = None) -> Generator[None]:
    """Let an interrupt of what is done within be reported, with how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            click.echo(err=True)  # below the ^C
        raise Interrupted(f"interrupted: {how_to_go_on()}" if how_to_go_on else "interrupted") from None


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
            from .profiles import choose

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
            if _is_given(value):
                words += [option.opts[-1]] if option.is_flag else [option.opts[-1], str(value)]
        return words


def _store(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """Store an option in the Settings, which all contexts share; one that is not given leaves them unchanged."""
    settings = ctx.ensure_object(Settings)
    if not _is_given(value):
        return
    name = str(option.name)
    if name == "verbose" and not settings.verbose and not ctx.resilient_parsing:
        _log_to_stderr(ctx)
    setattr(settings, name, value)


def _is_given(value: object) -> bool:
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


_JSON = GlobalOption("--json", is_flag=True, help="Print JSON, one object per line; errors too, on standard error.")
_OUTPUT = GlobalOption(
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
    _JSON,
    _OUTPUT,
)


def write_global_options(options: Sequence[GlobalOption], ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the section of help that lists global options."""
    with formatter.section("Global options, before or after the command"):
        formatter.write_dl([option.global_help_record(ctx) for option in options])


class Command(click.Command):
    """A command that makes no requests to Datadog and prints no rows: it takes no global options except `--json`."""

    global_options: ClassVar[Sequence[GlobalOption]] = (_JSON,)

    def __init__(self, name: str | None, **settings: Any) -> None:
        own: list[click.Parameter] = settings.pop("params", None) or []
        super().__init__(name, params=[*own, *self.global_options], **settings)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse global options that do not apply, before or after the command, and those that exclude each other."""
        try:
            rest = super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            self._refuse_inapplicable(ctx, error.option_name)
            raise
        if not ctx.resilient_parsing:
            settings = ctx.ensure_object(Settings)
            for option in GLOBAL_OPTIONS:
                if _is_given(getattr(settings, str(option.name))):
                    self._refuse_inapplicable(ctx, option.opts[-1])
            if settings.site is not None and settings.base_url is not None:
                raise click.UsageError("--site and --base-url exclude each other", ctx)
            if settings.json and settings.format is not None:
                raise click.UsageError("--json and --output exclude each other", ctx)
            if ctx.params.get("columns") is not None and settings.form not in ("table", "csv"):
                raise click.UsageError("--columns is for tables and CSV; JSON and YAML have all fields", ctx)
            _require_yaml(settings)
        return rest

    def _refuse_inapplicable(self, ctx: click.Context, name: str) -> None:
        for option in GLOBAL_OPTIONS:
            if name in option.opts and option not in self.global_options:
                reason = "prints no rows" if option is _OUTPUT else "makes no requests to Datadog"
                message = f"{name} does not apply to `{ctx.command_path}`, which {reason}"
                if any(name in parameter.opts for parameter in self.params):
                    message = f"before the command, {message}; its own {name} goes after it"
                raise click.UsageError(message, ctx)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it collected for a document is printed even if it fails."""
        output = ctx.ensure_object(Settings).output
        try:
            result = super().invoke(ctx)
        except BaseException:
            output.finish(failed=True)
            raise
        output.finish()
        return result

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """End help with the forms of times, where an option takes one, and the global options that apply."""
        if any(isinstance(parameter, TimeOption) for parameter in self.params):
            with formatter.section("TIME, in local time unless it states an offset"):
                formatter.write_dl(TIME_FORMS)
        write_global_options(self.global_options, ctx, formatter)
        super().format_epilog(ctx, formatter)


def _require_yaml(settings: Settings) -> None:
    """Raise CommandError, before anything is done, if YAML is wanted and cannot be written."""
    if settings.format != "yaml":
        return
    try:
        import_module("yaml")
    except ImportError as error:
        reason = str(error)
    else:
        return
    from .._extras import install_command

    raise CommandError(f"YAML needs PyYAML ({reason}): {install_command('cli')}")


class RowCommand(Command):
    """A command that makes no requests to Datadog and prints rows."""

    global_options = (_JSON, _OUTPUT)


class ApiCommand(Command):
    """A command that talks to the API, and takes all global options."""

    global_options = GLOBAL_OPTIONS


class Group(click.Group):
    """A noun; its commands are the verbs. It accepts all global options, and the command checks whether they apply."""

    command_class = ApiCommand

    def __init__(self, name: str | None = None, **settings: Any) -> None:
        own: list[click.Parameter] = settings.pop("params", None) or []
        super().__init__(name, params=[*own, *GLOBAL_OPTIONS], no_args_is_help=False, **settings)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Show help if no command is given."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(2)
        return super().parse_args(ctx, args)


def yes_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option `--yes` of commands that delete or remove something."""
    return click.option("--yes", is_flag=True, help="Do not ask for confirmation.")(function)


def confirm(question: Callable[[], str], *, yes: bool) -> None:
    """Return if the option or the user says yes; `question` is called only if there is somebody to ask.

    Raises a usage error if there is no terminal to ask at, and CommandError if the answer is no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("this needs confirmation, and standard input is not a terminal: add --yes")
    asked = printable(question())
    try:
        confirmed = click.confirm(asked, err=True)
    except click.Abort:
        click.echo(err=True)  # end the line of the question
        raise
    if not confirmed:
        raise CommandError("not confirmed, nothing was changed")
