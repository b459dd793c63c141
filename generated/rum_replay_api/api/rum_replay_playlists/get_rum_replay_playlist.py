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
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v2/rum/replay/playlists/{playlist_id}".format(
            playlist_id=quote(str(exact(playlist_id)), safe=""),
        ),
    }

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
) -> Response[APIErrorResponse | ErrorResponse | Playlist]:
    """Get a playlist

     Returns the name, description, creator and counts of one playlist, without its sessions.

    Args:
        playlist_id (int): Id of a playlist: a number here and in the path, although `data.id`
            contains the same number as a string.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | Playlist]
    """

    kwargs = _get_kwargs(
        playlist_id=playlist_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    playlist_id: int,
    *,
    client: AuthenticatedClient | Client,
) -> APIErrorResponse | ErrorResponse | Playlist | None:
    """Get a playlist

     Returns the name, description, creator and counts of one playlist, without its sessions.

    Args:
        playlist_id (int): Id of a playlist: a number here and in the path, although `data.id`
            contains the same number as a string.

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
    ).parsed


async def asyncio_detailed(
    playlist_id: int,
    *,
    client: AuthenticatedClient | Client,
) -> Response[APIErrorResponse | ErrorResponse | Playlist]:
    """Get a playlist

     Returns the name, description, creator and counts of one playlist, without its sessions.

    Args:
        playlist_id (int): Id of a playlist: a number here and in the path, although `data.id`
            contains the same number as a string.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | Playlist]
    """

    kwargs = _get_kwargs(
        playlist_id=playlist_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    playlist_id: int,
    *,
    client: AuthenticatedClient | Client,
) -> APIErrorResponse | ErrorResponse | Playlist | None:
    """Get a playlist

     Returns the name, description, creator and counts of one playlist, without its sessions.

    Args:
        playlist_id (int): Id of a playlist: a number here and in the path, although `data.id`
            contains the same number as a string.

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
        )
    ).parsed
