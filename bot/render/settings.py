"""What people set, in words: budgets and roles."""

from bot.language.catalogue import Locale
from bot.language.words import untrusted
from bot.queries.roles import Member, Members
from bot.render.budgets import show_limit
from memory.model.budget import Budget, Period
from memory.model.identity import Identity, Role


def budget_set(_: Locale, budget: Budget) -> str:
    """What the budget is now."""
    text = {
        Period.DAY: _('Budget "{name}" is now {limit} a day.'),
        Period.WEEK: _('Budget "{name}" is now {limit} a week.'),
        Period.MONTH: _('Budget "{name}" is now {limit} a month.'),
        Period.TOTAL: _('Budget "{name}" is now {limit} in total.'),
    }[budget.period]
    set_to = text.format(name=untrusted(budget.name, 60), limit=show_limit(budget.limit_micro_usd))
    return f"{set_to} {_('To continue paused runs, say `resume`.')}"


def role_given(_: Locale, person: Identity, role: Role) -> str:
    """What the person is now."""
    text = {
        Role.OWNER: _("{name} is now an owner of this project."),
        Role.APPROVER: _("{name} is now an approver of this project."),
        Role.MEMBER: _("{name} is now a member of this project."),
        Role.VIEWER: _("{name} is now a viewer of this project."),
    }[role]
    return text.format(name=untrusted(person.display or person.user_id, 60))


def roles_message(_: Locale, members: Members, *, you: str) -> str:
    """Everyone in the project; `you` is the key of whoever reads it."""
    title = _("**Project {project}**").format(project=untrusted(members.project))
    return "\n".join([title, *(_member(_, person, you) for person in members.people)])


def _member(_: Locale, person: Member, you: str) -> str:
    text = _("{name} — {role} (you)") if person.key == you else _("{name} — {role}")
    name = untrusted(person.display or person.key.rpartition(":")[2], 60)
    return text.format(name=name, role=person.role)
