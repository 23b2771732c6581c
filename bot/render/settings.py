"""What people set, in words: budgets and roles."""

from collections.abc import Sequence

from bot.actions.limits.allowances import AllowanceGiven
from bot.actions.people.linking import CodeGiven, Linking, Typed, Unlinked
from bot.chat import Button, Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.words import listed, untrusted
from bot.queries.roles import Member, Members, SetUp
from bot.render.budgets import last_day, show_limit
from memory.model.budget import Budget, BudgetState, Mode, Period, Scope
from memory.model.identity import Identity, Role


def budget_set(
    _: Locale, budget: Budget, before: Budget | None = None, beside: Sequence[Budget] = ()
) -> str:
    """What the budget is now, for whom, and what it was."""
    set_to = _per(_, budget.period).format(
        name=untrusted(budget.name, 60), limit=show_limit(_, budget)
    )
    told = [f"{set_to}{_whose(_, budget)}."]
    if before is not None and before.period is not budget.period:
        was = _amount(_, before)
        told.append(_("Before, it was {was}.").format(was=was))
    if beside:
        others = listed(_, (_amount(_, other) for other in beside))
        told.append(
            _("{limits} still holds as well; the tightest one counts.").format(limits=others)
        )
    if budget.enforced and budget.unit != "runs":
        told.append(_("To continue paused runs, say `resume`."))
    elif budget.enforced:
        told.append(_("Once they're used up, no new run begins."))
    elif budget.mode is Mode.WARN:
        told.append(_("It only warns: nothing is paused at its end."))
    else:
        told.append(_("It only counts: nothing is said or paused at its end."))
    return " ".join(told)


def allowance_given(_: Locale, given: AllowanceGiven) -> str:
    """How much more there is, until when, and what holds afterwards."""
    told = [_allowed(_, state, given) for state in given.states]
    if given.beside:
        others = listed(_, (_amount(_, other) for other in given.beside))
        told.append(
            _("{limits} still holds as well; the tightest one counts.").format(limits=others)
        )
    told.append(_("To continue paused runs, say `resume`."))
    return " ".join(told)


def _allowed(_: Locale, state: BudgetState, given: AllowanceGiven) -> str:
    until, budget = state.allowed[-1].until, state.budget
    text = _(
        'Budget "{name}" has {amount} more until the end of {day}: {limit}, then {usual} again.'
    )
    return text.format(
        name=untrusted(budget.name, 60),
        amount=show_limit(_, budget, given.amount_micro_usd),
        day=last_day(_, until, budget.zone),
        limit=_amount(_, budget),
        usual=show_limit(
            _,
            budget,
            budget.limit_micro_usd - sum(each.amount_micro_usd for each in state.allowed),
        ),
    )


def budget_removed(_: Locale, budget: Budget) -> str:
    """That a limit is gone."""
    return _('Budget "{name}" of {limit} is gone. What was spent stays on record.').format(
        name=untrusted(budget.name, 60), limit=_amount(_, budget)
    )


def _amount(_: Locale, budget: Budget) -> str:
    return _a(_, budget.period).format(limit=show_limit(_, budget))


def _whose(_: Locale, budget: Budget) -> str:
    whose: dict[Scope, str] = {
        "installation": _(", for everything in this installation"),
        "project": _(", for everything in this project"),
        "agent": _(", for this agent alone"),
        "person": _(", for what this person starts"),
        "run": _(", for this run alone"),
        "task": _(", for this task alone"),
        "schedule": _(", for all runs of this schedule"),
        "template": _(", for all that is made from this template"),
    }
    return whose[budget.scope]


def _per(_: Locale, period: Period) -> str:
    return {
        Period.DAY: _('Budget "{name}" is now {limit} a day'),
        Period.WEEK: _('Budget "{name}" is now {limit} a week'),
        Period.MONTH: _('Budget "{name}" is now {limit} a month'),
        Period.TOTAL: _('Budget "{name}" is now {limit} in total'),
    }[period]


def _a(_: Locale, period: Period) -> str:
    return {
        Period.DAY: _("{limit} a day"),
        Period.WEEK: _("{limit} a week"),
        Period.MONTH: _("{limit} a month"),
        Period.TOTAL: _("{limit} in total"),
    }[period]


def role_given(_: Locale, person: Identity, role: Role) -> str:
    """What the person is now."""
    text = {
        Role.OWNER: _("{name} is now an owner of this project."),
        Role.APPROVER: _("{name} is now an approver of this project."),
        Role.MEMBER: _("{name} is now a member of this project."),
        Role.VIEWER: _("{name} is now a viewer of this project."),
    }[role]
    return text.format(name=untrusted(person.display or person.user_id, 60))


