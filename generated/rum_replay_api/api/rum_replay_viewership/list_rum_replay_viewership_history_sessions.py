# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client, build_response
from ...models.api_error_response import APIErrorResponse
from ...models.error_response import ErrorResponse
from ...models.viewership_history_session_array import ViewershipHistorySessionArray
from ...types import UNSET, Response, Unset, exact


def _get_kwargs(
    *,
    filter_watched_at_start: int | Unset = UNSET,
    filter_watched_at_end: int | Unset = UNSET,
    filter_created_by: str | Unset = UNSET,
    filter_session_ids: str | Unset = UNSET,
    filter_application_id: str | Unset = UNSET,
    page_number: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["filter[watched_at][start]"] = filter_watched_at_start

    params["filter[watched_at][end]"] = filter_watched_at_end

    params["filter[created_by]"] = filter_created_by

    params["filter[session_ids]"] = filter_session_ids

    params["filter[application_id]"] = filter_application_id

    params["page[number]"] = page_number

    params["page[size]"] = page_size

    params = {k: exact(v) for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v2/rum/replay/viewership-history/sessions",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIErrorResponse | ErrorResponse | ViewershipHistorySessionArray | None:
    if response.status_code == 200:
        response_200 = ViewershipHistorySessionArray.from_dict(response.json())

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

    if response.status_code == 429:
        response_429 = APIErrorResponse.from_dict(response.json())

        return response_429

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content, response.headers)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[APIErrorResponse | ErrorResponse | ViewershipHistorySessionArray]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    filter_watched_at_start: int | Unset = UNSET,
    filter_watched_at_end: int | Unset = UNSET,
    filter_created_by: str | Unset = UNSET,
    filter_session_ids: str | Unset = UNSET,
    filter_application_id: str | Unset = UNSET,
    page_number: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> Response[APIErrorResponse | ErrorResponse | ViewershipHistorySessionArray]:
    """List the sessions that a user watched

     Returns one page of the sessions that one user watched: the caller, unless another user is named.
    The order, and whether the time range includes its ends, are undocumented.

    Args:
        filter_watched_at_start (int | Unset): Start of the time range in which the session was
            watched, in milliseconds since 1970-01-01 UTC.
        filter_watched_at_end (int | Unset): End of the time range in which the session was
            watched, in milliseconds since 1970-01-01 UTC.
        filter_created_by (str | Unset): UUID of the user whose history to list; by default the
            calling user.
        filter_session_ids (str | Unset): Session ids, separated by commas in one value; returns
            only these sessions. The maximum is undocumented.
        filter_application_id (str | Unset): Returns only what belongs to the RUM application with
            this id.
        page_number (int | Unset): The page to return, counted from 0. The response to a negative
            number, and to one past the last page, is undocumented.
        page_size (int | Unset): How many items a page should contain. The default and the allowed
            range are undocumented.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | ViewershipHistorySessionArray]
    """

    kwargs = _get_kwargs(
        filter_watched_at_start=filter_watched_at_start,
        filter_watched_at_end=filter_watched_at_end,
        filter_created_by=filter_created_by,
        filter_session_ids=filter_session_ids,
        filter_application_id=filter_application_id,
        page_number=page_number,
        page_size=page_size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    filter_watched_at_start: int | Unset = UNSET,
    filter_watched_at_end: int | Unset = UNSET,
    filter_created_by: str | Unset = UNSET,
    filter_session_ids: str | Unset = UNSET,
    filter_application_id: str | Unset = UNSET,
    page_number: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> APIErrorResponse | ErrorResponse | ViewershipHistorySessionArray | None:
    """List the sessions that a user watched

     Returns one page of the sessions that one user watched: the caller, unless another user is named.
    The order, and whether the time range includes its ends, are undocumented.

    Args:
        filter_watched_at_start (int | Unset): Start of the time range in which the session was
            watched, in milliseconds since 1970-01-01 UTC.
        filter_watched_at_end (int | Unset): End of the time range in which the session was
            watched, in milliseconds since 1970-01-01 UTC.
        filter_created_by (str | Unset): UUID of the user whose history to list; by default the
            calling user.
        filter_session_ids (str | Unset): Session ids, separated by commas in one value; returns
            only these sessions. The maximum is undocumented.
        filter_application_id (str | Unset): Returns only what belongs to the RUM application with
            this id.
        page_number (int | Unset): The page to return, counted from 0. The response to a negative
            number, and to one past the last page, is undocumented.
        page_size (int | Unset): How many items a page should contain. The default and the allowed
            range are undocumented.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | ViewershipHistorySessionArray
    """

    return sync_detailed(
        client=client,
        filter_watched_at_start=filter_watched_at_start,
        filter_watched_at_end=filter_watched_at_end,
        filter_created_by=filter_created_by,
        filter_session_ids=filter_session_ids,
        filter_application_id=filter_application_id,
        page_number=page_number,
        page_size=page_size,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    filter_watched_at_start: int | Unset = UNSET,
    filter_watched_at_end: int | Unset = UNSET,
    filter_created_by: str | Unset = UNSET,
    filter_session_ids: str | Unset = UNSET,
    filter_application_id: str | Unset = UNSET,
    page_number: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> Response[APIErrorResponse | ErrorResponse | ViewershipHistorySessionArray]:
    """List the sessions that a user watched

     Returns one page of the sessions that one user watched: the caller, unless another user is named.
    The order, and whether the time range includes its ends, are undocumented.

    Args:
        filter_watched_at_start (int | Unset): Start of the time range in which the session was
            watched, in milliseconds since 1970-01-01 UTC.
        filter_watched_at_end (int | Unset): End of the time range in which the session was
            watched, in milliseconds since 1970-01-01 UTC.
        filter_created_by (str | Unset): UUID of the user whose history to list; by default the
            calling user.
        filter_session_ids (str | Unset): Session ids, separated by commas in one value; returns
            only these sessions. The maximum is undocumented.
        filter_application_id (str | Unset): Returns only what belongs to the RUM application with
            this id.
        page_number (int | Unset): The page to return, counted from 0. The response to a negative
            number, and to one past the last page, is undocumented.
        page_size (int | Unset): How many items a page should contain. The default and the allowed
            range are undocumented.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | ViewershipHistorySessionArray]
    """

    kwargs = _get_kwargs(
        filter_watched_at_start=filter_watched_at_start,
        filter_watched_at_end=filter_watched_at_end,
        filter_created_by=filter_created_by,
        filter_session_ids=filter_session_ids,
        filter_application_id=filter_application_id,
        page_number=page_number,
        page_size=page_size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    filter_watched_at_start: int | Unset = UNSET,
    filter_watched_at_end: int | Unset = UNSET,
    filter_created_by: str | Unset = UNSET,
    filter_session_ids: str | Unset = UNSET,
    filter_application_id: str | Unset = UNSET,
    page_number: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> APIErrorResponse | ErrorResponse | ViewershipHistorySessionArray | None:
    """List the sessions that a user watched

     Returns one page of the sessions that one user watched: the caller, unless another user is named.
    The order, and whether the time range includes its ends, are undocumented.

    Args:
        filter_watched_at_start (int | Unset): Start of the time range in which the session was
            watched, in milliseconds since 1970-01-01 UTC.
        filter_watched_at_end (int | Unset): End of the time range in which the session was
            watched, in milliseconds since 1970-01-01 UTC.
        filter_created_by (str | Unset): UUID of the user whose history to list; by default the
            calling user.
        filter_session_ids (str | Unset): Session ids, separated by commas in one value; returns
            only these sessions. The maximum is undocumented.
        filter_application_id (str | Unset): Returns only what belongs to the RUM application with
            this id.
        page_number (int | Unset): The page to return, counted from 0. The response to a negative
            number, and to one past the last page, is undocumented.
        page_size (int | Unset): How many items a page should contain. The default and the allowed
            range are undocumented.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | ViewershipHistorySessionArray
    """

    return (
        await asyncio_detailed(
            client=client,
            filter_watched_at_start=filter_watched_at_start,
            filter_watched_at_end=filter_watched_at_end,
            filter_created_by=filter_created_by,
            filter_session_ids=filter_session_ids,
            filter_application_id=filter_application_id,
            page_number=page_number,
            page_size=page_size,
        )
    ).parsed
