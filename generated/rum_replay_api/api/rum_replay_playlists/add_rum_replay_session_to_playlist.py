# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client, build_response
from ...models.api_error_response import APIErrorResponse
from ...models.error_response import ErrorResponse
from ...models.playlists_session import PlaylistsSession
from ...types import UNSET, Response, Unset, exact


def _get_kwargs(
    playlist_id: int,
    session_id: str,
    *,
    ts: int,
    data_source: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["ts"] = ts

    params["data_source"] = data_source

    params = {k: exact(v) for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v2/rum/replay/playlists/{playlist_id}/sessions/{session_id}".format(
            playlist_id=quote(str(exact(playlist_id)), safe=""),
            session_id=quote(str(exact(session_id)), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIErrorResponse | ErrorResponse | PlaylistsSession | None:
    if response.status_code == 200:
        response_200 = PlaylistsSession.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = PlaylistsSession.from_dict(response.json())

        return response_201

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
) -> Response[APIErrorResponse | ErrorResponse | PlaylistsSession]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    playlist_id: int,
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    ts: int,
    data_source: str | Unset = UNSET,
) -> Response[APIErrorResponse | ErrorResponse | PlaylistsSession]:
    """Add a session to a playlist

     Adds a session to the playlist. Only sessions that have ended can be added. With the permission
    `rum_extend_retention`, by default held by the Admin role only, this also switches on extended
    retention: the replay, not its events, is kept for up to 15 months from that day. Without it the
    session is in the playlist and its replay still ends after 30 days. The request has no body.

    Args:
        playlist_id (int): Id of a playlist: a number here and in the path, although `data.id`
            contains the same number as a string.
        session_id (str): Id of a RUM session.
        ts (int): Server-side timestamp in milliseconds. The documentation says no more: neither
            of which moment nor what the server does with it.
        data_source (str | Unset): Which product recorded the session: `rum` or
            `product_analytics`. The server assumes `rum` if it is left out.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | PlaylistsSession]
    """

    kwargs = _get_kwargs(
        playlist_id=playlist_id,
        session_id=session_id,
        ts=ts,
        data_source=data_source,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    playlist_id: int,
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    ts: int,
    data_source: str | Unset = UNSET,
) -> APIErrorResponse | ErrorResponse | PlaylistsSession | None:
    """Add a session to a playlist

     Adds a session to the playlist. Only sessions that have ended can be added. With the permission
    `rum_extend_retention`, by default held by the Admin role only, this also switches on extended
    retention: the replay, not its events, is kept for up to 15 months from that day. Without it the
    session is in the playlist and its replay still ends after 30 days. The request has no body.

    Args:
        playlist_id (int): Id of a playlist: a number here and in the path, although `data.id`
            contains the same number as a string.
        session_id (str): Id of a RUM session.
        ts (int): Server-side timestamp in milliseconds. The documentation says no more: neither
            of which moment nor what the server does with it.
        data_source (str | Unset): Which product recorded the session: `rum` or
            `product_analytics`. The server assumes `rum` if it is left out.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | PlaylistsSession
    """

    return sync_detailed(
        playlist_id=playlist_id,
        session_id=session_id,
        client=client,
        ts=ts,
        data_source=data_source,
    ).parsed


async def asyncio_detailed(
    playlist_id: int,
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    ts: int,
    data_source: str | Unset = UNSET,
) -> Response[APIErrorResponse | ErrorResponse | PlaylistsSession]:
    """Add a session to a playlist

     Adds a session to the playlist. Only sessions that have ended can be added. With the permission
    `rum_extend_retention`, by default held by the Admin role only, this also switches on extended
    retention: the replay, not its events, is kept for up to 15 months from that day. Without it the
    session is in the playlist and its replay still ends after 30 days. The request has no body.

    Args:
        playlist_id (int): Id of a playlist: a number here and in the path, although `data.id`
            contains the same number as a string.
        session_id (str): Id of a RUM session.
        ts (int): Server-side timestamp in milliseconds. The documentation says no more: neither
            of which moment nor what the server does with it.
        data_source (str | Unset): Which product recorded the session: `rum` or
            `product_analytics`. The server assumes `rum` if it is left out.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | PlaylistsSession]
    """

    kwargs = _get_kwargs(
        playlist_id=playlist_id,
        session_id=session_id,
        ts=ts,
        data_source=data_source,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    playlist_id: int,
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    ts: int,
    data_source: str | Unset = UNSET,
) -> APIErrorResponse | ErrorResponse | PlaylistsSession | None:
    """Add a session to a playlist

     Adds a session to the playlist. Only sessions that have ended can be added. With the permission
    `rum_extend_retention`, by default held by the Admin role only, this also switches on extended
    retention: the replay, not its events, is kept for up to 15 months from that day. Without it the
    session is in the playlist and its replay still ends after 30 days. The request has no body.

    Args:
        playlist_id (int): Id of a playlist: a number here and in the path, although `data.id`
            contains the same number as a string.
        session_id (str): Id of a RUM session.
        ts (int): Server-side timestamp in milliseconds. The documentation says no more: neither
            of which moment nor what the server does with it.
        data_source (str | Unset): Which product recorded the session: `rum` or
            `product_analytics`. The server assumes `rum` if it is left out.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | PlaylistsSession
    """

    return (
        await asyncio_detailed(
            playlist_id=playlist_id,
            session_id=session_id,
            client=client,
            ts=ts,
            data_source=data_source,
        )
    ).parsed
