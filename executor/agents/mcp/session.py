"""One session with a server: opened when first needed, kept, and reopened after a pause."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import structlog

from executor.agents.mcp.transport import transport
from executor.egress.sandbox import Sandbox
from memory.model.agents.external import Server
from memory.model.agents.tools import OfferedTool, tools_digest
from memory.model.base import Digest
from memory.model.errors import (
    AgentMisbehaved,
    AgentRejected,
    AgentUnavailable,
    Misconfigured,
    OrchestraError,
)

if TYPE_CHECKING:
    from mcp import Client
    from mcp.types import CallToolResult, RequestParamsMeta, Tool

CONNECT_S = 20.0
PING_S = 5.0
KEY = "orchestra/idempotencyKey"
PAGES, TOOLS = 20, 500
REST_S, LONGEST_REST_S = 1.0, 60.0
LOST = frozenset({-32000, -32001})
"""The SDK's codes for a connection that is gone and for a request that took too long."""

_log = structlog.get_logger(__name__)


@dataclass
class _Link:
    """One connection: who serves it tells here that it is open, or why it could not be."""

    opened: "asyncio.Future[Client]"
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    proven: bool = False
    """Whether its tools are the approved ones, as far as we know."""
    doubtful: bool = False
    """A call took too long: it has to answer a ping before it is used again."""


