"""Clauses for people and models: "ask @kim to check", "have ChatGPT draft it"."""

import re
from pathlib import PurePosixPath

from memory.model.agents.spec import AgentKind
from memory.model.base import name_key
from planner.offline.clauses import data as data_clauses
from planner.offline.clauses.sources import take
from planner.offline.grammar.lexer import Clause, Kind, Token, say
from planner.offline.grammar.refusal import CannotPlan
from planner.offline.grammar.verbs import DELEGATE, LEAD, MODEL_TYPES, is_worker
from planner.offline.sketch import Sketch, Step

ARTICLES = re.compile(
    r"^(?:please )?(?:write|draft|create|compose|prepare|produce|make|generate)?\s*"
    r"(?:me |us )?(?:an?|the|our|some)?\s*",
    re.IGNORECASE,
)
READERS = frozenset({"review", "translate", "analyse", "summarise"})
"""Work on a text that is there: a file it names has to exist."""

NEEDS_MODEL = (
    "“{what}” needs a language model, and none is connected: set OPENAI_API_KEY, ANTHROPIC_API_KEY, "
    "GEMINI_API_KEY or XAI_API_KEY, or start Ollama. Without one I can query, chart and summarise "
    "files, fetch pages and write reports."
)


def ask_person(sketch: Sketch, clause: Clause) -> None:
    """A question or check for a person."""
    person = next((t for t in clause if t.kind is Kind.MENTION), None)
    name, place = (person, clause.index(person)) if person else _bare_name(sketch, clause)
    if name is None:
        raise CannotPlan("Say whom to ask, for example “ask @kim to check the numbers”.")
    spec = sketch.tool("ask")
    sketch.settle()
    shown = name.text.strip("<>@")
    person_name = _display(sketch, shown)
    what, question = _question(clause, place)
    step = sketch.add("ask", f"{person_name}: {what}", "answer", key=f"ask-{person_name}")
    step.give("who", shown)
    step.give("question", question)
    if any(one.name == "context" for one in spec.parameters):
        for part in sketch.steps[:-1][-4:]:
            if part.kind in {"table", "text", "chart", "page"}:
                step.feed("context", part.key)


def _question(clause: Clause, place: int) -> tuple[str, str]:
    """What the person is to do, and how it is asked of them."""
    rest = clause[place + 1 :]
    while rest and rest[0].low in {"to", "should", "please"}:
        rest = rest[1:]
    what = say(rest) or "look at this"
    told = re.match(r"(?:know )?(?:that|about) ", what)
    if told and clause[0].low in {"tell", "let"}:
        what = what[told.end() :]
        return what, f"{what[:1].upper()}{what[1:]}"
    if rest and rest[0].low in {"whether", "if"}:
        what = f"say {what}"
    bare = clause[0].low == "ask" and not _asks_to(clause, place) and not what.startswith("say ")
    return what, f"{what[:1].upper()}{what[1:]}" if bare else f"Please {what}"


def work(sketch: Sketch, clause: Clause) -> None:
    """A task for a model: the named one, or the best for the type."""
    agent = next((t for t in clause if is_worker(t, sketch.request.catalogue)), None)
    words, target = _without_target(_without_agent(clause, agent))
    type_ = _type(sketch, clause, words)
    instruction = _instruction(words, delegated=agent is not None)
    pending = sketch.last
    if agent is not None and pending is not None and _same_work(pending, type_, words):
        pending.agent = _agent_name(sketch, agent)
        return
    _take_files(sketch, words, type_)
    step = sketch.add(type_, _title(instruction), "text", key=type_)
    step.agent = _agent_name(sketch, agent) if agent else None
    step.instruction = instruction
    _give_context(sketch, step)
    if type_ == "review":
        step.instruction += "\n\nGive back the whole text with your corrections made."
    subject = _subject(instruction)
    if not sketch.title and type_ in {"draft", "research"} and not subject.endswith(" it"):
        sketch.title = subject
    if target:
        sketch.tool("files.write")
        save = sketch.add("files.write", f"Save to {target}", "file", key="save")
        save.give("path", target)
        save.feed("content", step.key)


def _type(sketch: Sketch, clause: Clause, words: list[Token]) -> str:
    """The trade the verb names; "general" where no model here has it."""
    verb = next((t for t in words if _verb(t) in MODEL_TYPES), None)
    type_ = MODEL_TYPES[_verb(verb)] if verb else "general"
    if sketch.has_model(type_):
        return type_
    if not sketch.has_model("general"):
        raise CannotPlan(NEEDS_MODEL.format(what=say(clause)[:120]))
    return "general"


def _take_files(sketch: Sketch, words: list[Token], type_: str) -> None:
    """Read the files the work is about: texts as they are, data as its rows."""
    for token in words:
        if token.kind is not Kind.PATH:
            continue
        if type_ not in READERS and token.text.lower() not in _known(sketch):
            continue
        take(sketch, token.text)
        if not sketch.document:
            data_clauses.show_rows(sketch)
        sketch.settle()
    if sketch.query is not None:
        sketch.settle()


