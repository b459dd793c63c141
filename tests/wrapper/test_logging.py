from __future__ import annotations

import logging
from collections.abc import Iterator

import httpx
import pytest
from rum_replay import NotFoundError

from .replay_driver import SECRETS, Driver
from .replay_samples import item_response


def our_messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "rum_replay"]


def test_each_attempt_logs_url_template_outcome_wait_and_attempt_number(
    driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="rum_replay")
    outcomes: Iterator[int | None] = iter([503, None, 200, 404])

    def peer(_: httpx.Request) -> httpx.Response:
        outcome = next(outcomes)
        if outcome is None:
            raise httpx.ReadError("secret detail")
        return item_response(status=outcome)

    client = driver.open(peer)
    client.playlists.get(48213)
    with pytest.raises(NotFoundError):
        client.playlists.get(48213)
    call = "GET /api/v2/rum/replay/playlists/{playlist_id}"
    assert our_messages(caplog) == [
        f"{call}: 503, sent again in 0.250 s (attempt 1)",
        f"{call}: ReadError, sent again in 0.500 s (attempt 2)",
        f"{call}: 200 (attempt 3)",
        f"{call}: 404, not sent again (attempt 1)",
    ]
    assert {record.levelno for record in caplog.records if record.name == "rum_replay"} == {logging.DEBUG}


def test_rate_limit_waits_and_repeated_deletes_are_logged(driver: Driver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="rum_replay")
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "3"}
    outcomes = iter([httpx.Response(500, headers=headers), httpx.Response(404, headers=headers), httpx.Response(204)])
    client = driver.open(lambda _: next(outcomes))
    client.playlists.delete(48213)
    client.playlists.delete(48213)
    call = "DELETE /api/v2/rum/replay/playlists/{playlist_id}"
    assert our_messages(caplog) == [
        f"{call}: 500, sent again in 0.250 s (attempt 1)",
        f"{call}: rate limit used up, waiting 2.750 s (attempt 1)",
        f"{call}: 404 after a repeated delete (attempt 2)",
        f"{call}: rate limit used up, waiting 3.000 s (attempt 0)",
        f"{call}: 204 (attempt 1)",
    ]


def test_logs_contain_no_ids_arguments_bodies_or_credentials(driver: Driver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="rum_replay")
    client = driver.open(lambda _: httpx.Response(400, json={"errors": ["body-text"]}))
    for call in (
        lambda: client.playlists.remove_session(77_777, "session-id-1"),
        lambda: client.playlists.create("name-1", description="text-1"),
        lambda: list(client.playlists.list(query="query-1")),
        lambda: list(client.sessions.iter_segments("session-id-1", "view-id-1", paging="token-1")),
    ):
        with pytest.raises(Exception, match="400 Bad Request"):
            call()
    text = "\n".join(our_messages(caplog))
    assert text.count("400, not sent again") == 4
    for hidden in (
        "77777",
        "session-id-1",
        "name-1",
        "text-1",
        "query-1",
        "view-id-1",
        "token-1",
        "body-text",
        *SECRETS,
    ):
        assert hidden not in text


def test_nothing_is_logged_above_debug(driver: Driver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="rum_replay")
    driver.open(lambda _: item_response()).playlists.get(1)
    assert our_messages(caplog) == []
