"""A cassette while a test runs: which entries answered, what was recorded, what was missing. No HTTP library here."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from pytest_rum_replay.cassettes.document import read
from pytest_rum_replay.cassettes.errors import CassetteLeakError, CassetteMissError, CassetteTooOldError
from pytest_rum_replay.cassettes.explanation import Candidate, explain_miss, one_line, record_command
from pytest_rum_replay.cassettes.headers import without_noise
from pytest_rum_replay.cassettes.matching import MatchKey, match_key, merge_key, time_in, with_now
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.interaction import Interaction, RecordedRequest, RecordedResponse
from pytest_rum_replay.secrecy.compressed import InflateLimitError
from pytest_rum_replay.secrecy.messages import without_credentials

if TYPE_CHECKING:
    from pytest_rum_replay.secrecy.redaction import Redactor

__all__ = ["Cassette", "Entry", "Played", "Sent"]


@frozen(eq=False)
class Entry:
    """An interaction from the file."""

    interaction: Interaction
    key: MatchKey


@define(eq=False)
class Sent:
    """A request that was sent to the network, with live credentials, and its answer once that has arrived."""

    request: RecordedRequest = field(repr=False)
    response: RecordedResponse | None = field(default=None, repr=False)
    answered_at: datetime | None = None


@frozen(eq=False)
class Played:
    """A request that was answered from the cassette."""

    request: RecordedRequest = field(repr=False)
    """The request as the code under test sent it, with live credentials."""

    interaction: Interaction
    """The entry that answered."""


def _without_headers(request: RecordedRequest) -> RecordedRequest:
    """Only what is needed to match a request: removing secrets from headers would take most of the time."""
    content_type = tuple(header for header in request.headers if header[0] == "content-type")
    return RecordedRequest(request.method, request.url, content_type, request.body)


@define(eq=False)
class Cassette:
    """The value of the fixture `rum_replay_cassette`. Thread-safe."""

    path: Path
    """The file, which need not exist yet."""

    mode: Mode
    redactor: "Redactor" = field(repr=False)
    now: Callable[[], datetime] = field(repr=False)
    allow_unplayed: bool = False
    allow_playback_repeats: bool = False
    pseudonyms: bool = False
    """Whether the redactor replaces people by numbered pseudonyms: if so, it must see the replayed answers as well."""

    node_id: str | None = None
    """The test that uses the cassette, for messages."""

    outlasts_tests: bool = False
    """Whether other cassettes may be open at the same time: those of single tests."""

    file_exists: bool = field(init=False, default=False)
    entries: tuple[Entry, ...] = field(init=False, default=(), repr=False)
    """The file's entries when the cassette was opened, in order."""

    sent: list[Sent] = field(init=False, factory=list[Sent], repr=False)
    """The requests sent to the network, in the order in which they were started."""

    discarded: bool = field(init=False, default=False)
    _waiting: dict[MatchKey, deque[Entry]] = field(init=False, factory=dict[MatchKey, deque[Entry]], repr=False)
    """By the key of the request, and again by that in which the time of the client's clock does not matter."""

    _position: int = field(init=False, default=0)
    _clock_times: set[int] = field(init=False, factory=set[int], repr=False)
    """What clients got from their clocks, in milliseconds."""

    _skipped: float = field(init=False, default=0.0)
    """Seconds for which clients did not have to wait."""

    _played: list[Played] = field(init=False, factory=list[Played], repr=False)
    _spent: set[int] = field(init=False, factory=set[int], repr=False)
    _misses: dict[MatchKey, CassetteMissError] = field(
        init=False, factory=dict[MatchKey, CassetteMissError], repr=False
    )
    _lock: Lock = field(init=False, factory=Lock, repr=False)

    def __attrs_post_init__(self) -> None:
        interactions = read(self.path)
        if interactions is None:
            return
        self.file_exists = True
        self.entries = tuple(Entry(interaction, match_key(interaction.request)) for interaction in interactions)
        if self.mode.replays():
            for entry in self.entries:
                for key in {entry.key: None, merge_key(entry.interaction): None}:
                    self._waiting.setdefault(key, deque()).append(entry)

    @property
    def replaying(self) -> bool:
        """Whether nothing is sent to the network: every request is answered from the file or fails."""
        return not self.mode.records(file_exists=self.file_exists)

    @property
    def played(self) -> tuple[Played, ...]:
        """The requests answered from the cassette so far, in order."""
        return tuple(self._played)

    @property
    def recorded(self) -> tuple[Interaction, ...]:
        """The interactions recorded so far, without secrets as in the file, in the order in which requests began."""
        return tuple(
            self._without_secrets(sent.request, sent.response, sent.answered_at)
            for sent in self.sent
            if sent.response is not None and sent.answered_at is not None
        )

    @property
    def unplayed(self) -> tuple[Entry, ...]:
        """The entries that have not been requested yet; empty in a mode that replays nothing."""
        if not self.mode.replays():
            return ()
        return tuple(entry for entry in self.entries if not self._is_spent(entry))

    @property
    def misses(self) -> tuple[CassetteMissError, ...]:
        """One error for each different request that no entry answered, even if the code under test caught it."""
        return tuple(self._misses.values())

    def discard(self) -> None:
        """Call this if the test did not pass: nothing is saved, and no problems with the cassette are reported."""
        self.discarded = True

    def check_age(self, longest: timedelta) -> None:
        """Raise CassetteTooOldError if an entry that could be replayed is older."""
        if not self.entries or not self.mode.replays():
            return
        oldest = min(self.entries, key=lambda entry: entry.interaction.recorded_at).interaction
        age = self.now() - oldest.recorded_at
        if age > longest:
            raise CassetteTooOldError(
                f"the cassette {self.path} is too old: an entry is from {oldest.recorded_at:%Y-%m-%d}, {age.days} days "
                f"ago, and at most {str(longest).removesuffix(', 0:00:00')} are allowed\n"
                f"To record it again: {record_command(Mode.REWRITE, self.node_id)}"
            )

    def ask(self, request: RecordedRequest) -> RecordedResponse | Sent:
        """The recorded answer, or a `Sent` for the request to be sent to the network; pass that to `record`.

        Raises CassetteMissError if no answer is recorded and nothing may be sent.
        """
        __tracebackhide__ = True  # pytest shows arguments, and this one holds live credentials
        with self._lock:
            self.redactor.learn(request)
            if self._waiting or self.replaying:
                clean = self.redactor.request(_without_headers(request))
                key = match_key(clean)
                entry = self._next(key)
                if entry is not None:
                    self._played.append(Played(request, entry.interaction))
                    if self.pseudonyms:
                        self.redactor.response(entry.interaction.response)
                    return entry.interaction.response
                if self.replaying:
                    raise self._missed(clean, key)
            self.sent.append(Sent(request))
            return self.sent[-1]

    def clock_time(self, now: float) -> float:
        """What a client gets from its clock, in seconds: while replaying, what it got when the next entry was recorded.

        So a time that a request contains because it is "now" is the recorded one.
        """
        with self._lock:
            if self.replaying and self.entries:
                interaction = self._first_unplayed().interaction
                clock = interaction.clock
                # Half a millisecond more, so that rounding down gives the millisecond that was recorded.
                now = interaction.recorded_at.timestamp() if clock is None else (clock + 0.5) / 1000
            self._clock_times.add(int(now * 1000))
            return now

    @property
    def seconds_skipped(self) -> float:
        """For how long clients would have waited, had they not replayed."""
        return self._skipped

    def skip(self, seconds: float) -> None:
        """Note that a client did not have to wait."""
        with self._lock:
            self._skipped += seconds

    def record(self, sent: Sent, response: RecordedResponse) -> None:
        """Store the answer from the network."""
        with self._lock:
            self.redactor.look_at_environment()
            sent.response = response
            sent.answered_at = self.now()

    def _next(self, key: MatchKey) -> Entry | None:
        for waiting in (self._waiting.get(key), self._waiting.get(with_now(key, self._clock_times))):
            while waiting:
                repeats = self.allow_playback_repeats and len(waiting) == 1
                entry = waiting[0] if repeats else waiting.popleft()
                if repeats or not self._is_spent(entry):
                    self._spent.add(id(entry))
                    return entry
        return None

    def _first_unplayed(self) -> Entry:
        """The entry after those that have been played, or else the last one."""
        while self._position < len(self.entries) - 1 and self._is_spent(self.entries[self._position]):
            self._position += 1
        return self.entries[self._position]

    def _is_spent(self, entry: Entry) -> bool:
        return id(entry) in self._spent

    def _missed(self, clean: RecordedRequest, key: MatchKey) -> CassetteMissError:
        explanation = explain_miss(
            clean,
            [Candidate(entry.interaction.request, entry.key, self._is_spent(entry)) for entry in self.entries],
            path=self.path,
            mode=self.mode,
            file_exists=self.file_exists,
            node_id=self.node_id,
            redact=lambda text: without_credentials(text, self.redactor.secrets),
        )
        # Of equal requests the first miss is the most helpful: a retry only adds that the request was repeated.
        self._misses.setdefault(key, CassetteMissError(explanation))
        return CassetteMissError(explanation)

    def _without_secrets(
        self, request: RecordedRequest, response: RecordedResponse, answered_at: datetime
    ) -> Interaction:
        clean_request = self.redactor.request(evolve(request, body=b""))
        try:
            clean_request, clean_response = self.redactor.request(request), self.redactor.response(response)
        except InflateLimitError as error:
            shown = without_credentials(one_line(clean_request), self.redactor.secrets)
            raise CassetteLeakError(f"the cassette {self.path} was not written, because of {shown}: {error}") from None
        return Interaction(
            RecordedRequest(
                clean_request.method, clean_request.url, without_noise(clean_request.headers), clean_request.body
            ),
            RecordedResponse(
                clean_response.status, clean_response.reason, without_noise(clean_response.headers), clean_response.body
            ),
            answered_at,
            time_in(match_key(clean_request), self._clock_times),
        )
