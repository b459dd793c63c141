"""`rum-replay completion`, and what TAB does in bash, zsh and fish.

The scripts ask the command itself: they run it with `_RUM_REPLAY_COMPLETE=SHELL_complete`, and the line up to the
cursor in `_RUM_REPLAY_LINE`. click does the rest; its own variables COMP_WORDS and COMP_CWORD are understood as well.
Nothing is run or requested, and no error is shown in the middle of a line.
"""

from __future__ import annotations

import os
from pathlib import PurePath

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

from .commands import COMPLETE_VARIABLE, Command

__all__ = ["completion"]

_LINE_VARIABLE = "_RUM_REPLAY_LINE"
_WORD_VARIABLE = "_RUM_REPLAY_WORD"

_BASH = """\
_rum_replay_completion() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            plain,*) COMPREPLY+=("${line#plain,}") ;;
            dir,*) compopt -o dirnames 2>/dev/null ;;
            file,*) compopt -o default 2>/dev/null ;;
        esac
    done < <(_RUM_REPLAY_COMPLETE=bash_complete _RUM_REPLAY_LINE="${COMP_LINE:0:COMP_POINT}" \\
        _RUM_REPLAY_WORD="$2" "${1/#\\~\\//$HOME/}" 2>/dev/null)
}

complete -o nosort -F _rum_replay_completion rum-replay 2>/dev/null || complete -F _rum_replay_completion rum-replay
"""

_ZSH = """\
#compdef rum-replay

_rum_replay_completion() {
    local -a response plain described
    local type value description
    response=("${(@f)$(_RUM_REPLAY_COMPLETE=zsh_complete \\
        _RUM_REPLAY_LINE="${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX" ${~words[1]} 2>/dev/null)}")
    for type value description in $response; do
        case $type in
            plain)
                if [[ $description == _ ]]; then
                    plain+=("$value")
                else
                    described+=("$value:$description")
                fi
                ;;
            dir) compset -P '--*='; _path_files -/ ;;
            file) compset -P '--*='; _path_files ;;
        esac
    done
    if (( $#described )); then
        _describe -V rum-replay described
    fi
    if (( $#plain )); then
        compadd -V rum-replay -a plain
    fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _rum_replay_completion "$@"
else
    compdef _rum_replay_completion rum-replay
fi
"""

_FISH = """\
function _rum_replay_completion
    set -l words (commandline -opc)
    set -l option (string match -r -- '^--[^=]*=' (commandline -ct))
    set -l path (string replace -r -- '^--[^=]*=' '' (commandline -ct))
    set -l response (env _RUM_REPLAY_COMPLETE=fish_complete \\
        _RUM_REPLAY_LINE=(commandline -cp | string collect) \\
        (string replace -r -- '^~/' "$HOME/" $words[1]) 2>/dev/null)
    for line in $response
        set -l parts (string split -m 1 , -- $line)
        switch $parts[1]
            case plain
                echo $parts[2]
            case dir
                __fish_complete_directories $path '' | string replace -r -- '^' "$option"
            case file
                __fish_complete_path $path '' | string replace -r -- '^' "$option"
        end
    end
end

complete --no-files --keep-order --command rum-replay --arguments '(_rum_replay_completion)'
"""


class _Complete(ShellComplete):
    """Takes the line apart as the shell does, and completes `--option=VALUE` as one word."""

    def source(self) -> str:
        """The script."""
        return self.source_template

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the cursor's, and the part of that one which is before the cursor."""
        line = os.environ.get(_LINE_VARIABLE)
        if line is None:
            return super().get_completion_args()
        words = split_arg_string(line)
        # One more character starts another word, unless the cursor is in the last one.
        if words and len(split_arg_string(f"{line}x")) == len(words):
            return words[1:-1], words[-1]
        return words[1:], ""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """What is possible there; all values of an option begin with its name if the shell takes both as one word."""
        found = super().get_completions(args, incomplete)
        option, equals, _ = os.environ.get(_WORD_VARIABLE, incomplete).partition("=")
        if equals and option.startswith("--"):
            for item in found:
                if item.type == "plain":
                    item.value = f"{option}={item.value}"
        return found


class _Bash(_Complete, BashComplete):
    """The shell says which part of the line it replaces: usually only what is after a `=`."""

    source_template = _BASH


class _Zsh(_Complete, ZshComplete):
    source_template = _ZSH


class _Fish(_Complete, FishComplete):
    source_template = _FISH

    def format_completion(self, item: CompletionItem[str]) -> str:
        """The line that the script reads; releases of click differ in it."""
        description = (item.help or "").replace("\n", " ")
        return f"{item.type},{item.value}\t{description}" if description else f"{item.type},{item.value}"


_SHELLS: dict[str, type[_Complete]] = {"bash": _Bash, "zsh": _Zsh, "fish": _Fish}

for shell in _SHELLS.values():
    add_completion_class(shell)


@click.command("completion", cls=Command)
@click.argument("shell", metavar="[bash|zsh|fish]", type=click.Choice(list(_SHELLS)), required=False)
@click.pass_context
def completion(ctx: click.Context, shell: str | None) -> None:
    """Print a script that makes TAB complete commands.

    SHELL is bash, zsh or fish; by default the one that the variable SHELL names.

    \b
    bash  add to ~/.bashrc:  eval "$(rum-replay completion bash)"
    zsh   add to ~/.zshrc, after compinit:  eval "$(rum-replay completion zsh)"
    fish  rum-replay completion fish > ~/.config/fish/completions/rum-replay.fish
    """
    name = shell or PurePath(os.environ.get("SHELL", "")).name
    if name not in _SHELLS:
        found = f"SHELL names {name!r}" if name else "the variable SHELL is not set"
        raise click.UsageError(f"name a shell, {', '.join(_SHELLS)}: {found}", ctx)
    root = ctx.find_root()
    click.echo(_SHELLS[name](root.command, {}, "rum-replay", COMPLETE_VARIABLE).source(), nl=False)
