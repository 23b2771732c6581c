"""Plans as the bytes that were approved, and the approvals given to them."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from memory.model.base import Model, PlanHash, ProjectId, RequestId, sha256
from memory.model.errors import BadInput, Conflict, NotFound
from memory.model.identity import Identity, Role
from memory.model.work.approval import Approval, PlanState, StoredPlan
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection
from memory.store.engine.sealing import holds, sealed
from memory.store.tables import approvals, notes, plans
from memory.store.tables.columns import redactor_of


async def keep(
    tx: Connection, plan: Plan, *, thread_key: str, message_key: str, at: datetime
) -> PlanHash:
    """Store a plan as waiting. Keeping the same plan twice changes nothing.

    Raises BadInput where it holds a secret: what is stored is what was approved, to the byte.
    """
    body = plan.canonical().decode()
    kinds = redactor_of(tx.dialect).kinds(body)
    if kinds:
        raise BadInput(
            "This plan would keep a secret ({kinds}) in clear. Ask again without it, and put it into "
            "the environment or orchestra.toml.",
            kinds=", ".join(kinds),
        )
    known = await tx.execute(sa.select(plans.c.hash).where(plans.c.hash == plan.hash))
    if known.scalar_one_or_none() is None:
        await tx.execute(
            sa.insert(plans).values(
                hash=plan.hash,
                project_id=plan.project,
                request_id=plan.request,
                thread_key=thread_key,
                body=body,
                state=PlanState.WAITING,
                message_key=message_key,
                created_at=at,
                expires_at=datetime.fromisoformat(plan.expires_at),
            )
        )
    return plan.hash


async def load(connection: Connection, project: ProjectId, plan: PlanHash) -> StoredPlan:
    """The stored plan. Raises NotFound; Conflict when the stored bytes are not those hashed."""
    found = await connection.execute(
        sa.select(plans).where((plans.c.hash == plan) & (plans.c.project_id == project))
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound("There's no plan {plan} in this project.", plan=plan[:8])
    if PlanHash(sha256(row.body.encode())) != plan:
        raise Conflict("The stored plan was changed after it was shown, so it won't run.")
    return StoredPlan(
        plan=Plan.model_validate_json(row.body),
        state=PlanState(row.state),
        thread_key=row.thread_key,
        message_key=row.message_key,
        expires_at=row.expires_at,
    )


async def project_of(connection: Connection, plan: PlanHash) -> ProjectId | None:
    """The project whose plan this is, None where there's none with this hash."""
    found = await connection.execute(sa.select(plans.c.project_id).where(plans.c.hash == plan))
    project = found.scalar_one_or_none()
    return ProjectId(project) if project else None


class PlanRow(Model):
    """A plan in a list, as bytes that nobody has checked."""

    hash: PlanHash
    project: ProjectId
    state: PlanState
    body: str
    created_at: datetime
    expires_at: datetime


async def page(
    connection: Connection,
    projects: Collection[str],
    *,
    states: Collection[str] = (),
    before: tuple[datetime, str] | None = None,
    limit: int,
) -> tuple[PlanRow, ...]:
    """The newest plans of these projects, or those before the one of that time and hash."""
    wanted: list[sa.ColumnElement[bool]] = [plans.c.project_id.in_(projects)]
    if states:
        wanted.append(plans.c.state.in_(states))
    if before is not None:
        wanted.append(sa.tuple_(plans.c.created_at, plans.c.hash) < before)
    query = sa.select(plans).where(*wanted)
    rows = await connection.execute(
        query.order_by(plans.c.created_at.desc(), plans.c.hash.desc()).limit(limit)
    )
    return tuple(
        PlanRow(
            hash=PlanHash(row.hash), project=ProjectId(row.project_id), state=PlanState(row.state),
            body=row.body, created_at=row.created_at, expires_at=row.expires_at,
        )
        for row in rows
    )  # fmt: skip


class Approved(Model):
    """A plan that was approved, as bytes that nobody has checked, and the words it was made for."""

    words: str
    body: str


async def approved(
    connection: Connection, project: ProjectId, *, limit: int
) -> tuple[Approved, ...]:
    """The newest plans that were approved and are remembered, oldest first."""
    found = await connection.execute(
        sa.select(notes.c.text, plans.c.body)
        .join(plans, (plans.c.hash == notes.c.source) & (plans.c.project_id == project))
        .where((notes.c.project_id == project) & (notes.c.kind == "plan"))
        .order_by(notes.c.seq.desc())
        .limit(limit)
    )
    return tuple(Approved(words=row.text, body=row.body) for row in found)[::-1]


async def last_approved(connection: Connection, project: ProjectId) -> int:
    """A number that grows with every plan that is remembered; 0 where there is none."""
    newest_note = sa.select(sa.func.max(notes.c.seq)).where(
        (notes.c.project_id == project) & (notes.c.kind == "plan")
    )
    return (await connection.execute(newest_note)).scalar_one() or 0


