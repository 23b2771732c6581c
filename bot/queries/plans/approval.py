"""Who may approve a plan, who did, and whose approval it still needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.config.projects import rules_of
from bot.services import Desk
from memory.model.approvals.counting import Word, confirms, counted, rights
from memory.model.approvals.policy import Demand, Who
from memory.model.authority import HIGH_RISK, About, Allowed, Roles, Rules, approved, role_now
from memory.model.base import Model, ProjectId
from memory.model.identity import Role
from memory.model.work.approval import Approval
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection
from memory.store.knowledge import projects
from memory.store.planning import approval_requests, plans


class Need(Model):
    """An approval that is still needed: how many of how many, and who could give it, by name.

    `rule` is the number of the rule that asks for it, 0 for the house rule.
    """

    missing: int
    given: int
    quorum: int
    able: tuple[str, ...] = ()
    rule: int = 0


class Needs(Model):
    """The approvals that a plan still waits for; `own`: whoever asked may give them, being alone.

    `keys`: of everybody who could give one of them; `asker`: whoever asked is one of those.
    """

    each: tuple[Need, ...]
    own: bool = False
    keys: tuple[str, ...] = ()
    asker: bool = False

    @property
    def able(self) -> tuple[str, ...]:
        """Everybody who could give one of them."""
        return tuple(dict.fromkeys(name for need in self.each for name in need.able))


@dataclass(frozen=True)
class Given:
    """What those who approved a plan are called, and when the last one did (None: nobody)."""

    names: tuple[str, ...]
    last: datetime | None


@dataclass(frozen=True)
class Judging:
    """What decides about the approvals of a plan, as it is now."""

    about: About
    roles: Roles
    rules: Rules

    @property
    def free(self) -> bool:
        """Whether it takes nobody's approval."""
        verdict = approved((), self.about, self.roles, self.rules)
        return not self.demands and isinstance(verdict, Allowed)

    @property
    def demands(self) -> tuple[Demand, ...]:
        """What is asked of anybody."""
        return tuple(demand for demand in self.about.asks if demand.who is not Who.NOBODY)

    def missing(self, words: Sequence[Word]) -> tuple[Demand, ...]:
        """The demands that these approvals don't meet."""
        return tuple(demand for demand in self.demands if self.given(demand, words) < demand.count)

    def given(self, demand: Demand, words: Sequence[Word]) -> int:
        """How many of these approvals count for the demand."""
        now = [(person, role_now(person, self.roles, self.rules), at) for person, at in words]
        return counted(demand, now, self.about)

    @property
    def people(self) -> tuple[str, ...]:
        """Keys of everybody here, whom the settings name, or whom a demand does."""
        named = (key for demand in self.about.asks for key in (*demand.people, *demand.stand_ins))
        fixed = sorted(self.rules.approvers | self.rules.owners)
        return tuple(dict.fromkeys((*self.roles.given, *fixed, *named)))

    def may(self, person: str) -> bool:
        """Whether the person could give any approval that the plan takes."""
        return any(self.could(demand, person) for demand in self.about.asks)

    def could(self, demand: Demand, person: str) -> bool:
        """Whether the person could give it now; whoever is named for it is one of those here."""
        role = role_now(person, self.roles, self.rules)
        if person in demand.people and person not in self.roles.given:
            role = Role.MEMBER
        about = self.about
        return bool(rights(demand, person, role, about, about.now, confirmed=about.confirmed))

    def able(self, demand: Demand, *, without: Iterable[str] = ()) -> tuple[str, ...]:
        """Keys of everybody who could give it, but of no account of those in `without`."""
        counted_as = self.about.people.counted
        gave = {counted_as(key) for key in without}
        return tuple(
            key for key in self.people if counted_as(key) not in gave and self.could(demand, key)
        )


