"""Clauses for people and models: "ask @kim to check", "have ChatGPT draft it"."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from memory.model.base import name_key
from memory.model.text import text
from planner.draft import CannotPlan
from planner.lexicon.tokens import Clause, Kind, Token, lows, say, tokens
from planner.lexicon.verbs import (
    CORRECTED,
    DELEGATE,
    LEAD,
    MODEL_TYPES,
    READERS,
    VERBS,
)
from planner.lexicon.words import word_set
from planner.names import capital
from planner.offline.clauses import data
from planner.offline.clauses.files import take
from planner.offline.clauses.texts import write
from planner.offline.sketch import Sketch, Step
from planner.port import PlanRequest
from planner.questions.offers import offer
from planner.sentences.turns import workers as by_turn

ARTICLES = re.compile(
    r"^(?:please )?(?:write|draft|create|compose|prepare|produce|make|generate)?\s*"
    r"(?:me |us )?(?:an?|the|our|some)?\s*",
    re.IGNORECASE,
)
_TO_AGENT = DELEGATE | LEAD | word_set("to both and , use using should must please : & or by with")
_BY = word_set("with using by via through")
_HANDED_ON = DELEGATE | LEAD | word_set("by with it this that use")
"""Words that only hand work to somebody."""


def ask_person(sketch: Sketch, clause: Clause) -> None:
    """A question or check for a person."""
    mention = next((token for token in clause if token.kind is Kind.MENTION), None)
    name = mention or _bare_name(sketch, clause)
    if name is None:
        raise CannotPlan("Say whom to ask, for example “ask @kim to check the numbers”.")
    spec = sketch.tool("ask")
    sketch.settle()
    who = name.text.strip("<>@")
    person = shown_name(sketch.request, who)
    what, question = _question(clause, clause.index(name))
    step = sketch.add("ask", f"{person}: {what}", "answer", key=f"ask-{person}")
    step.give("who", who)
    step.give("question", question)
    if any(parameter.name == "context" for parameter in spec.parameters):
        for part in sketch.steps[:-1][-4:]:
            if part.kind in {"table", "text", "chart", "page"}:
                step.feed("context", part.key)


def _question(clause: Clause, place: int) -> tuple[str, str]:
    """What the person is to do, and how it is asked of them."""
    verb, rest = clause[0].low, clause[place + 1 :]
    asked = verb == "ask" and not lows(rest[:1]) & {"to", "for"}
    while rest and rest[0].low in {"to", "should", "please"}:
        rest = rest[1:]
    what = say(rest) or text("look at this")
    if news := _news(clause, place, what):
        return news, capital(news)
    if lows(rest[:1]) & {"whether", "if"}:
        what, asked = f"say {what}", False
    return what, capital(what) if asked else text("Please {request}", request=what)


def _news(clause: Clause, place: int, what: str) -> str:
    """What the person is told; "" where there is something to do."""
    verb, news = clause[0].low, re.match(r"(?:know )?(?:that |about )", what)
    told = verb == "tell" and not lows(clause[place + 1 : place + 2]) & {"to", "please"}
    if not told and not (news and verb == "let"):
        return ""
    return what[news.end() :] if news else what


def work(sketch: Sketch, clause: Clause) -> None:
    """A task for a model: the named one, each of several, or the best for the type."""
    agents = tuple(dict.fromkeys(token for token in clause if token.kind is Kind.AGENT))
    words, target = _without_target(_without_agents(clause))
    type_ = _type(sketch, clause, words)
    if len(agents) == 1:
        pending = _same_work(sketch, type_, words)
        if pending is not None:
            pending.agent = _agent_name(sketch, agents[0])
            return
    _take_files(sketch, words, type_)
    before = len(sketch.steps)
    for agent in agents or (None,):
        _author(sketch, type_, words, agent, sketch.steps[:before])
    if target:
        write(sketch, sketch.steps[-1], target)


def in_turn(sketch: Sketch, words: Clause) -> None:
    """The same work handed on: each is told all of the words, and what was written before."""
    turns, (told, target) = by_turn(words), _without_target(words)
    if turns:
        _take_files(sketch, told, "general")
    names = " → ".join(token.text for token in turns)
    for number, token in enumerate(turns, start=1):
        _author(
            sketch,
            "draft" if sketch.has_model("draft") else "general",
            told,
            token,
            sketch.steps[:],
        )
        sketch.steps[-1].instruction += text(
            "\n\nThis is done in turn: {names}. Yours is turn {number}.", names=names, number=number
        )
    if target:
        write(sketch, sketch.steps[-1], target)


def begin(sketch: Sketch) -> None:
    """Make a task of the words before the first order, where no author has been told of them."""
    words, sketch.preface = tokens(" ".join(sketch.preface)), []
    if sketch.steps or sketch.query:
        sketch.unread.append(f"“{say(words)[:200]}”")
    else:
        work(sketch, words)


def _author(
    sketch: Sketch, type_: str, words: Clause, agent: Token | None, given: Sequence[Step]
) -> None:
    """One author's task; what was there before is its material."""
    told = [capital(said) for said in (*sketch.preface, say(words)) if said]
    instruction = ". ".join(told) or "Do what was asked."
    sketch.preface = []
    step = sketch.add(type_, _title(instruction), "text", key=type_)
    step.agent, step.instruction = _agent_name(sketch, agent) if agent else None, instruction
    _give_context(step, given)
    if type_ == "review":
        step.instruction += CORRECTED
    if not sketch.title and type_ in {"draft", "research"}:
        sketch.title = _subject(instruction)


