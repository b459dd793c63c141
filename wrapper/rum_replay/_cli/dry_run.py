"""`--dry-run`: the requests of a command are made by the client as always, and shown instead of sent.

They are stopped where they would leave the client, so what is shown is what would be sent. Headers are not shown, since
the credentials are in them; none are needed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    import httpx

    from .. import AsyncReplayClient, ReplayClient
    from .settings import Settings

__all__ = ["NotSentError", "changing", "dry_client", "dry_run_option", "show"]

C = TypeVar("C")
F = TypeVar("F", bound=Callable[..., Any])


class NotSentError(Exception):
    """Stops a call in the place of its request. Not an error of HTTP, after which the client would try again."""

    def __init__(self, request: httpx.Request) -> None:
        super().__init__()
        self.method = request.method
        self.url = str(request.url)
        self.body: Any = json.loads(request.content) if request.content else None


def dry_run_option(function: F) -> F:
    """The option `--dry-run` of commands that change something."""
    return click.option(
        "--dry-run", is_flag=True, help="Show the requests and send nothing; needs no credentials, and does not ask."
    )(function)


@contextmanager
def changing(settings: Settings, *, dry_run: bool, sent: str = "nothing") -> Generator[ReplayClient]:
    """A client for one request that changes something; it is shown instead, and the rest left out, if `dry_run`.

    sent: what was sent before, in order to know the request.
    """
    if not dry_run:
        with settings.client() as replay:
            yield replay
        return
    from .. import ReplayClient

    with _stopped(settings, ReplayClient) as replay:
        try:
            yield replay
        except NotSentError as request:
            show(settings, request)
            settings.output.note(f"dry run: {sent} was sent")


def dry_client(settings: Settings) -> AsyncReplayClient:
    """A client for many requests, each of which raises NotSentError."""
    from .. import AsyncReplayClient

    return _stopped(settings, AsyncReplayClient)


def _stopped(settings: Settings, make: Callable[..., C]) -> C:
    import httpx

    choice = settings.warned_choice()
    http = httpx.AsyncClient if make.__name__.startswith("Async") else httpx.Client
    return make(
        site=choice.site,
        base_url=choice.base_url,
        bearer_token="none-is-needed",  # noqa: S106
        http_client=http(transport=httpx.MockTransport(_stop), trust_env=False),
        clock=settings.clock,
    )


def _stop(request: httpx.Request) -> httpx.Response:
    raise NotSentError(request)


def show(settings: Settings, request: NotSentError) -> None:
    """Print a request: its method and URL, and its body if it has one."""
    if settings.form == "table":
        settings.output.say(f"{request.method} {request.url}")
        if request.body is not None:
            settings.output.say(json.dumps(request.body, indent=2, ensure_ascii=False))
        return
    as_json = {"type": "request", "method": request.method, "url": request.url, "body": request.body, "sent": False}
    settings.output.result("", as_json, one_of_several=True)