class Session:
    """Talks with one server. `group` serves the connection beside the calls, until `close`."""

    def __init__(
        self,
        server: Server,
        sandbox: Sandbox,
        group: asyncio.TaskGroup,
        *,
        approved: Digest | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.server = server
        self._sandbox = sandbox
        self._group = group
        self._approved = approved
        self._now = now
        self._link: _Link | None = None
        self._opening = asyncio.Lock()
        self._failures = 0
        self._rest_until = 0.0

    async def call(
        self, tool: str, arguments: Mapping[str, Any], *, timeout_s: float, key: str
    ) -> "CallToolResult":
        """Have the tool do it once, with `key` for servers that know what they did before.

        Raises AgentUnavailable, AgentRejected (a changed list of tools, a refusal) or
        AgentMisbehaved. Cancelled, it tells the server.
        """
        from mcp import MCPError  # noqa: PLC0415 - 1 s that only these servers should pay
        from mcp.types import INVALID_PARAMS  # noqa: PLC0415 - see above

        title = self.server.title
        async with self._sorted():
            try:
                async with asyncio.timeout(timeout_s):
                    link = await self._open(prove=True)
                    result = await link.opened.result().call_tool(
                        tool, dict(arguments), meta=cast("RequestParamsMeta", {KEY: key})
                    )
            except TimeoutError as error:
                self._doubt()
                raise AgentUnavailable(
                    "{title} didn't answer within {timeout_s:,.0f} s.",
                    title=title,
                    timeout_s=timeout_s,
                ) from error
            except MCPError as error:
                if error.code in LOST or (link.closed.is_set() and error.code != INVALID_PARAMS):
                    raise
                raise AgentRejected(
                    "{title} refused the call: {reason}.",
                    detail=str(error.code),
                    title=title,
                    reason=_brief(error.message),
                ) from error
            except (RuntimeError, ValueError, TypeError) as error:  # the SDK's word for bad replies
                raise AgentMisbehaved(
                    "{title} sent a reply that can't be read.",
                    detail=_brief(str(error)),
                    title=title,
                ) from error
        self._failures = 0
        return result

    async def offered(self) -> tuple[OfferedTool, ...]:
        """The tools it has now, approved or not. Raises as `call`."""
        link = await self._open(prove=False)
        return await self._listed(link)

    async def close(self) -> None:
        """End the connection and the program behind it."""
        link = self._link
        if link is not None:
            link.closing.set()
            await link.closed.wait()

    async def _open(self, *, prove: bool) -> _Link:
        async with self._opening:
            link = self._link
            if link is not None and link.doubtful and not await self._answers(link):
                await self.close()
            if link is None or link.closed.is_set() or link.closing.is_set():
                link = await self._connected()
            if prove and not link.proven:
                await self._prove(link)
            return link

    async def _connected(self) -> _Link:
        left = self._rest_until - self._now()
        if left > 0:
            raise AgentUnavailable(
                "{title} couldn't be reached. It'll be tried again in a moment.",
                retry_after_s=left,
                title=self.server.title,
            )
        link = _Link(asyncio.get_running_loop().create_future())
        self._group.create_task(self._serve(link))
        try:
            await asyncio.shield(link.opened)
        except asyncio.CancelledError:
            link.closing.set()
            raise
        except OrchestraError:
            self._fail()
            raise
        self._link = link
        return link

    async def _serve(self, link: _Link) -> None:
        """Hold the connection open in a task of its own, as the SDK's scopes want it."""
        from mcp import Client  # noqa: PLC0415 - see call

        async def heard(message: object) -> None:
            if getattr(message, "method", "") == "notifications/tools/list_changed":
                link.proven = False

        try:
            async with asyncio.timeout(CONNECT_S) as limit:
                async with Client(
                    transport(self.server, self._sandbox), message_handler=heard, cache=None
                ) as client:
                    limit.reschedule(None)
                    if not link.opened.done():
                        link.opened.set_result(client)
                    await link.closing.wait()
        except Exception as error:  # noqa: BLE001 - whatever ends a server must not end the others
            _log.info("mcp_session_ended", server=self.server.name, reason=_brief(repr(error)))
            if not link.opened.done():
                link.opened.set_exception(self._unreachable(error))
        finally:
            link.closed.set()
            link.opened.cancel()

    def _unreachable(self, error: BaseException) -> OrchestraError:
        known = _known(error)
        if isinstance(known, Misconfigured):
            return AgentRejected("{reason}", reason=known.user_text)
        if known is not None:
            return known
        return AgentUnavailable(
            "{title} can't be reached. Check its settings and that it's running.",
            detail=_brief(repr(error)),
            title=self.server.title,
        )

    async def _prove(self, link: _Link) -> None:
        """Check its tools against the approved list."""
        link.proven = True  # before it is asked: a change from here on is heard
        try:
            digest = tools_digest(await self._listed(link))
        except BaseException:
            link.proven = False
            raise
        if digest != self._approved:
            link.proven = False
            name = self.server.name
            raise AgentRejected(
                "The tools of {title} have changed since they were approved. Look at them with "
                "`orchestra tools show {name}`. If they're fine, run `orchestra tools trust "
                "{name}` and start again.",
                title=self.server.title,
                name=name,
            )

    async def _listed(self, link: _Link) -> tuple[OfferedTool, ...]:
        tools: list[OfferedTool] = []
        cursor: str | None = None
        async with self._sorted(), asyncio.timeout(CONNECT_S):
            for _ in range(PAGES):
                page = await link.opened.result().list_tools(cursor=cursor)
                tools += [_offered(tool) for tool in page.tools]
                cursor = page.next_cursor
                if cursor is None or len(tools) > TOOLS:
                    break
        if cursor is not None or len(tools) > TOOLS:
            raise AgentMisbehaved(
                "{title} offers more than {limit} tools.", title=self.server.title, limit=TOOLS
            )
        if len({tool.name for tool in tools}) != len(tools):
            raise AgentMisbehaved(
                "{title} offers two tools with the same name.", title=self.server.title
            )
        return tuple(tools)

    @asynccontextmanager
    async def _sorted(self) -> AsyncIterator[None]:
        """Our errors pass. Whatever else comes out of the SDK, the connection is lost."""
        try:
            yield
        except OrchestraError:
            raise
        except Exception as error:  # the adapter's edge: the SDK and its transports raise anything
            raise self._lost(error) from error

    async def _answers(self, link: _Link) -> bool:
        try:
            async with asyncio.timeout(PING_S):
                await link.opened.result().session.send_ping()
        except Exception:  # noqa: BLE001 - however it fails, it does not answer
            return False
        link.doubtful = False
        return True

    def _doubt(self) -> None:
        if self._link is not None:
            self._link.doubtful = True

    def _fail(self) -> None:
        self._failures += 1
        rest = min(LONGEST_REST_S, REST_S * 2 ** (self._failures - 1))
        self._rest_until = self._now() + rest

    def _lost(self, error: Exception) -> AgentUnavailable:
        if self._link is not None:
            self._link.closing.set()
        self._fail()
        return AgentUnavailable(
            "{title} closed the connection.", detail=_brief(repr(error)), title=self.server.title
        )


def _offered(tool: "Tool") -> OfferedTool:
    hints = tool.annotations
    return OfferedTool(
        name=tool.name,
        title=tool.title or (hints.title if hints else None) or "",
        description=tool.description or "",
        inputs=tool.input_schema,
        outputs=tool.output_schema,
        read_only=hints.read_only_hint if hints else None,
        destructive=hints.destructive_hint if hints else None,
        idempotent=hints.idempotent_hint if hints else None,
    )


def _known(error: BaseException) -> OrchestraError | None:
    """Our own error among those of a group."""
    if isinstance(error, BaseExceptionGroup):
        return next((known for inner in error.exceptions if (known := _known(inner))), None)
    return error if isinstance(error, OrchestraError) else None


def _brief(text: str) -> str:
    return " ".join(text.split())[:300].rstrip(".")