def _type(sketch: Sketch, clause: Clause, words: Clause) -> str:
    """The kind of work the verb names; "general" where no model here does it."""
    type_ = next((kind for token in words for kind in _types(token.low)), "general")
    if sketch.has_model(type_):
        return type_
    if not sketch.has_model("general"):
        raise CannotPlan(
            "“{words}” needs a language model, and none is connected. Set OPENAI_API_KEY, "
            "ANTHROPIC_API_KEY, GEMINI_API_KEY or XAI_API_KEY, or start Ollama. {offer}",
            words=say(clause)[:120],
            offer=offer(sketch.request.readable, say(clause)),
        )
    return "general"


def _take_files(sketch: Sketch, words: Clause, type_: str) -> None:
    """Read the files the work is about: texts as they are, data as its rows.

    A file that a reader of texts is given has to exist.
    """
    paths = [file.path for file in sketch.request.readable]
    known = {name.lower() for path in paths for name in (path, PurePosixPath(path).name)}
    for token in words:
        if token.kind is Kind.PATH and (type_ in READERS or token.low in known):
            take(sketch, token.text)
            if not sketch.document:
                data.show_rows(sketch)
            sketch.settle()
    if sketch.query is not None:
        sketch.settle()


def _without_agents(clause: Clause) -> Clause:
    """The clause without the names at its edges: "have ChatGPT …", "… with Claude".

    A name in the middle of the words stays: it is part of what is said.
    """
    start, end = 0, _end(clause)
    while start < end and (clause[start].kind is Kind.AGENT or clause[start].low in _TO_AGENT):
        start += 1
    told = clause[start:end]
    handed = any(token.kind is Kind.AGENT for token in clause[:start])
    return _led(told if handed and _begins_with_verb(told) else clause[:end])


def _end(clause: Clause) -> int:
    """Where the clause ends without "with Claude"; a name that only stands last stays."""
    end = len(clause)
    while end and clause[end - 1].kind in {Kind.AGENT, Kind.MARK}:
        end -= 1
    if end < len(clause) and lows(clause[end - 1 : end]) & _BY:
        return end - 1
    aside = "(" in lows(clause[end:])
    return end if aside or not by_turn(clause[end:]) else len(clause)


def _begins_with_verb(told: Clause) -> bool:
    return any(low in VERBS or low.removesuffix("s") in VERBS for low in lows(told[:1]))


