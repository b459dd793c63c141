"""One option for each question that Datadog's documentation leaves open."""

from __future__ import annotations

import re
from typing import Literal, get_args

from attrs import Attribute, field, frozen, validators

__all__ = ["Assumptions", "ErrorShape", "Retention"]

ErrorShape = Literal["texts", "json_api", "titles", "codes", "no_errors", "status", "html", "empty", "not_utf8"]
Retention = Literal["unlimited", "with_permission", "without_permission"]


def _one_or_more(_: object, attribute: Attribute[int], value: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{attribute.name} must be a whole number, not {value!r}")
    if value < 1:
        raise ValueError(f"{attribute.name} must be at least 1, not {value}")


def _path_of_a_token(_: object, attribute: Attribute[tuple[str, ...]], value: tuple[str, ...]) -> None:
    names = isinstance(value, tuple) and all(isinstance(name, str) and name for name in value)  # pyright: ignore[reportUnnecessaryIsInstance]
    if not names or not value or value[0] == "data":
        raise ValueError(
            f"{attribute.name} must be the keys on the path to the token, which cannot be below data: {value!r}"
        )


def _frozen_set(_: object, attribute: Attribute[frozenset[str]], value: frozenset[str]) -> None:
    if not isinstance(value, frozenset):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{attribute.name} must be a frozenset of ids, not {value!r}")


def _json_media_type(_: object, attribute: Attribute[str], value: str) -> None:
    if not re.fullmatch(r"application/([\w.-]+\+)?json(\s*;[ -~]*)?", value, re.ASCII | re.IGNORECASE):
        raise ValueError(f"{attribute.name} must be application/json or another +json type, not {value!r}")


def _header_name(_: object, attribute: Attribute[str], value: str) -> None:
    if not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", value, re.ASCII):
        raise ValueError(f"{attribute.name} must be the name of a header, not {value!r}")


@frozen(kw_only=True)
class Assumptions:
    """How the emulator behaves where the live API's behavior is undocumented.

    None of this is knowledge about Datadog's servers. Each default is the choice that surprises a client least; a test
    that depends on one should set it. Raises ValueError or TypeError for impossible values, such as a size below 1.
    """

    json_media_type: str = field(default="application/json", validator=_json_media_type)
    """Assumption: the `Content-Type` of JSON, which the documentation gives. The live API has also been seen to send
    `application/vnd.api+json`, the type of JSON:API; parameters such as `; charset=utf-8` may follow."""

    error_shape: ErrorShape = field(default="texts", validator=validators.in_(get_args(ErrorShape)))
    """Assumption: errors are `{"errors": ["text"]}`, the only documented form. The others have been seen in live
    answers; which operation answers in which is unknown. They also apply to a scripted status without a body.

    - `"json_api"`: `{"errors": [{"status": "404", "title": "Not Found", "detail": "text"}]}` in
      `application/vnd.api+json`.
    - `"titles"`: `{"errors": [{"title": "Not Found"}]}` in `text/plain`.
    - `"codes"`: `{"errors": [{"code": "not_found", "title": "text", "meta": {"status": 404}}]}`.
    - `"no_errors"`: `{"errors": []}`.
    - `"status"`: `{"status": "error", "code": 404, "errors": ["text"]}`.
    - `"html"`: a page; `"empty"`: no body; `"not_utf8"`: a text that is not UTF-8."""

    missing_is_404: bool = True
    """Assumption: a resource that never existed, or was deleted, answers 404. False: 403, as in services that
    hide which resources exist."""

    delete_is_idempotent: bool = False
    """Assumption: deleting a second time answers 404. True: 204 again. Holds for playlists, a single session in a
    playlist, and snapshots."""

    bulk_remove_ignores_missing: bool = True
    """Assumption: a bulk removal ignores ids that are not in the playlist. False: it answers 404 and removes
    nothing."""

    clearing_no_watches_is_404: bool = False
    """Assumption: deleting the watches of a session that nobody watched answers 204. True: 404."""

    delete_watches_of: Literal["caller", "everyone"] = field(
        default="caller", validator=validators.in_(("caller", "everyone"))
    )
    """Assumption: deleting a session's watches clears those of the acting user only. `"everyone"`: all of them."""

    sessions_must_be_known: bool = False
    """Assumption: any session id can be added to a playlist and watched. True: only ids passed to `load_segments`;
    others answer 404."""

    sessions_still_running: frozenset[str] = field(default=frozenset(), validator=_frozen_set)
    """Assumption: every session has ended, and so can be added to a playlist. Sessions in this set are still running:
    adding one answers 400. The documentation allows completed sessions only, without giving the answer for others."""

    replay_retention: Retention = field(default="unlimited", validator=validators.in_(get_args(Retention)))
    """Assumption: segments never expire, so that no test depends on their age. Documented are 30 days, counted
    here from `load_segments`; how the API answers afterwards is not, and here it is as if they had never been loaded.

    - `"with_permission"`: the caller has `rum_extend_retention`, so adding a session to a playlist keeps its replay for
      15 months (456 days) from that moment. Removing it has no effect: whether that shortens retention is undocumented.
    - `"without_permission"`: the caller lacks it, as by default all roles but Admin do. Sessions can be added to
      playlists, and their replays end after 30 days all the same."""

    unknown_segment_source_is_400: bool = False
    """Assumption: `source` and `ts` of `GetSegments` have no effect on the segments served. True: a `source` other than
    `event_platform` and `blob` answers 400. The meaning of `ts` is undocumented, so it is ignored in either case."""

    attributes_are_required: bool = False
    """Assumption: a body without `data.attributes` is accepted, because the documentation does not require them.
    True: it answers 400 naming `data.attributes`."""

    read_only_fields_are_refused: bool = False
    """Assumption: fields that only the server sets are ignored in request bodies, as JSON:API servers commonly do; so
    is a snapshot's name in a PATCH. True: such a field answers 400 naming it."""

    unknown_attributes_are_kept: bool = False
    """Assumption: attributes of a playlist that the contract does not have are ignored in request bodies, as JSON:API
    servers commonly do. True: they are stored, returned, and replaced together with the name by an update, as by an API
    that is newer than this contract."""

    id_mismatch_is_409: bool = False
    """Assumption: `data.id` in the body of an update is ignored; the path decides. True: an id that differs from the
    path answers 409, as JSON:API requires."""

    playlist_names_are_unique: bool = False
    """Assumption: several playlists may have the same name. True: a second one answers 409."""

    snapshot_names_are_unique: bool = False
    """Assumption: several snapshots of one view may have the same name. True: a second one answers 409."""

    list_order: Literal["oldest_first", "newest_first"] = field(
        default="oldest_first", validator=validators.in_(("oldest_first", "newest_first"))
    )
    """Assumption: playlists and snapshots are listed in the order of creation. `"newest_first"`: in the reverse order.
    Sessions in a playlist are listed in the order in which they were added, watchers and history newest first."""

    query_searches_description: bool = True
    """Assumption: `filter[query]` matches a part of the name or the description, ignoring case. False: of the name
    only."""

    session_changes_touch_playlist: bool = True
    """Assumption: adding and removing sessions changes the playlist's `updated_at`. False: only an update does."""

    session_track: str = "rum"
    """Assumption: the `track` of a session for which no `data_source` was given. The emulator also invents a minimal
    `session_event` for it: the session's id and type."""

    default_page_size: int = field(default=25, validator=_one_or_more)
    """Assumption: the number of items on a page when `page[size]` is left out."""

    paging_below_range_is_400: bool = False
    """Assumption: a negative `page[number]`, and a `page[size]`, `page[limit]` or `max_list_size` below 1, count as
    left out: the documentation states no bounds for them. True: they answer 400."""

    max_page_size: int = field(default=100, validator=_one_or_more)
    """Assumption: the largest page; a larger `page[size]` is silently lowered to this."""

    page_size_over_max_is_400: bool = False
    """Assumption: see `max_page_size`. True: a larger `page[size]` answers 400 instead."""

    max_snapshots: int = field(default=1000, validator=_one_or_more)
    """Assumption: the largest number of snapshots in one list, and the number when `page[limit]` is left out."""

    default_segment_list_size: int = field(default=10 * 1024 * 1024, validator=_one_or_more)
    """Assumption: the size of a page of segments in bytes when `max_list_size` is left out. Segments are
    counted as they were loaded, without the envelope. A page has at least one segment, whatever its size."""

    unknown_segment_token_is_400: bool = True
    """Assumption: a `paging` token that this server did not give for the view answers 400. False: 404, as for a page
    that does not exist. No schema can describe an opaque token, so tools that make up values send such tokens."""

    segment_token_header: str = field(default="X-Paging-Next", validator=_header_name)
    """Assumption: the response header with the next `paging` token, in the envelopes "raw" and "multipart". The name is
    invented; where the live API puts the token is unknown."""

    segment_token_field: tuple[str, ...] = field(default=("meta", "paging"), validator=_path_of_a_token)
    """Assumption: the path of keys to the next `paging` token in the envelope "json". Invented as well."""

    default_event_sort: Literal["timestamp", "-timestamp"] = field(
        default="-timestamp", validator=validators.in_(("timestamp", "-timestamp"))
    )
    """Assumption: events are sorted newest first where a search does not say how, as in an answer that was recorded."""

    event_at_end_is_found: bool = True
    """Assumption: an event whose time is the end of a search is part of it. False: only events before that are."""

    last_event_page_is_empty: bool = True
    """Assumption: every page with events has a cursor, so that the last page is empty, as in recorded answers. False:
    the last page with events has no cursor."""

    unknown_event_cursor_is_400: bool = True
    """Assumption: a cursor that this server did not give answers 400. False: the page after it is empty."""

    timezone_with_offset_is_400: bool = True
    """Assumption: a search with both `timezone` and `time_offset`, which fails by the documentation, answers 400.
    False: both are ignored, as each is otherwise: they matter for times without an offset, which are not emulated."""

    organization_id: int = 903318
    """Assumption: the `org_id` of snapshots."""
