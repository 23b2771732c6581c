"""A plan changed in words, without a model: clause by clause, each read to its last word or not at all.

What is not read is never half done: then the whole change is declined, or left to a model.
"""

import re
from collections.abc import Callable
from typing import Final

from memory.model.base import sha256
from memory.model.patterns import short
from memory.model.text import text
from memory.model.work.plan import Plan
from planner.draft import CannotPlan, Draft
from planner.estimate import list_price
from planner.lexicon.language import other_language
from planner.lexicon.tokens import Kind, texts_of, tokens
from planner.lexicon.verbs import VERBS
from planner.lexicon.words import word_set
from planner.offline.changes.agents import Price, assigned, cheaper, settle_agents
from planner.offline.changes.change import Change
from planner.offline.changes.ordering import checked, reordered
from planner.offline.changes.removing import all_but, only, removed
from planner.offline.changes.requerying import requeried
from planner.offline.changes.values import (
    chart_kind,
    charted,
    exported,
    moved,
    on_failure,
    restyled,
    retitled,
    told,
    top,
)
from planner.port import PlanRequest
from planner.revising.again import again
from planner.revising.better import wishes
from planner.revising.onward import delivered, reported
from planner.revising.sayings import plainly

_VERBS: Final = (
    "skip|drop|remove|leave|omit|delete|use|have|let|make|add|insert|put|save|publish|call|name|rename|"
    "title|only|just|do|run|move|swap|replace|switch|change|keep|without|limit|stop|ask|write|take|all but|"
    "everything but|everything except|don't|no|also|target|continue"
)
_CUT: Final = re.compile(
    rf"(?<![^\S\n])[^\S\n]*+[;\n]+\s*|(?<![.!?])[.!?]+\s+(?=\w)|(?:,|(?<![\s,]))\s++(?:and then|then|and also|and|but)\s+(?=(?:{_VERBS})\b)"
    rf"|,\s*(?=(?:then\s+)?(?:{_VERBS})\b)",
    re.IGNORECASE,
)
_POLITE: Final = short(
    r"^(?:(?:please|ok|okay|yes|no|and|but|then|also|now|can you|could you|would you|let's|lets|i'd like to|"
    r"i would like to|i want you to|i want to|we should|you should|better|actually|hm+|well)[, ]+)+|"
    r"(?<![, ])[, ]++(?:please|instead|thanks|thank you|for now|then|though|now)$",
    re.IGNORECASE,
)
_CHANGING: Final = word_set("use take only make keep limit have let get")
"""Verbs that order nothing new when a plan is there."""

_ASKS: Final = re.compile(r"(?:how|what|which|who|when|if|for (?:each|every|all)|every)\b", re.I)
_BACK: Final = re.compile(
    r"\b(?:also|too|as well|add(?:itionally)?|another|include|instead|same|steps?|plan)\b|\b(?:the|that|this|these)"
    r" (?:report|charts?|table|summary|results?|draft|query|graph|picture|numbers)\b",
    re.IGNORECASE,
)
"""Words that point back at the plan that waits."""

_PARTS: Final = re.compile(r",\s*(?:and\s+)?|\s+and\s+", re.IGNORECASE)
Edit = Callable[[Change, str], bool]


def changed(
    base: Plan,
    request: PlanRequest,
    *,
    fresh: Callable[[PlanRequest], Draft],
    price: Price = list_price,
) -> Draft:
    """The base plan with the last paragraph's change; another reading of all words failing that."""
    draft, unread = _applied(base, request, price)
    if draft is not None:
        return draft
    words = _last(request)
    if _is_complete(request) and not fresh(alone(request)).declined:
        return _declined(
            text("That's a new request, not a change to this plan. Send it on its own.")
        )
    if len(unread) == len(_clauses(words)) and all(map(_adds, unread)):
        again = fresh(request.model_copy(update={"base": None}))
        if not again.declined:
            return again
    return _declined(other_language(words) or _not_read(unread[0]))


def exact(base: Plan, request: PlanRequest, *, price: Price = list_price) -> Draft | None:
    """The changed plan where every word of the change was understood, else None.

    Then no model is needed, and none can change what was not asked for.
    """
    return _applied(base, request, price)[0]


def alone(request: PlanRequest) -> PlanRequest:
    """What was said last as a request of its own."""
    return request.model_copy(update={"text": _last(request), "base": None, "answers": ()})


def begins_work(words: str) -> bool:
    """Whether the words may order new work rather than change a plan: by how they begin, or
    because they name a file. Only who reads them as a whole can tell.
    """
    line = tokens(words)
    for clause in _clauses(words)[:1]:
        named = texts_of(line, Kind.PATH) or texts_of(line, Kind.URL)
        return bool(named or _adds(clause) or _ASKS.match(_ways(clause)[-1]))
    return False


