"""Derive the reference of all commands in docs/cli.md from the command itself.

usage: scripts/cli_reference [--check]

What is above the line that begins the reference is written by hand, and stays.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import dedent

import click
from rum_replay._cli.app import rum_replay
from rum_replay._cli.commands import Command
from rum_replay._cli.settings import GLOBAL_OPTIONS, GlobalOption
from rum_replay._cli.times import TIME_FORMS, TimeOption

PAGE = Path(__file__).resolve().parents[1] / "docs" / "cli.md"
BEGIN = "<!-- made by scripts/cli_reference from here on -->\n"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/cli_reference", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is not up to date")
    check = parser.parse_args(arguments).check
    text = PAGE.read_text(encoding="utf-8")
    fresh = with_reference(text)
    if not check:
        PAGE.write_text(fresh, encoding="utf-8", newline="\n")
        return 0
    if fresh != text:
        print("docs/cli.md does not match the command; run scripts/cli_reference", file=sys.stderr)
    return 0 if fresh == text else 1


def with_reference(page: str) -> str:
    """The page with what is written by hand, and the reference as it is now."""
    by_hand, begin, _ = page.partition(BEGIN)
    if not begin:
        sys.exit(f"docs/cli.md has no line {BEGIN.strip()!r}")
    return by_hand + begin + "\n" + "\n".join(reference()) + "\n"


def reference() -> Iterator[str]:
    """The lines of the reference."""
    root = click.Context(rum_replay, info_name="rum-replay")
    yield from ["## Every command", "", *global_options(root), *times()]
    for path, command in commands(rum_replay):
        yield from entry(path, command)


def commands(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """All commands below a group, groups before their commands."""
    for name, command in sorted(group.commands.items()):
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


def global_options(ctx: click.Context) -> Iterator[str]:
    yield "Global options are given before or after the command:"
    yield ""
    for option in GLOBAL_OPTIONS:
        yield item(*option.global_help_record(ctx))
    yield ""


def times() -> Iterator[str]:
    yield "A `TIME` is in local time unless it states an offset:"
    yield ""
    for form, meaning in TIME_FORMS:
        yield item(form, meaning)
    yield ""


def entry(path: Sequence[str], command: click.Command) -> Iterator[str]:
    ctx = click.Context(command, info_name=" ".join(("rum-replay", *path)))
    heading = "#" * (2 + len(path))
    yield from [f"{heading} `{ctx.info_name}`", "", *paragraphs(command.help or "")]
    if isinstance(command, click.Group):
        return
    yield from ["```text", " ".join([str(ctx.info_name), *command.collect_usage_pieces(ctx)]), "```", ""]
    own = [option for option in command.params if isinstance(option, click.Option) and option.name != "help"]
    records = [record for option in own if (record := option.get_help_record(ctx)) is not None]
    yield from (item(*record) for record in records)
    if records:
        yield ""
    applying = command.global_options if isinstance(command, Command) else ()
    yield from [f"{sentence(applying)}{' Takes a `TIME`.' if takes_time(command) else ''}", ""]


def sentence(applying: Sequence[GlobalOption]) -> str:
    if len(applying) == len(GLOBAL_OPTIONS):
        return "Takes all global options."
    return f"Of the global options: {', '.join(f'`{option.opts[-1]}`' for option in applying)}."


def takes_time(command: click.Command) -> bool:
    return any(isinstance(option, TimeOption) for option in command.params)


def paragraphs(text: str) -> Iterator[str]:
    """A docstring as Markdown; what click is to leave as it is becomes a block."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in paragraph.splitlines()]
        if lines[0] == "\b":
            yield from ["```text", *dedent("\n".join(paragraph.splitlines()[1:])).splitlines(), "```", ""]
        else:
            yield from [escaped(" ".join(lines)), ""]


def item(names: str, meaning: str) -> str:
    return f"- `{names}`: {escaped(meaning)}"


def escaped(text: str) -> str:
    """Text without what Markdown would read as markup, except for code."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([<*])", r"\\\1", part) for part in parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