def _led(clause: Clause) -> Clause:
    """The clause without the courtesies before it."""
    start = 0
    while start < len(clause) and clause[start].low in LEAD:
        start += 1
    return clause[start:]


def _without_target(words: Clause) -> tuple[Clause, str]:
    """The words without "to notes/x.md" at their end, and that path."""
    if len(words) > 1 and words[-1].kind is Kind.PATH and words[-2].low in {"to", "into", "as"}:
        return words[:-2], words[-1].text
    return words, ""


def modify(sketch: Sketch, clause: Clause) -> None:
    """ "target 1500 words": added to what the text's author is told."""
    authors = [step for step in sketch.steps if step.instruction]
    if not authors:
        sketch.unread.append(f"“{say(clause)}”")
        return
    drafts = [step for step in authors if step.type == "draft"] or authors[-1:]
    drafts[0].instruction += f"\n\n{capital(say(clause))}."


def _give_context(step: Step, given: Sequence[Step]) -> None:
    earlier = [part for part in given if part.kind in {"text", "table", "page", "answer"}]
    # A chain of authors hands on the text; what it was made from is in it.
    # Several who did the same work all hand on theirs.
    told = earlier[-1].instruction if earlier else ""
    written = [part for part in earlier if told and part.instruction == told]
    for part in written or earlier[-6:]:
        step.feed("context", part.key)


def _same_work(sketch: Sketch, type_: str, words: Clause) -> Step | None:
    """The task before, where "have ChatGPT draft it" only says who does it."""
    bare = all(next(_types(word), word in {"for", "drafts"}) for word in lows(words) - _HANDED_ON)
    pending = sketch.last
    if pending is None or pending.agent or not pending.instruction or not bare:
        return None
    return pending if type_ in {pending.type, "general", "draft"} else None


def _title(instruction: str) -> str:
    line = instruction.split("\n", 1)[0]
    return line if len(line) <= 80 else f"{line[:77]}…"


def _subject(instruction: str) -> str:
    """What the work is about; "" for "it"."""
    line = ARTICLES.sub("", instruction.split("\n", 1)[0]).strip(" .")
    for link in (" about ", " on "):
        kind, linked, topic = line.partition(link)
        if linked:
            line = f"{kind}: {topic}" if topic else line
            break
    return "" if line.endswith(" it") else capital(line)[:100]


def _agent_name(sketch: Sketch, token: Token) -> str | None:
    agent = sketch.request.catalogue.find(token.text)
    return agent.name if agent else None  # who isn't connected is asked about


def _bare_name(sketch: Sketch, clause: Clause) -> Token | None:
    """The name of somebody who is known, or the word after "ask"."""
    people = (*sketch.request.people, sketch.request.author)
    known = {
        name_key(name) for person in people for name in (person.display, person.user_id) if name
    }
    named = (token for token in clause if name_key(token.text) in known)
    after_ask = (
        after
        for token, after in pairwise(clause)
        if token.low == "ask" and after.text[:1].isupper()
    )
    return next(named, None) or next(after_ask, None)


def shown_name(request: PlanRequest, who: str) -> str:
    """How people call whom the name or id means; the name itself where nobody knows it."""
    for person in (*request.people, request.author):
        if name_key(who) in {name_key(person.user_id), name_key(person.display)}:
            return person.display or who
    return who


def _types(word: str) -> Iterator[str]:
    """The kind of work a verb names, whatever its ending."""
    for stem in (word, *(word.removesuffix(ending) for ending in ("s", "es", "ing", "ed", "d"))):
        if stem in MODEL_TYPES:
            yield MODEL_TYPES[stem]
            return


def is_human_named(sketch: Sketch, clause: Clause) -> bool:
    """Whether the clause turns to a person rather than to a model."""
    if any(token.kind is Kind.AGENT for token in clause):
        return False
    mention = any(token.kind is Kind.MENTION for token in clause)
    return mention or _bare_name(sketch, clause) is not None
