"""The public face of the emulator."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from rum_replay_emulator.answer import Answer
from rum_replay_emulator.asgi import Application
from rum_replay_emulator.assumptions import Assumptions
from rum_replay_emulator.clock import Clock, SystemClock
from rum_replay_emulator.core import Core
from rum_replay_emulator.faults import Faults
from rum_replay_emulator.identity import Credentials, User
from rum_replay_emulator.rate_limit import RateLimit
from rum_replay_emulator.received import ReceivedRequest
from rum_replay_emulator.sample import SampleSession
from rum_replay_emulator.segments import SegmentEnvelope
from rum_replay_emulator.transport import EmulatorTransport

__all__ = ["Emulator"]

_ASSUMPTIONS = Assumptions()
_SYSTEM_CLOCK = SystemClock()
_USER = User()


class Emulator:
    """A stand-in for Datadog's RUM Session Replay API: it checks requests against the contract and keeps state.

    - `api_key`, `app_key`, `bearer_token`: credentials to require. Without any of them every non-empty pair of keys and
      every non-empty bearer token is accepted. Missing credentials answer 401, wrong ones 403.
    - `clock`: the time, by default this machine's; a `ManualClock` lets a test move it. A client can take the same one.
    - `rate_limit`: count requests and answer 429 beyond the limit; None: no limit.
    - `segment_envelope`: how `GetSegments` wraps its bytes: "raw", "json" or "multipart". The live API's is unknown.
    - `assumptions`: the behavior where the documentation is silent.
    - `user`: the user who makes the requests. Set `emulator.user` to act as another one.
    - `on_answer`: called with each request and its answer, except where a scripted fault applies; must not block.

    Raises ValueError for an empty credential or an unknown envelope. Thread-safe. Operations are named by their
    operationId, such as `CreateRumReplayPlaylist`.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        app_key: str | None = None,
        bearer_token: str | None = None,
        clock: Clock = _SYSTEM_CLOCK,
        rate_limit: RateLimit | None = None,
        segment_envelope: SegmentEnvelope = "raw",
        assumptions: Assumptions = _ASSUMPTIONS,
        user: User = _USER,
        on_answer: Callable[[ReceivedRequest, Answer], object] | None = None,
    ) -> None:
        if "" in (api_key, app_key, bearer_token):
            raise ValueError("a required credential cannot be empty")
        if segment_envelope not in ("raw", "json", "multipart"):
            raise ValueError(f"segment_envelope must be 'raw', 'json' or 'multipart', not {segment_envelope!r}")
        if not callable(getattr(clock, "time", None)):
            raise TypeError(f"clock must be a clock such as ManualClock(), with a method time, not {clock!r:.80}")
        self._core = Core(
            credentials=Credentials(api_key, app_key, bearer_token),
            clock=clock,
            rate_limit=rate_limit,
            segment_envelope=segment_envelope,
            assumptions=assumptions,
            user=user,
            on_answer=on_answer,
        )
        self._application = Application(self._core)

    def transport(self) -> EmulatorTransport:
        """A transport for `httpx.Client` and `httpx.AsyncClient` alike, without sockets; it answers for any host."""
        return EmulatorTransport(self._core)

    def serve(
        self, port: int = 0, *, host: str = "127.0.0.1", allowed_hosts: Iterable[str] = ()
    ) -> AbstractContextManager[str]:
        """Serve over HTTP on 127.0.0.1 within the context; yields the base URL, such as `http://127.0.0.1:40123`.

        Port 0 picks a free one. `host` is another address of this machine to serve on, such as `0.0.0.0`, all of them,
        in a container; others on the network can then reach the emulator. Several servers may run at once and share the
        state.

        Requests are answered for localhost, names below it, loopback addresses and `host` (on all addresses, for any
        address), so that a web page cannot reach the emulator under a name of its own. Other hosts get 421: name them
        in `allowed_hosts`, such as `emulator`, `*.example.com` or `192.0.2.7`; ports do not matter. Requests that
        browsers send for pages of other sites get 403. `rum-replay emulator --help` states the limits of sizes, times
        and connections. `asgi` and `transport()` check none of this except the size of a body: above 4 MiB it is
        answered 413.

        Raises OSError when the port is in use or the host is not an address of this machine, ValueError for something
        in `allowed_hosts` that is not a host (TypeError if it is a text instead of a list), and ImportError without
        uvicorn, which the extra `emulator` installs.
        """
        from rum_replay_emulator.server import serve

        return serve(self._application, port, host, allowed_hosts=allowed_hosts)

    @property
    def asgi(self) -> Application:
        """The emulator as an ASGI application, for a server of your own."""
        return self._application

    @property
    def clock(self) -> Clock:
        """The clock that all times of answers come from."""
        return self._core.clock

    @property
    def requests(self) -> list[ReceivedRequest]:
        """The requests that arrived, oldest first. The list grows with each request; clear it at any time."""
        return self._core.requests

    @property
    def faults(self) -> Faults:
        """The scripted faults: see `Faults.add`."""
        return self._core.faults

    @property
    def user(self) -> User:
        """The user who makes the requests from now on."""
        return self._core.user

    @user.setter
    def user(self, user: User) -> None:
        self._core.user = user

    @property
    def rate_limit(self) -> RateLimit | None:
        """The current limit; setting it begins a new period, None switches it off."""
        return self._core.rate_limit

    @rate_limit.setter
    def rate_limit(self, rate_limit: RateLimit | None) -> None:
        self._core.rate_limit = rate_limit

    def load_segments(self, session_id: str, view_id: str, segments: Iterable[bytes]) -> None:
        """Make `GetSegments` serve these segments for a view, in this order, replacing any that were loaded before."""
        self._core.load_segments(session_id, view_id, list(segments))

    def load_session(self, session: SampleSession, *, ended_at: float | None = None) -> None:
        """Make `GetSegments` serve a session's segments, and let `SearchRUMEvents` find the events made from them.

        The events say that the session ended at `ended_at`, in milliseconds since 1970-01-01 UTC, by default an hour
        ago by the emulator's clock: recordings age, and searches look back from now. The segments keep their times.
        """
        for view in session.views:
            self.load_segments(session.session_id, view.view_id, view.segments)
        self.load_events(session.events((self._core.clock.time() - 3_600) * 1000 if ended_at is None else ended_at))

    def load_events(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Let `SearchRUMEvents` find these events too, each in the wire form: `{"id": …, "type": "rum", "attributes":
        {"timestamp": …, "attributes": {…}}}`; one with the id of an earlier one replaces it.

        Raises ValueError, and loads none, if one does not fit the contract or lacks an id or timestamp.
        """
        self._core.load_events(list(events))

    def reset(self) -> None:
        """Forget everything that happened or was loaded: state, segments, events, requests, faults, the rate limit's
        count and a changed `user`. The constructor's arguments and a changed `rate_limit` stay in effect; the clock is
        not changed."""
        self._core.reset()
