# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from io import BytesIO
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client, build_response
from ...models.api_error_response import APIErrorResponse
from ...models.error_response import ErrorResponse
from ...types import UNSET, File, Response, Unset, exact


def _get_kwargs(
    session_id: str,
    view_id: str,
    *,
    source: str | Unset = UNSET,
    ts: int | Unset = UNSET,
    max_list_size: int | Unset = UNSET,
    paging: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["source"] = source

    params["ts"] = ts

    params["max_list_size"] = max_list_size

    params["paging"] = paging

    params = {k: exact(v) for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v2/rum/replay/sessions/{session_id}/views/{view_id}/segments".format(
            session_id=quote(str(exact(session_id)), safe=""),
            view_id=quote(str(exact(view_id)), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIErrorResponse | ErrorResponse | File | None:
    if response.status_code == 200:
        response_200 = File(payload=BytesIO(response.content))

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
) -> Response[APIErrorResponse | ErrorResponse | File]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    session_id: str,
    view_id: str,
    *,
    client: AuthenticatedClient | Client,
    source: str | Unset = UNSET,
    ts: int | Unset = UNSET,
    max_list_size: int | Unset = UNSET,
    paging: str | Unset = UNSET,
) -> Response[APIErrorResponse | ErrorResponse | File]:
    """Get the recorded segments of a view

     Returns recorded data of one view of a session, as much as fits into `max_list_size` bytes; `paging`
    returns the rest. The body, its content type and the place of the next `paging` value in the
    response are undocumented.

    Args:
        session_id (str): Id of a RUM session.
        view_id (str): Id of a RUM view of that session.
        source (str | Unset): Which store to read: `event_platform` or `blob`. The default is
            undocumented.
        ts (int | Unset): Server-side timestamp in milliseconds. The documentation says no more:
            neither of which moment nor what the server does with it.
        max_list_size (int | Unset): The maximum size of the list of segments in one response, in
            bytes. The default and the allowed range are undocumented.
        paging (str | Unset): Opaque token from an earlier response; continues where that response
            stopped. Left out for the first page.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | File]
    """

    kwargs = _get_kwargs(
        session_id=session_id,
        view_id=view_id,
        source=source,
        ts=ts,
        max_list_size=max_list_size,
        paging=paging,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    session_id: str,
    view_id: str,
    *,
    client: AuthenticatedClient | Client,
    source: str | Unset = UNSET,
    ts: int | Unset = UNSET,
    max_list_size: int | Unset = UNSET,
    paging: str | Unset = UNSET,
) -> APIErrorResponse | ErrorResponse | File | None:
    """Get the recorded segments of a view

     Returns recorded data of one view of a session, as much as fits into `max_list_size` bytes; `paging`
    returns the rest. The body, its content type and the place of the next `paging` value in the
    response are undocumented.

    Args:
        session_id (str): Id of a RUM session.
        view_id (str): Id of a RUM view of that session.
        source (str | Unset): Which store to read: `event_platform` or `blob`. The default is
            undocumented.
        ts (int | Unset): Server-side timestamp in milliseconds. The documentation says no more:
            neither of which moment nor what the server does with it.
        max_list_size (int | Unset): The maximum size of the list of segments in one response, in
            bytes. The default and the allowed range are undocumented.
        paging (str | Unset): Opaque token from an earlier response; continues where that response
            stopped. Left out for the first page.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | File
    """

    return sync_detailed(
        session_id=session_id,
        view_id=view_id,
        client=client,
        source=source,
        ts=ts,
        max_list_size=max_list_size,
        paging=paging,
    ).parsed


async def asyncio_detailed(
    session_id: str,
    view_id: str,
    *,
    client: AuthenticatedClient | Client,
    source: str | Unset = UNSET,
    ts: int | Unset = UNSET,
    max_list_size: int | Unset = UNSET,
    paging: str | Unset = UNSET,
) -> Response[APIErrorResponse | ErrorResponse | File]:
    """Get the recorded segments of a view

     Returns recorded data of one view of a session, as much as fits into `max_list_size` bytes; `paging`
    returns the rest. The body, its content type and the place of the next `paging` value in the
    response are undocumented.

    Args:
        session_id (str): Id of a RUM session.
        view_id (str): Id of a RUM view of that session.
        source (str | Unset): Which store to read: `event_platform` or `blob`. The default is
            undocumented.
        ts (int | Unset): Server-side timestamp in milliseconds. The documentation says no more:
            neither of which moment nor what the server does with it.
        max_list_size (int | Unset): The maximum size of the list of segments in one response, in
            bytes. The default and the allowed range are undocumented.
        paging (str | Unset): Opaque token from an earlier response; continues where that response
            stopped. Left out for the first page.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | File]
    """

    kwargs = _get_kwargs(
        session_id=session_id,
        view_id=view_id,
        source=source,
        ts=ts,
        max_list_size=max_list_size,
        paging=paging,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    session_id: str,
    view_id: str,
    *,
    client: AuthenticatedClient | Client,
    source: str | Unset = UNSET,
    ts: int | Unset = UNSET,
    max_list_size: int | Unset = UNSET,
    paging: str | Unset = UNSET,
) -> APIErrorResponse | ErrorResponse | File | None:
    """Get the recorded segments of a view

     Returns recorded data of one view of a session, as much as fits into `max_list_size` bytes; `paging`
    returns the rest. The body, its content type and the place of the next `paging` value in the
    response are undocumented.

    Args:
        session_id (str): Id of a RUM session.
        view_id (str): Id of a RUM view of that session.
        source (str | Unset): Which store to read: `event_platform` or `blob`. The default is
            undocumented.
        ts (int | Unset): Server-side timestamp in milliseconds. The documentation says no more:
            neither of which moment nor what the server does with it.
        max_list_size (int | Unset): The maximum size of the list of segments in one response, in
            bytes. The default and the allowed range are undocumented.
        paging (str | Unset): Opaque token from an earlier response; continues where that response
            stopped. Left out for the first page.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | File
    """

    return (
        await asyncio_detailed(
            session_id=session_id,
            view_id=view_id,
            client=client,
            source=source,
            ts=ts,
            max_list_size=max_list_size,
            paging=paging,
        )
    ).parsed
