"""Whom and what a question about the bot is about: agent, person, kind of work, breakdown. Pure."""

import re
from collections.abc import Sequence
from typing import Final, Literal

from bot.language.intents import AskAbout
from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue
from memory.model.base import Model, name_key
from planner.names import is_named
from planner.rules.understood import work_type

By = Literal["agent", "person", "task_type", "run", "day", "template", "schedule"]

_BY: Final[tuple[tuple[By, str], ...]] = (
    ("person", r"\b(?:by|per|each|every|which) (?:person|people|user|member|colleague|teammate)s?\b|^who\b|\bwho (?:spent|spends|has spent|cost|used)|\bpro person|\bpar personne"),
    ("agent", r"\b(?:by|per|each|every|which|what) (?:agent|model|provider|ai)s?\b|\bbreak(?:down| it down)\b|\bpro agent"),
    ("day", r"\b(?:by|per|each|every|which) day\b|\bdaily\b|\bday by day\b|\bpro tag\b|\bpar jour\b"),
    ("task_type", r"\b(?:by|per|each|every|which|what) (?:(?:task )?(?:type|kind)s?(?: of (?:task|work)s?)?|kind of work|trade|sort of work)\b"),
    ("template", r"\b(?:by|per|each|every|which|what) templates?\b|\bpro vorlage"),
    ("schedule", r"\b(?:by|per|each|every|which|what) schedules?\b|\bpro zeitplan"),
    ("run", r"\b(?:by|per|each|every|which) runs?\b"),
)  # fmt: skip
_THIS_RUN: Final = re.compile(
    r"\b(?:that|this|the last|the latest|last|it)(?: (?:run|plan|one|job))?(?= (?:cost|costs)|\?|$)|\b(?:that|this|last|latest) (?:run|plan|job)\b"
)
_ME: Final = re.compile(r"\b(?:i|me|my|mine|myself)\b", re.IGNORECASE)


class Subject(Model):
    """What a question names; a field that it doesn't name stays empty. `person` is a key."""

    agents: tuple[AgentSpec, ...] = ()
    person: str = ""
    person_name: str = ""
    task_type: str = ""
    by: By | None = None
    this_run: bool = False

    @property
    def agent(self) -> AgentSpec | None:
        """The first agent that is named."""
        return self.agents[0] if self.agents else None


def subject(
    command: AskAbout, catalogue: Catalogue, people: Sequence[tuple[str, str]], me: str
) -> Subject:
    """What the question is about. `people` are (identity key, display name); `me` who asks."""
    words = " ".join(filter(None, [command.text, command.agent, command.person, command.task_type]))
    said = name_key(words)
    person, name = _person(words, said, people, me)
    return Subject(
        agents=tuple(agent for agent in _doers(catalogue) if is_named(words, agent)),
        person=person,
        person_name=name,
        task_type=_task_type(said, catalogue),
        by=next((by for by, form in _BY if re.search(form, said)), None),
        this_run=bool(_THIS_RUN.search(said)),
    )


def _doers(catalogue: Catalogue) -> list[AgentSpec]:
    return [agent for agent in catalogue.agents if agent.kind is not AgentKind.HUMAN]


def _person(words: str, said: str, people: Sequence[tuple[str, str]], me: str) -> tuple[str, str]:
    for key, display in people:
        name = name_key(display)
        if name and re.search(rf"(?<![\w-])@?{re.escape(name)}(?:'s)?(?![\w-])", said):
            return key, display
    return (me, "") if _ME.search(words) else ("", "")


def _task_type(said: str, catalogue: Catalogue) -> str:
    """The kind of work; the exact name of a tool's type, or a trade in people's words."""
    exact = {kind for agent in catalogue.agents for kind in agent.task_types if "." in kind}
    named = next((kind for kind in sorted(exact) if kind in said), "")
    found = (work_type(word, catalogue) for word in re.findall(r"[\w.-]*\w", said))
    return named or next(filter(None, found), "")
