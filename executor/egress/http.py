"""The guarded way to fetch from the web: public addresses only, with limits on everything."""

import asyncio
import contextlib
import ipaddress
import socket
import zlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memory.model.errors import AgentMisbehaved, AgentRejected, AgentUnavailable, BadInput
from memory.model.limits import FETCH_BYTES

if TYPE_CHECKING:
    import httpx2

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

REDIRECTS = 5
REDIRECT_CODES = frozenset({301, 302, 303, 307, 308})
LONGEST_WAIT_S = 3600.0
AGENT = "Mozilla/5.0 (compatible; Orchestra/0.1)"
CARRIERS = tuple(
    ipaddress.ip_network(text)
    for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)
"""IPv6 ranges that lead to an IPv4 address of the asker's choice."""


@dataclass(frozen=True)
class Page:
    """What came back: the address after redirects, the media type and at most `limit` bytes."""

    url: str
    media_type: str
    charset: str
    body: bytes


class Http:
    """GET only. `allow` names hosts or networks that may be private (a test server, an intranet)."""

    def __init__(self, *, allow: Collection[str] = (), resolve: Resolve | None = None) -> None:
        self._hosts = frozenset(name.casefold() for name in allow)
        self._networks = tuple(_networks(allow))
        self._resolve = resolve or _resolve

    async def get(self, url: str, *, timeout_s: float, limit: int = FETCH_BYTES) -> Page:
        """Fetch the page, following five redirects, each checked like the first address.

        Raises BadInput, AgentRejected (not allowed) or AgentUnavailable (try later).
        """
        import httpx2  # noqa: PLC0415 - 0.2 s that only fetching should pay

        host = ""
        try:
            async with asyncio.timeout(timeout_s):
                async with httpx2.AsyncClient(trust_env=False, timeout=timeout_s) as client:
                    for _ in range(REDIRECTS + 1):
                        target = _checked(url)
                        host = target.host
                        page = await self._one(client, target, limit)
                        if isinstance(page, Page):
                            return page
                        url = page
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise AgentUnavailable(
                "{host} didn't answer within {timeout_s:,.0f} s.", host=host, timeout_s=timeout_s
            ) from error
        except httpx2.TransportError as error:
            raise AgentUnavailable(
                "{host} can't be reached. Check the address or try later.",
                detail=repr(error),
                host=host,
            ) from error
        raise AgentRejected("{host} keeps redirecting. Name the final address.", host=host)

    async def _one(self, client: "httpx2.AsyncClient", url: "httpx2.URL", limit: int) -> Page | str:
        """The page, or the address it sends on to."""
        port = url.port or (443 if url.scheme == "https" else 80)
        address = await self.address(url.host, port)
        # The name is resolved once: what was checked is what is connected to (no rebinding).
        request = client.build_request(
            "GET",
            url.copy_with(host=address, fragment=None),
            headers={
                "Host": url.netloc.decode("ascii"),
                "User-Agent": AGENT,
                "Accept": "text/html, text/plain, application/json, text/*;q=0.9, */*;q=0.5",
                "Accept-Encoding": "gzip",
            },
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        response = await client.send(request, stream=True)
        try:
            if response.status_code in REDIRECT_CODES and response.headers.get("location"):
                return str(url.join(response.headers["location"]))
            _refuse_status(response, str(url.host))
            body = await _body(response, limit, url.host)
        finally:
            await response.aclose()
        kind = response.headers.get("content-type", "").partition(";")[0].strip().casefold()
        charset = response.charset_encoding or ""
        return Page(url=str(url), media_type=kind, charset=charset, body=body)

    async def address(self, host: str, port: int) -> str:
        """An address of the host that may be connected to.

        Raises BadInput, AgentRejected (not allowed) or AgentUnavailable (try later).
        """
        try:
            addresses = await self._resolve(host, port)
        except socket.gaierror as error:
            if error.errno == socket.EAI_AGAIN:
                raise AgentUnavailable(
                    "The name {host} can't be looked up right now.", host=host
                ) from error
            addresses = ()
        if not addresses:
            raise BadInput("There's no host {host}. Check the address.", host=host)
        if host.casefold() not in self._hosts and not all(map(self._open, addresses)):
            raise AgentRejected(
                "{host} is on this machine or a private network. Only public pages are fetched.",
                host=host,
            )
        return min(addresses, key=lambda address: ":" in address)

    def _open(self, text: str) -> bool:
        address = ipaddress.ip_address(text.partition("%")[0])
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if any(address in network for network in self._networks):
            return True
        carried = any(address in network for network in CARRIERS)
        return address.is_global and not address.is_multicast and not carried


def _networks(allow: Collection[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    networks = []
    for text in allow:
        with contextlib.suppress(ValueError):  # a host's name
            networks.append(ipaddress.ip_network(text, strict=False))
    return networks


async def _resolve(host: str, port: int) -> Sequence[str]:
    entries = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def _checked(text: str) -> "httpx2.URL":
    import httpx2  # noqa: PLC0415 - see get()

    try:
        url = httpx2.URL(text.strip())
    except httpx2.InvalidURL as error:
        raise BadInput("{text} isn't a web address.", text=text[:200]) from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise BadInput("{text} isn't a web address. Those begin with https://.", text=text[:200])
    if url.userinfo:
        raise BadInput("A web address must not contain a name or password.")
    return url


def _refuse_status(response: "httpx2.Response", host: str) -> None:
    status = response.status_code
    if status in {404, 410}:
        raise BadInput(
            "{host} has no such page ({status}). Check the address.", host=host, status=status
        )
    if status in {408, 425, 429} or status >= 500:
        wait = response.headers.get("retry-after", "")
        seconds = min(float(wait), LONGEST_WAIT_S) if wait.isdigit() else None
        raise AgentUnavailable(
            "{host} can't answer right now ({status}).",
            retry_after_s=seconds,
            host=host,
            status=status,
        )
    if status in {401, 403, 407, 451}:
        raise AgentRejected(
            "{host} doesn't let us see this page ({status}).", host=host, status=status
        )
    if not 200 <= status < 300:
        raise AgentRejected("{host} answered with status {status}.", host=host, status=status)


async def _body(response: "httpx2.Response", limit: int, host: str) -> bytes:
    data = bytearray()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > limit:
            raise _too_large(host, limit)
    match response.headers.get("content-encoding", "identity").strip().casefold():
        case "identity" | "":
            return bytes(data)
        case "gzip" | "x-gzip" | "deflate":
            return _unpacked(bytes(data), limit, host)
        case other:
            raise AgentMisbehaved(
                "{host} compresses its pages in a way we can't read: {encoding}.",
                host=host,
                encoding=other,
            )


def _unpacked(data: bytes, limit: int, host: str) -> bytes:
    try:
        body = zlib.decompressobj(wbits=47).decompress(data, limit + 1)
    except zlib.error as error:
        raise AgentMisbehaved("{host} sent a page that can't be unpacked.", host=host) from error
    if len(body) > limit:
        raise _too_large(host, limit)
    return body


def _too_large(host: str, limit: int) -> AgentRejected:
    return AgentRejected(
        "The page of {host} is larger than {megabytes} MB. Name a smaller one.",
        host=host,
        megabytes=limit // 1_000_000,
    )