async def judging(connection: Connection, desk: Desk, plan: Plan) -> Judging:
    """What the gate has to know of the plan."""
    now = desk.clock.now()
    rules = await rules_of(desk.settings, connection, plan.project, now=now)
    about, roles = await approval_requests.judging(connection, plan, rules, now=now)
    words = words_of(await plans.decisions(connection, plan.hash)) if about.askers else ()
    confirmed = any(confirms(person, role_now(person, roles, rules), about) for person, _ in words)
    about = replace(about, confirmed=confirmed)
    return Judging(about=about, roles=roles, rules=rules)


async def terms(connection: Connection, desk: Desk, plan: Plan) -> About:
    """What the gate has to know of the plan to judge one person."""
    return (await judging(connection, desk, plan)).about


async def needs(connection: Connection, desk: Desk, plan: Plan) -> Needs | None:
    """Whose approval is still missing; None when anybody's will do."""
    judged = await judging(connection, desk, plan)
    about, demands = judged.about, judged.demands
    words = words_of(await plans.decisions(connection, plan.hash))
    alone = about.alone and not any(demand.rule for demand in demands)
    if all(map(_is_anybodys, demands)) or (alone and about.highest_effect not in HIGH_RISK):
        return None
    if alone:
        return Needs(each=(_need(judged, demands[0], words, ()),), own=True)
    given = {person for person, _ in words}
    able = [
        (demand, await able_for(connection, plan.project, judged, demand, without=given))
        for demand in judged.missing(words)
    ]
    each = tuple(_need(judged, demand, words, names) for demand, names in able)
    keys = dict.fromkeys(key for demand, _ in able for key in judged.able(demand, without=given))
    asker = any(about.people.are_one(key, about.requester) for key in keys)
    return Needs(each=each, keys=tuple(keys), asker=asker)


def _is_anybodys(demand: Demand) -> bool:
    return demand.who is Who.MEMBER and demand.own and demand.count == 1


def lenders(about: About, person: str, role: Role) -> tuple[str, ...]:
    """The people in whose place, and not in their own, the person approves."""
    found = [
        rights(demand, person, role, about, about.now, confirmed=about.confirmed)
        for demand in about.asks
    ]
    return tuple(sorted(set().union(*found) - {about.people.counted(person)}))


def approvers(decisions: Sequence[Approval]) -> tuple[str, ...]:
    """Keys of those whose approval counts."""
    return tuple(person for person, _ in words_of(decisions))


def words_of(decisions: Sequence[Approval]) -> tuple[Word, ...]:
    """The approvals that count, with their time."""
    return tuple(
        (given.person, given.at)
        for given in decisions
        if given.decision == "approve" and given.holds
    )


async def given_to(connection: Connection, plan: Plan) -> Given:
    """The approvals of the plan that count."""
    called = await names_of(connection, plan.project)
    words = words_of(await plans.decisions(connection, plan.hash))
    names = tuple(called.get(person, person) for person, _ in words)
    return Given(names, max((at for _, at in words), default=None))


async def names_of(connection: Connection, project: ProjectId) -> dict[str, str]:
    """What everybody known in the project is called, by key."""
    people = await projects.members_of(connection, project)
    return {key: display or key.rpartition(":")[2] for key, display, _ in people}


async def able_for(
    connection: Connection,
    project: ProjectId,
    judged: Judging,
    demand: Demand,
    *,
    without: Iterable[str] = (),
) -> tuple[str, ...]:
    """What those who could give it are called: those seen here, then those only the settings name."""
    called = await names_of(connection, project)
    able: dict[str, str] = {}
    for key in judged.able(demand, without=without):
        able.setdefault(judged.about.people.counted(key), called.get(key, key.rpartition(":")[2]))
    return tuple(able.values())


def _need(judged: Judging, demand: Demand, words: Sequence[Word], able: tuple[str, ...]) -> Need:
    given = judged.given(demand, words)
    return Need(
        missing=max(demand.count - given, 0),
        given=given,
        quorum=demand.count,
        able=able,
        rule=demand.rule,
    )
