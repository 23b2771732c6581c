"""What people teach: kept, forgotten again, and what was proposed decided."""

from collections.abc import Sequence
from typing import Final, TypeVar

from bot.actions.act import Act, action
from bot.language.scheduling import zone_wish
from memory.model.authority import DECIDERS, About, Allowed, Right, authorise
from memory.model.base import Model, sha256
from memory.model.errors import BadInput, Conflict, NotAllowed, NotFound
from memory.model.work.preference import Preference
from memory.model.work.rule import Rule, RuleState
from memory.store.knowledge import projects, rules
from memory.store.planning import preferences
from planner.preferences import is_about
from planner.rules.conflicts import again, contradicted
from planner.rules.guard import beyond_teaching
from planner.rules.understood import understood

MOST_KEPT: Final = 200
"""Per person and project; more are no rules any more."""

TEXT_CHARS: Final = 500
DECIDERS_NAMED: Final = 4
Kept = TypeVar("Kept", Rule, Preference)

EVERY: Final = (RuleState.ACTIVE, RuleState.PROPOSED)


class TeachRule(Model):
    """Something to know or to heed. `everyone`: for the whole project, if the words don't say it."""

    text: str
    everyone: bool = False


class Taught(Model):
    """What was kept: a rule, or the choice for a question of which the words gave the answer.

    `against` holds until somebody has said which of the two does. `known`: it was there before.
    """

    rule: Rule | None = None
    choice: Preference | None = None
    against: Rule | None = None
    known: bool = False


class ForgetRules(Model):
    """The one with this number, those that `what` is about, all of one's own, or the newest."""

    what: str = ""
    everything: bool = False
    number: int = 0


class Forgotten(Model):
    """What was forgotten; empty where nothing fitted."""

    rules: tuple[Rule, ...] = ()
    choices: tuple[Preference, ...] = ()


class DecideRule(Model):
    """A proposed rule, by id, by number, or the newest. `beside`: what it contradicts stays."""

    rule: str = ""
    number: int = 0
    beside: bool = False


class RuleDecided(Model):
    """How the rule stands now. `changed` False: that was decided before; `replaced` holds no more."""

    rule: Rule
    changed: bool
    replaced: Rule | None = None


@action("rule.teach")
async def teach(act: Act, given: TeachRule) -> Taught:
    """Keep it. Raises NotAllowed, BadInput, Conflict (too many)."""
    act.must(Right.ANSWER_OWN)
    topic = beyond_teaching(given.text)
    if topic is not None:
        raise BadInput(
            "I can't be taught that: {topic} are never decided by what I remember, only by people "
            "each time, or in the settings. So I didn't keep it.",
            topic=topic.message,
        )
    zone = zone_wish(given.text)
    if zone is not None:
        return await _chosen(act, zone.slot, zone.value, everyone=zone.everyone)
    return await _kept(act, given)


@action("rule.forget")
async def forget(act: Act, given: ForgetRules) -> Forgotten:
    """Forget what fits; everyone's only by somebody who may teach it. Raises NotAllowed, NotFound."""
    act.must(Right.ANSWER_OWN)
    found, choices = await _fitting(act, given)
    if not all([*(rule.person for rule in found), *(choice.person for choice in choices)]):
        await _may_teach_everyone(act)
    for rule in found:
        await rules.forget(act.tx, rule, by=act.person.key, at=act.now)
    for choice in choices:
        await preferences.forget(act.tx, act.project, choice.person, choice.slot)
    await preferences.drop_copied(act.tx, act.project, act.person.key)
    if found or choices:
        marks = [*(rule.id for rule in found), *(_mark(choice) for choice in choices)]
        await act.record("rule.forgotten", on=f"rule:{','.join(marks)}")
    return Forgotten(rules=found, choices=choices)


@action("rule.accept")
async def accept(act: Act, given: DecideRule) -> RuleDecided:
    """Let a proposed rule hold instead of the one it contradicts. Raises NotAllowed, NotFound."""
    rule = await _proposed(act, given)
    if not await rules.activate(act.tx, rule, by=act.person.key, at=act.now):
        return RuleDecided(rule=rule, changed=False)
    held = await rules.known(act.tx, act.project, rule.person)
    old = next((kept for kept in held if kept.number == rule.replaces), None)
    replaced = None if given.beside else old
    if replaced is not None:
        await rules.forget(act.tx, replaced, by=act.person.key, at=act.now)
    await act.record("rule.accepted", on=f"rule:{rule.id}")
    holds = rule.model_copy(update={"state": RuleState.ACTIVE})
    return RuleDecided(rule=holds, changed=True, replaced=replaced)


@action("rule.decline")
async def decline(act: Act, given: DecideRule) -> RuleDecided:
    """Turn a proposed rule down; it isn't proposed again. Raises NotAllowed, NotFound."""
    rule = await _proposed(act, given)
    if not await rules.turn_down(act.tx, rule, by=act.person.key, at=act.now):
        return RuleDecided(rule=rule, changed=False)
    await act.record("rule.declined", on=f"rule:{rule.id}")
    return RuleDecided(rule=rule.model_copy(update={"state": RuleState.RETIRED}), changed=True)


