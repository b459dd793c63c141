"""What all commands have in common: the global options, the client made of them, confirmation, failure."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any

import attrs
import click

from .. import ReplayClient, RetryEvent
from .._timeouts import DEFAULT_TIMEOUT
from .output import Output

__all__ = ["Command", "CommandError", "Group", "Settings", "confirm", "yes_option"]


class CommandError(click.ClickException):
    """A command could not do what it was asked to; shown as one line, with exit status 1."""


@attrs.define
class Settings:
    """The global options, as far as they were given."""

    site: str | None = None
    base_url: str | None = None
    timeout: float | None = None
    json: bool = False
    verbose: bool = False

    @property
    def output(self) -> Output:
        """Where results go."""
        return Output(self.json)

    def client(self) -> ReplayClient:
        """A client for these options and the environment's credentials."""
        self.check_target()
        return ReplayClient(
            site=self.site,
            base_url=self.base_url,
            timeout=DEFAULT_TIMEOUT if self.timeout is None else self.timeout,
            on_retry=self._note_retry,
        )

    def check_target(self) -> None:
        """Raise a usage error where the options contradict each other."""
        if self.site is not None and self.base_url is not None:
            raise click.UsageError("--site and --base-url exclude each other")

    def refuse_target(self, command: str) -> None:
        """Raise a usage error where a target was given to a command that has none."""
        for option, value in (("--site", self.site), ("--base-url", self.base_url), ("--timeout", self.timeout)):
            if value is not None:
                raise click.UsageError(f"{option} means nothing to `{command}`, which talks to no other server")

    def _note_retry(self, event: RetryEvent) -> None:
        if event.wait >= 1:
            self.output.note(f"{event.method} {event.url_template}: {event.reason}, again in {event.wait:.1f} s")


def _remember(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """Keep an option in the Settings, which all contexts share; what was not given leaves them as they are."""
    settings = ctx.ensure_object(Settings)
    if value is None or value is False:
        return
    name = str(option.name)
    if name == "verbose" and not settings.verbose:
        _log_to_stderr(ctx)
    setattr(settings, name, value)


def _log_to_stderr(ctx: click.Context) -> None:
    # This library's log alone: it holds no credentials, which is more than can be said of HTTP libraries' logs.
    logger = logging.getLogger("rum_replay")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)

    def undo() -> None:
        logger.removeHandler(handler)
        logger.setLevel(before)

    ctx.find_root().call_on_close(undo)


def _global_options(*, hidden: bool) -> list[click.Parameter]:
    def option(*names: str, **settings: Any) -> click.Option:
        return click.Option(names, expose_value=False, callback=_remember, hidden=hidden, **settings)

    return [
        option("--site", metavar="SITE", help="A site such as eu1 or datadoghq.eu, instead of DD_SITE."),
        option("--base-url", metavar="URL", help="The API's base URL instead of a site, for proxies and the emulator."),
        option("--timeout", type=click.FLOAT, metavar="SECONDS", help="For each part of a request."),
        option("--json", is_flag=True, help="JSON on standard output, one object a line."),
        option("-v", "--verbose", is_flag=True, help="Log each request to standard error."),
    ]


class Command(click.Command):
    """A command that takes the global options as well, so that they may stand anywhere."""

    def __init__(self, name: str | None, **settings: Any) -> None:
        own: list[click.Parameter] = settings.pop("params", None) or []
        settings.setdefault("epilog", "Also here: --site --base-url --timeout --json -v, see `rum-replay --help`.")
        super().__init__(name, params=[*own, *_global_options(hidden=True)], **settings)


class Group(click.Group):
    """A noun; its commands are the verbs."""

    command_class = Command
    shows_global_options = False

    def __init__(self, name: str | None = None, **settings: Any) -> None:
        own: list[click.Parameter] = settings.pop("params", None) or []
        options = _global_options(hidden=not self.shows_global_options)
        super().__init__(name, params=[*own, *options], no_args_is_help=False, **settings)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Show help where no command is given."""
        if not args:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(2)
        return super().parse_args(ctx, args)


def yes_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option `--yes` of commands that take something away."""
    return click.option("--yes", is_flag=True, help="Do not ask for confirmation.")(function)


def confirm(question: str, *, yes: bool) -> None:
    """Go on only with a yes, from the option or the terminal.

    Raises a usage error where nobody can be asked, CommandError where the answer is no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("this takes something away, and standard input is no terminal to ask at: add --yes")
    if not click.confirm(question, err=True):
        raise CommandError("not confirmed, nothing was changed")
