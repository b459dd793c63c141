"""`python -m replay_triage "Checkout bugs" --since 2026-07-01 --top 3`"""

import argparse
import sys
from datetime import UTC, datetime

from rum_replay import ReplayError

from replay_triage.ranking import report
from replay_triage.triage import triage


def main() -> int:
    parser = argparse.ArgumentParser(prog="replay_triage")
    parser.add_argument("playlist", help="the playlist's name")
    parser.add_argument("--since", required=True, type=_moment, help="a date or time; UTC if it has no offset")
    parser.add_argument("--top", default=10, type=int)
    arguments = parser.parse_args()
    try:
        ranked = triage(arguments.playlist, watched_after=arguments.since, top=arguments.top)
    except ReplayError as error:
        print(error, file=sys.stderr)
        return 1
    print(report(ranked))
    return 0


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
