# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client, build_response
from ...models.api_error_response import APIErrorResponse
from ...models.error_response import ErrorResponse
from ...models.rum_events_response import RUMEventsResponse
from ...models.rum_search_events_request import RUMSearchEventsRequest
from ...types import Response


def _get_kwargs(
    *,
    body: RUMSearchEventsRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v2/rum/events/search",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIErrorResponse | ErrorResponse | RUMEventsResponse | None:
    if response.status_code == 200:
        response_200 = RUMEventsResponse.from_dict(response.json())

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
) -> Response[APIErrorResponse | ErrorResponse | RUMEventsResponse]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: RUMSearchEventsRequest,
) -> Response[APIErrorResponse | ErrorResponse | RUMEventsResponse]:
    """Search for RUM events

     Returns one page of the events that match a query, within a time range. Only events that a retention
    filter kept are found, for 30 days (resources and long tasks: 15), even if the replay of their
    session is kept longer. It only reads, so it may be repeated.

    Args:
        body (RUMSearchEventsRequest): What to search for, and which page of it to return.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | RUMEventsResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: RUMSearchEventsRequest,
) -> APIErrorResponse | ErrorResponse | RUMEventsResponse | None:
    """Search for RUM events

     Returns one page of the events that match a query, within a time range. Only events that a retention
    filter kept are found, for 30 days (resources and long tasks: 15), even if the replay of their
    session is kept longer. It only reads, so it may be repeated.

    Args:
        body (RUMSearchEventsRequest): What to search for, and which page of it to return.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | RUMEventsResponse
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: RUMSearchEventsRequest,
) -> Response[APIErrorResponse | ErrorResponse | RUMEventsResponse]:
    """Search for RUM events

     Returns one page of the events that match a query, within a time range. Only events that a retention
    filter kept are found, for 30 days (resources and long tasks: 15), even if the replay of their
    session is kept longer. It only reads, so it may be repeated.

    Args:
        body (RUMSearchEventsRequest): What to search for, and which page of it to return.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | RUMEventsResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: RUMSearchEventsRequest,
) -> APIErrorResponse | ErrorResponse | RUMEventsResponse | None:
    """Search for RUM events

     Returns one page of the events that match a query, within a time range. Only events that a retention
    filter kept are found, for 30 days (resources and long tasks: 15), even if the replay of their
    session is kept longer. It only reads, so it may be repeated.

    Args:
        body (RUMSearchEventsRequest): What to search for, and which page of it to return.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | RUMEventsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
