"""What this project is, what may happen in it and why, and what can be done with what's connected."""

from bot.config.projects import rules_of, settings_of
from bot.config.settings import Settings, Source
from bot.queries.asking import Asking
from bot.queries.budgets import Outlook, outlooks
from memory.model.agents.spec import AgentKind
from memory.model.authority import About, Allowed, Right, authorise
from memory.model.base import Model
from memory.model.identity import Role
from memory.store.knowledge import projects
from memory.store.running import switches


class Setting(Model):
    """A setting as it holds here: its name in orchestra.toml, its value, and where that is from."""

    name: str
    value: str
    source: Source


class Connected(Model):
    """An agent that works on words. `local`: what it's given stays on this machine."""

    title: str
    kind: AgentKind
    local: bool


class Effective(Model):
    """What holds here. `rights` are what whoever asks may do; `stopped` says whether work is."""

    project: str
    file: str
    settings: tuple[Setting, ...]
    role: Role
    rights: tuple[Right, ...]
    stopped: bool


class ProjectHere(Model):
    """The project of this place."""

    name: str
    folder: str
    channels: tuple[str, ...]
    people: dict[Role, tuple[str, ...]]
    role: Role
    budgets: tuple[Outlook, ...]
    connected: tuple[Connected, ...]


class Able(Model):
    """What can be done here: agents for words, by the kinds of work, and the tools' names."""

    connected: tuple[Connected, ...]
    work: tuple[str, ...]
    tools: tuple[str, ...]
    servers: tuple[str, ...]


async def effective(asking: Asking) -> Effective:
    """The settings in force, each with its source."""
    asking.must_see()
    desk = asking.desk
    fixed = await settings_of(asking.connection, desk.settings, asking.project)
    rules = await rules_of(desk.settings, asking.connection, asking.project, now=asking.now)
    sources = desk.settings.sources
    table = f"projects.{fixed.name}" if fixed else "projects"
    own = {
        "quorum": str(rules.quorum),
        "requester_may_approve": {None: "unless it publishes or runs commands", True: "yes", False: "no"}[rules.requester_may_approve],
        "owners": str(len(rules.owners)),
        "approvers": str(len(rules.approvers)),
        "zone": fixed.zone if fixed else "UTC",
    }  # fmt: skip
    found = [_setting(f"{table}.{name}", value, sources) for name, value in own.items()]
    found += [_setting(name, value, sources) for name, value in _common(desk.settings).items()]
    found += [
        Setting(name=f"models.{endpoint.name}", value=endpoint.model, source=sources.get(f"models.{endpoint.name}", "environment"))
        for endpoint in desk.settings.endpoints
    ]  # fmt: skip
    about = About(requester=asking.person.key)
    return Effective(
        project=await projects.name(asking.connection, asking.project),
        file=desk.settings.config.name if desk.settings.config else "",
        settings=tuple(found),
        role=asking.role,
        rights=tuple(
            right
            for right in Right
            if isinstance(authorise(asking.person, asking.role, right, about), Allowed)
        ),
        stopped=await switches.stopped(asking.connection, asking.project) is not None,
    )


async def project_here(asking: Asking) -> ProjectHere:
    """Name, folder, people, budgets and agents of the project."""
    asking.must_see()
    connection, project = asking.connection, asking.project
    fixed = await settings_of(connection, asking.desk.settings, project)
    people: dict[Role, tuple[str, ...]] = {}
    for key, display, role in await projects.members_of(connection, project):
        people[role] = (*people.get(role, ()), display or key.rpartition(":")[2])
    return ProjectHere(
        name=await projects.name(connection, project),
        folder=str((await projects.root(connection, project)).name),
        channels=fixed.channels if fixed else (),
        people=people,
        role=asking.role,
        budgets=await outlooks(asking),
        connected=connected(asking),
    )


async def able(asking: Asking) -> Able:
    """What can be done with what is connected now."""
    asking.must_see()
    agents = asking.desk.executor.catalogue().agents
    thinkers = [agent for agent in agents if agent.kind in _THINKERS]
    return Able(
        connected=connected(asking),
        work=tuple(dict.fromkeys(kind for agent in thinkers for kind in agent.task_types)),
        tools=tuple(agent.title for agent in agents if agent.kind is AgentKind.TOOL),
        servers=tuple(server.name for server in asking.desk.settings.external.servers),
    )


_THINKERS = frozenset({AgentKind.MODEL, AgentKind.COMMAND, AgentKind.WEBHOOK})


def connected(asking: Asking) -> tuple[Connected, ...]:
    """The agents that work on words."""
    return tuple(
        Connected(title=agent.title, kind=agent.kind, local=agent.local)
        for agent in asking.desk.executor.catalogue().agents
        if agent.kind in _THINKERS
    )


def _common(settings: Settings) -> dict[str, str]:
    """What holds in every project alike."""
    return {
        "retention_days": f"{settings.retention_days} days" if settings.retention_days else "for ever",
        "cache_s": f"{settings.cache_s:,.0f} s" if settings.cache_s else "off",
        "patience_s": f"{settings.patience_s:,.0f} s",
        "language": settings.language,
    }  # fmt: skip


def _setting(name: str, value: str, sources: dict[str, Source]) -> Setting:
    return Setting(name=name, value=value, source=sources.get(name, "default"))
