"""Reminders and posts: words for the thread, at once or at a time that a schedule holds."""

import re
from typing import Final

from memory.model.text import text
from planner.draft import CannotPlan, Draft
from planner.jobs.forms import Match
from planner.jobs.making import Making, OtherWork
from planner.timing.reminders import WHEN, WHEN_OPTIONS

_EVERYBODY: Final = re.compile(
    r"(?:us|(?:the )?team|everyone|everybody|(?:the|this) channel|all|all of us|here|(?:the|this) thread|folks|people)",
    re.IGNORECASE,
)
_SELF: Final = frozenset({"me", "myself"})
_EVENT: Final = re.compile(
    r"(?:when(?:ever)?|once|as soon as|if|after|before|until)\b", re.IGNORECASE
)


def remind(making: Making, match: Match) -> Draft:
    """Say it in the thread at its time; ask when, where that wasn't said."""
    if "timed" in match and making.request.schedule is None:
        raise OtherWork
    words = _what(making, match)
    if _EVENT.match(words):
        raise CannotPlan(
            "I can remind you at a time, not when something happens. Say when, for example “tomorrow at 9”."
        )
    if "what" in match:
        words = f"{words[:1].upper()}{words[1:]}"
    if making.request.schedule is None and not _answered(making):
        question = text("When should I remind you?")
        making.ask(WHEN, question, WHEN_OPTIONS, free=True, matters="effects")
    draft = _posted(making, words, "everyone" if "all" in match else match["who"] or "me")
    return _posted(making, words, match["who2"]) if "who2" in match else draft


def _what(making: Making, match: Match) -> str:
    words = (match["body"] or match["quote"] or match["what"]).strip()
    words = words or (text("Wake up!") if "waking" in match else "")
    question = text("What should I remind you of?")
    return words or making.ask("what to remind of", question, (text("Look here"),), free=True)


def post(making: Making, match: Match) -> Draft:
    """Say it in the thread at once, or at the time of its schedule."""
    return _posted(making, match["quote"], match["who"] or "everyone")


def _posted(making: Making, words: str, who: str) -> Draft:
    given = {} if _EVERYBODY.fullmatch(who) else {"who": _person(making, who)}
    for_other = who.casefold() not in _SELF and bool(given)
    title = (
        text("Reminder for {who}: {words}", who=_called(making, who), words=words[:100])
        if for_other
        else text("Reminder: {words}", words=words[:120])
    )
    making.add("chat.remind", title, text=words, **given)
    return making.drafted()


def _answered(making: Making) -> bool:
    return any(answer.slot == WHEN for answer in making.request.answers)


def _called(making: Making, who: str) -> str:
    """The name of who is reminded."""
    wanted = who.strip("<>@").casefold()
    known = (person for person in making.request.people if wanted == person.user_id.casefold())
    return next((person.display for person in known), who.lstrip("@"))


def _person(making: Making, who: str) -> str:
    request = making.request
    if who.casefold() in _SELF:
        return request.author.model_dump_json()
    wanted = who.strip("<>@").casefold()
    for person in (*request.people, request.author):
        if wanted in {person.user_id.casefold(), person.display.casefold()}:
            return person.model_dump_json()
    if who.startswith(("@", "<@")):
        raise CannotPlan(
            "I don't know {who} here. Mention them with @, or say “remind the team”.", who=who
        )
    return who
