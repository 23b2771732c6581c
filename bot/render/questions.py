"""Questions before a plan, and questions of a running task to a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import Button, Outgoing, Section
from bot.language.catalogue import Locale
from bot.language.emoji import DROP, RUN
from bot.language.words import passage, shorten, untrusted
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
    heads = {
        1: _("One thing before I plan:"),
        2: _("Two things before I plan:"),
        3: _("Three things before I plan:"),
    }
    head = heads.get(len(questions), _("Some things before I plan:"))
    sections = [Section(text=head, part="headline")]
    sections += [_question(_, asked, number) for number, asked in enumerate(questions, start=1)]
    if all(asked.answer for asked in questions):
        return Outgoing(sections=tuple(sections), tone="closed")
    use = Button(action=f"defaults:{request}", label=_("Use the defaults"), style="primary")
    return Outgoing(
        sections=(*sections, Section(text="", buttons=(use,))),
        reactions=(RUN, DROP),
        tone="waiting",
    )


def closed_questions(questions: Sequence[Asked]) -> Outgoing:
    """The same message once the round is over: what was asked, and the answer that counts."""
    lines = [
        f"{number}. {untrusted(asked.question.text, 400)} — **{untrusted(asked.answer or asked.question.default)}**"
        for number, asked in enumerate(questions, start=1)
    ]
    return Outgoing(sections=(Section(text="\n".join(lines)),), tone="closed")


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
    person = f"<@{who.user_id}>" if who else f"@{untrusted(name or _('somebody'), 60)}"
    buttons = [
        Button(action=f"person:{wait_id}:{option}", label=_label(option))
        for option in options
        if len(option) <= BUTTON_CHARS
    ]
    buttons.append(
        Button(action=f"person:{wait_id}:other", label=_("Answer…"), asks=_("Your answer"))
    )
    sections = (
        Section(text=f"{person}, {untrusted(question, 1000)}"),
        *([Section(text=passage(context))] if context.strip() else []),
        Section(text=_("The run is waiting for your answer."), buttons=tuple(buttons)),
    )
    return Outgoing(sections=sections, tone="waiting")


def _question(_: Locale, asked: Asked, number: int) -> Section:
    question = asked.question
    text = f"{number}. {untrusted(question.text, 400)}"
    if asked.answer:
        return Section(text=f"{text} — **{untrusted(asked.answer)}**")
    if question.default:
        default = _("(default: {default})").format(default=untrusted(question.default))
        text += f"   {default}"
    buttons = [
        Button(action=f"answer:{asked.id}:{index}", label=_label(option))
        for index, option in enumerate(question.options)
    ]
    if question.accepts != ():  # open: the options aren't all there is
        asks = _label(question.text) or _("Answer")
        buttons.append(Button(action=f"answer:{asked.id}:other", label=_("other…"), asks=asks))
    return Section(text=text, buttons=tuple(buttons))


def _label(option: str) -> str:
    return shorten(untrusted(option), BUTTON_CHARS)
