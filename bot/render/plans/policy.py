"""The policy in words: its rules, who approves for whom, and why something takes an approval."""

from collections.abc import Sequence
from datetime import datetime

from bot.chat import Outgoing, Section
from bot.language.catalogue import Locale
from bot.language.words import code, duration, listed, packed, untrusted
from bot.queries.plans.policy import Answer, Explained, Policy
from memory.model.agents.spec import EffectClass
from memory.model.approvals.policy import (
    HIGH_RISK,
    Delegation,
    Demand,
    PolicyRule,
    StoredRule,
    Who,
)
from memory.model.money import show_money

Names = dict[str, str]


def policy_message(_: Locale, policy: Policy) -> Outgoing:
    """Every rule with its number, who set it and when; then the house rule, and who stands in."""
    lines = [_("**Who has to approve what here**")]
    lines += [f"- {_stored(_, stored, policy.names)}" for stored in policy.rules]
    lines += [f"- {line}" for line in _house(_, policy)]
    lines += [f"- {lent_words(_, lent, policy.names)}" for lent in policy.lent]
    lines.append(
        _(
            "For each thing a plan changes, the rule with the most exact target counts; rules about "
            "price and generated text come on top. Owners change it: `policy: publishing to blog/ "
            "needs 2 approvers`, `remove policy 1`. Ask `who has to approve publishing to blog/?`."
        )
    )
    return Outgoing(sections=tuple(Section(text=text) for text in packed(lines)))


def rule_set(_: Locale, stored: StoredRule, names: Names) -> str:
    """That a rule holds from now on."""
    return _(
        "Policy {number}: {rule}. It holds from now on, also for plans that wait and runs under way."
    ).format(number=stored.number, rule=rule_text(_, stored.rule, names))


def rule_ended(_: Locale, number: int) -> str:
    """That a rule holds no more."""
    return _("Policy {number} is gone. Plans that were shown under it still keep to it.").format(
        number=number
    )


def lent_words(_: Locale, lent: Delegation, names: Names) -> str:
    """Who approves for whom, until when."""
    return _("{taker} may approve for {giver} until {until}").format(
        taker=_name(names, lent.taker), giver=_name(names, lent.giver), until=_moment(lent.until)
    )


def lending_ended(_: Locale, takers: Sequence[str], names: Names) -> str:
    """Who approves for the reader no more."""
    people = listed(_, [_name(names, key) for key in takers])
    return _(
        "{people} can't approve for you any more, and what was approved so counts no more."
    ).format(people=people)


def explained_message(_: Locale, found: Explained) -> Outgoing:
    """Who has to approve it, and by which rule."""
    lines = [line for answer in found.answers for line in _answer(_, answer, found)]
    return Outgoing(sections=tuple(Section(text=text) for text in packed(lines)))


def rule_text(_: Locale, rule: PolicyRule, names: Names) -> str:
    """`publishing to blog/ over $5.00 needs 2 approvers, whoever asked not among them`."""
    text = _("{what} needs {who}").format(what=_what(_, rule), who=_whose(_, rule, names))
    return ", ".join((text, *_options(_, rule, names)))


def effect_name(_: Locale, effect: EffectClass | None) -> str:
    """What is done, as people say it."""
    return {
        None: _("anything"),
        EffectClass.READ: _("reading"),
        EffectClass.WRITE: _("writing"),
        EffectClass.CONFIGURE: _("changing settings"),
        EffectClass.PUBLISH: _("publishing"),
        EffectClass.EXEC: _("running commands"),
    }[effect]


def _what(_: Locale, rule: PolicyRule) -> str:
    words = [effect_name(_, rule.effect)]
    if rule.untrusted:
        words = [_("{effect} generated text").format(effect=words[0])]
    if rule.target:
        words.append(_("to {target}").format(target=code(rule.target, 120)))
    if rule.over_micro_usd is not None:
        words.append(_("over {money}").format(money=show_money(rule.over_micro_usd)))
    if rule.under_micro_usd is not None:
        words.append(_("up to {money}").format(money=show_money(rule.under_micro_usd)))
    return " ".join(words)


