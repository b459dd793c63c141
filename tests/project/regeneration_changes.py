"""A change of the contract as a maintainer would make it: a field, a query parameter, and three operations."""

from __future__ import annotations

from pathlib import Path

__all__ = ["changed", "contract"]

ROOT = Path(__file__).resolve().parents[2]

FOLDER = """
        folder:
          type: string
          description: The folder that the playlist is in.
"""
FILTER = """
        - name: filter[folder]
          in: query
          description: &filter-folder >-
            Returns only the playlists in this folder.
          schema:
            type: string
            description: *filter-folder
          x-python-name: filter_folder
"""
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
LIST_SHARES = """
    get:
      operationId: ListRumReplayPlaylistShares
      tags: [Rum Replay Playlists]
      summary: List with whom a playlist is shared
      description: Returns one page of the people with whom the playlist is shared. The order is undocumented.
      x-rum-replay-idempotent: true
      x-rum-replay-permission: rum_session_replay_read
      x-rum-replay-method: playlists.list_shares
      x-rum-replay-pagination: page
      parameters:
        - $ref: "#/components/parameters/PlaylistId"
        - $ref: "#/components/parameters/PageNumber"
        - $ref: "#/components/parameters/PageSize"
      responses:
        "200":
          description: One page of shares.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/PlaylistShareArray"
"""
ADD_SHARE = """
    post:
      operationId: CreateRumReplayPlaylistShare
      tags: [Rum Replay Playlists]
      summary: Share a playlist
      description: Shares the playlist with somebody.
      x-rum-replay-idempotent: false
      x-rum-replay-permission: rum_playlist_write
      x-rum-replay-method: playlists.share
      parameters:
        - $ref: "#/components/parameters/PlaylistId"
      requestBody:
        description: With whom.
        required: true
        content:
          application/json:
            schema:
              $ref: "#/components/schemas/PlaylistShare"
      responses:
        "201":
          description: The share.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/PlaylistShare"
"""
END_SHARES = """
    delete:
      operationId: DeleteRumReplayPlaylistShares
      tags: [Rum Replay Playlists]
      summary: Share a playlist with nobody
      description: Deletes all shares of the playlist.
      x-rum-replay-idempotent: true
      x-rum-replay-permission: rum_playlist_write
      x-rum-replay-method: playlists.unshare
      parameters:
        - $ref: "#/components/parameters/PlaylistId"
      responses:
        "204":
          description: The shares are deleted.
"""
SCHEMAS = """
    PlaylistShare:
      type: object
      description: One share.
      required: [data]
      properties:
        data:
          $ref: "#/components/schemas/PlaylistShareData"
    PlaylistShareArray:
      type: object
      description: One page of shares.
      required: [data]
      properties:
        data:
          type: array
          description: The shares of this page.
          items:
            $ref: "#/components/schemas/PlaylistShareData"
    PlaylistShareData:
      type: object
      x-rum-replay-model: PlaylistShare
      description: Somebody with whom a playlist is shared.
      required: [type]
      properties:
        id:
          type: string
          description: The share's id.
        type:
          $ref: "#/components/schemas/PlaylistShareDataType"
        attributes:
          $ref: "#/components/schemas/PlaylistShareDataAttributes"
    PlaylistShareDataType:
      type: string
      description: Marks the resource as a share.
      enum: [rum_replay_playlist_share]
    PlaylistShareDataAttributes:
      type: object
      description: The fields of a share.
      required: [handle]
      properties:
        handle:
          type: string
          description: The user's handle, an e-mail address.
        shared_at:
          type: string
          format: date-time
          readOnly: true
          description: When the playlist was shared.
"""
PATH = "\n  /api/v2/rum/replay/playlists/{playlist_id}/shares:"
OPERATIONS = "".join(
    text.rstrip() + errors.rstrip()
    for text, errors in [(LIST_SHARES, ERRORS), (ADD_SHARE, ERRORS), (END_SHARES, ERRORS)]
)

INSERTIONS = {
    "          examples: [Rage clicks on the payment page]\n        created_by:": (1, FOLDER),
    "            description: *filter-query\n          x-python-name: filter_query\n": (2, FILTER),
    "\n  /api/v2/rum/replay/playlists/{playlist_id}/sessions/{session_id}:\n": (0, PATH + OPERATIONS),
    "\n    SessionIdArray:\n": (0, SCHEMAS.rstrip()),
}
"""Where in the contract: after so many lines of a text, what is inserted."""


def contract() -> str:
    return (ROOT / "openapi.yaml").read_text(encoding="utf-8")


def changed() -> str:
    """The contract after the change."""
    text = contract()
    for place, (lines, added) in INSERTIONS.items():
        assert text.count(place) == 1, place
        at = text.index(place) + len("".join(place.splitlines(keepends=True)[:lines]))
        text = f"{text[:at]}{added.removeprefix(chr(10)) if lines else added}{text[at:]}"
    return text
