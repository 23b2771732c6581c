"""The policy of a project: its rules, who approves for whom, and why something takes an approval."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from bot.config.projects import rules_of, settings_of
from bot.queries.asking import Asking
from bot.queries.plans.approval import Judging, names_of
from bot.queries.plans.zones import zone_of
from memory.model.agents.spec import EffectClass
from memory.model.approvals.policy import (
    Asked,
    Delegation,
    Demand,
    StoredRule,
    Touch,
    Who,
    demands,
)
from memory.model.authority import About, Rules
from memory.model.base import Model, name_key
from memory.model.errors import BadInput, NotFound
from memory.model.identity import Identity
from memory.store.knowledge import projects
from memory.store.planning import approval_requests, policies


class Policy(Model):
    """What holds here. `table` is the settings' table of the project, `names` what people are called."""

    rules: tuple[StoredRule, ...]
    lent: tuple[Delegation, ...]
    quorum: int
    requester_may_approve: bool | None
    table: str
    names: dict[str, str]


class Explain(Model):
    """Something that might be done; `effect` None is each kind. A cost of None isn't known."""

    effect: EffectClass | None = None
    target: str = ""
    cost_micro_usd: int | None = None


class Answer(Model):
    """What an effect takes: the demands, who could meet each by name, and the rules they are from."""

    effect: EffectClass
    demands: tuple[tuple[Demand, tuple[str, ...]], ...]


class Explained(Model):
    """Who has to approve something, and why; `policy` has the rules that are spoken of."""

    target: str
    answers: tuple[Answer, ...]
    policy: Policy


async def policy(asking: Asking) -> Policy:
    """The rules in force here, with what the settings fix. Raises NotAllowed."""
    asking.must_see()
    connection, project = asking.connection, asking.project
    fixed = await rules_of(asking.desk.settings, connection, project, now=asking.now)
    named = await settings_of(connection, asking.desk.settings, project)
    lent = await policies.lent(connection, project)
    return Policy(
        rules=await policies.rules(connection, project),
        lent=tuple(known for known in lent if known.until > asking.now and known.holds),
        quorum=fixed.quorum,
        requester_may_approve=fixed.requester_may_approve,
        table=f"projects.{named.name}" if named else "",
        names=await names_of(connection, project),
    )


async def explain(asking: Asking, wanted: Explain) -> Explained:
    """Whose approval such a thing takes, who could give it now, and which rule says so."""
    known = await policy(asking)
    effects = tuple(EffectClass) if wanted.effect is None else (wanted.effect,)
    fixed = await rules_of(asking.desk.settings, asking.connection, asking.project, now=asking.now)
    return Explained(
        target=wanted.target,
        answers=tuple([await _answer(asking, known, fixed, effect, wanted) for effect in effects]),
        policy=known,
    )


async def _answer(
    asking: Asking, known: Policy, fixed: Rules, effect: EffectClass, wanted: Explain
) -> Answer:
    cost = wanted.cost_micro_usd or 0
    asked = Asked(
        touches=(Touch(effect=effect, target=wanted.target),), cost_micro_usd=cost, at=asking.now
    )
    found = demands(
        asked,
        known.rules,
        quorum=fixed.quorum,
        requester_may_approve=fixed.requester_may_approve,
    )
    judged = await _judging(asking, fixed, found)
    return Answer(
        effect=effect,
        demands=tuple(
            (
                demand,
                ()
                if demand.who is Who.NOBODY
                else tuple(
                    known.names.get(key, key.rpartition(":")[2])
                    for key in judged.people
                    if judged.could(demand, key)
                ),
            )
            for demand in found
        ),
    )


async def _judging(asking: Asking, fixed: Rules, found: tuple[Demand, ...]) -> Judging:
    roles = await projects.roles_of(asking.connection, asking.project)
    lent = await approval_requests.lent(asking.connection, asking.project, roles, fixed)
    about = About(
        demands=found, lent=lent, sandbox=fixed.sandbox, now=asking.now, people=roles.people
    )
    return Judging(about=about, roles=roles, rules=fixed)


async def zone(asking: Asking) -> ZoneInfo:
    """By whose clock whoever asks means a time."""
    found = await zone_of(asking.connection, asking.desk, asking.project, asking.person.key)
    return ZoneInfo(found.name)


async def people_named(
    asking: Asking, names: Iterable[str], mentioned: Sequence[Identity] = ()
) -> dict[str, Identity]:
    """Who is meant by each name: somebody mentioned, or known in the project.

    Raises NotFound for somebody nobody knows, BadInput for a name that several have.
    """
    known = await projects.members_of(asking.connection, asking.project)
    people = {
        key: Identity.of(key).model_copy(update={"display": display}) for key, display, _ in known
    }
    every = [*mentioned, *people.values()]
    return {name: _named(name, every) for name in names}


def _named(name: str, every: Sequence[Identity]) -> Identity:
    wanted = name_key(name.strip("<>").lstrip("@"))
    found = {
        person.key: person
        for person in every
        if wanted in {name_key(person.display), name_key(person.user_id), name_key(person.key)}
    }
    if not found:
        raise NotFound(
            "I don't know {name} here. Name people with @, or by whole ids such as "
            "slack:T01ABCD:U01ANA.",
            name=name,
        )
    if len(found) > 1:
        raise BadInput("More than one person here is called {name}. Name them with @.", name=name)
    return next(iter(found.values()))
