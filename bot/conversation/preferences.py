"""Learning what people prefer, showing it, and forgetting it. Forgetting is on the audit chain."""

from bot.conversation.context import Context
from bot.language.intents import Forget, Prefer
from bot.render.words import untrusted
from memory.model.authority import Right
from memory.model.base import sha256
from memory.model.work.preference import Preference
from memory.model.work.question import StoredQuestion
from memory.model.work.request import StoredRequest
from memory.store.engine.database import Connection
from memory.store.planning import preferences
from memory.store.traffic import audit
from planner.preferences import AGENT_FOR, ALWAYS, about, is_about, worth_keeping

MOST_KEPT = 200
"""Of one person in one project; more is no preference any more."""

SHOWN = 40


async def learn(
    tx: Connection, context: Context, request: StoredRequest, question: StoredQuestion, value: str
) -> None:
    """Keep an answer that says something about other work, if it is the requester's own."""
    if context.person.key != request.author.key or not worth_keeping(question.slot):
        return
    now = context.services.clock.now()
    await preferences.prefer(
        tx, context.project, context.person.key, question.slot, value[:500], at=now
    )


async def prefer(context: Context, command: Prefer) -> None:
    """Keep a wish: one's own, or, from somebody who may say so, the whole project's."""
    context.must(Right.SET_PREFERENCE if command.everyone else Right.ANSWER_OWN)
    async with context.deciding() as tx:
        person = "" if command.everyone else context.person.key
        known = await preferences.kept(tx, context.project, person)
        if len(known) >= MOST_KEPT:
            await context.reply(
                tx, "I keep no more than 200 preferences; forget some of them first."
            )
            return
        now = context.services.clock.now()
        await preferences.prefer(tx, context.project, person, command.slot, command.value, at=now)
        await _audit(tx, context, "preference.kept", Preference(
            person=person, slot=command.slot, value=command.value, at=now
        ))  # fmt: skip
        whose = "for everyone in this project" if command.everyone else "for you in this project"
        more = " Say `plan again` to have it in the plan above." if context.state.plan else ""
        said = _said(command.slot, command.value)
        await context.reply(tx, f"Kept {whose}: {said}. Say `forget that` to undo it.{more}")


async def forget(context: Context, command: Forget) -> None:
    """Forget the newest preference, those that the words are about, or all of one's own."""
    context.must(Right.ANSWER_OWN)
    async with context.deciding() as tx:
        known = await preferences.kept(tx, context.project, context.person.key)
        meant = _meant(known, command, context.person.key)
        if not meant:
            what = f" about “{untrusted(command.what, 60)}”" if command.what else ""
            await context.reply(
                tx, f"I remember nothing{what}; say `preferences` to see what I know of you here."
            )
            return
        if any(not one.person for one in meant):
            context.must(Right.SET_PREFERENCE)
        for one in meant:
            await preferences.forget(tx, context.project, one.person, one.slot)
            await _audit(tx, context, "preference.forgotten", one)
        said = "; ".join(_said(one.slot, one.value) for one in meant[:SHOWN])
        await context.reply(tx, f"Forgotten: {said}. I shall ask again where it matters.")


async def show(context: Context) -> None:
    """All that is remembered of the person and of the project."""
    context.must(Right.SEE)
    async with context.deciding() as tx:
        known = await preferences.kept(tx, context.project, context.person.key)
        own = [one for one in known if one.person]
        shared = [one for one in known if not one.person]
        if not known:
            await context.reply(
                tx,
                "I remember nothing about you in this project yet. Say for example `always use "
                "Claude for reviews`, or `always write for managers here` for everyone.",
            )
            return
        parts = [_list("You", own), _list("Everyone in this project", shared)]
        hint = "Say `forget my preference for …`, or `forget everything about me`."
        await context.reply(tx, "\n\n".join([*filter(None, parts), hint]))


def _meant(known: tuple[Preference, ...], command: Forget, person: str) -> tuple[Preference, ...]:
    if command.everything:
        return tuple(one for one in known if one.person == person)
    if command.what:
        fit = tuple(one for one in known if is_about(one.slot, one.value, command.what))
        own = tuple(one for one in fit if one.person == person)
        return own or fit
    newest = sorted(known, key=lambda one: (one.at, one.person == person))
    return tuple(newest[-1:])


def _list(whose: str, known: list[Preference]) -> str:
    if not known:
        return ""
    lines = [f"- {_said(one.slot, one.value)}" for one in known[-SHOWN:]]
    more = [f"- and {len(known) - SHOWN} more"] if len(known) > SHOWN else []
    return "\n".join([f"**{whose}**", *lines, *more])


def _said(slot: str, value: str) -> str:
    if slot.startswith(ALWAYS):
        return f"always {untrusted(value, 120)}"
    if slot.startswith(AGENT_FOR):
        return f"{untrusted(value, 60)} for {untrusted(slot.removeprefix(AGENT_FOR), 60)} work"
    return f"{untrusted(about(slot), 80)}: {untrusted(value, 120)}"


async def _audit(tx: Connection, context: Context, action: str, one: Preference) -> None:
    """The chain holds ids only: which preference, not what somebody prefers."""
    mark = sha256(f"{one.person}:{one.slot}".encode())[:16]
    await audit.record(
        tx,
        context.project,
        actor=context.person.key,
        action=action,
        on=f"preference:{mark}",
        at=context.services.clock.now(),
    )