def _whose(_: Locale, rule: PolicyRule | Demand, names: Names) -> str:
    match rule.who:
        case Who.NOBODY:
            return _("nobody's approval")
        case Who.MEMBER:
            return _.ngettext("{n} member", "{n} members", rule.count).format(n=rule.count)
        case Who.APPROVER:
            return _.ngettext("{n} approver", "{n} approvers", rule.count).format(n=rule.count)
        case Who.PEOPLE:
            people = [_name(names, key) for key in rule.people]
            if len(people) == rule.count:
                return listed(_, people)
            return _("{n} of {people}").format(n=rule.count, people=listed(_, people))


def _options(_: Locale, rule: PolicyRule, names: Names) -> list[str]:
    said = []
    if rule.who in {Who.APPROVER, Who.PEOPLE}:
        said.append(
            _("whoever asked may be among them") if rule.own else _("whoever asked doesn't count")
        )
    if rule.expires_s is not None:
        said.append(_("within {time}").format(time=duration(_, rule.expires_s)))
    if rule.remind_s is not None:
        said.append(_("reminded after {time}").format(time=duration(_, rule.remind_s)))
    if rule.escalate_s is not None:
        people = listed(_, [_name(names, key) for key in rule.escalate_to])
        said.append(
            _("after {time} {people} may, too").format(
                time=duration(_, rule.escalate_s), people=people
            )
        )
    return said


def _stored(_: Locale, stored: StoredRule, names: Names) -> str:
    text = _("{number}: {rule} (set by {name}, {day})").format(
        number=stored.number,
        rule=rule_text(_, stored.rule, names),
        name=_name(names, stored.set_by),
        day=f"{stored.at:%Y-%m-%d}",
    )
    if stored.holds:
        return text
    return _("{rule} — ⚠ changed outside Orchestra, so nobody can approve under it").format(
        rule=text
    )


def _house(_: Locale, policy: Policy) -> list[str]:
    where = _("from orchestra.toml") if policy.table else _("the default")
    own = policy.requester_may_approve
    count = _.ngettext("{n} approval", "{n} approvals", policy.quorum).format(n=policy.quorum)
    lines = [
        _("everything else: reading and writing needs {count} of anybody here").format(count=count),
        _("everything else: publishing, commands and settings need {count} of approvers").format(
            count=count
        ),
    ]
    words = {
        None: _("whoever asked counts for the first, not for the second"),
        True: _("whoever asked counts"),
        False: _("whoever asked doesn't count"),
    }[own]
    return [f"{line} ({where})" for line in lines] + [f"{words} ({where})"]


def _answer(_: Locale, answer: Answer, found: Explained) -> list[str]:
    what = effect_name(_, answer.effect)
    if found.target:
        what = _("{effect} to {target}").format(effect=what, target=code(found.target, 120))
    return [
        f"- {_demanded(_, what, demand, able, found.policy)}" for demand, able in answer.demands
    ]


def _demanded(_: Locale, what: str, demand: Demand, able: Sequence[str], policy: Policy) -> str:
    if demand.who is Who.NOBODY:
        text = _("{what} needs nobody's approval").format(what=what)
    else:
        text = _("{what} needs {who}").format(what=what, who=_whose(_, demand, policy.names))
        people = listed(_, (untrusted(name, 40) for name in able), most=8)
        text += f" ({people})" if able else _(" (nobody here can)")
        if not demand.own:
            text += _(", and whoever asked doesn't count")
    return f"{text}: {_why(_, demand, policy)}"


def _why(_: Locale, demand: Demand, policy: Policy) -> str:
    if not demand.rule:
        return _house_why(_, demand, policy)
    stored = next((rule for rule in policy.rules if rule.number == demand.rule), None)
    if stored is None or demand.broken:
        return _("policy {number}, which was changed outside Orchestra").format(number=demand.rule)
    return _("policy {number}, set by {name} on {day}").format(
        number=demand.rule, name=_name(policy.names, stored.set_by), day=f"{stored.at:%Y-%m-%d}"
    )


def _house_why(_: Locale, demand: Demand, policy: Policy) -> str:
    if demand.count > 1:
        return _("{setting} in orchestra.toml").format(setting=code(f"{policy.table}.quorum"))
    if policy.requester_may_approve is not None:
        setting = code(f"{policy.table}.requester_may_approve")
        return _("{setting} in orchestra.toml").format(setting=setting)
    if demand.effect in HIGH_RISK:
        return _("the default for what reaches outside the project's files")
    return _("the default for what stays inside the project")


def _name(names: Names, key: str) -> str:
    return untrusted(names.get(key) or key.rpartition(":")[2], 40)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
