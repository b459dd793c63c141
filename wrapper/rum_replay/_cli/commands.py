"""What all commands share: their kinds, interrupts and failures, and confirmation."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any, ClassVar

import click

from .._printable import printable
from .settings import GLOBAL_OPTIONS, JSON_OPTION, OUTPUT_OPTION, GlobalOption, Settings, is_given, write_global_options
from .times import TIME_FORMS, TimeOption

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
    "yes_option",
]

COMPLETE_VARIABLE = "_RUM_REPLAY_COMPLETE"
"""Set by the scripts of `rum-replay completion` when they ask what is possible."""


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
        from .._files import remove_unfinished

        remove_unfinished()  # what was begun at just that moment
        if sys.stderr.isatty():
            click.echo(err=True)  # below the ^C
        raise Interrupted(f"interrupted: {how_to_go_on()}" if how_to_go_on else "interrupted") from None


class Command(click.Command):
    """A command that makes no requests to Datadog and prints no rows: it takes no global options except `--json`."""

    global_options: ClassVar[Sequence[GlobalOption]] = (JSON_OPTION,)

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
                if is_given(getattr(settings, str(option.name))):
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
                reason = "prints no rows" if option is OUTPUT_OPTION else "makes no requests to Datadog"
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

    global_options = (JSON_OPTION, OUTPUT_OPTION)


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
