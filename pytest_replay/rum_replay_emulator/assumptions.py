"""What Datadog's documentation leaves open, one option for each question."""

from __future__ import annotations

import re
from typing import Literal

from attrs import Attribute, field, frozen, validators

__all__ = ["Assumptions"]


def _one_or_more(_: object, attribute: Attribute[int], value: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{attribute.name} must be a whole number, not {value!r}")
    if value < 1:
        raise ValueError(f"{attribute.name} must be at least 1, not {value}")


def _path_of_a_token(_: object, attribute: Attribute[tuple[str, ...]], value: tuple[str, ...]) -> None:
    names = isinstance(value, tuple) and all(isinstance(name, str) and name for name in value)  # pyright: ignore[reportUnnecessaryIsInstance]
    if not names or not value or value[0] == "data":
        raise ValueError(f"{attribute.name} must be names that lead to the token, not below data: {value!r}")


def _frozen_set(_: object, attribute: Attribute[frozenset[str]], value: frozenset[str]) -> None:
    if not isinstance(value, frozenset):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{attribute.name} must be a frozenset of ids, not {value!r}")


def _header_name(_: object, attribute: Attribute[str], value: str) -> None:
    if not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", value, re.ASCII):
        raise ValueError(f"{attribute.name} must be the name of a header, not {value!r}")


@frozen(kw_only=True)
class Assumptions:
    """How the emulator behaves where the live API's behaviour is undocumented.

    Nothing here is knowledge of Datadog's servers. Each default is the choice that surprises a client least; a test
    that depends on one should set it. Raises ValueError or TypeError for what cannot be so,
    such as a size below 1.
    """

    missing_is_404: bool = True
    """Assumption: what never was, or was deleted, answers 404. False: 403, as services do that hide what exists."""

    delete_is_idempotent: bool = False
    """Assumption: deleting a second time answers 404. True: 204 again. Holds for playlists, a single session in a
    playlist, and snapshots."""

    bulk_remove_ignores_missing: bool = True
    """Assumption: a bulk removal passes over ids that are not in the playlist. False: it answers 404 and removes
    nothing."""

    clearing_no_watches_is_404: bool = False
    """Assumption: deleting the watches of a session that nobody watched answers 204. True: 404."""

    delete_watches_of: Literal["caller", "everyone"] = field(
        default="caller", validator=validators.in_(("caller", "everyone"))
    )
    """Assumption: deleting a session's watches clears those of the acting user only. `"everyone"`: all of them."""

    sessions_must_be_known: bool = False
    """Assumption: any session id can be added to a playlist and watched. True: only ids that were given to
    `load_segments`; others answer 404."""

    sessions_still_running: frozenset[str] = field(default=frozenset(), validator=_frozen_set)
    """Assumption: every session has ended, and so can be added to a playlist. Ids in this set have not: adding one
    answers 400. The documentation allows completed sessions only, without saying what others answer."""

    unknown_segment_source_is_400: bool = False
    """Assumption: `source` and `ts` of `GetSegments` change nothing about what is served. True: a `source` other than
    `event_platform` and `blob` answers 400. What `ts` selects is undocumented, so it is ignored in either case."""

    attributes_are_required: bool = False
    """Assumption: a body without `data.attributes` is accepted, because the documentation does not require them.
    True: it answers 400 naming `data.attributes`."""

    read_only_fields_are_refused: bool = False
    """Assumption: fields that only the server sets are ignored in request bodies, as JSON:API servers commonly do; so
    is a snapshot's name in a PATCH. True: they answer 400 naming the field."""

    id_mismatch_is_409: bool = False
    """Assumption: `data.id` in the body of an update is ignored; the path decides. True: one that differs from the path
    answers 409, as JSON:API asks."""

    playlist_names_are_unique: bool = False
    """Assumption: several playlists may have one name. True: a second one answers 409."""

    snapshot_names_are_unique: bool = False
    """Assumption: several snapshots of one view may have one name. True: a second one answers 409."""

    list_order: Literal["oldest_first", "newest_first"] = field(
        default="oldest_first", validator=validators.in_(("oldest_first", "newest_first"))
    )
    """Assumption: playlists and snapshots are listed in the order in which they were made. `"newest_first"`: the other
    way round. Sessions in a playlist stand in the order in which they were added, watchers and history newest first."""

    query_searches_description: bool = True
    """Assumption: `filter[query]` looks for a part of the name or the description, in upper and lower case alike.
    False: of the name only."""

    session_changes_touch_playlist: bool = True
    """Assumption: adding and removing sessions moves the playlist's `updated_at`. False: only an update does."""

    session_track: str = "rum"
    """Assumption: what `track` says of a session for which no `data_source` was given. Beside it the emulator invents a
    minimal `session_event`: the session's id and type."""

    default_page_size: int = field(default=25, validator=_one_or_more)
    """Assumption: how many items a page holds when `page[size]` is left out."""

    max_page_size: int = field(default=100, validator=_one_or_more)
    """Assumption: the largest page; a larger `page[size]` is lowered to it silently."""

    page_size_over_max_is_400: bool = False
    """Assumption: see `max_page_size`. True: a larger `page[size]` answers 400 instead."""

    max_snapshots: int = field(default=1000, validator=_one_or_more)
    """Assumption: how many snapshots one list holds at most, and when `page[limit]` is left out."""

    default_segment_list_size: int = field(default=10 * 1024 * 1024, validator=_one_or_more)
    """Assumption: how many bytes of segments a page holds when `max_list_size` is left out. Bytes are counted as they
    were loaded, without the envelope. A page holds at least one segment, however large that is."""

    segment_token_header: str = field(default="X-Paging-Next", validator=_header_name)
    """Assumption: the response header with the next `paging` token, in the envelopes "raw" and "multipart". The name is
    invented; where the live API carries the token is unknown."""

    segment_token_field: tuple[str, ...] = field(default=("meta", "paging"), validator=_path_of_a_token)
    """Assumption: the keys that lead to the next `paging` token in the envelope "json". Invented as well."""

    organization_id: int = 903318
    """Assumption: the number that snapshots carry as `org_id`."""