def _is_complete(request: PlanRequest) -> bool:
    """Whether the last words order work on a file they name, and nothing points back at the plan."""
    words = _last(request)
    named = {path.lower() for path in texts_of(tokens(words), Kind.PATH)}
    known = {file.path.lower() for file in request.files}
    return bool(named & known) and begins_work(words) and not _BACK.search(words)


def _adds(clause: str) -> bool:
    """Whether the clause orders more work, so that all words together may be read as a new order."""
    first = re.match(r"[\w-]*", _ways(clause)[-1].lower())
    verb = first[0] if first else ""
    return verb == "add" or (verb in VERBS and verb not in _CHANGING)


def _applied(base: Plan, request: PlanRequest, price: Price) -> tuple[Draft | None, list[str]]:
    """The draft, or None with the clauses that were not read."""
    change = Change.of(request, base)
    before, clauses = change.draft, _clauses(_last(request))
    try:
        unread = [clause for clause in clauses if not _read(change, clause, price)]
        settle_agents(change)
    except CannotPlan as error:
        return _declined(str(error)), []
    if unread:
        return None, unread
    gaps = tuple(change.questions.gaps)
    if change.draft == before and not gaps and request.schedule is None:
        return _declined(text("The plan already does that, so nothing was changed.")), []
    return change.draft.model_copy(update={"gaps": gaps}), []


def _read(change: Change, clause: str, price: Price) -> bool:
    """Whether the clause was understood, as one or as the parts between its commas and "and"s."""
    parts = [part.strip() for part in _PARTS.split(clause) if part.strip()]
    return _try(change, lambda: _read_part(change, clause, price)) or (
        len(parts) > 1
        and _try(change, lambda: all(_read_part(change, part, price) for part in parts))
    )


def _read_part(change: Change, clause: str, price: Price) -> bool:
    """Whether some edit understood the clause."""
    before = change.request.conversation
    ran = before is not None and before.stage in {"running", "done", "failed"}
    if _try(change, lambda: change.take(again(change.draft, clause, ran=ran))):
        return True
    if options := wishes(change.draft, clause):
        slot = f"target better · {sha256(change.request.text.encode())[:8]}"
        question = text("What should be better about it?")
        wish = change.questions.choose(slot, question, options, also=None)
        return not wishes(change.draft, wish) and _read_part(change, wish, price)
    return any(
        _try(change, lambda edit=edit, way=way: edit(change, way))  # type: ignore[misc] # bound now
        for edit in _edits(price)
        for way in _ways(clause)
    )


def _try(change: Change, edit: Callable[[], bool]) -> bool:
    """Whether the edit understood its words; what it began and did not end is undone."""
    draft, wanted = change.draft, {key: [*names] for key, names in change.wanted.items()}
    gaps = len(change.questions.gaps)
    understood = edit()
    if not understood:
        change.draft, change.wanted = draft, wanted
        del change.questions.gaps[gaps:]
    return understood


def _edits(price: Price) -> tuple[Edit, ...]:
    """What a clause can be, the most particular first."""
    return (
        all_but, top, lambda change, clause: change.take(reported(change.draft, clause)), exported, requeried, only, checked, reordered,
        lambda change, clause: cheaper(change, clause, price),
        assigned, removed, on_failure, lambda change, clause: change.take(delivered(change.draft, clause)), moved, chart_kind, charted,
        retitled, told, restyled,
    )  # fmt: skip


def _last(request: PlanRequest) -> str:
    return request.text.strip().rsplit("\n\n", 1)[-1]


def _clauses(words: str) -> list[str]:
    return [part.strip(" ,.!") for part in _CUT.split(words) if part.strip(" ,.!")]


def _ways(clause: str) -> tuple[str, ...]:
    """The clause, and the clause without its courtesies; only its plain saying where it has one."""
    said = plainly(clause)
    if said:
        return (said,)
    plain = " ".join(clause.replace("’", "'").split())
    bare = _POLITE.sub("", plain).strip(" ,.!")
    return (plain,) if bare in {plain, ""} else (plain, bare)


def _declined(sentence: str) -> Draft:
    return Draft(title="", declined=sentence)


def _not_read(clause: str) -> str:
    return text(
        "I didn't understand that change (“{words}”), so nothing was changed. Try “skip the chart”, "
        "“all but 4”, “use Claude for drafts”, “make step 3 cheaper”, “add a check by kim before "
        "publishing”, “do 2 before 1”, “only the top 5”, “save to notes/x.md instead”, “line chart” "
        "or “call it …”, or send the whole request again.",
        words=clause[:120],
    )
