"""HTTP to services the owner named in the settings: their own addresses, everything bounded."""

from collections.abc import AsyncIterator, Mapping

import httpx2

REPLY_BYTES = 16_000_000


class _BoundedStream(httpx2.AsyncByteStream):
    """A body that ends with an error where it grows too large."""

    def __init__(self, inner: httpx2.AsyncByteStream, limit: int) -> None:
        self._inner = inner
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._inner:
            size += len(chunk)
            if size > self._limit:
                raise httpx2.ReadError(f"more than {self._limit} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()


class _BoundedTransport(httpx2.AsyncBaseTransport):
    def __init__(self, limit: int) -> None:
        self._inner = httpx2.AsyncHTTPTransport(trust_env=False)
        self._limit = limit

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._inner.handle_async_request(request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _BoundedStream(response.stream, self._limit)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


def service_client(
    *, headers: Mapping[str, str], timeout_s: float, limit: int = REPLY_BYTES
) -> httpx2.AsyncClient:
    """A client that follows no redirects, asks for nothing packed, and reads `limit` bytes at most.

    A reply that is larger, packed ones included, ends with `httpx2.ReadError`. Without a guard
    against private addresses: the owner chose them.
    """
    return httpx2.AsyncClient(
        headers={"Accept-Encoding": "identity", **headers},
        timeout=timeout_s,
        transport=_BoundedTransport(limit),
        trust_env=False,
        follow_redirects=False,
    )
