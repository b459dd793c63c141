# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client, build_response
from ...models.api_error_response import APIErrorResponse
from ...models.error_response import ErrorResponse
from ...models.watcher_array import WatcherArray
from ...types import UNSET, Response, Unset, exact


def _get_kwargs(
    session_id: str,
    *,
    page_number: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["page[number]"] = page_number

    params["page[size]"] = page_size

    params = {k: exact(v) for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v2/rum/replay/sessions/{session_id}/watchers".format(
            session_id=quote(str(exact(session_id)), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIErrorResponse | ErrorResponse | WatcherArray | None:
    if response.status_code == 200:
        response_200 = WatcherArray.from_dict(response.json())

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
) -> Response[APIErrorResponse | ErrorResponse | WatcherArray]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    page_number: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> Response[APIErrorResponse | ErrorResponse | WatcherArray]:
    """List the users who watched a session

     Returns one page of the users who watched the session, each once, with the number of their watches
    and the time of the latest. Individual watches are not listed. The order is undocumented.

    Args:
        session_id (str): Id of a RUM session.
        page_number (int | Unset): The page to return, counted from 0. The response to a negative
            number, and to one past the last page, is undocumented.
        page_size (int | Unset): How many items a page should contain. The default and the allowed
            range are undocumented.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | WatcherArray]
    """

    kwargs = _get_kwargs(
        session_id=session_id,
        page_number=page_number,
        page_size=page_size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    page_number: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> APIErrorResponse | ErrorResponse | WatcherArray | None:
    """List the users who watched a session

     Returns one page of the users who watched the session, each once, with the number of their watches
    and the time of the latest. Individual watches are not listed. The order is undocumented.

    Args:
        session_id (str): Id of a RUM session.
        page_number (int | Unset): The page to return, counted from 0. The response to a negative
            number, and to one past the last page, is undocumented.
        page_size (int | Unset): How many items a page should contain. The default and the allowed
            range are undocumented.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | WatcherArray
    """

    return sync_detailed(
        session_id=session_id,
        client=client,
        page_number=page_number,
        page_size=page_size,
    ).parsed


async def asyncio_detailed(
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    page_number: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> Response[APIErrorResponse | ErrorResponse | WatcherArray]:
    """List the users who watched a session

     Returns one page of the users who watched the session, each once, with the number of their watches
    and the time of the latest. Individual watches are not listed. The order is undocumented.

    Args:
        session_id (str): Id of a RUM session.
        page_number (int | Unset): The page to return, counted from 0. The response to a negative
            number, and to one past the last page, is undocumented.
        page_size (int | Unset): How many items a page should contain. The default and the allowed
            range are undocumented.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | WatcherArray]
    """

    kwargs = _get_kwargs(
        session_id=session_id,
        page_number=page_number,
        page_size=page_size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    page_number: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> APIErrorResponse | ErrorResponse | WatcherArray | None:
    """List the users who watched a session

     Returns one page of the users who watched the session, each once, with the number of their watches
    and the time of the latest. Individual watches are not listed. The order is undocumented.

    Args:
        session_id (str): Id of a RUM session.
        page_number (int | Unset): The page to return, counted from 0. The response to a negative
            number, and to one past the last page, is undocumented.
        page_size (int | Unset): How many items a page should contain. The default and the allowed
            range are undocumented.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | WatcherArray
    """

    return (
        await asyncio_detailed(
            session_id=session_id,
            client=client,
            page_number=page_number,
            page_size=page_size,
        )
    ).parsed
