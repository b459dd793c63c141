# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client, build_response
from ...models.api_error_response import APIErrorResponse
from ...models.error_response import ErrorResponse
from ...models.snapshot import Snapshot
from ...models.snapshot_update_request import SnapshotUpdateRequest
from ...types import Response, exact


def _get_kwargs(
    snapshot_id: str,
    *,
    body: SnapshotUpdateRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/v2/replay/heatmap/snapshots/{snapshot_id}".format(
            snapshot_id=quote(str(exact(snapshot_id)), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIErrorResponse | ErrorResponse | Snapshot | None:
    if response.status_code == 200:
        response_200 = Snapshot.from_dict(response.json())

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
) -> Response[APIErrorResponse | ErrorResponse | Snapshot]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    snapshot_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: SnapshotUpdateRequest,
) -> Response[APIErrorResponse | ErrorResponse | Snapshot]:
    """Point a snapshot at another moment

     Changes the moment that a snapshot shows. `event_id`, `start` and `is_device_type_selected_by_user`
    are required even though this is a PATCH. There are no fields for the name, the view name, the
    application and the device type, so these do not change.

    Args:
        snapshot_id (str): Id of a heatmap snapshot.
        body (SnapshotUpdateRequest): A request to change a heatmap snapshot.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | Snapshot]
    """

    kwargs = _get_kwargs(
        snapshot_id=snapshot_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    snapshot_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: SnapshotUpdateRequest,
) -> APIErrorResponse | ErrorResponse | Snapshot | None:
    """Point a snapshot at another moment

     Changes the moment that a snapshot shows. `event_id`, `start` and `is_device_type_selected_by_user`
    are required even though this is a PATCH. There are no fields for the name, the view name, the
    application and the device type, so these do not change.

    Args:
        snapshot_id (str): Id of a heatmap snapshot.
        body (SnapshotUpdateRequest): A request to change a heatmap snapshot.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | Snapshot
    """

    return sync_detailed(
        snapshot_id=snapshot_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    snapshot_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: SnapshotUpdateRequest,
) -> Response[APIErrorResponse | ErrorResponse | Snapshot]:
    """Point a snapshot at another moment

     Changes the moment that a snapshot shows. `event_id`, `start` and `is_device_type_selected_by_user`
    are required even though this is a PATCH. There are no fields for the name, the view name, the
    application and the device type, so these do not change.

    Args:
        snapshot_id (str): Id of a heatmap snapshot.
        body (SnapshotUpdateRequest): A request to change a heatmap snapshot.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | Snapshot]
    """

    kwargs = _get_kwargs(
        snapshot_id=snapshot_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    snapshot_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: SnapshotUpdateRequest,
) -> APIErrorResponse | ErrorResponse | Snapshot | None:
    """Point a snapshot at another moment

     Changes the moment that a snapshot shows. `event_id`, `start` and `is_device_type_selected_by_user`
    are required even though this is a PATCH. There are no fields for the name, the view name, the
    application and the device type, so these do not change.

    Args:
        snapshot_id (str): Id of a heatmap snapshot.
        body (SnapshotUpdateRequest): A request to change a heatmap snapshot.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | Snapshot
    """

    return (
        await asyncio_detailed(
            snapshot_id=snapshot_id,
            client=client,
            body=body,
        )
    ).parsed
