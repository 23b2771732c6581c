"""[web]: where the pages and the API are served, and to whom."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from pydantic import Field

from memory.model.base import Model
from memory.model.errors import Misconfigured

PORT: Final = 8765


class WebTable(Model):
    """[web]: `serve` has `orchestra serve` answer, too. `url` is what people's browsers call it."""

    serve: bool = False
    bind: str = "127.0.0.1"
    port: int = Field(default=PORT, ge=0, le=65_535)
    url: str = Field(default="", pattern=r"^(https?://[^/?#\s]+/?)?$")


class WebSettings(Model):
    """Where the server listens; port 0 is any that's free. `url` without a slash at its end."""

    bind: str = "127.0.0.1"
    port: int = PORT
    url: str = ""

    @property
    def secure(self) -> bool:
        """Whether browsers come by https, so that a cookie may be kept to it."""
        return self.url.startswith("https://")

    def hosts(self, port: int) -> frozenset[str]:
        """The names by which browsers may call this server, as their Host header has them."""
        named = urlsplit(self.url).netloc
        local = (f"{host}:{port}" for host in ("127.0.0.1", "localhost", "[::1]"))
        return frozenset({*local, *([named.lower()] if named else [])})


def web_of(table: WebTable) -> WebSettings:
    """Where to serve. Raises Misconfigured for a place where nobody could log in safely."""
    if not _is_local(table.bind) and not table.url.startswith("https://"):
        raise Misconfigured(
            "The web pages can't listen on {bind}: anybody there could read along. Put a proxy "
            "with https before them and set `url` in [web] to its https address, or leave out "
            "`bind`.",
            bind=table.bind,
        )
    return WebSettings(bind=table.bind, port=table.port, url=table.url.rstrip("/"))


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
