"""The verbs the offline planner knows, and where an order begins."""

from collections.abc import Mapping
from enum import StrEnum

from memory.model.agents.spec import INSTRUCTED, Catalogue
from memory.model.base import name_key
from planner.offline.grammar.lexer import Kind, Token
from planner.offline.grammar.words import FUNCTIONS


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


def _table(**words: str) -> Mapping[str, Act]:
    return {word: Act(act) for act, line in words.items() for word in line.split()}


VERBS: Mapping[str, Act] = _table(
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
    "create make generate produce build prepare",
    modify="target aim",
    forbidden="delete remove erase email e-mail mail send tweet deploy execute pay buy order-online "
    "invite schedule call book install upload overwrite drop",
)

MODEL_TYPES: Mapping[str, str] = {
    "draft": "draft", "write": "draft", "compose": "draft", "rewrite": "draft", "create": "draft",
    "make": "draft", "generate": "draft", "produce": "draft", "prepare": "draft",
    "research": "research", "investigate": "research", "brainstorm": "general",
    "review": "review", "proofread": "review", "edit": "review", "polish": "review",
    "improve": "review", "check": "review", "verify": "review", "critique": "review",
    "translate": "translate", "analyse": "analyse", "analyze": "analyse", "explain": "general",
    "code": "code", "implement": "code", "build": "code", "refactor": "code", "design": "general",
    "summarise": "summarise", "summarize": "summarise", "condense": "summarise",
}  # fmt: skip

MAKE = frozenset({
    "create", "make", "generate", "produce", "build", "prepare", "write", "draft", "compose",
    "give", "show",
})  # fmt: skip
LEAD = frozenset({
    "please", "can", "could", "would", "will", "you", "kindly", "i", "want", "need", "to", "we",
    "like", "let's", "lets", "just", "also", "now", "then", "and", "orchestra", "the", "me",
    "us", "hey", "hi", "hello", "bot", "would'd", "i'd", "go", "ahead", "finally",
})  # fmt: skip
"""Words before the verb that say nothing of what to do."""

CHART_NOUNS = frozenset({
    "chart", "graph", "plot", "charts", "graphs", "plots", "diagram", "histogram", "picture",
    "visualisation", "visualization",
})  # fmt: skip
REPORT_NOUNS = frozenset({"report", "reports", "write-up", "writeup"})
SUMMARY_NOUNS = frozenset({"summary", "summaries", "gist", "digest"})
DELEGATE = frozenset({"have", "let", "ask", "get", "tell", "make"})
NOUNS_TOO = frozenset({
    "chart", "graph", "plot", "report", "count", "order", "rank", "group", "top", "max", "min",
    "summary", "draft", "review", "code", "design", "how", "what", "which", "mean", "median",
    "maximum", "minimum", "only", "limit", "store", "post", "release", "call", "mail", "email",
})  # fmt: skip


OBJECTS = frozenset({"it", "that", "them", "the", "this", "to", "these", "those", "as"})
"""What follows a verb rather than a noun."""


def order_begins(found: tuple[Token, ...], place: int, catalogue: Catalogue) -> bool:
    """Whether an order begins at the place, judged by its word and what parts it from before."""
    token = found[place]
    after = found[place + 1] if place + 1 < len(found) else None
    if token.kind is not Kind.WORD:
        return token.kind is Kind.MENTION
    if is_worker(token, catalogue):
        return after is not None and _verb_form(after.low)
    if token.low in {"have", "let"}:
        return after is not None and (after.kind is Kind.MENTION or is_worker(after, catalogue))
    return token.low in VERBS and _verb_begins(found, place, after)


def _verb_begins(found: tuple[Token, ...], place: int, after: Token | None) -> bool:
    """Whether a word that can be a verb is one here."""
    token, (before, between) = found[place], _before(found, place)
    comma = any(one.low in {",", "then", "finally", "also"} for one in between)
    if token.low in FUNCTIONS or token.low in {"only", "how", "which", "what"}:
        return comma and not _measures_go_on(found, place)
    if token.low in NOUNS_TOO:
        return comma or (after is not None and after.low in OBJECTS)
    return comma or before is None or token.low not in MAKE or before.low not in MAKE


def is_worker(token: Token, catalogue: Catalogue) -> bool:
    """Whether the word names an agent that is told in words what to do."""
    return any(
        agent.kind in INSTRUCTED and agent.answers_to(token.text) for agent in catalogue.agents
    )


def _measures_go_on(found: tuple[Token, ...], place: int) -> bool:
    """Whether a list of measures began before and has not come to its "by" yet."""
    for token in reversed(found[:place]):
        if token.low in {"by", "per", "each", "then", ";", ".", "\n"}:
            return False
        if token.low in FUNCTIONS:
            return True
    return False


def _verb_form(word: str) -> bool:
    plain = name_key(word)
    return plain in VERBS or plain.removesuffix("s") in VERBS or plain in {"to", "for", "should"}


def _before(found: tuple[Token, ...], place: int) -> tuple[Token | None, tuple[Token, ...]]:
    """The last word before the separators in front of the place, and those separators."""
    end = place
    while end > 0 and found[end - 1].low in {
        ",", "and", "then", ";", ".", "\n", "also", "finally", "please", "now", "that", "after",
    }:  # fmt: skip
        end -= 1
    return (found[end - 1] if end else None), found[end:place]
