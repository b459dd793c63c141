# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client, build_response
from ...models.api_error_response import APIErrorResponse
from ...models.error_response import ErrorResponse
from ...models.watch import Watch
from ...types import Response, exact


def _get_kwargs(
    session_id: str,
    *,
    body: Watch,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v2/rum/replay/sessions/{session_id}/watches".format(
            session_id=quote(str(exact(session_id)), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIErrorResponse | ErrorResponse | Watch | None:
    if response.status_code == 201:
        response_201 = Watch.from_dict(response.json())

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
) -> Response[APIErrorResponse | ErrorResponse | Watch]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: Watch,
) -> Response[APIErrorResponse | ErrorResponse | Watch]:
    """Record that a session was watched

     Adds one watch of the session to the viewership history. The request does not name a user;
    presumably the watch counts for the user whose credentials are sent. Sending the request twice may
    count two watches.

    Args:
        session_id (str): Id of a RUM session.
        body (Watch): One watch of a session, in requests and responses.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | Watch]
    """

    kwargs = _get_kwargs(
        session_id=session_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: Watch,
) -> APIErrorResponse | ErrorResponse | Watch | None:
    """Record that a session was watched

     Adds one watch of the session to the viewership history. The request does not name a user;
    presumably the watch counts for the user whose credentials are sent. Sending the request twice may
    count two watches.

    Args:
        session_id (str): Id of a RUM session.
        body (Watch): One watch of a session, in requests and responses.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | Watch
    """

    return sync_detailed(
        session_id=session_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: Watch,
) -> Response[APIErrorResponse | ErrorResponse | Watch]:
    """Record that a session was watched

     Adds one watch of the session to the viewership history. The request does not name a user;
    presumably the watch counts for the user whose credentials are sent. Sending the request twice may
    count two watches.

    Args:
        session_id (str): Id of a RUM session.
        body (Watch): One watch of a session, in requests and responses.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | Watch]
    """

    kwargs = _get_kwargs(
        session_id=session_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: Watch,
) -> APIErrorResponse | ErrorResponse | Watch | None:
    """Record that a session was watched

     Adds one watch of the session to the viewership history. The request does not name a user;
    presumably the watch counts for the user whose credentials are sent. Sending the request twice may
    count two watches.

    Args:
        session_id (str): Id of a RUM session.
        body (Watch): One watch of a session, in requests and responses.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | Watch
    """

    return (
        await asyncio_detailed(
            session_id=session_id,
            client=client,
            body=body,
        )
    ).parsed
