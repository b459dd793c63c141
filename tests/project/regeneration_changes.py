"""A change of the contract as a maintainer would make it: a field, a query parameter, and three operations."""

from __future__ import annotations

from pathlib import Path

__all__ = ["ANY_TEXT", "changed", "contract"]

ROOT = Path(__file__).resolve().parents[2]

ANY_TEXT = 'Says "this", \\ and """that""" | <b> 🎬 {x} %s, and "ends"'
"""Whatever a description has, code must mean just that."""

SHELF = """
        shelf:
          type: string
          description: The shelf that the playlist is in.
        class:
          type: string
          description: A name that Python takes for something else.
        labels:
          type: array
          description: The labels.
          items:
            type: string
"""
FILTER = """
        - name: filter[shelf]
          in: query
          description: &filter-shelf >-
            Returns only the playlists in this shelf.
          schema:
            type: string
            description: *filter-shelf
          x-python-name: filter_shelf
"""
INCLUDE = """
        - name: include
          in: query
          description: &include >-
            What to return in addition.
          schema:
            type: string
            description: *include
        - name: since
          in: query
          description: &since >-
            ANY_TEXT LONG
          schema:
            type: string
            format: date-time
            description: *since
""".replace("ANY_TEXT", ANY_TEXT).replace("LONG", "Long. " * 60)
ERRORS = """
        "400":
          $ref: "#/components/responses/BadRequest"
        "401":
          $ref: "#/components/responses/Unauthorized"
        "403":
          $ref: "#/components/responses/Forbidden"
        "404":
          $ref: "#/components/responses/NotFound"
        "429":
          $ref: "#/components/responses/TooManyRequests"
"""
LIST_GUESTS = """
    get:
      operationId: ListRumReplayPlaylistGuests
      tags: [Rum Replay Playlists]
      summary: List with whom a playlist is shared
      description: Returns one page of the people with whom the playlist is shared. The order is undocumented.
      x-rum-replay-idempotent: true
      x-rum-replay-permission: rum_session_replay_read
      x-rum-replay-method: playlists.list_guests
      x-rum-replay-pagination: page
      parameters:
        - $ref: "#/components/parameters/PlaylistId"
        - $ref: "#/components/parameters/PageNumber"
        - $ref: "#/components/parameters/PageSize"
      responses:
        "200":
          description: One page of guests.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/PlaylistGuestArray"
              examples:
                page:
                  $ref: "#/components/examples/PlaylistGuestPage"
"""
ADD_GUEST = """
    post:
      operationId: CreateRumReplayPlaylistGuest
      tags: [Rum Replay Playlists]
      summary: Share a playlist
      description: Shares the playlist with somebody.
      x-rum-replay-idempotent: false
      x-rum-replay-permission: rum_playlist_write
      x-rum-replay-method: playlists.invite
      parameters:
        - $ref: "#/components/parameters/PlaylistId"
      requestBody:
        description: With whom.
        required: true
        content:
          application/json:
            schema:
              $ref: "#/components/schemas/PlaylistGuest"
            examples:
              one:
                $ref: "#/components/examples/PlaylistGuestSent"
      responses:
        "201":
          description: The share.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/PlaylistGuest"
              examples:
                one:
                  $ref: "#/components/examples/PlaylistGuestStored"
"""
END_GUESTS = """
    delete:
      operationId: DeleteRumReplayPlaylistGuests
      tags: [Rum Replay Playlists]
      summary: 'ANY_TEXT'
      description: Deletes all guests of the playlist.
      x-rum-replay-idempotent: true
      x-rum-replay-permission: rum_playlist_write
      x-rum-replay-method: playlists.uninvite
      parameters:
        - $ref: "#/components/parameters/PlaylistId"
      responses:
        "204":
          description: The guests are deleted.
""".replace("ANY_TEXT", ANY_TEXT)
SCHEMAS = """
    PlaylistGuest:
      type: object
      description: One share.
      required: [data]
      properties:
        data:
          $ref: "#/components/schemas/PlaylistGuestData"
    PlaylistGuestArray:
      type: object
      description: One page of guests.
      required: [data]
      properties:
        data:
          type: array
          description: The guests of this page.
          items:
            $ref: "#/components/schemas/PlaylistGuestData"
    PlaylistGuestData:
      type: object
      x-rum-replay-model: PlaylistGuest
      description: Somebody with whom a playlist is shared.
      required: [type]
      properties:
        id:
          type: string
          description: The share's id.
        type:
          $ref: "#/components/schemas/PlaylistGuestDataType"
        attributes:
          $ref: "#/components/schemas/PlaylistGuestDataAttributes"
    PlaylistGuestDataType:
      type: string
      description: Marks the resource as a share.
      enum: [rum_replay_playlist_guest]
    PlaylistGuestDataAttributes:
      type: object
      description: The fields of a share.
      required: [handle]
      properties:
        handle:
          type: string
          description: The user's handle, an e-mail address.
        invited_at:
          type: string
          format: date-time
          readOnly: true
          description: 'ANY_TEXT'
""".replace("ANY_TEXT", ANY_TEXT)
EXAMPLES = """
    PlaylistGuestSent:
      value:
        data:
          type: rum_replay_playlist_guest
          attributes:
            handle: mira.holt@example.com
    PlaylistGuestStored:
      value:
        data: &playlist-guest
          id: 9d3f1b7a-5c26-4e08-b1d4-7a60e2c8f395
          type: rum_replay_playlist_guest
          attributes:
            handle: mira.holt@example.com
            invited_at: "2026-07-01T12:00:00Z"
    PlaylistGuestPage:
      value:
        data:
          - *playlist-guest
"""
PATH = "\n  /api/v2/rum/replay/playlists/{playlist_id}/guests:"
OPERATIONS = "".join(
    text.rstrip() + errors.rstrip()
    for text, errors in [(LIST_GUESTS, ERRORS), (ADD_GUEST, ERRORS), (END_GUESTS, ERRORS)]
)

INSERTIONS = (
    (("\n    PlaylistDataAttributes:\n", "      properties:\n"), SHELF),
    (("      operationId: ListRumReplayPlaylists\n", "      parameters:\n"), FILTER),
    (("      operationId: GetRumReplayPlaylist\n", "      parameters:\n"), INCLUDE),
    (("\npaths:\n",), PATH + OPERATIONS + "\n"),
    (("\ncomponents:\n", "\n  schemas:\n"), SCHEMAS),
    (("\ncomponents:\n", "\n  examples:\n"), EXAMPLES),
)
"""Where in the contract, after texts that follow each other, and what is inserted."""


def contract() -> str:
    return (ROOT / "openapi.yaml").read_text(encoding="utf-8")


def changed() -> str:
    """The contract after the change."""
    text = contract()
    for way, added in INSERTIONS:
        at = 0
        for place in way:
            at = text.index(place, at) + len(place)
        text = text[:at] + added.removeprefix("\n") + text[at:]
    return text