def _without_agent(clause: Clause, agent: Token | None) -> list[Token]:
    """The clause without "with Claude"."""
    if agent is None:
        return list(clause)
    place = clause.index(agent)
    start = (
        place - 1 if place and clause[place - 1].low in {"with", "using", "by", "via"} else place
    )
    return [*clause[:start], *clause[place + 1 :]]


def _without_target(words: list[Token]) -> tuple[list[Token], str]:
    """The words without "to notes/x.md" at their end, and that path."""
    if len(words) > 1 and words[-1].kind is Kind.PATH and words[-2].low in {"to", "into", "as"}:
        return words[:-2], words[-1].text
    return words, ""


def _known(sketch: Sketch) -> set[str]:
    return {name.lower() for one in sketch.request.readable
            for name in (one.path, PurePosixPath(one.path).name)}  # fmt: skip


def modify(sketch: Sketch, clause: Clause) -> None:
    """ "target 1500 words": added to what the text's author is told."""
    steps = [step for step in sketch.steps if step.instruction]
    if not steps:
        sketch.unread.append(f"“{say(clause)}”")
        return
    drafts = [step for step in steps if step.type == "draft"] or steps[-1:]
    drafts[0].instruction += f"\n\n{say(clause)[:1].upper()}{say(clause)[1:]}."


def _give_context(sketch: Sketch, step: Step) -> None:
    earlier = [one for one in sketch.steps[:-1] if one.kind in {"text", "table", "page", "answer"}]
    if earlier and earlier[-1].instruction:
        # A chain of authors hands on the text; what it was made from is in it.
        step.feed("context", earlier[-1].key)
        return
    for one in earlier[-6:]:
        step.feed("context", one.key)


def _same_work(pending: Step, type_: str, words: list[Token]) -> bool:
    """Whether "have ChatGPT draft it" only says who does the step before."""
    said = {t.low for t in words} - DELEGATE - LEAD - {"by", "with", "it", "this", "that", "use"}
    bare = all(_verb_low(word) in MODEL_TYPES or word in {"for", "drafts"} for word in said)
    return bool(pending.instruction) and pending.agent is None and bare and (
        pending.type == type_ or type_ in {"general", "draft"}
    )  # fmt: skip


def _instruction(words: list[Token], *, delegated: bool) -> str:
    start = 0
    skip = LEAD | DELEGATE if delegated else LEAD
    while start < len(words) and words[start].low in skip - {"make"} | (
        {"to"} if delegated else set()
    ):
        start += 1
    text = say(tuple(words[start:])) or "Do what was asked."
    return f"{text[:1].upper()}{text[1:]}"


def _title(instruction: str) -> str:
    line = instruction.split("\n", 1)[0]
    return line if len(line) <= 80 else f"{line[:77]}…"


def _subject(instruction: str) -> str:
    plain = ARTICLES.sub("", instruction.split("\n", 1)[0]).strip(" .")
    kind, about, topic = plain.partition(" about ")
    if not about:
        kind, about, topic = plain.partition(" on ")
    title = f"{kind}: {topic}" if topic else plain
    return f"{title[:1].upper()}{title[1:]}"[:100]


def _agent_name(sketch: Sketch, token: Token) -> str:
    found = sketch.request.catalogue.find(token.text)
    return found.name if found else token.text


def _bare_name(sketch: Sketch, clause: Clause) -> tuple[Token | None, int]:
    """The name of somebody who is known, or the word after "ask"."""
    known = {
        name_key(name)
        for one in (*sketch.request.people, sketch.request.author)
        for name in (one.display, one.user_id)
        if name
    }
    for place, token in enumerate(clause):
        if name_key(token.text) in known:
            return token, place
    for place, token in enumerate(clause[:-1]):
        if token.low == "ask" and clause[place + 1].text[:1].isupper():
            return clause[place + 1], place + 1
    return None, 0


def _display(sketch: Sketch, who: str) -> str:
    for one in (*sketch.request.people, sketch.request.author):
        if name_key(who) in {name_key(one.user_id), name_key(one.display)}:
            return one.display or one.user_id
    return who


def _asks_to(clause: Clause, place: int) -> bool:
    return place + 1 < len(clause) and clause[place + 1].low in {"to", "for"}


def _verb(token: Token | None) -> str:
    return _verb_low(token.low) if token is not None else ""


def _verb_low(word: str) -> str:
    if word in MODEL_TYPES:
        return word
    for ending in ("s", "es", "ing", "ed", "d"):
        stem = word.removesuffix(ending)
        if stem != word and stem in MODEL_TYPES:
            return stem
    return word


def is_human_named(sketch: Sketch, clause: Clause) -> bool:
    """Whether the clause turns to a person rather than to a model."""
    if any(is_worker(token, sketch.request.catalogue) for token in clause):
        return False
    mention = any(token.kind is Kind.MENTION for token in clause)
    return mention or _bare_name(sketch, clause)[0] is not None


def people_can_be_asked(sketch: Sketch) -> bool:
    """Whether the catalogue has people in it."""
    return any(one.kind is AgentKind.HUMAN for one in sketch.request.catalogue.agents)
