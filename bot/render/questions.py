"""Questions before a plan, and questions of a running task to a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import Button, Outgoing, Section
from bot.language.catalogue import Locale
from bot.language.emoji import DROP, RUN
from bot.render.words import passage, shorten, untrusted
from memory.model.base import RequestId
from memory.model.identity import Identity
from planner.port import Question

BUTTON_CHARS = 60


@dataclass(frozen=True)
class Asked:
    """A question with the id its answer is filed under; `answer` once somebody gave one."""

    id: str
    question: Question
    answer: str = ""


def questions_message(_: Locale, questions: Sequence[Asked], *, request: RequestId) -> Outgoing:
    """All open questions of a round in one message; options are buttons, the defaults one more."""
    count = {1: "One thing", 2: "Two things", 3: "Three things"}.get(len(questions), "Some things")
    sections = [Section(text=f"{count} before I plan:")]
    sections += [_question(_, asked, number) for number, asked in enumerate(questions, start=1)]
    offered: tuple[str, ...] = ()
    if any(not asked.answer for asked in questions):
        use = Button(action=f"defaults:{request}", label="Use the defaults", style="primary")
        sections.append(Section(text="", buttons=(use,)))
        offered = (RUN, DROP)
    return Outgoing(sections=tuple(sections), reactions=offered)


def closed_questions(questions: Sequence[Asked]) -> Outgoing:
    """The same message once the round is over: what was asked and what is taken as said."""
    lines = [
        f"{number}. {untrusted(asked.question.text, 400)} — **{untrusted(asked.answer or asked.question.default)}**"
        for number, asked in enumerate(questions, start=1)
    ]
    return Outgoing(sections=(Section(text="\n".join(lines)),))


def person_question(
    _: Locale,
    wait_id: str,
    question: str,
    *,
    who: Identity | None,
    name: str = "",
    options: Sequence[str] = (),
    context: str = "",
) -> Outgoing:
    """What a running task asks a person. `name` is used where no identity is known."""
    called = f"<@{who.user_id}>" if who is not None else f"@{untrusted(name or 'somebody', 60)}"
    sections = [Section(text=f"{called}, {untrusted(question, 1000)}")]
    if context.strip():
        sections.append(Section(text=passage(context)))
    pressed = [
        Button(action=f"person:{wait_id}:{option}", label=_label(option))
        for option in options
        if len(option) <= BUTTON_CHARS
    ]
    pressed.append(Button(action=f"person:{wait_id}:other", label="Answer…", asks="Your answer"))
    sections.append(Section(text="The run waits for the answer.", buttons=tuple(pressed)))
    return Outgoing(sections=tuple(sections))


def _question(_: Locale, asked: Asked, number: int) -> Section:
    question = asked.question
    text = f"{number}. {untrusted(question.text, 400)}"
    if asked.answer:
        return Section(text=f"{text} — **{untrusted(asked.answer)}**")
    if question.default:
        text += f"   (default: {untrusted(question.default)})"
    buttons = [
        Button(action=f"answer:{asked.id}:{index}", label=_label(option))
        for index, option in enumerate(question.options)
    ]
    if question.accepts == ():  # closed: the options are all there is
        return Section(text=text, buttons=tuple(buttons))
    other = Button(
        action=f"answer:{asked.id}:other", label="other…", asks=_label(question.text) or "Answer"
    )
    return Section(text=text, buttons=(*buttons, other))


def _label(option: str) -> str:
    return shorten(untrusted(option), BUTTON_CHARS)
