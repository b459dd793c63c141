"""Suites of users search: a recorded session, events of their own, and those that strategies make."""

from __future__ import annotations

import pytest

from .inner_runs import ANYIO, run


def test_suites_search_without_an_account(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        from datetime import UTC, datetime, timedelta

        import pytest
        from hypothesis import given, settings
        from pytest_rum_replay import strategies
        from pytest_rum_replay.factories import Factory
        from rum_replay import PartialResultWarning, PermissionDeniedError, RumEvent, query
        from rum_replay_emulator import Emulator

        LAST_DAY = {"start": timedelta(days=1), "end": None}

        def test_recorded(rum_replay_client, rum_replay_sample):
            (found,) = rum_replay_client.sessions.search(**LAST_DAY)
            assert found.id == rum_replay_sample.session_id
            assert [view.id for view in found.views] == [view.view_id for view in rum_replay_sample.views]
            assert rum_replay_client.viewership.list_watchers(found.id) is not None

        @pytest.mark.anyio
        async def test_async(rum_replay_async_client, rum_replay_sample):
            found = [one.id async for one in rum_replay_async_client.sessions.search(**LAST_DAY)]
            assert found == [rum_replay_sample.session_id]

        def test_own_events(rum_replay_client, rum_replay_emulator):
            make, now = Factory(), datetime.fromtimestamp(rum_replay_emulator.clock.time(), UTC)
            mine = [make.rum_event(session_id=name, timestamp=now) for name in ("s1", "s2")]
            mine.append(make.rum_event(session_id="s3", type="error", view_id=None, timestamp=now))
            rum_replay_emulator.load_events(event.to_dict() for event in mine)
            assert sorted(event.id for event in rum_replay_client.events.search(**LAST_DAY)) == [e.id for e in mine]
            assert {one.id for one in rum_replay_client.sessions.search(**LAST_DAY)} == {"s1", "s2"}
            (error,) = rum_replay_client.events.search(query.attribute("type", "error"), **LAST_DAY)
            assert (error.session_id, error.view_id) == ("s3", None)

        @pytest.mark.rum_replay_fault(operation="SearchRUMEvents", partial=True)
        def test_partial(rum_replay_client, rum_replay_sample):
            with pytest.warns(PartialResultWarning):
                list(rum_replay_client.events.search(**LAST_DAY))

        @pytest.mark.rum_replay_fault(operation="SearchRUMEvents", status=403)
        def test_permission(rum_replay_client):
            with pytest.raises(PermissionDeniedError, match="rum_apps_read"):
                list(rum_replay_client.sessions.search(**LAST_DAY))

        @settings(max_examples=10, deadline=None, database=None)
        @given(strategies.model(RumEvent))
        def test_any_event(event):
            ids = [event.id, event.session_id, event.view_id, event.application_id]
            assert all(isinstance(one, str | None) for one in ids)
        """,
        *ANYIO,
    )
    result.assert_outcomes(passed=7)  # the asynchronous one under asyncio and trio
