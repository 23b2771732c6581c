"""What people teach, and rules that were found and proposed: one row each."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from memory.model.base import ProjectId
from memory.model.errors import Conflict, NotFound
from memory.model.work.rule import Rule, RuleState
from memory.privacy.redaction import redact
from memory.store.engine.database import Connection
from memory.store.engine.once import insert_once
from memory.store.tables import rules

TRIES: Final = 5
"""For a number, where others teach at the same moment."""

_BODY: Final = ("routing", "evidence", "replaces")


async def keep(tx: Connection, rule: Rule) -> Rule:
    """Store it under the project's next number; one with its id that is there is given back.

    What looks like a secret is masked first. Raises Conflict where too many teach at once.
    """
    rule = rule.model_copy(update={"text": redact(rule.text)})
    for _ in range(TRIES):
        found = await _first(tx, rules.c.id == rule.id)
        if found is not None:
            return found
        highest = sa.select(sa.func.max(rules.c.number)).where(rules.c.project_id == rule.project)
        number = int((await tx.execute(highest)).scalar_one() or 0) + 1
        await insert_once(tx, rules, _values(rule, number))
    raise Conflict("Others are teaching me at this moment; say it again, please.")


async def known(
    connection: Connection,
    project: ProjectId,
    person: str,
    *states: RuleState,
) -> tuple[Rule, ...]:
    """The project's rules and the person's own in these states (active), by number."""
    return await _all(
        connection,
        (rules.c.project_id == project)
        & rules.c.person.in_(["", person])
        & rules.c.state.in_(states or (RuleState.ACTIVE,)),
    )


async def get(connection: Connection, project: ProjectId, person: str, number: int) -> Rule:
    """The rule that the person calls by this number. Raises NotFound, also for others' own."""
    found = await _first(
        connection,
        (rules.c.project_id == project)
        & (rules.c.number == number)
        & rules.c.person.in_(["", person])
        & (rules.c.state != RuleState.RETIRED),
    )
    if found is None:
        raise NotFound(
            "There is no rule {number} here; say `rules` to see them all.", number=number
        )
    return found


async def by_id(connection: Connection, project: ProjectId, rule: str) -> Rule | None:
    """The project's rule with this id, whatever its state."""
    return await _first(connection, (rules.c.project_id == project) & (rules.c.id == rule))


async def activate(tx: Connection, rule: Rule, *, by: str, at: datetime) -> bool:
    """Let a proposed rule hold; False where that was decided before."""
    return await _decide(tx, rule, RuleState.PROPOSED, RuleState.ACTIVE, by, at)


async def turn_down(tx: Connection, rule: Rule, *, by: str, at: datetime) -> bool:
    """Let a proposed rule be; it is kept, so that it isn't proposed again."""
    return await _decide(tx, rule, RuleState.PROPOSED, RuleState.RETIRED, by, at)


async def forget(tx: Connection, rule: Rule, *, by: str, at: datetime) -> None:
    """Erase it; only its number stays taken."""
    await tx.execute(
        sa.update(rules)
        .where(rules.c.id == rule.id)
        .values(
            state=RuleState.RETIRED, text="", person="", author="", author_name="", source="",
            body={}, decided_by="" if rule.person else by, decided_at=at,
        )
    )  # fmt: skip


async def _decide(
    tx: Connection, rule: Rule, before: RuleState, after: RuleState, by: str, at: datetime
) -> bool:
    done = await tx.execute(
        sa.update(rules)
        .where((rules.c.id == rule.id) & (rules.c.state == before))
        .values(state=after, decided_by=by, decided_at=at)
    )
    return done.rowcount == 1


async def _all(connection: Connection, where: sa.ColumnElement[bool]) -> tuple[Rule, ...]:
    rows = await connection.execute(sa.select(rules).where(where).order_by(rules.c.number))
    return tuple(_rule(row) for row in rows)


async def _first(connection: Connection, where: sa.ColumnElement[bool]) -> Rule | None:
    found = await _all(connection, where)
    return found[0] if found else None


def _values(rule: Rule, number: int) -> dict[str, Any]:
    body = rule.model_dump(mode="json", include=set(_BODY), exclude_defaults=True)
    return {
        "id": rule.id,
        "project_id": rule.project,
        "number": number,
        "kind": rule.kind,
        "text": rule.text,
        "person": rule.person,
        "author": rule.author,
        "author_name": rule.author_name,
        "source": rule.source,
        "state": rule.state,
        "body": body,
        "at": rule.at,
        "decided_by": "",
    }


def _rule(row: sa.Row[Any]) -> Rule:
    return Rule(
        id=row.id,
        project=ProjectId(row.project_id),
        number=row.number,
        kind=row.kind,
        text=row.text,
        person=row.person,
        author=row.author,
        author_name=row.author_name,
        source=row.source,
        state=row.state,
        at=row.at,
        **row.body,
    )