def set_up_message(_: Locale, setup: SetUp, *, you: str) -> Outgoing:
    """That the bot may not work here yet, and who can let it; `you` is the asker's key."""
    if not setup.able:
        return say(
            _(
                "This channel isn't set up yet, so I don't work here, and nobody is named who could "
                "set it up. Where I run, type `orchestra place confirm {channel} --owner {you}`."
            ).format(channel=setup.channel, you=you)
        )
    text = _(
        "This channel isn't set up yet, so I don't work here. Press **Set up** or say `set up` if "
        "you are one of those who can: {names}."
    ).format(names=", ".join(untrusted(name, 60) for name in setup.able))
    button = Button(action="setup:", label=_("Set up"), style="primary")
    return Outgoing(sections=(Section(text=text, buttons=(button,)),))


def place_confirmed(_: Locale, owner: Identity) -> str:
    """That work may begin in a channel."""
    return _(
        "This channel is set up, and {name} owns its project. Mention me and say what you want done."
    ).format(name=untrusted(owner.display or owner.user_id, 60))


def roles_message(_: Locale, members: Members, *, you: str, own: tuple[str, ...] = ()) -> str:
    """Everyone in the project; `you` is the key of whoever reads it, `own` their other accounts."""
    title = _("**Project {project}**").format(project=untrusted(members.project))
    lines = [title, *(_member(_, person, you) for person in members.people)]
    if own:
        told = ", ".join(untrusted(key, 80) for key in own)
        lines.append(_("You are also {accounts}; `unlink` undoes that.").format(accounts=told))
    return "\n".join(lines)


def _member(_: Locale, person: Member, you: str) -> str:
    text = _("{name} — {role} (you)") if you in person.keys else _("{name} — {role}")
    name = untrusted(person.display or person.key.rpartition(":")[2], 60)
    platforms = dict.fromkeys(key.partition(":")[0].capitalize() for key in person.keys)
    if len(platforms) > 1:
        name = f"{name} ({', '.join(platforms)})"
    return text.format(name=name, role=person.role)


def code_message(_: Locale, given: CodeGiven) -> Outgoing:
    """The code and where to type it."""
    return say(
        _(
            "Your code is **{code}**. Within {minutes} minutes, write `link {code}` to me in a "
            "direct message from your other account, or type `orchestra link {code}` where I run. "
            "It works once. Don't give it to anybody: whoever types it becomes you."
        ).format(code=given.code, minutes=given.minutes)
    )


def typed_message(_: Locale, done: Typed) -> Outgoing:
    """What typing a code came to; whether the other account is theirs is a button."""
    text = typed_text(_, done)
    if done.outcome is not Linking.ASKED:
        return say(text)
    button = Button(action=f"link:{done.code}", label=_("That's me"), style="primary")
    return Outgoing(sections=(Section(text=text, buttons=(button,)),))


def typed_text(_: Locale, done: Typed) -> str:
    """What typing a code came to, in a sentence."""
    text = {
        Linking.LINKED: _(
            "Done: {name} and you are one person now. Your roles and budgets hold for both, and "
            "you count once where several have to approve. `unlink` undoes it."
        ),
        Linking.ASKED: _(
            "This code is from {name}. Is that your own account? Then it may do whatever you may. "
            "If somebody else told you to type it, leave it."
        ),
        Linking.KNOWN: _("{name} and you are one person already."),
        Linking.WRONG: _(
            "That code isn't valid: it may be too old, used, or mistyped, or your own. Write `link` "
            "with the other account for a new one."
        ),
        Linking.SEEN: _(
            "Others can read this, so that code no longer works. Ask for a new one, and type it in "
            "a direct message to me."
        ),
        Linking.OFTEN: _("Too many codes in a short time; wait an hour and try again."),
        Linking.HELD: _(
            "One of these accounts was linked with somebody else before. An admin can free it with "
            "`orchestra unlink {account} --forget`."
        ),
    }[done.outcome]
    name = f"{untrusted(done.display, 60)} ({untrusted(done.account, 80)})"
    return text.format(
        name=name if done.display else untrusted(done.account, 80), account=done.account
    )


def unlinked_message(_: Locale, done: Unlinked) -> str:
    """What the account is from now on."""
    text = _(
        "{account} stands for itself again, with the roles it was given itself. You two still "
        "count once, and neither approves what the other asks for; only an admin can change that."
    )
    if done.forgotten:
        text = _("{account} has nothing to do any more with the accounts it was linked with.")
    return text.format(account=untrusted(done.account, 80))
