# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from attrs import define, field

from . import errors
from .types import Response, exact

T = TypeVar("T")


@define(eq=False)
class Client:
    """The client with which the functions of `api` send their requests

    Values of headers are not part of its repr, and requests time out by default.

    Attributes:
        base_url: URL of the API, such as https://api.datadoghq.com
        headers: sent with every request
        timeout: seconds for each of connecting, sending and receiving
        raise_on_unexpected_status: raise errors.UnexpectedStatus for a status that is not in the contract, and
            errors.UnexpectedBody for a body from which no model can be built, instead of returning None
        httpx_args: more arguments for httpx.Client and httpx.AsyncClient
    """

    base_url: str
    headers: Mapping[str, str] = field(factory=dict, repr=False, kw_only=True)
    timeout: float | httpx.Timeout = field(default=30.0, kw_only=True)
    raise_on_unexpected_status: bool = field(default=False, kw_only=True)
    httpx_args: Mapping[str, Any] = field(factory=dict, repr=False, kw_only=True)
    _client: httpx.Client | None = field(default=None, init=False, repr=False)
    _async_client: httpx.AsyncClient | None = field(default=None, init=False, repr=False)

    def _all_headers(self) -> dict[str, str]:
        return dict(self.headers)

    def get_httpx_client(self) -> httpx.Client:
        """The underlying httpx.Client, created on first use"""
        if self._client is None:
            self._client = httpx.Client(
                base_url=exact(self.base_url), headers=self._all_headers(), timeout=self.timeout, **self.httpx_args
            )
        return self._client

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The underlying httpx.AsyncClient, created on first use"""
        if self._async_client is None:
            self._async_client = httpx.AsyncClient(
                base_url=exact(self.base_url), headers=self._all_headers(), timeout=self.timeout, **self.httpx_args
            )
        return self._async_client

    def __enter__(self) -> Self:
        self.get_httpx_client().__enter__()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.get_httpx_client().__exit__(exc_type, exc, traceback)

    async def __aenter__(self) -> Self:
        await self.get_async_httpx_client().__aenter__()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.get_async_httpx_client().__aexit__(exc_type, exc, traceback)


@define(eq=False)
class AuthenticatedClient(Client):
    """A Client that sends credentials: an API key and an application key, or a token

    Attributes:
        api_key: sent as DD-API-KEY
        app_key: sent as DD-APPLICATION-KEY
        token: sent as a bearer token
    """

    api_key: str | None = field(default=None, repr=False, kw_only=True)
    app_key: str | None = field(default=None, repr=False, kw_only=True)
    token: str | None = field(default=None, repr=False, kw_only=True)

    def _all_headers(self) -> dict[str, str]:
        headers = dict(self.headers)
        if self.api_key is not None:
            headers["DD-API-KEY"] = exact(self.api_key)
        if self.app_key is not None:
            headers["DD-APPLICATION-KEY"] = exact(self.app_key)
        if self.token is not None:
            headers["Authorization"] = f"Bearer {exact(self.token)}"
        return headers


def build_response(client: Client, response: httpx.Response, parse: Callable[..., T | None]) -> Response[T]:
    """The answer with its model, if there is one; see Client.raise_on_unexpected_status for answers without"""
    status = response.status_code
    try:
        parsed = parse(client=client, response=response)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        if client.raise_on_unexpected_status:
            raise errors.UnexpectedBody(status, response.content, response.headers) from error
        parsed = None
    try:
        status = HTTPStatus(status)
    except ValueError:
        pass  # it has no registered name
    return Response(status_code=status, content=response.content, headers=response.headers, parsed=parsed)
