# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client, build_response
from ...models.api_error_response import APIErrorResponse
from ...models.error_response import ErrorResponse
from ...models.playlist import Playlist
from ...types import Response, exact


def _get_kwargs(
    playlist_id: int,
    *,
    body: Playlist,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v2/rum/replay/playlists/{playlist_id}".format(
            playlist_id=quote(str(exact(playlist_id)), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIErrorResponse | ErrorResponse | Playlist | None:
    if response.status_code == 200:
        response_200 = Playlist.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = ErrorResponse.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ErrorResponse.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ErrorResponse.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = ErrorResponse.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = ErrorResponse.from_dict(response.json())

        return response_409

    if response.status_code == 422:
        response_422 = ErrorResponse.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = APIErrorResponse.from_dict(response.json())

        return response_429

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content, response.headers)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[APIErrorResponse | ErrorResponse | Playlist]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    playlist_id: int,
    *,
    client: AuthenticatedClient | Client,
    body: Playlist,
) -> Response[APIErrorResponse | ErrorResponse | Playlist]:
    """Replace a playlist

     Replaces all of the playlist's own fields, so `name` is required even if it does not change. What
    happens to fields that are left out is undocumented: send everything that should be kept, fields
    that this contract does not list included. Which fields only the server sets is undocumented too:
    presumably `created_at`, `created_by`, `updated_at` and `session_count`. Other operations change the
    sessions in the playlist.

    Args:
        playlist_id (int): Id of a playlist: a number here and in the path, although `data.id`
            contains the same number as a string.
        body (Playlist): One playlist, in requests and responses.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | Playlist]
    """

    kwargs = _get_kwargs(
        playlist_id=playlist_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    playlist_id: int,
    *,
    client: AuthenticatedClient | Client,
    body: Playlist,
) -> APIErrorResponse | ErrorResponse | Playlist | None:
    """Replace a playlist

     Replaces all of the playlist's own fields, so `name` is required even if it does not change. What
    happens to fields that are left out is undocumented: send everything that should be kept, fields
    that this contract does not list included. Which fields only the server sets is undocumented too:
    presumably `created_at`, `created_by`, `updated_at` and `session_count`. Other operations change the
    sessions in the playlist.

    Args:
        playlist_id (int): Id of a playlist: a number here and in the path, although `data.id`
            contains the same number as a string.
        body (Playlist): One playlist, in requests and responses.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | Playlist
    """

    return sync_detailed(
        playlist_id=playlist_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    playlist_id: int,
    *,
    client: AuthenticatedClient | Client,
    body: Playlist,
) -> Response[APIErrorResponse | ErrorResponse | Playlist]:
    """Replace a playlist

     Replaces all of the playlist's own fields, so `name` is required even if it does not change. What
    happens to fields that are left out is undocumented: send everything that should be kept, fields
    that this contract does not list included. Which fields only the server sets is undocumented too:
    presumably `created_at`, `created_by`, `updated_at` and `session_count`. Other operations change the
    sessions in the playlist.

    Args:
        playlist_id (int): Id of a playlist: a number here and in the path, although `data.id`
            contains the same number as a string.
        body (Playlist): One playlist, in requests and responses.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | Playlist]
    """

    kwargs = _get_kwargs(
        playlist_id=playlist_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    playlist_id: int,
    *,
    client: AuthenticatedClient | Client,
    body: Playlist,
) -> APIErrorResponse | ErrorResponse | Playlist | None:
    """Replace a playlist

     Replaces all of the playlist's own fields, so `name` is required even if it does not change. What
    happens to fields that are left out is undocumented: send everything that should be kept, fields
    that this contract does not list included. Which fields only the server sets is undocumented too:
    presumably `created_at`, `created_by`, `updated_at` and `session_count`. Other operations change the
    sessions in the playlist.

    Args:
        playlist_id (int): Id of a playlist: a number here and in the path, although `data.id`
            contains the same number as a string.
        body (Playlist): One playlist, in requests and responses.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | Playlist
    """

    return (
        await asyncio_detailed(
            playlist_id=playlist_id,
            client=client,
            body=body,
        )
    ).parsed
