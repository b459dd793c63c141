"""`python -m rum_replay_emulator`: the same as `rum-replay emulator`, with the extra `emulator` alone."""

import argparse
import json
import os
import signal
import sys
from math import isfinite
from typing import TYPE_CHECKING

from rum_replay_emulator.limits import LIMITS

if TYPE_CHECKING:
    from rum_replay_emulator.command import Started

_ENVELOPES = ("raw", "json", "multipart")


def main() -> int:
    """Run the command with the arguments of this process.

    Returns the exit status: 0 after Ctrl-C or SIGTERM, 1 if the emulator cannot run here, 130 if it had not begun to;
    wrong usage exits with 2.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as containers are stopped
    given = _parser().parse_args()
    try:
        from rum_replay_emulator.command import AddressError, EmulatorOptions, run
    except ImportError as error:
        return _failed(str(error))
    try:
        options = EmulatorOptions(
            host=given.host,
            port=given.port,
            allowed_hosts=given.allow_host,
            segment_envelope=given.segment_envelope,
            rate_limit=given.rate_limit,
            rate_period=given.rate_period,
        )
        run(options, started=_print_json if given.json else _print_instructions, note=_note)
    except (ImportError, AddressError) as error:  # the server's own imports are among the last
        return _failed(str(error))
    except OSError as error:
        # What could not be written would be written again, and fail again, when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _failed(f"standard output cannot be written: {error.strerror}")
    except KeyboardInterrupt:  # before it had begun to serve
        _failed("interrupted")
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m rum_replay_emulator",
        description="Serve an emulator of Datadog's RUM Session Replay API until Ctrl-C. It needs neither an account "
        "nor a network, accepts any keys, contains a recorded session with two views, and forgets everything when it "
        f"ends. Requests are listed on standard error. {LIMITS}",
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="the address to serve on, such as 0.0.0.0 in a container: others can then reach it (default: %(default)s)",
    )
    parser.add_argument("--port", type=_port, default=0, help="the port; by default, or with 0, a free one")
    parser.add_argument(
        "--allow-host",
        type=_host,
        action="append",
        default=[],
        metavar="NAME",
        help="another host to answer for, such as emulator or *.example.com; may be repeated. Others than localhost, "
        "loopback addresses and the address to serve on get 421; on 0.0.0.0 or ::, any address is answered, and names "
        "need this option",
    )
    parser.add_argument(
        "--segment-envelope",
        choices=_ENVELOPES,
        default="raw",
        help="what segments are wrapped in; Datadog does not document this, all three are assumptions "
        "(default: %(default)s)",
    )
    parser.add_argument("--rate-limit", type=_count, metavar="N", help="answer 429 to more than N requests per period")
    parser.add_argument(
        "--rate-period",
        type=_seconds,
        default=60.0,
        metavar="SECONDS",
        help="the period of --rate-limit (default: %(default)g)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of instructions")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _host(text: str) -> str:
    from rum_replay_emulator.hosts import checked_host

    try:
        return checked_host(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise argparse.ArgumentTypeError("it must be at least 0")
    return count


def _seconds(text: str) -> float:
    seconds = float(text)
    if not (isfinite(seconds) and seconds > 0):
        raise argparse.ArgumentTypeError("it must be more than 0 seconds")
    return seconds


def _print_json(started: "Started") -> None:
    print(json.dumps(started.to_dict()), flush=True)


def _print_instructions(started: "Started") -> None:
    print(started.instructions(), flush=True)


def _note(line: str) -> None:
    # Escaped, because a path that was requested may contain what controls a terminal.
    print(line.encode("unicode_escape").decode(), file=sys.stderr, flush=True)


def _failed(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
