"""What comes over the wire: bounded, readable, and known to have been whole or not.

The SDK keeps a line for as long as it grows, unpacks whatever was packed, and does not tell whether
a stream came to its end or only stopped.
"""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Final

from memory.model.errors import AgentMisbehaved

if TYPE_CHECKING:
    import httpx2

WIRE_BYTES: Final = 100_000_000
"""1 MB of words comes in events of a few letters each, which take a hundred times the room."""

UNPACKED: Final = {"Accept-Encoding": "identity"}
LAST: Final = b"[DONE]"


class Wire:
    """Watches the responses of one client."""

    def __init__(self, title: str) -> None:
        self._title = title
        self.ended = False
        """Whether a stream of events said that it is over."""

    async def watch(self, response: "httpx2.Response") -> None:
        """Called with every response before its body is read. Raises AgentMisbehaved.

        A packed body was not asked for, and a small one may unpack to more than there is memory.
        """
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise AgentMisbehaved(
                "{title} sent a reply that can't be read.", detail="it is packed", title=self._title
            )
        response.stream = _watched(self, response.stream)  # type: ignore[arg-type]  # of an async client

    async def passing(self, stream: "httpx2.AsyncByteStream") -> AsyncIterator[bytes]:
        """The bytes as they come. Raises AgentMisbehaved when there are too many."""
        size, tail = 0, b""
        async for data in stream:
            size += len(data)
            if size > WIRE_BYTES:
                raise AgentMisbehaved(
                    "{title} sent too much. Ask for a shorter text.",
                    detail=f"more than {WIRE_BYTES} bytes",
                    title=self._title,
                )
            tail = tail[-len(LAST) :] + data
            self.ended = self.ended or LAST in tail
            tail = tail[-len(LAST) :]
            yield data


def _watched(wire: Wire, stream: "httpx2.AsyncByteStream") -> "httpx2.AsyncByteStream":
    import httpx2  # noqa: PLC0415 - comes with openai, see the agent

    class Watched(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for data in wire.passing(stream):
                yield data

        async def aclose(self) -> None:
            await stream.aclose()

    return Watched()
