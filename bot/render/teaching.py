"""What was taught, in words: kept, listed, proposed, forgotten."""

from collections.abc import Sequence
from itertools import chain
from typing import assert_never

from bot.actions.teaching import Forgotten, RuleDecided, Taught
from bot.chat import Button, Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.words import packed, untrusted
from bot.queries.about.taught import TaughtHere
from bot.render.schedules.calendar import date_text
from memory.model.work.preference import Preference
from memory.model.work.rule import Evidence, Rule, RuleKind, RuleState
from planner.preferences import about

SHOWN = 40
TEXT_SHOWN = 160


def taught(_: Locale, kept: Taught, *, plan_waits: bool) -> Outgoing:
    """What was remembered for whom; `plan_waits`: a plan in the thread doesn't follow it yet."""
    if kept.rule is not None and kept.against is not None:
        return _which_holds(_, kept.rule, kept.against)
    parts = [_kept(_, kept)]
    if kept.rule is not None and kept.rule.kind is not RuleKind.FACT and plan_waits:
        parts.append(_("To use it in the plan above, say `plan again`."))
    return say(" ".join(parts))


def forgotten(_: Locale, gone: Forgotten) -> str:
    """What I no longer know."""
    every = [*(_quoted(rule) for rule in gone.rules), *(_choice(kept) for kept in gone.choices)]
    known = "; ".join(every[:SHOWN])
    return _("Forgotten: {preferences}. I'll ask again when it matters.").format(preferences=known)


def nothing_to_forget(_: Locale, what: str) -> str:
    """Nothing fitted."""
    text = (
        _("I don't remember anything about “{what}”.").format(what=untrusted(what, 60))
        if what
        else _("I don't remember anything yet.")
    )
    return f"{text} {_('Say `rules` to see what I know.')}"


def decided(_: Locale, decision: RuleDecided, *, accepted: bool) -> str:
    """How a proposed rule stands now."""
    rule = decision.rule
    if not decision.changed:
        return (
            _("Rule {number} holds already.").format(number=rule.number)
            if rule.state is RuleState.ACTIVE
            else _("That was decided before; say `rules` to see what holds.")
        )
    if not accepted:
        return _("All right, “{rule}” isn't a rule.").format(rule=_quoted(rule))
    text = _("Rule {number} holds from now on: {rule}.").format(
        number=rule.number, rule=_quoted(rule)
    )
    if decision.replaced is None:
        return text
    old = _("Forgotten instead: {rule}.").format(rule=_quoted(decision.replaced))
    return f"{text} {old}"


def rules_message(_: Locale, here: TaughtHere) -> Outgoing:
    """All that was taught, by number, and what was proposed."""
    if not (here.rules or here.proposed or here.choices):
        return say(
            _(
                "I don't remember anything for you in this project yet. Try `remember that our "
                "fiscal year starts in April`, `never use Gemini for code`, or `always write for "
                "managers here` for everyone."
            )
        )
    parts = [
        _list(_, _("You"), [rule for rule in here.rules if rule.person]),
        _list(_, _("Everyone in this project"), [rule for rule in here.rules if not rule.person]),
        _list(_, _("Proposed; these don't hold yet"), here.proposed),
        _choices(_, here.choices),
        _how(_, here),
    ]
    texts = packed(chain.from_iterable(parts))
    return Outgoing(sections=tuple(Section(text=text) for text in texts))


def proposal(_: Locale, rule: Rule) -> Outgoing:
    """A rule that was found in the records, with what it rests on, to be accepted by a ✅."""
    text = _("I suggest a rule: **{rule}**. {evidence} It holds only if an approver accepts it.")
    evidence = evidence_text(_, rule.evidence) if rule.evidence else ""
    section = Section(
        text=text.format(rule=untrusted(rule.text, TEXT_SHOWN), evidence=evidence),
        buttons=(
            Button(action=f"rule:{rule.id}:accept", label=_("✅ Accept")),
            Button(action=f"rule:{rule.id}:decline", label=_("❌ No")),
        ),
    )
    return Outgoing(sections=(section,))


