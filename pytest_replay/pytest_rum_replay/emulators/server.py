"""An emulator over HTTP on a loopback address."""

from collections.abc import Generator
from contextlib import contextmanager

from rum_replay_emulator import Emulator
from rum_replay_emulator.asgi import Message, Receive, Send
from rum_replay_emulator.server import serve

__all__ = ["EmulatorServer", "serving"]


class EmulatorServer:
    """An emulator over HTTP, for code that runs in another process or does not use httpx.

    The address stays the same for the whole session, but each test gets a new emulator.
    """

    def __init__(self) -> None:
        self.url: str = ""
        """The base URL, such as `http://127.0.0.1:40123`."""

        self.emulator: Emulator = Emulator()
        """The emulator behind the address, for `faults`, `requests`, `load_segments` and so on. Uses the real clock."""

    async def application(self, scope: Message, receive: Receive, send: Send) -> None:
        """The ASGI application that is served."""
        await self.emulator.asgi(scope, receive, send)

    def __repr__(self) -> str:
        return f"EmulatorServer(url={self.url!r})"


@contextmanager
def serving() -> Generator[EmulatorServer]:
    """A server on a free port within the context."""
    server = EmulatorServer()
    with serve(server.application, 0) as url:
        server.url = url
        yield server
