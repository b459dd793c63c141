# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client, build_response
from ...models.api_error_response import APIErrorResponse
from ...models.error_response import ErrorResponse
from ...models.snapshot_array import SnapshotArray
from ...types import UNSET, Response, Unset, exact


def _get_kwargs(
    *,
    filter_view_name: str,
    filter_device_type: str | Unset = UNSET,
    filter_application_id: str | Unset = UNSET,
    page_limit: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["filter[view_name]"] = filter_view_name

    params["filter[device_type]"] = filter_device_type

    params["filter[application_id]"] = filter_application_id

    params["page[limit]"] = page_limit

    params = {k: exact(v) for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v2/replay/heatmap/snapshots",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIErrorResponse | ErrorResponse | SnapshotArray | None:
    if response.status_code == 200:
        response_200 = SnapshotArray.from_dict(response.json())

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
) -> Response[APIErrorResponse | ErrorResponse | SnapshotArray]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    filter_view_name: str,
    filter_device_type: str | Unset = UNSET,
    filter_application_id: str | Unset = UNSET,
    page_limit: int | Unset = UNSET,
) -> Response[APIErrorResponse | ErrorResponse | SnapshotArray]:
    """List a view's snapshots

     Returns the snapshots of the views with a given name. Their number can be limited, but the rest
    cannot be requested. The order, and how the view name is matched, are undocumented.

    Args:
        filter_view_name (str): Name or URL path of the view whose snapshots to list.
        filter_device_type (str | Unset): Returns only snapshots for this kind of device, such as
            `desktop`, `mobile` or `tablet`. The full set of values is undocumented.
        filter_application_id (str | Unset): Returns only what belongs to the RUM application with
            this id.
        page_limit (int | Unset): The most snapshots to return. The default and the allowed range
            are undocumented.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | SnapshotArray]
    """

    kwargs = _get_kwargs(
        filter_view_name=filter_view_name,
        filter_device_type=filter_device_type,
        filter_application_id=filter_application_id,
        page_limit=page_limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    filter_view_name: str,
    filter_device_type: str | Unset = UNSET,
    filter_application_id: str | Unset = UNSET,
    page_limit: int | Unset = UNSET,
) -> APIErrorResponse | ErrorResponse | SnapshotArray | None:
    """List a view's snapshots

     Returns the snapshots of the views with a given name. Their number can be limited, but the rest
    cannot be requested. The order, and how the view name is matched, are undocumented.

    Args:
        filter_view_name (str): Name or URL path of the view whose snapshots to list.
        filter_device_type (str | Unset): Returns only snapshots for this kind of device, such as
            `desktop`, `mobile` or `tablet`. The full set of values is undocumented.
        filter_application_id (str | Unset): Returns only what belongs to the RUM application with
            this id.
        page_limit (int | Unset): The most snapshots to return. The default and the allowed range
            are undocumented.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | SnapshotArray
    """

    return sync_detailed(
        client=client,
        filter_view_name=filter_view_name,
        filter_device_type=filter_device_type,
        filter_application_id=filter_application_id,
        page_limit=page_limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    filter_view_name: str,
    filter_device_type: str | Unset = UNSET,
    filter_application_id: str | Unset = UNSET,
    page_limit: int | Unset = UNSET,
) -> Response[APIErrorResponse | ErrorResponse | SnapshotArray]:
    """List a view's snapshots

     Returns the snapshots of the views with a given name. Their number can be limited, but the rest
    cannot be requested. The order, and how the view name is matched, are undocumented.

    Args:
        filter_view_name (str): Name or URL path of the view whose snapshots to list.
        filter_device_type (str | Unset): Returns only snapshots for this kind of device, such as
            `desktop`, `mobile` or `tablet`. The full set of values is undocumented.
        filter_application_id (str | Unset): Returns only what belongs to the RUM application with
            this id.
        page_limit (int | Unset): The most snapshots to return. The default and the allowed range
            are undocumented.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIErrorResponse | ErrorResponse | SnapshotArray]
    """

    kwargs = _get_kwargs(
        filter_view_name=filter_view_name,
        filter_device_type=filter_device_type,
        filter_application_id=filter_application_id,
        page_limit=page_limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    filter_view_name: str,
    filter_device_type: str | Unset = UNSET,
    filter_application_id: str | Unset = UNSET,
    page_limit: int | Unset = UNSET,
) -> APIErrorResponse | ErrorResponse | SnapshotArray | None:
    """List a view's snapshots

     Returns the snapshots of the views with a given name. Their number can be limited, but the rest
    cannot be requested. The order, and how the view name is matched, are undocumented.

    Args:
        filter_view_name (str): Name or URL path of the view whose snapshots to list.
        filter_device_type (str | Unset): Returns only snapshots for this kind of device, such as
            `desktop`, `mobile` or `tablet`. The full set of values is undocumented.
        filter_application_id (str | Unset): Returns only what belongs to the RUM application with
            this id.
        page_limit (int | Unset): The most snapshots to return. The default and the allowed range
            are undocumented.

    Raises:
        errors.UnexpectedStatus: If the status is not in the contract, or as errors.UnexpectedBody if no model can be built
            from the body, and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIErrorResponse | ErrorResponse | SnapshotArray
    """

    return (
        await asyncio_detailed(
            client=client,
            filter_view_name=filter_view_name,
            filter_device_type=filter_device_type,
            filter_application_id=filter_application_id,
            page_limit=page_limit,
        )
    ).parsed
