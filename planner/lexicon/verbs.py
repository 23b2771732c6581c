"""The verbs the offline planner knows, and where an order begins."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from memory.model.base import name_key
from planner.lexicon.tokens import Clause, Kind, lows
from planner.lexicon.words import FUNCTIONS, word_set


class Act(StrEnum):
    """What a clause orders."""

    LOAD = "load"
    QUERY = "query"
    CHART = "chart"
    REPORT = "report"
    SUMMARISE = "summarise"
    FETCH = "fetch"
    SAVE = "save"
    JOIN = "join"
    PUBLISH = "publish"
    ASK = "ask"
    CONVERT = "convert"
    MODEL = "model"
    MODIFY = "modify"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"


def _by_word(**lines: str) -> Mapping[str, str]:
    return {word: name for name, line in lines.items() for word in line.split()}


_ACTS = _by_word(
    load="load read open import take use using",
    query="total totals sum average count aggregate group compute calculate show list display filter "
    "sort order rank find keep tell query pick select top how what which break give get mean "
    "median max min maximum minimum only compare limit restrict",
    chart="chart plot graph draw visualise visualize",
    report="report",
    summarise="summarise summarize condense summary",
    fetch="fetch download crawl",
    join="join merge combine",
    save="save store export put",
    publish="publish post release",
    ask="ask",
    convert="convert render turn",
    model="draft research review translate analyse analyze proofread edit code implement brainstorm "
    "explain write rewrite polish compose improve check verify design investigate critique refactor "
    "create make generate produce build prepare reply respond",
    modify="target aim",
    forbidden="delete remove erase email e-mail mail send tweet deploy execute pay buy order-online "
    "invite schedule call book install upload overwrite drop",
)
VERBS: Mapping[str, Act] = {word: Act(act) for word, act in _ACTS.items()}
MODEL_TYPES = _by_word(
    draft="draft write compose rewrite create make generate produce prepare reply respond",
    research="research investigate",
    review="review proofread edit polish improve check verify critique",
    translate="translate",
    analyse="analyse analyze",
    code="code implement build refactor",
    general="brainstorm explain design",
    summarise="summarise summarize condense",
)
"""The kind of work each verb asks of a model."""
READERS = word_set("review translate analyse summarise")
"""Work on a text that is there: without one it makes no sense, whatever is said of it."""
CORRECTED = "\n\nGive back the whole text with your corrections made."
"""What a reviewer is told besides, so that its reply can take the place of the text."""

MAKE = word_set("create make generate produce build prepare write draft compose give show")
LEAD = word_set(
    "please can could would will you kindly i want need to we like let's lets just also now then and",
    "orchestra the me us hey hi hello bot would'd i'd go ahead finally",
)
"""Words before the verb that say nothing of what to do."""

REPORT_NOUNS = word_set("report reports write-up writeup")
SUMMARY_NOUNS = word_set("summary summaries gist digest")
DELEGATE = word_set("have let ask get tell make")
NOUNS_TOO = word_set(
    "chart graph plot report count order rank group top max min summary draft review code design how",
    "what which mean median maximum minimum only limit store post release call mail email reply",
)
OBJECTS = word_set("it that them the this to these those as")
"""What follows a verb rather than a noun."""
ARTICLES = word_set("a an")

_BEFORE_ORDERS = word_set(", ; . and then also finally please now that after") | {"\n"}
_ENDS_OF_MEASURES = word_set("by per each then ; .") | {"\n"}


LANGUAGES_TOO: Final = frozenset({"Polish"})
"""Verbs that are languages where they stand in a list with a capital letter."""


def order_begins(line: Clause, place: int) -> bool:
    """Whether an order begins at the place, judged by its word and what parts it from before."""
    token, after = line[place], next(iter(line[place + 1 : place + 2]), None)
    if token.kind is Kind.AGENT:
        return after is not None and is_verb_form(after.low) and not _is_listed(line, place)
    if token.kind is not Kind.WORD:
        return token.kind is Kind.MENTION
    if token.low in {"have", "let"}:
        return after is not None and after.kind in {Kind.MENTION, Kind.AGENT}
    verb = token.low in VERBS and not _is_language(line, place)
    return verb and _is_verb(line, place, after.low if after else "")


def _is_listed(line: Clause, place: int) -> bool:
    """ "Claude and Gemini": the second of them begins nothing of its own."""
    return any(before.kind is Kind.AGENT for before in line[max(0, place - 2) : place])


def _is_language(line: Clause, place: int) -> bool:
    """ "translate it into German and Polish"."""
    listed = lows(line[max(0, place - 1) : place]) & {",", "and", "or", "into", "in", "to"}
    return bool(listed) and line[place].text in LANGUAGES_TOO


def _is_verb(line: Clause, place: int, after: str) -> bool:
    """Whether a word that can be a verb is one here."""
    low, (before, between) = line[place].low, _before(line, place)
    comma = bool(lows(between) & {",", "then", "finally", "also"})
    if low in FUNCTIONS or low in {"only", "how", "which", "what"}:
        return comma and not _measures_go_on(line, place)
    if low in NOUNS_TOO:
        return comma or after in OBJECTS or (bool(between) and after in ARTICLES)
    return comma or not {low, before} <= MAKE


def _measures_go_on(line: Clause, place: int) -> bool:
    """Whether a list of measures began before and has not come to its "by" yet."""
    for token in reversed(line[:place]):
        if token.low in _ENDS_OF_MEASURES:
            return False
        if token.low in FUNCTIONS:
            return True
    return False


def is_verb_form(word: str) -> bool:
    """Whether a word behind a name says what somebody does: "drafts", "should", "to"."""
    low = name_key(word)
    return low in VERBS or low in _MAY or (len(low) > 3 and low.endswith("s") and low not in _NOUNS)


_MAY = word_set("should must can could will would to for please does do then")
_NOUNS = word_set("this these always its")
"""Words on an s that are no verbs."""


def _before(line: Clause, place: int) -> tuple[str, Clause]:
    """The last word before the separators in front of the place, and those separators."""
    end = place
    while end > 0 and line[end - 1].low in _BEFORE_ORDERS:
        end -= 1
    return (line[end - 1].low if end else ""), line[end:place]


_ORDERS = (
    frozenset(VERBS) - word_set("call book check order email send mail fix water buy get pay")
) | word_set("tick untick append jot")
"""How words begin that are work for the bot, and no thing that people have to do."""
_SHOWN = word_set("it that this them those these result results chart table")


def orders(words: str) -> bool:
    """Whether the words begin as an order does that the bot could follow, or mean something shown."""
    said = words.casefold().split()
    return said[0] in _ORDERS or bool(_SHOWN.intersection(said))