async def newest(
    connection: Connection, project: ProjectId, thread_key: str, *states: PlanState
) -> PlanHash | None:
    """The project's newest plan of a thread that is in one of the states (any, where none are
    given): in direct messages, one thread may have been about several projects.
    """
    query = sa.select(plans.c.hash).where(
        (plans.c.project_id == project) & (plans.c.thread_key == thread_key)
    )
    if states:
        query = query.where(plans.c.state.in_(states))
    # Of two made in the same moment, the one that replaced the other.
    replaced = plans.c.state == PlanState.SUPERSEDED
    newest_first = query.order_by(plans.c.created_at.desc(), replaced).limit(1)
    found = (await connection.execute(newest_first)).scalar_one_or_none()
    return PlanHash(found) if found else None


async def of_request(
    connection: Connection, project: ProjectId, request: RequestId
) -> PlanHash | None:
    """The newest plan that was made of the request."""
    made = (plans.c.project_id == project) & (plans.c.request_id == request)
    newest_first = sa.select(plans.c.hash).where(made).order_by(plans.c.created_at.desc()).limit(1)
    found = (await connection.execute(newest_first)).scalar_one_or_none()
    return PlanHash(found) if found else None


async def show_in(tx: Connection, plan: PlanHash, message_key: str) -> None:
    """From now on the message with this outbox key shows the plan."""
    await tx.execute(sa.update(plans).where(plans.c.hash == plan).values(message_key=message_key))


async def by_message(connection: Connection, message_key: str) -> tuple[ProjectId, PlanHash] | None:
    """The plan that the message with this outbox key shows."""
    row = (
        await connection.execute(
            sa.select(plans.c.project_id, plans.c.hash).where(plans.c.message_key == message_key)
        )
    ).first()
    return (ProjectId(row.project_id), PlanHash(row.hash)) if row else None


async def move(tx: Connection, plan: PlanHash, to: PlanState, *, only_from: PlanState) -> bool:
    """Change the state if it is still the one expected; say whether it was (law 2)."""
    moved = await tx.execute(
        sa.update(plans)
        .where((plans.c.hash == plan) & (plans.c.state == only_from))
        .values(state=to)
    )
    return moved.rowcount == 1


async def decide(
    tx: Connection,
    project: ProjectId,
    plan: PlanHash,
    person: Identity,
    role: Role,
    decision: Literal["approve", "refuse"],
    *,
    via: Literal["reaction", "button", "words"],
    message: str,
    at: datetime,
) -> None:
    """Write down a person's decision; the newest one of a person counts."""
    await tx.execute(
        sa.delete(approvals).where(
            (approvals.c.plan_hash == plan) & (approvals.c.person == person.key)
        )
    )
    await tx.execute(
        sa.insert(approvals).values(
            sealed(
                tx,
                approvals,
                {
                    "plan_hash": plan,
                    "person": person.key,
                    "project_id": project,
                    "role": role,
                    "decision": decision,
                    "via": via,
                    "message": message,
                    "at": at,
                },
            )
        )
    )


async def decisions(connection: Connection, plan: PlanHash) -> tuple[Approval, ...]:
    """Every decision given on the plan, oldest first."""
    rows = await connection.execute(
        sa.select(approvals).where(approvals.c.plan_hash == plan).order_by(approvals.c.at)
    )
    return tuple(
        Approval(
            person=row.person,
            role=Role(row.role),
            decision=row.decision,
            at=row.at,
            holds=holds(connection, approvals, row),
        )
        for row in rows
    )


async def take_back(tx: Connection, plan: PlanHash, person: str) -> None:
    """Forget a person's decision on the plan."""
    await tx.execute(
        sa.delete(approvals).where((approvals.c.plan_hash == plan) & (approvals.c.person == person))
    )


async def overdue(
    connection: Connection, now: datetime, limit: int
) -> tuple[tuple[ProjectId, PlanHash], ...]:
    """Plans that still wait though the time to decide on them is over, longest first."""
    rows = await connection.execute(
        sa.select(plans.c.project_id, plans.c.hash)
        .where((plans.c.state == PlanState.WAITING) & (plans.c.expires_at <= now))
        .order_by(plans.c.expires_at)
        .limit(limit)
    )
    return tuple((ProjectId(row.project_id), PlanHash(row.hash)) for row in rows)


async def waiting_messages(connection: Connection, *, now: datetime) -> tuple[str, ...]:
    """Keys of the messages of all plans that can still be decided."""
    rows = await connection.execute(
        sa.select(plans.c.message_key)
        .where((plans.c.state == PlanState.WAITING) & (plans.c.expires_at > now))
        .order_by(plans.c.created_at.desc())
        .limit(200)
    )
    return tuple(rows.scalars())
