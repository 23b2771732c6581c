"""All agents there are: built-in tools, models, and third parties found by their entry point.

A third party declares `[project.entry-points."orchestra.agents"]` with a callable that takes
nothing and gives an `Agent` or several.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import EntryPoint, entry_points

import structlog

from executor.agents.chat_remind import ChatRemind
from executor.agents.command.agent import CommandAgent
from executor.agents.files.edit import FilesAppend, FilesReplace
from executor.agents.files.lines import TextCount, TextLines
from executor.agents.files.move import RENAME, FilesMove
from executor.agents.files.read import FilesRead
from executor.agents.files.write import PUBLISH, FilesWrite
from executor.agents.mcp.agent import McpTool
from executor.agents.mcp.session import Session
from executor.agents.mcp.specs import usable
from executor.agents.model import ModelAgent
from executor.agents.web_fetch import WebFetch
from executor.agents.webhook import WebhookAgent
from executor.egress.http import Http
from executor.egress.sandbox import Sandbox
from executor.port import Agent
from executor.workshop.pool import InWorker, Pool
from executor.workshop.tools import burning
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.agents.external import ExternalAgents
from memory.model.agents.tools import ToolPin
from memory.model.base import name_key
from memory.model.errors import Misconfigured
from memory.model.timing.clock import Clock, SystemClock

GROUP = "orchestra.agents"

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def opened(
    endpoints: Sequence[ModelEndpoint],
    external: ExternalAgents,
    pins: Iterable[ToolPin] = (),
    *,
    clock: Clock | None = None,
    pool: Pool | None = None,
) -> AsyncIterator[tuple[Agent, ...]]:
    """Everyone, including the owner's external agents; their servers are closed at the end.

    Nothing is started or called before its first task: the tools of a server are those that were
    approved (`pins`), and it has to offer just these when it is reached. Raises Misconfigured.
    """
    approved = {pin.server: pin for pin in pins}
    async with asyncio.TaskGroup() as group, AsyncExitStack() as stack:
        agents: list[Agent] = [
            CommandAgent(program, Sandbox(path=program.path)) for program in external.programs
        ]
        agents += [WebhookAgent(hook) for hook in external.hooks]
        for server in external.servers:
            pin = approved.get(server.name)
            if pin is None:
                _log.warning("tools_not_approved", server=server.name)
                continue
            session = Session(server, Sandbox(path=server.path), group, approved=pin.digest)
            stack.push_async_callback(session.close)
            agents += [McpTool(session, tool) for tool in pin.tools if usable(server, tool)]
        yield load(endpoints, external=agents, clock=clock, pool=pool)


def load(
    endpoints: Sequence[ModelEndpoint],
    *,
    external: Sequence[Agent] = (),
    http: Http | None = None,
    clock: Clock | None = None,
    third_parties: Iterable[EntryPoint] | None = None,
    pool: Pool | None = None,
) -> tuple[Agent, ...]:
    """Models first, then external agents of the settings, the built-in tools, third parties.

    A third party that cannot be loaded, or takes a name that is taken, is left out with a
    warning. Built-in tools that burn time work in the `pool`, in threads where there's none.
    Raises Misconfigured when two of our own have one name.
    """
    clock = clock or SystemClock()
    tools = [*external, *_burning(clock, pool), *_built_in(http or Http(), pool)]
    agents: list[Agent] = [ModelAgent(endpoint, tools) for endpoint in endpoints]
    agents += tools
    _refuse_duplicates(agents)
    entries = entry_points(group=GROUP) if third_parties is None else third_parties
    for entry in sorted(entries, key=lambda entry: name_key(entry.name)):
        agents += _third_party(entry, taken={_key(agent) for agent in agents})
    return tuple(agents)


def _burning(clock: Clock, pool: Pool | None) -> list[Agent]:
    agents = burning(clock).values()
    return [InWorker(pool, agent, clock) for agent in agents] if pool else [*agents]


def _built_in(http: Http, pool: Pool | None) -> list[Agent]:
    return [
        WebFetch(http, pool),
        FilesRead(),
        FilesWrite(),
        FilesWrite(PUBLISH),
        FilesAppend(),
        FilesReplace(),
        FilesMove(),
        FilesMove(RENAME),
        TextLines(),
        TextCount(),
        ChatRemind(),
    ]


def _refuse_duplicates(agents: Sequence[Agent]) -> None:
    seen: set[str] = set()
    for agent in agents:
        if _key(agent) in seen:
            raise Misconfigured(
                "Two agents are called {name}. Rename one in orchestra.toml.", name=agent.spec.name
            )
        seen.add(_key(agent))


def _key(agent: Agent) -> str:
    return name_key(agent.spec.name)


def _third_party(entry: EntryPoint, *, taken: set[str]) -> list[Agent]:
    try:
        made = _made(entry.load())
    except Exception as error:  # noqa: BLE001 - somebody else's code must not stop the bot
        _log.warning("agent_left_out", entry=entry.name, reason=repr(error))
        return []
    fresh = []
    for agent in made:
        if _key(agent) in taken:
            _log.warning("agent_left_out", entry=entry.name, reason="its name is taken")
            continue
        taken.add(_key(agent))
        fresh.append(agent)
    return fresh


def _made(factory: Callable[[], Agent | Sequence[Agent]]) -> list[Agent]:
    made = factory()
    agents: list[Agent] = list(made) if isinstance(made, Sequence) else [made]
    for agent in agents:
        if not callable(agent.run) or not name_key(agent.spec.name):
            raise TypeError(f"{agent!r} is not an agent")
    return agents
