"""Which tasks of a plan are meant by words: numbers, kinds, agents, words of a title. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue
from planner.draft import Draft, DraftTask
from planner.names import is_named
from planner.offline.grammar.refusal import CannotPlan
from planner.offline.grammar.verbs import MODEL_TYPES
from planner.offline.grammar.words import NUMBERS

NOUNS: Final[Mapping[str, tuple[str, ...]]] = {
    "chart": ("data.chart",), "graph": ("data.chart",), "plot": ("data.chart",),
    "picture": ("data.chart",), "diagram": ("data.chart",),
    "report": ("report.write", "report.render"), "pdf": ("report.render",),
    "html": ("report.render",),
    "publish": ("files.publish",), "publishing": ("files.publish",),
    "publication": ("files.publish",), "save": ("files.write",), "saving": ("files.write",),
    "summary": ("text.summarise", "summarise"), "summarie": ("text.summarise", "summarise"),
    "table": ("data.query",), "query": ("data.query",), "fetch": ("web.fetch",),
    "fetching": ("web.fetch",), "download": ("web.fetch",),
    "question": ("ask",), "approval": ("ask", "approve"), "sign-off": ("ask", "approve"),
    "drafts": ("draft",), "drafting": ("draft",), "writing": ("draft",), "writer": ("draft",),
    "reviewing": ("review",), "reviewer": ("review",), "translation": ("translate",),
    "translating": ("translate",), "researching": ("research",), "analysis": ("analyse",),
    "check": ("ask", "review"), "checking": ("ask", "review"), "coding": ("code",),
}  # fmt: skip
_FILLER: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "step",
        "steps",
        "task",
        "tasks",
        "please",
        "and",
        "or",
        "part",
        "it",
        "for",
        "now",
        "also",
        "of",
        "to",
        "in",
        "number",
        "no",
        "that",
        "this",
        "those",
        "these",
        "all",
        "any",
        "one",
        "ones",
        "by",
        "with",
        "first",
        "thing",
        "too",
        "as",
        "well",
        "instead",
        "then",
        "anyway",
        "entirely",
        "altogether",
        "completely",
        "bit",
        "again",
        "from",
        "just",
        "only",
        "do",
        "doing",
        "work",
        "job",
    ]
)
_NUMBERS: Final = frozenset(NUMBERS)
_ORDINALS: Final = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_RANGE: Final = re.compile(
    r"(?<![\w/.-])(\d{1,3})\s*(?:-|–|to|through|until)\s*(\d{1,3})(?![\w/.-])"
)
_NUMBER: Final = re.compile(r"(?<![\w/.-])#?(\d{1,3})(?![\w/.-])")
_PLACE: Final = re.compile(r"\b(?P<place>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|"
                           r"tenth|last) (?:step|task|one)\b")  # fmt: skip


def meant(draft: Draft, words: str, catalogue: Catalogue, *, order: Sequence[str]) -> set[str]:
    """Keys of the tasks that all of the words are about; none where a word is left that was not
    understood, for then they are about something else. `order`: the keys as people see them numbered.
    """
    _refuse_beyond(order, words)
    numbered = by_number(order, words) & {task.key for task in draft.tasks}
    if numbered:
        rest = _NUMBER.sub(" ", _RANGE.sub(" ", _PLACE.sub(" ", words.lower())))
        left = set(re.findall(r"[a-z]+", rest)) - _FILLER - _NUMBERS
        known = {word for key in numbered for word in _title_words(_task(draft, key))}
        return set() if left - known - _KINDS else numbered
    return _by_words(draft, words, catalogue)


def _refuse_beyond(order: Sequence[str], words: str) -> None:
    """Raises CannotPlan where the words are about a step that is not there."""
    low = words.lower()
    said = {int(found) for pair in _RANGE.findall(low) for found in pair}
    said |= {int(found) for found in _NUMBER.findall(_RANGE.sub(" ", low))}
    beyond = sorted(number for number in said if not 0 < number <= len(order))
    left = set(re.findall(r"[a-z]+", low)) - _FILLER - _NUMBERS
    if beyond and not left:
        raise CannotPlan(f"There is no step {beyond[0]} in this plan; it has {len(order)}.")


def by_number(order: Sequence[str], words: str) -> set[str]:
    """Tasks by "4", "2-4", "steps 1 and 3", "the last step"."""
    low, count = words.lower(), len(order)
    numbers: set[int] = set()
    for first, last in _RANGE.findall(low):
        numbers |= set(range(int(first), min(int(last), count) + 1))
    numbers |= {int(found) for found in _NUMBER.findall(_RANGE.sub(" ", low))}
    for found in _PLACE.finditer(low):
        numbers.add(count if found["place"] == "last" else _ORDINALS[found["place"]])
    for found in re.findall(r"\b(?:step|task)s? ([a-z]+)\b", low):
        numbers |= {NUMBERS[found]} if found in NUMBERS else set()
    return {order[number - 1] for number in numbers if 0 < number <= count}


def agents_in(words: str, catalogue: Catalogue) -> list[tuple[int, int, AgentSpec]]:
    """Model agents named in the words, with where each name begins and ends, in order."""
    found = []
    for agent in catalogue.agents:
        if agent.kind is not AgentKind.MODEL or not is_named(words, agent):
            continue
        for name in sorted((agent.name, agent.title, *agent.aliases), key=len, reverse=True):
            match = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", words, re.IGNORECASE)
            if name and match:
                found.append((match.start(), match.end(), agent))
                break
    return sorted(found, key=lambda one: one[:2])


def types_in(words: str) -> set[str]:
    """Kinds of work that the words name."""
    return {kind for word in _said(words) for kind in _kinds(word)}


def _by_words(draft: Draft, words: str, catalogue: Catalogue) -> set[str]:
    found: set[str] = set()
    left = [word for word in _said(words) if word not in _FILLER]
    for _, _, agent in agents_in(words, catalogue):
        names = {part for name in (agent.name, agent.title, *agent.aliases)
                 for part in re.findall(r"[a-z]+", name.lower())}  # fmt: skip
        theirs = {task.key for task in draft.tasks if task.agent == agent.name}
        left = [word for word in left if word not in names]
        found |= theirs if not left else set()
    if not left:
        return found
    hits = {word: _of_word(draft, word) for word in left}
    found |= {key for word in left if _kinds(word) for key in hits[word]}
    titled = [key for key in (task.key for task in draft.tasks)
              if all(key in hits[word] for word in left)]  # fmt: skip
    found |= set(titled)
    known = {word for key in found for word in _title_words(_task(draft, key))}
    return set() if set(left) - known - _KINDS else found


def _of_word(draft: Draft, word: str) -> set[str]:
    kinds = _kinds(word)
    return {
        task.key
        for task in draft.tasks
        if task.type in kinds or word in _title_words(task) or word == task.key
    }


def _kinds(word: str) -> tuple[str, ...]:
    single = word[:-1] if len(word) > 3 and word.endswith("s") else word
    for one in (word, single):
        if one in NOUNS:
            return NOUNS[one]
        if one in MODEL_TYPES:
            return (MODEL_TYPES[one],)
    return ()


def _said(words: str) -> list[str]:
    return re.findall(r"[a-z]+(?:-[a-z]+)*", words.lower().replace("’", "'"))


def _title_words(task: DraftTask) -> set[str]:
    return set(_said(f"{task.title} {task.key} {task.type.replace('.', ' ')}"))


def _task(draft: Draft, key: str) -> DraftTask:
    return next(task for task in draft.tasks if task.key == key)


_KINDS: Final = frozenset(NOUNS) | frozenset(MODEL_TYPES) | {f"{word}s" for word in MODEL_TYPES}