def evidence_text(_: Locale, evidence: Evidence) -> str:
    """`Claude failed 12 of 20 code tasks here (60%).`"""
    percent = round(100 * evidence.failed / max(evidence.tried, 1))
    return _("{agent} failed {failed} of {tried} {type} tasks here ({percent}%).").format(
        agent=untrusted(evidence.agent, 60),
        failed=evidence.failed,
        tried=evidence.tried,
        type=untrusted(evidence.task_type, 40),
        percent=percent,
    )


def _which_holds(_: Locale, new: Rule, old: Rule) -> Outgoing:
    text = _(
        "That may contradict rule {number} ({date}): {old}. Which holds: the new one, the old "
        "one, or both? Until you say, the old one does. Say `accept rule {new}` for the new one."
    ).format(number=old.number, date=_date(_, old), old=_quoted(old), new=new.number)
    section = Section(
        text=text,
        buttons=(
            Button(action=f"rule:{new.id}:accept", label=_("✅ The new one")),
            Button(action=f"rule:{new.id}:decline", label=_("The old one")),
            Button(action=f"rule:{new.id}:both", label=_("Both")),
        ),
    )
    return Outgoing(sections=(section,))


def _kept(_: Locale, kept: Taught) -> str:
    if kept.choice is not None:
        return _whose(_, kept.choice.person).format(rule=_choice(kept.choice), forget="forget that")
    rule = kept.rule
    if rule is None:
        return _("There was nothing to remember in that.")
    if kept.known:
        return _("I know that already, as rule {number}: {rule}.").format(
            number=rule.number, rule=_quoted(rule)
        )
    text = _whose(_, rule.person).format(rule=_quoted(rule), forget=f"forget rule {rule.number}")
    return f"{text} {_effect(_, rule)}".strip()


def _whose(_: Locale, person: str) -> str:
    if person:
        return _("I'll remember this for you in this project: {rule}. To undo, say `{forget}`.")
    return _("I'll remember this for everyone in this project: {rule}. To undo, say `{forget}`.")


def _effect(_: Locale, rule: Rule) -> str:
    """What will come of it, where that isn't plain from the words."""
    match rule.kind:
        case RuleKind.FACT:
            return _("Agents that write or think get it as a fact, with your name and the date.")
        case RuleKind.RULE | RuleKind.PREFERENCE:
            return ""
        case _:
            assert_never(rule.kind)


def _list(_: Locale, title: str, rules: Sequence[Rule]) -> list[str]:
    if not rules:
        return []
    lines = [_line(_, rule) for rule in rules[-SHOWN:]]
    if len(rules) > SHOWN:
        lines.append(_("- and {count} more").format(count=len(rules) - SHOWN))
    return [f"**{title}**", *lines]


def _line(_: Locale, rule: Rule) -> str:
    if rule.evidence is not None:
        source = evidence_text(_, rule.evidence)
    else:
        source = ", ".join(
            filter(
                None, [untrusted(rule.author_name, 40) if rule.author_name else "", _date(_, rule)]
            )
        )
    return f"{rule.number}. {_kind(_, rule.kind)}: {_quoted(rule)} ({source})"


def _kind(_: Locale, kind: RuleKind) -> str:
    match kind:
        case RuleKind.FACT:
            return _("fact")
        case RuleKind.PREFERENCE:
            return _("preference")
        case RuleKind.RULE:
            return _("rule")
        case _:
            assert_never(kind)


def _choices(_: Locale, choices: Sequence[Preference]) -> list[str]:
    if not choices:
        return []
    lines = [f"- {_choice(kept)}" for kept in choices[-SHOWN:]]
    return [f"**{_('Answers I reuse')}**", *lines]


def _how(_: Locale, here: TaughtHere) -> list[str]:
    known = [*here.rules, *here.proposed]
    number = known[-1].number if known else 0
    drop = f"forget rule {number}" if number else "forget that"
    parts = [_("To drop one, say `{drop}` or `forget my preference for …`.").format(drop=drop)]
    if here.proposed:
        parts.append(
            _("To let a proposed one hold, say `accept rule {number}`.").format(
                number=here.proposed[-1].number
            )
        )
    return [" ".join(parts)]


def _date(_: Locale, rule: Rule) -> str:
    return date_text(_, rule.at.day, rule.at.month)


def _quoted(rule: Rule) -> str:
    return untrusted(rule.text, TEXT_SHOWN)


def _choice(kept: Preference) -> str:
    return f"{untrusted(about(kept.slot), 80)}: {untrusted(kept.value, 120)}"