async def _chosen(act: Act, slot: str, value: str, *, everyone: bool) -> Taught:
    if everyone:
        await _may_teach_everyone(act)
    person = "" if everyone else act.person.key
    choice = Preference(person=person, slot=slot, value=value, at=act.now)
    await preferences.prefer(act.tx, act.project, person, slot, value, at=act.now)
    await act.record("rule.taught", on=f"rule:{_mark(choice)}")
    return Taught(choice=choice)


async def _kept(act: Act, given: TeachRule) -> Taught:
    words = understood(given.text, act.desk.executor.catalogue(), everyone=given.everyone)
    if len(words.text) > TEXT_CHARS:
        raise BadInput(
            "That's too long to remember; say it in at most {most} characters.", most=TEXT_CHARS
        )
    if words.everyone:
        await _may_teach_everyone(act)
    person = "" if words.everyone else act.person.key
    rule = Rule(
        id=f"rule_{sha256(f'{act.project}:{act.actor.event}:{words.text}'.encode())[:20]}",
        project=act.project,
        kind=words.kind,
        text=words.text,
        person=person,
        author=act.person.key,
        author_name=act.person.display,
        source=act.actor.event,
        routing=words.routing,
        at=act.now,
    )
    held = [
        kept for kept in await rules.known(act.tx, act.project, person) if kept.person == person
    ]
    before = again(rule, held)
    if before is not None:
        return Taught(rule=before, known=True)
    if len(held) >= MOST_KEPT:
        raise Conflict(
            "I can't remember more than {most} rules. Have me forget some first.", most=MOST_KEPT
        )
    against = contradicted(rule, held)
    if against is not None:
        update = {"state": RuleState.PROPOSED, "replaces": against.number}
        rule = rule.model_copy(update=update)
    kept = await rules.keep(act.tx, rule)
    await act.record("rule.taught", on=f"rule:{kept.id}")
    return Taught(rule=kept, against=against)


async def _may_teach_everyone(act: Act) -> None:
    """Raises NotAllowed, naming those who may."""
    verdict = authorise(act.person, act.role, Right.SET_PREFERENCE, About(alone=act.alone))
    if isinstance(verdict, Allowed):
        return
    everyone = await projects.members_of(act.tx, act.project)
    who = [name or key for key, name, role in everyone if role in DECIDERS][:DECIDERS_NAMED]
    if not who:
        act.must(Right.SET_PREFERENCE)
    raise NotAllowed(
        "Only an approver or the owner can teach me something for everyone here ({who}). To set it "
        "for yourself alone, begin with `for me:`.",
        who=", ".join(who),
    )


async def _proposed(act: Act, given: DecideRule) -> Rule:
    """The rule that is meant, decided or not, by somebody who may. Raises NotAllowed, NotFound."""
    act.must(Right.ANSWER_OWN)
    person = act.person.key
    if given.number:
        rule = await rules.get(act.tx, act.project, person, given.number)
    elif given.rule:
        found = await rules.by_id(act.tx, act.project, given.rule)
        rule = _here(found if found and found.person in {"", person} else None)
    else:
        waiting = await rules.known(act.tx, act.project, person, RuleState.PROPOSED)
        rule = _here(waiting[-1] if waiting else None)
    if not rule.person:
        await _may_teach_everyone(act)
    return rule


def _here(rule: Rule | None) -> Rule:
    if rule is None:
        raise NotFound("No rule is proposed here; say `rules` to see them all.")
    return rule


async def _fitting(act: Act, given: ForgetRules) -> tuple[tuple[Rule, ...], tuple[Preference, ...]]:
    person = act.person.key
    if given.number:
        return (await rules.get(act.tx, act.project, person, given.number),), ()
    held = await rules.known(act.tx, act.project, person, *EVERY)
    choices = await preferences.kept(act.tx, act.project, person)
    if given.everything:
        return _own(held, person), _own(choices, person)
    if given.what:
        fit = tuple(rule for rule in held if is_about("", rule.text, given.what))
        chosen = tuple(kept for kept in choices if is_about(kept.slot, kept.value, given.what))
        mine = _own(fit, person), _own(chosen, person)
        return mine if any(mine) else (fit, chosen)
    return _newest(held, choices, person)


def _newest(
    held: Sequence[Rule], choices: Sequence[Preference], person: str
) -> tuple[tuple[Rule, ...], tuple[Preference, ...]]:
    """What somebody means who says `forget that`: the last thing said; of their own, in doubt."""

    def last(kept: Rule | Preference) -> tuple[object, ...]:
        return kept.at, kept.person == person, isinstance(kept, Rule)

    everything: list[Rule | Preference] = sorted([*held, *choices], key=last)
    match everything[-1:]:
        case [Rule() as rule]:
            return (rule,), ()
        case [Preference() as choice]:
            return (), (choice,)
        case _:
            return (), ()


def _own(kept: Sequence[Kept], person: str) -> tuple[Kept, ...]:
    return tuple(taught for taught in kept if taught.person == person)


def _mark(choice: Preference) -> str:
    """Which choice, not what somebody chose: the chain holds ids only."""
    return sha256(f"{choice.person}:{choice.slot}".encode())[:16]
