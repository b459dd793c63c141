"""Cassettes compared with the live API: their GETs are sent again, and nothing else is sent.

Credentials are sent to the site that `ReplayClient()` would use, or to the given URL; never to a host named in a file.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from attrs import evolve, field, frozen
from rum_replay import ConnectionFailedError, ReplayError, RetryPolicy, StatusError, Timeout
from rum_replay._calls import Call
from rum_replay._credentials import Credentials
from rum_replay._sites import resolve_base_url
from rum_replay._sync.connections import shared_connections, usable_client
from rum_replay._sync.transport import Transport

from pytest_rum_replay.cassettes.document import read
from pytest_rum_replay.cassettes.errors import CassetteFormatError
from pytest_rum_replay.contract.conformance import operation_of
from pytest_rum_replay.drift.comparison import Comparison, compared, is_temporary
from pytest_rum_replay.interaction import Interaction, RecordedResponse
from pytest_rum_replay.secrecy.known_values import PLACEHOLDER
from pytest_rum_replay.secrecy.redaction import Redactor, environment_credentials

__all__ = ["Verification", "live_api"]

_MAX_PLACES = 10


@frozen
class Verification:
    """The result of sending the GETs of some cassettes again."""

    comparisons: dict[Path, list[Comparison]] = field(factory=dict[Path, list[Comparison]])

    @classmethod
    def of(cls, cassettes: Iterable[Path], base_url: str | None) -> "Verification":
        """Send the GETs, each different one only once; a file that is not a valid cassette is reported, not compared.

        `base_url` is None for the site of the environment. Raises rum_replay.ConfigurationError like `live_api`.
        """
        url, credentials = live_api(base_url)
        with usable_client(url, None) as client:
            live = _LiveApi(url, credentials, client)
            return cls({path: list(_compared_file(path, live)) for path in cassettes})

    @property
    def drifted(self) -> int:
        """How many answers have drifted."""
        return sum(bool(comparison.drift) for comparison in self._all)

    @property
    def same(self) -> int:
        """How many answers have not."""
        return sum(comparison.is_same for comparison in self._all)

    @property
    def not_compared(self) -> int:
        """How many recorded GETs could not be compared with a live answer."""
        return sum(bool(comparison.not_compared) for comparison in self._all)

    @property
    def is_conclusive(self) -> bool:
        """Whether every GET that can be compared was, and at least one of them, if there are any."""
        if any(comparison.unanswered for comparison in self._all):
            return False
        return self.not_compared == 0 or self.same + self.drifted > 0

    @property
    def _all(self) -> list[Comparison]:
        return [comparison for found in self.comparisons.values() for comparison in found]

    def lines(self) -> Iterator[str]:
        """The report: cassettes with drift or changed values, then the totals."""
        for path, found in self.comparisons.items():
            notable = [
                comparison for comparison in found if comparison.drift or comparison.changed or comparison.not_compared
            ]
            if notable:
                yield str(path)
            for comparison in notable:
                yield f"  {comparison.request}{': DRIFT' if comparison.drift else ''}"
                yield from (f"    {line}" for line in comparison.drift)
                if comparison.changed:
                    yield f"    changed values (no drift): {_some(comparison.changed)}"
                if comparison.not_compared:
                    yield f"    not compared: {comparison.not_compared}"
        yield (
            f"{_count(len(self._all), 'recorded GET')} in {_count(len(self.comparisons), 'cassette')}: "
            f"{self.same} same, {self.drifted} drifted, {self.not_compared} could not be compared"
        )


def live_api(base_url: str | None) -> tuple[str, Credentials]:
    """The base URL and the credentials to use; raises rum_replay.ConfigurationError if credentials are missing."""
    return resolve_base_url(base_url=base_url), Credentials(None, None, None).resolve()


class _LiveApi:
    """Sends requests like a `ReplayClient`, with its retries, and keeps the answers."""

    def __init__(self, base_url: str, credentials: Credentials, client: httpx.Client) -> None:
        self._answers: dict[str, RecordedResponse | str] = {}
        self._last: list[httpx.Response] = []
        self._was_reached = False
        self._no_connection: str | None = None
        self._transport = Transport(
            base_url=base_url,
            credentials=credentials,
            connections=shared_connections(client),
            timeout=Timeout(),
            retry=RetryPolicy(),
            on_response=self._last.append,
        )

    def answer(self, operation: str, target: str) -> RecordedResponse | str:
        """The answer without secrets, or why there is none.

        Without a connection for one request, the others are not sent: each would be tried for seconds.
        """
        if target not in self._answers:
            if self._no_connection is not None:
                return self._no_connection
            self._answers[target] = self._send(operation, target)
        return self._answers[target]

    def _send(self, operation: str, target: str) -> RecordedResponse | str:
        self._last.clear()
        # A host that was never reached is probably not there.
        transport = self._transport if self._was_reached else evolve(self._transport, retry=RetryPolicy(attempts=2))
        try:
            request = {"method": "GET", "url": target}
            transport.send(Call(operation, "GET", urlsplit(target).path, "", request, bytes))
        except StatusError:
            pass  # this answer is compared like any other
        except ConnectionFailedError as error:
            if not (error.may_have_been_applied or self._last):
                self._no_connection = f"there was no connection for GET {target}"
            return f"no answer: {error}"
        except ReplayError as error:
            return f"no answer: {error}"
        self._was_reached = True
        response = self._last[-1]
        redactor = Redactor(environment_credentials(os.environ))
        headers = tuple((name.lower(), value) for name, value in response.headers.multi_items())
        return redactor.response(RecordedResponse(response.status_code, "", headers, response.content))


def _compared_file(path: Path, live: _LiveApi) -> Iterator[Comparison]:
    try:
        interactions = read(path) or []
    except CassetteFormatError as error:  # its test has failed with this error already
        yield Comparison("all requests", not_compared=str(error))
        return
    wrote = False
    for interaction in interactions:
        if interaction.request.method == "GET":
            yield _compared_with(live, interaction, after_write=wrote)
        else:
            wrote = True


def _compared_with(live: _LiveApi, interaction: Interaction, *, after_write: bool) -> Comparison:
    request, recorded = interaction.request, interaction.response
    url = urlsplit(request.url)
    target = f"{url.path[max(url.path.find('/api/'), 0) :]}?{url.query}".removesuffix("?")
    shown = f"GET {target}"
    operation = operation_of("GET", request.url)
    unfit = None
    if operation is None:
        unfit = "it is not a request of this API"
    elif PLACEHOLDER in request.url:
        unfit = "a secret was removed from its URL"
    elif is_temporary(recorded.status):
        unfit = f"a {recorded.status} is temporary"
    if operation is None or unfit is not None:
        return Comparison(shown, not_compared=unfit or "")
    answer = live.answer(operation.id, target)
    if isinstance(answer, str):
        return Comparison(shown, not_compared=answer, unanswered=True)
    if is_temporary(answer.status):
        return Comparison(shown, not_compared=f"the answer was {answer.status}, which is temporary", unanswered=True)
    if after_write and answer.status == 404 and recorded.status < 300:
        return Comparison(shown, not_compared="its resource was created by an earlier request, and no longer exists")
    return compared(request, recorded, answer, shown)


def _some(places: tuple[str, ...]) -> str:
    more = len(places) - _MAX_PLACES
    return ", ".join(places[:_MAX_PLACES]) + (f" and {more} more" if more > 0 else "")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
