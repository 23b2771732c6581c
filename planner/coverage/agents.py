"""The agents a request names, and who does the work instead. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from memory.model.agents.spec import INSTRUCTED, AgentSpec, Catalogue
from memory.model.base import name_key
from memory.model.text import text
from memory.model.work.graph import TaskGraph
from planner.draft import Draft, Gap
from planner.port import PlanRequest

KNOWN: Final = (
    "ChatGPT", "GPT", "GPT-4", "GPT-5", "OpenAI", "Claude", "Claude Code", "Anthropic", "Gemini",
    "Gemini CLI", "Grok", "Llama", "Mistral", "DeepSeek", "Qwen", "Copilot", "Codex", "Cursor",
    "Perplexity", "Devin", "Aider", "Ollama",
)  # fmt: skip
"""Agents that people name whether or not they are connected here."""

_TOPIC: Final = re.compile(
    r"\b(?:about|on|of|regarding|concerning|versus|vs\.?|between|compare|comparing|comparison|like|"
    r"against|history|article|review of|named|called|mention(?:s|ing)?|is|are|was|than|does|did|and|or)\s+"
    r"(?:the\s+|how\s+|why\s+)?$",
    re.IGNORECASE,
)
"""What stands before the name of something that is written about."""
_HANDED: Final = re.compile(
    r"\b(?:have|let|get|ask|tell|with|using|use|by|via|through|for|to|from|both|give)\s+"
    r"(?:both\s+)?$",
    re.IGNORECASE,
)
_BEGINS: Final = re.compile(r"(?:^|[.;:,!?\n]\s*|\b(?:then|and)\s+)$", re.IGNORECASE)
_DOES: Final = re.compile(
    r"^(?:,)?\s+(?:should|must|can|could|will|to|please|drafts?|writes?|reviews?|checks?|does|do|"
    r"translates?|summari[sz]es?|researche?s?|codes?|fixe?s|improves?|edits?|analy[sz]es?)\b",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"\s*(?:,|and|or|&|plus|as well as)\s*(?:also\s+)?(?:both\s+)?$", re.I)
_NOT: Final = re.compile(
    r"(?:\b(?:not|never|without|don['’]?t|avoid|instead of|rather than|except|but not|other than)\b"
    r"(?:\s+(?:use|with|using|by|ask|let|have|give|it|to|the)\b)*\s*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Named:
    """An agent as it was named; `spec` is None where it is not connected."""

    name: str
    spec: AgentSpec | None
    forbidden: bool


def named_agents(words: str, catalogue: Catalogue) -> tuple[Named, ...]:
    """The agents that are to do work, or must not, each once. Those written about are not meant."""
    names = _names(catalogue)
    pattern = re.compile(
        "|".join(rf"(?<![\w./-]){re.escape(name)}(?![\w/-]|\.\w)" for name in names), re.IGNORECASE
    )
    found: dict[str, Named] = {}
    before_end, handed = 0, False
    for match in pattern.finditer(words):
        joined = handed and _AND.fullmatch(words[before_end : match.start()]) is not None
        forbidden = _NOT.search(words[: match.start()]) is not None
        handed = joined or forbidden or _is_handed(words, match)
        before_end = match.end()
        if handed:
            spec = catalogue.find(match[0])
            key = spec.name if spec else name_key(match[0])
            found.setdefault(key, Named(spec.title if spec else match[0], spec, forbidden))
    return tuple(found.values())


def agent_gaps(words: str, graph: TaskGraph, request: PlanRequest) -> tuple[Gap, ...]:
    """A question for each agent that was named and does nothing, or must not and does."""
    busy: set[str] = {task.agent for task in graph.tasks}
    busy |= {task.review.agent for task in graph.tasks if task.review is not None}
    worked = [spec for task in graph.tasks if (spec := _instructed(task.agent, request.catalogue))]
    return tuple(
        _gap(name, worked, request)
        for name in named_agents(words, request.catalogue)
        if worked and _is_off(name, busy)
    )


def heeded(draft: Draft, request: PlanRequest) -> Draft:
    """The draft with the agents that were chosen when the plan gave work to somebody else."""
    chosen = {
        answer.slot.removeprefix(SLOT): answer.value
        for answer in request.answers
        if answer.slot.startswith(SLOT)
    }
    for named, value in chosen.items():
        wanted = request.catalogue.find(value)
        if wanted is None:
            continue
        tasks = tuple(
            task.model_copy(update={"agent": wanted.name})
            if task.instruction and _is_free(task.agent, named, request)
            else task
            for task in draft.tasks
        )
        draft = draft.model_copy(update={"tasks": tasks})
    return draft


SLOT: Final = "who instead of "
"""How the slots of these questions begin; the name that was said follows."""


def _is_free(agent: str | None, named: str, request: PlanRequest) -> bool:
    """Whether nobody else was named for the task."""
    spec = request.catalogue.find(agent) if agent else None
    others = {
        found.spec.name
        for found in named_agents(request.text, request.catalogue)
        if found.spec is not None
        and not found.forbidden
        and name_key(found.name) != name_key(named)
    }
    return spec is None or spec.name not in others


def _names(catalogue: Catalogue) -> list[str]:
    connected = [
        name
        for spec in catalogue.agents
        if spec.kind in INSTRUCTED
        for name in (spec.title, spec.name, *spec.aliases)
        if name
    ]
    return sorted({*connected, *KNOWN}, key=len, reverse=True)


def _is_handed(words: str, match: "re.Match[str]") -> bool:
    """Whether the name is that of somebody who is to do something."""
    before, after = words[: match.start()], words[match.end() :]
    if _TOPIC.search(before):
        return False
    return bool(_HANDED.search(before)) or bool(_BEGINS.search(before) and _DOES.match(after))


def _instructed(agent: str, catalogue: Catalogue) -> AgentSpec | None:
    spec = catalogue.find(agent)
    return spec if spec is not None and spec.kind in INSTRUCTED else None


def _is_off(name: Named, busy: set[str]) -> bool:
    does = name.spec is not None and name.spec.name in busy
    return does if name.forbidden else not does


def _gap(name: Named, worked: Sequence[AgentSpec], request: PlanRequest) -> Gap:
    options = tuple(dict.fromkeys(_options(name, worked, request)))
    return Gap(
        slot=f"{SLOT}{name_key(name.name)}"[:120],
        question=_question(name, worked),
        options=options,
        default=options[0] if options else "",
        accepts=(),
    )


def _question(name: Named, worked: Sequence[AgentSpec]) -> str:
    other = worked[0].title
    if name.forbidden:
        return text("You said not to use {agent}. Who should do it instead?", agent=name.name)
    if name.spec is None:
        return text("{agent} isn't connected here. Who should do it instead?", agent=name.name)
    return text("You name {agent}, but the plan gives the work to {other}. Who should do it?",
                agent=name.name, other=other)  # fmt: skip


def _options(name: Named, worked: Sequence[AgentSpec], request: PlanRequest) -> Iterator[str]:
    if name.spec is not None and not name.forbidden:
        yield name.spec.title
    without = name.spec.name if name.spec is not None and name.forbidden else None
    yield from (spec.title for spec in worked if spec.name != without)
    for spec in request.catalogue.agents:
        if spec.kind in INSTRUCTED and spec.name != without and spec.task_types:
            yield spec.title
