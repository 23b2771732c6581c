"""Whether a plan accounts for everything its request says. Pure.

Each number, name, file, address, agent, language, limit, deadline, condition and negation is in a
task, an argument, an assumption or an answer; or it is said that it was left out.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, assert_never

from memory.model.agents.spec import EffectClass
from memory.model.base import Model, name_key
from memory.model.text import text
from memory.model.work.graph import Task, TaskGraph
from planner.coverage.agents import agent_gaps, handed, idle
from planner.coverage.effects import protected, unasked
from planner.coverage.evidence import Evidence, evidence_of, stems
from planner.coverage.mentions import FILE, Mention, mentions, without_names
from planner.coverage.rows import asking, excludes, unread_of_data
from planner.draft import Gap
from planner.lexicon.agents import Named
from planner.names import listed
from planner.port import PlanRequest
from planner.sentences.heart import heart_of

RAW: Final = frozenset({"web.fetch", "files.read"})
"""Types of tasks whose result is of use only to another task."""

UNHEARD: Final = {False: 3, True: 5}
"""So many words in a row that the plan knows nothing of were not heard; of a question to data
more, whose SQL says much of it in other words.
"""

_CHANGES: Final = {
    "publish": {EffectClass.PUBLISH}, "post": {EffectClass.PUBLISH}, "send": {EffectClass.PUBLISH},
    "email": {EffectClass.PUBLISH}, "mail": {EffectClass.PUBLISH}, "tweet": {EffectClass.PUBLISH},
    "push": {EffectClass.PUBLISH, EffectClass.EXEC}, "deploy": {EffectClass.PUBLISH, EffectClass.EXEC},
    "execute": {EffectClass.EXEC}, "sav": {EffectClass.WRITE, EffectClass.CONFIGURE},
    "delet": {EffectClass.EXEC}, "commit": {EffectClass.EXEC},
}  # fmt: skip
"""What the stems of verbs would change, for orders not to."""

_UNTOUCHED: Final = re.compile(
    r"\b(?:leave|leaving|touch|chang|modif|edit|overwrit|alter|delet|remov|renam|mov)\w*\b",
    re.IGNORECASE,
)
"""What is said of a file that is to stay as it is."""

_READ: Final = frozenset({"negation", "condition"})
"""What can't be left out by who has read every word: it may stand within a text to be written."""


class Coverage(Model):
    """What a plan makes of its request's words.

    `problems` are for whoever drafted it; `gaps` are questions for a person; `left_out` is shown
    beside the plan; `unasked` are targets of effects that nobody named; `cap_micro_usd` is what
    the whole plan may cost, where that was said; `refused` says why it may not be shown at all;
    `unread` are words left out that would change a figure.
    """

    problems: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    left_out: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    cap_micro_usd: int | None = None
    refused: str = ""
    unread: tuple[str, ...] = ()


def cover(
    graph: TaskGraph,
    request: PlanRequest,
    stated: Sequence[str],
    *,
    named: Sequence[Named],
    read: bool = False,
) -> Coverage:
    """Hold the plan against the words; `stated` are its assumptions, `named` the agents that the
    whole request names. `read`: whoever drafted it
    has read every word, as is known of a small job.

    Of a change only the newest words are read: what came before was shown with its own plan, and
    may have been taken back since.
    """
    words = newest(request) if request.base is not None else _told(graph, request)
    named = named if request.base is None else handed(request, words)
    evidence = evidence_of(graph, request, stated)
    said = [mention for mention in mentions(words) if not (read and mention.kind in _READ)]
    missing = [
        mention for mention in said
        if _counts(mention, request) and not _is_covered(mention, evidence, graph)
    ]  # fmt: skip
    against = [mention for mention in said if _is_broken(mention, graph)]
    left = [mention.text for mention in missing]
    unread: tuple[str, ...] = ()
    if request.base is None and not read:
        queried = any(asking(graph))
        plain = without_names(words)
        unread = tuple(unread_of_data(plain, graph, request, evidence))
        unheard = (*evidence.unheard(plain, run=UNHEARD[queried]), *unread)
        if queried:
            unread = (*(found.text for found in missing if found.kind == "negation"), *unread)
        left += [part for part in unheard if not any(part in known for known in left)]
    unused = _unused(graph)
    alone, told = idle(named, graph, request) if request.base is None else ("", "")
    targets = unasked(graph, _all_words(request))
    cap = _cap(said, evidence)
    return Coverage(
        problems=(
            *(text("The request says “{words}”, but the plan doesn't heed it.", words=words)
              for words in left),
            *(text("Task {task}: nothing uses what it brings.", task=task.key) for task in unused),
        ),
        gaps=agent_gaps(named, graph, request),
        left_out=(*_left_out(left, unused), *filter(None, (told,))),
        unread=unread,
        stated=(*_one_text(said, graph), *_due(said, evidence)),
        unasked=targets,
        cap_micro_usd=cap,
        refused=next(protected(targets), "") or _refusal(against) or alone,
    )  # fmt: skip


def newest(request: PlanRequest) -> str:
    """The words said last."""
    return newest_words(request.text)


def newest_words(text_: str) -> str:
    """The last words of a request; a blank line parts what was said at different times."""
    return text_.strip().rpartition("\n\n")[2]


