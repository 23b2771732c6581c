"""Agents and tools as retrieval sees them: short, and nothing a description says is acted on. Pure."""

import re

from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue
from planner.experience.tools import ToolCard

DESCRIPTION_CHARS = 400
PARAMETERS_READ = 24
MEANING_CHARS = 80
"""Longer descriptions say no more, and one stuffed with words must not fit every request."""

MEDIA = frozenset({"text", "image", "audio", "video"})
"""Where a tool gives one of these and nothing else, they are what passes from tool to tool."""
_OURS = frozenset({"data", "report", "text", "web", "files", "chat"})
"""What the names of built-in tools begin with; a server's tool says whose it is."""


_PUSHES = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:all|any|other|others|previous|rules?|instructions?)\b"
    r"|\b(?:choose|pick|select|prefer)\s+(?:me|this)\b|\buse me\b",
    re.IGNORECASE,
)
"""What a description says to whoever chooses, not of what the tool does."""
_LOOKED_AT = 2_000


def pushes(spec: AgentSpec) -> bool:
    """Whether the description demands that the tool be chosen. Then no word of it is read."""
    said = (spec.description, *(parameter.description for parameter in spec.parameters))
    return any(_PUSHES.search(words[:_LOOKED_AT]) for words in said)


def _is_of_media(spec: AgentSpec) -> bool:
    return bool(spec.gives) and MEDIA.issuperset(spec.gives)


def card(spec: AgentSpec) -> ToolCard:
    """What is known of a tool, cut to what describes it."""
    media = _is_of_media(spec)
    title = "" if spec.title == spec.name else f"{spec.title}. "
    types = " ".join(kind for kind in spec.task_types if kind not in {spec.name, "general"})
    silent = pushes(spec)
    described = "" if silent else f"{title}{spec.description}"
    return ToolCard(
        id=str(spec.name),
        desc=described[:DESCRIPTION_CHARS],
        field=f"{types} {' '.join((*spec.aliases, *spec.words))}".strip()[:DESCRIPTION_CHARS],
        parameters=_parameters(spec, silent=silent),
        results={} if media else dict.fromkeys(spec.gives[:PARAMETERS_READ], ""),
        takes=tuple(parameter.name for parameter in spec.parameters) if media else (),
        gives=spec.gives if media else (),
    )


def _parameters(spec: AgentSpec, *, silent: bool) -> dict[str, str]:
    """What each parameter means; `silent`: no word of it is read."""
    return {
        parameter.name: "" if silent else parameter.description[:MEANING_CHARS]
        for parameter in spec.parameters[:PARAMETERS_READ]
        if parameter.name != "context"
    }


def foreign(catalogue: Catalogue) -> tuple[AgentSpec, ...]:
    """The tools of servers, services and packages: what the grammar knows nothing of."""
    return tuple(
        spec
        for spec in catalogue.agents
        if spec.kind is AgentKind.WEBHOOK or (spec.kind is AgentKind.TOOL and not is_built_in(spec))
    )


def is_built_in(spec: AgentSpec) -> bool:
    """Whether it's one of our own tools, whose words the grammar knows."""
    return not spec.provider and str(spec.name).partition(".")[0] in _OURS
