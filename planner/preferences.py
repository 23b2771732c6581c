"""What is worth remembering of answers, and what people say that they always want. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from memory.model.base import Model, name_key
from memory.model.text import text
from planner.draft import Draft, DraftInput, DraftTask
from planner.tools import CHART, CHART_KINDS, CHART_NOUNS, KIND, chart_kinds

AGENT_FOR: Final = "agent for "
ALWAYS: Final = "always "
VALUE_CHARS: Final = 200

_GENERAL: Final = frozenset({
    "audience", "audiences", "reader", "readers", "tone", "style", "voice", "format", "formats",
    "length", "language", "languages", "zone", "timezone", "currency", "confidential",
    "confidentiality", "privacy", "secrecy", "units", "unit", "locale", "spelling", "theme",
    "brand", "depth", "level", "detail", "platform", "platforms",
})  # fmt: skip
"""Words of slots whose answers hold for other work too."""

_ONE_OFF: Final = frozenset({
    "path", "file", "folder", "topic", "subject", "title", "name", "url", "link", "date",
    "deadline", "day", "recipient", "to", "output", "target", "source", "sources", "data", "period",
    "quarter", "month", "year", "week",
})  # fmt: skip
"""Words of slots whose answers belong to one request; they win."""

_COLUMN: Final = re.compile(r"^.+\.\w{1,8}:.+ column$")
_TRADES: Final = {
    "draft": "draft", "drafting": "draft", "writing": "draft", "write": "draft",
    "review": "review", "reviewing": "review", "research": "research",
    "researching": "research", "translation": "translate", "translate": "translate",
    "translating": "translate", "summary": "summarise", "summarie": "summarise",
    "summarising": "summarise", "summarizing": "summarise", "analysis": "analyse",
    "analyse": "analyse", "code": "code", "coding": "code",
}  # fmt: skip
_ALWAYS: Final = re.compile(
    r"^(?:please )?(?:remember(?: that)?[,:]? )?(?:(?P<who>i|we|here we|in this project we) )?"
    r"(?P<how>always|generally|prefer(?: to)?|like to always|from now on,?)(?: (?:prefer|want) to)? "
    r"(?:(?P<verb>use|write(?: in| for)?|ask|have|want|take|publish|in)\s+)?(?P<what>\S.*?)"
    r"(?P<here>,? (?:here|in this (?:project|channel)|for this project|in this team|for everyone))?[.!]?$",
    re.IGNORECASE,
)
_FOR: Final = re.compile(r"^(?P<agent>[\w .-]{2,40}?) (?:for|to do)(?: all| the| our| my)? (?P<trade>[a-z]+)$",
                         re.IGNORECASE)  # fmt: skip


class Wish(Model):
    """Something to do the same way each time. `everyone`: it is the project's, not one's own."""

    slot: str
    value: str
    everyone: bool


def worth_keeping(slot: str) -> bool:
    """Whether the answer to this question holds for other work too.

    Which column a word means is kept with its file; where one result is saved is not kept.
    """
    if _COLUMN.match(slot):
        return True
    words = set(re.findall(r"[a-z]+", name_key(slot.rpartition(":")[2])))
    return bool(words & _GENERAL) and not words & _ONE_OFF


def wish(text: str) -> Wish | None:
    """The wish in `always use Claude for drafts here` or `I prefer British English`."""
    words = " ".join(text.replace("’", "'").split())
    if len(words) > VALUE_CHARS or re.search(r"[.;!?]\s+\S", words):
        return None
    match = _ALWAYS.match(words)
    if match is None:
        return None
    who = (match["who"] or "").casefold()
    if not who and match["how"].casefold().startswith("prefer"):
        return None
    verb = " ".join((match["verb"] or "use").split()).casefold()
    slot, value = _what(verb, match["what"].strip(" ,.!"))
    return Wish(slot=slot, value=value, everyone=bool(match["here"]) or who not in {"", "i"})


def _what(verb: str, what: str) -> tuple[str, str]:
    """Slot and value of a wish: the agent for a trade, or anything else in its own words."""
    match = _FOR.match(what) if verb in {"use", "have", "take"} else None
    trade = _trade(match["trade"]) if match else ""
    if match and trade:
        return f"{AGENT_FOR}{trade}", match["agent"].strip()
    return f"{ALWAYS}{name_key(f'{verb} {what}')[:100]}", f"{verb} {what}"


def with_wishes(draft: Draft, preferences: Mapping[str, str]) -> Draft:
    """The draft as people always want it, stated as an assumption: the kind of its charts where
    none was asked for, and what its authors are told.
    """
    wishes = [value for slot, value in preferences.items() if slot.startswith(ALWAYS)]
    of_charts = [wish for wish in wishes if _chart_kind(wish)][-1:]
    others = [wish for wish in wishes if not _chart_kind(wish)]
    tasks = tuple(_drawn(_instructed(task, others), of_charts) for task in draft.tasks)
    heeded = [*others] if any(map(_is_author, draft.tasks)) else []
    heeded += of_charts if any(map(_is_open_chart, draft.tasks)) else []
    stated = tuple(
        text(
            "As always here: {wish}; say “forget my preference for {what}” to change it",
            wish=wish,
            what=_core(wish),
        )
        for wish in heeded
    )
    return draft.model_copy(update={"tasks": tasks, "assumptions": (*draft.assumptions, *stated)})


def _is_author(task: DraftTask) -> bool:
    return bool(task.instruction) and name_key(task.type) in _AUTHORS


def _is_open_chart(task: DraftTask) -> bool:
    """Whether it is a chart of which nobody said the kind."""
    kinds = [given.value for given in task.inputs if given.name == KIND]
    return task.type == CHART.name and kinds in ([], ["auto"])


def _chart_kind(wish: str) -> str:
    """The kind in "use a pie chart"; "" where the wish is about something else, or about some charts."""
    words = re.findall(r"\w+", name_key(wish))
    whole = CHART_NOUNS & set(words) and not set(words) - CHART_NOUNS - set(CHART_KINDS) - _PLAIN
    return next(iter(chart_kinds(words)), "") if whole else ""


_PLAIN: Final = frozenset({
    "use", "have", "want", "take", "make", "draw", "show", "in", "with", "as", "a", "an", "the",
    "only",
})  # fmt: skip


def _drawn(task: DraftTask, wishes: Sequence[str]) -> DraftTask:
    if not wishes or not _is_open_chart(task):
        return task
    kind = DraftInput(name=KIND, value=_chart_kind(wishes[0]))
    inputs = (*(given for given in task.inputs if given.name != KIND), kind)
    return task.model_copy(update={"inputs": inputs})


def _instructed(task: DraftTask, wishes: Sequence[str]) -> DraftTask:
    if not _is_author(task):
        return task
    new = [wish for wish in wishes if name_key(wish) not in name_key(task.instruction)]
    words = "".join(f"\n\n{wish[:1].upper()}{wish[1:]}." for wish in new)
    return task.model_copy(update={"instruction": f"{task.instruction}{words}"})


def _core(wish: str) -> str:
    first, _, rest = wish.partition(" ")
    return rest if rest and first in _VERBS else wish


_VERBS: Final = frozenset({"use", "write", "have", "want", "take", "in"})
_AUTHORS: Final = frozenset({"draft", "review", "translate", "summarise", "research", "general"})
"""Trades whose outcome is words for people."""


def about(slot: str) -> str:
    """What the slot is about, in words: "audience", "the agent for drafts"."""
    if slot.startswith(ALWAYS):
        return "always"
    file, colon, rest = slot.rpartition(":")
    if _COLUMN.match(slot):
        return f"“{rest.removesuffix(' column')}” in {file}"
    return (rest if colon else slot).replace("_", " ").replace("-", " ")


def is_about(slot: str, value: str, what: str) -> bool:
    """Whether somebody who says `forget my preference for WHAT` can mean this one."""
    wanted = {_stem(word) for word in re.findall(r"\w+", name_key(what))} - _EMPTY
    kept = {_stem(word) for word in re.findall(r"\w+", name_key(f"{slot} {value}"))}
    return bool(wanted) and wanted <= kept


_EMPTY: Final = frozenset({"the", "a", "my", "our", "for", "of", "use", "always", "about", "that"})


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _trade(word: str) -> str:
    return _TRADES.get(name_key(word), _TRADES.get(_stem(name_key(word)), ""))