def _all_words(request: PlanRequest) -> str:
    answers = " ".join(answer.value for answer in request.answers)
    before = " ".join(effect.target for effect in request.base.effects()) if request.base else ""
    taught = " ".join([*request.preferences.values(), *(rule.text for rule in request.taught)])
    return f"{request.text} {answers} {before} {taught}"


def _counts(mention: Mention, request: PlanRequest) -> bool:
    """Whether the mention has to be found again; in a change numbers name tasks as well."""
    if mention.kind in {"deadline", "money"}:
        return False
    return request.base is None or mention.kind in {"url", "file", "quote"}


def _is_covered(mention: Mention, evidence: Evidence, graph: TaskGraph) -> bool:
    match mention.kind:
        case "file":
            return evidence.handles(mention.text.removeprefix("./").strip("/"))
        case "quote" | "url" | "channel":
            return evidence.has(mention.text)
        case "language":
            return evidence.has(mention.text) or _code(mention.text) in evidence.words
        case "number":
            number = mention.number or Decimal(0)
            return evidence.counts(number) or (mention.span and evidence.has_dates)
        case "condition" | "negation":
            return _is_heeded(mention, evidence, graph)
        case "deadline" | "money":
            return True
        case _:
            assert_never(mention.kind)


def _is_heeded(mention: Mention, evidence: Evidence, graph: TaskGraph) -> bool:
    if mention.kind == "condition":
        return evidence.says(mention.text) or _has_conditions(graph)
    return evidence.forbids(mention.text) or _is_kept(mention, graph)


def _code(language: str) -> str:
    return name_key(language)[:2]


def _has_conditions(graph: TaskGraph) -> bool:
    return any(task.when or task.checks or task.review for task in graph.tasks)


def _is_kept(mention: Mention, graph: TaskGraph) -> bool:
    """Whether something that is not to be done is not done, as far as the plan shows."""
    forbidden = _forbidden(mention)
    files = [found[0] for found in FILE.finditer(mention.text)]
    if files and _UNTOUCHED.search(mention.text):
        targets = [effect.target for task in graph.tasks for effect in task.effects]
        return not any(target.endswith(name) for name in files for target in targets)
    if forbidden:
        return not _broken_by(forbidden, graph)
    return excludes(graph)


def _forbidden(mention: Mention) -> set[EffectClass]:
    found: set[EffectClass] = set()
    for stem in stems(mention.text):
        found |= _CHANGES.get(stem, set())
    return found


def _is_broken(mention: Mention, graph: TaskGraph) -> bool:
    if mention.kind != "negation":
        return False
    named = any(
        effect.target and effect.target in mention.text
        for task in graph.tasks
        for effect in task.effects
    )
    return named or bool(_broken_by(_forbidden(mention), graph))


def _broken_by(forbidden: set[EffectClass], graph: TaskGraph) -> list[Task]:
    return [
        task for task in graph.tasks if any(effect.effect in forbidden for effect in task.effects)
    ]


def _refusal(against: Sequence[Mention]) -> str:
    if not against:
        return ""
    return text(
        "You said “{words}”, but the plan would do just that. Say it in other words, or leave one "
        "of the two out.",
        words=against[0].text,
    )


def _unused(graph: TaskGraph) -> list[Task]:
    """Tasks that bring something in while others work, none of which uses it."""
    used = {source for task in graph.tasks for source in task.needs()}
    raw = [task for task in graph.tasks if task.type in RAW and task.key not in used]
    works = any(task.type not in RAW for task in graph.tasks)
    return raw if works else []


def _told(graph: TaskGraph, request: PlanRequest) -> str:
    """The words that somebody who writes is told, all of them; to tools, what is asked of them."""
    told = any(task.instruction for task in graph.tasks)
    return request.text if told else heart_of(request.text, request.readable).words


def _left_out(said: Sequence[str], idle: Sequence[Task]) -> tuple[str, ...]:
    lines = [text("I left out: {words}.", words=listed((f"“{words}”" for words in said), word="and"))] if said else []  # fmt: skip
    lines += [text("Nothing uses what “{task}” brings.", task=task.title) for task in idle]
    return tuple(lines)


def _one_text(said: Sequence[Mention], graph: TaskGraph) -> Iterator[str]:
    """Several languages that become one text are said to."""
    languages = list(dict.fromkeys(found.text for found in said if found.kind == "language"))
    for task in graph.tasks:
        inside = [name for name in languages if name in task.instruction]
        if len(inside) > 1 and not task.is_map:
            yield text(
                "{languages} go into one text.",
                languages=listed(inside, word="and"),
            )


def _due(said: Sequence[Mention], evidence: Evidence) -> Iterator[str]:
    """A deadline holds nobody up: it is said what it depends on."""
    for mention in said:
        if mention.kind == "deadline" and not evidence.has_dates:
            yield text(
                "“{deadline}” is up to you: the work begins when the plan is approved, and nobody "
                "is stopped for being late.",
                deadline=mention.text,
            )


def _cap(said: Sequence[Mention], evidence: Evidence) -> int | None:
    """What the work may cost in all, unless the amount is about the data."""
    caps = [
        int(mention.number * 1_000_000)
        for mention in said
        if mention.kind == "money" and mention.number is not None
        and not evidence.counts(mention.number, fixed=True)
    ]  # fmt: skip
    return min(caps, default=None)
