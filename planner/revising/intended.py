"""Which tasks of a plan are intended by words: numbers, kinds, agents, words of a title. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from memory.model.agents.spec import INSTRUCTED, AgentSpec, Catalogue
from planner.draft import CannotPlan, Draft, DraftTask
from planner.lexicon.agents import names_of_agents
from planner.lexicon.verbs import MODEL_TYPES
from planner.lexicon.words import NUMBERS, ORDINALS
from planner.lexicon.words import word_set as words_of

_NOUNS: Final[Mapping[str, str]] = {
    "data.chart": "chart graph plot picture diagram",
    "report.write": "report",
    "report.render": "report pdf html",
    "files.publish": "publish publishing publication",
    "files.write": "save saving",
    "text.summarise": "summary summarie",
    "summarise": "summary summarie",
    "data.query": "table query",
    "web.fetch": "fetch fetching download",
    "ask": "question approval sign-off check checking",
    "approve": "approval sign-off",
    "draft": "drafts drafting writing writer",
    "review": "reviewing reviewer check checking",
    "translate": "translation translating",
    "research": "researching",
    "analyse": "analysis",
    "code": "coding",
}
"""What people call each kind of work."""
_KINDS: Final = {verb: (kind,) for verb, kind in MODEL_TYPES.items()} | {
    noun: tuple(kind for kind, line in _NOUNS.items() if noun in line.split())
    for noun in words_of(*_NOUNS.values())
}
_FILLER: Final = words_of(
    "the a an step steps task tasks please and or part it for now also of to in number no that this",
    "those these all any one ones by with first thing too as well instead then anyway entirely",
    "altogether completely bit again from just only do doing work job",
)
_RANGE: Final = re.compile(
    r"(?<![\w/.-])(\d{1,3})\s*(?:-|–|to|through|until)\s*(\d{1,3})(?![\w/.-])"
)
_NUMBER: Final = re.compile(r"(?<![\w/.-])#?(\d{1,3})(?![\w/.-])")
_PLACE: Final = re.compile(rf"\b(?P<place>{'|'.join(ORDINALS)}|last) (?:step|task|one)\b")
_COUNTED: Final = re.compile(rf"\b(?:step|task)s? ({'|'.join(NUMBERS)})\b")


def intended(draft: Draft, words: str, catalogue: Catalogue, *, order: Sequence[str]) -> set[str]:
    """Keys of the tasks that all of the words are about; none where a word is left that was not
    understood, for then they are about something else. `order`: the keys as people see them numbered.
    """
    numbers, rest = _numbers(words.lower(), len(order))
    left = set(re.findall(r"[a-z]+", rest)) - _FILLER - set(NUMBERS)
    beyond = sorted(numbers - set(range(1, len(order) + 1)))
    if beyond and not left:
        raise CannotPlan("This plan has no step {number}; it has {count}.",
                 number=beyond[0], count=len(order))  # fmt: skip
    tasks = {task.key: task for task in draft.tasks}
    keys = {order[number - 1] for number in numbers - {*beyond}} & set(tasks)
    if not keys:
        return _by_words(tasks, words, catalogue)
    return set() if _unknown(left, [tasks[key] for key in keys]) else keys


def _numbers(low: str, count: int) -> tuple[set[int], str]:
    """The numbers of "4", "2-4", "steps 1 and 3", "the last step", and the other words."""
    ends = {int(number) for pair in _RANGE.findall(low) for number in pair}
    spans = [range(int(a), min(int(b), count) + 1) for a, b in _RANGE.findall(low)]
    rest = _RANGE.sub(" ", low)
    numbers = ends.union(*spans) | {int(number) for number in _NUMBER.findall(rest)}
    numbers |= {ORDINALS.get(place, count) for place in _PLACE.findall(low)}
    numbers |= {NUMBERS[word] for word in _COUNTED.findall(low)}
    return numbers, _NUMBER.sub(" ", _PLACE.sub(" ", rest))


def agents_in(words: str, catalogue: Catalogue) -> list[tuple[int, int, AgentSpec]]:
    """Agents that are told in words and named in these, with where each is named first, in order."""
    named: dict[str, tuple[int, int, AgentSpec]] = {}
    for match in names_of_agents(catalogue).finditer(words):
        agent = catalogue.find(match[0])
        if agent is not None and agent.kind in INSTRUCTED:
            named.setdefault(agent.name, (*match.span(), agent))
    return list(named.values())


def _names(agent: AgentSpec) -> tuple[str, ...]:
    return (agent.name, agent.title, *agent.aliases)


def _said_names(agents: Sequence[AgentSpec]) -> set[str]:
    return set(_said(" ".join(name for agent in agents for name in _names(agent))))


def _by_words(tasks: Mapping[str, DraftTask], words: str, catalogue: Catalogue) -> set[str]:
    agents = [agent for _, _, agent in agents_in(words, catalogue)]
    left = set(_said(words)) - _FILLER - _said_names(agents)
    if not left:
        named = {agent.name for agent in agents}
        return {key for key, task in tasks.items() if task.agent in named}
    keys = {key for key, task in tasks.items() if _is_of(task, left)}
    return set() if _unknown(left, [tasks[key] for key in keys]) else keys


def _is_of(task: DraftTask, left: set[str]) -> bool:
    """Whether a word names its kind of work, or all words do or stand in its title."""
    titles = _title_words(task)
    fits = [task.type in kinds_of(word) for word in left]
    return any(fits) or all(word in titles for word in left)


def kinds_of(word: str) -> tuple[str, ...]:
    """The kinds of work that the word names."""
    single = word[:-1] if len(word) > 3 and word.endswith("s") else word
    return _KINDS.get(word) or _KINDS.get(single, ())


def _unknown(left: set[str], tasks: Sequence[DraftTask]) -> bool:
    """Whether a word is left that these tasks do not explain."""
    titles = {word for task in tasks for word in _title_words(task)}
    return any(word not in titles and not kinds_of(word) for word in left)


def _said(words: str) -> list[str]:
    return re.findall(r"[a-z]+(?:-[a-z]+)*", words.lower().replace("’", "'"))


def _title_words(task: DraftTask) -> set[str]:
    return set(_said(f"{task.title} {task.key} {task.type.replace('.', ' ')}"))
