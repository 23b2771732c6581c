"""Rules that the records suggest, proposed once each; a person has to accept them."""

from bot.config.projects import routing_of
from bot.services import Desk
from memory.model.base import ProjectId, sha256
from memory.model.work.rule import Rule, RuleKind, RuleState
from memory.store.engine.database import Connection
from memory.store.knowledge import learning, rules
from memory.store.traffic import audit
from planner.rules.proposals import findings


async def proposed(tx: Connection, desk: Desk, project: ProjectId) -> Rule | None:
    """The next rule that is worth proposing, kept as proposed; None where there is none new.

    A finding that was proposed before, whatever became of it, isn't proposed again.
    """
    now = desk.clock.now()
    half_life = (await routing_of(tx, desk.settings, project)).half_life_days
    profiles = await learning.profiles_of(tx, project, now=now, half_life_days=half_life)
    held = await rules.known(tx, project, "", RuleState.ACTIVE, RuleState.PROPOSED)
    for routing, evidence in findings(profiles, desk.executor.catalogue(), held):
        mark = sha256(f"{project}:{routing.agent}:{routing.task_type}".encode())[:20]
        rule = f"rule_{mark}"
        if await rules.by_id(tx, project, rule) is not None:
            continue
        found = Rule(
            id=rule, project=project, kind=RuleKind.RULE, text=routing.said, source="records",
            state=RuleState.PROPOSED, routing=routing, evidence=evidence, at=now,
        )  # fmt: skip
        kept = await rules.keep(tx, found)
        await audit.record(
            tx, project, actor="system", action="rule.proposed", on=f"rule:{kept.id}", at=now
        )
        return kept
    return None
