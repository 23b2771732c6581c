"""The audit chain for pages, and how work went lately."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.queries.agents import agents_lately
from bot.queries.asking import Asking
from bot.queries.plans.approval import names_of
from bot.queries.runs import calibration
from bot.queries.web.callers import Reach
from memory.model.audit import AuditRow
from memory.model.base import ProjectId
from memory.model.overview import AgentRow
from memory.store.engine.database import Connection
from memory.store.running import overview
from memory.store.running.overview import Day as Day
from memory.store.traffic import audit
from planner.evaluation.calibration import Calibration


@dataclass(frozen=True)
class Went:
    """How the runs of the last days went. `seconds`: of each that ended, the shortest first."""

    days: tuple[Day, ...]
    seconds: tuple[float, ...]
    calibration: Calibration
    agents: tuple[AgentRow, ...]


async def audit_page(
    connection: Connection,
    reach: Reach,
    *,
    project: ProjectId | None,
    action: str,
    actor: str,
    before: int | None,
    limit: int,
) -> tuple[AuditRow, ...]:
    """The newest rows of the projects they may see, newest first; an admin sees the installation's."""
    seen = [project] if project else [*reach.lines, *([""] if reach.admin else [])]
    rows = await audit.listed(
        connection, project=None, projects=seen, action=action, actor=actor, before_seq=before,
        limit=limit,
    )  # fmt: skip
    return rows[::-1]


async def people_in(connection: Connection, projects: Mapping[ProjectId, object]) -> dict[str, str]:
    """What people of these projects are called, by key."""
    found: dict[str, str] = {}
    for project in projects:
        found |= await names_of(connection, project)
    return found


async def went(asking: Asking, days: int) -> Went:
    """How the project's runs went in the last days, dry runs aside."""
    asking.must_see()
    since = asking.now - timedelta(days=days)
    return Went(
        days=await overview.by_day(asking.connection, asking.project, since),
        seconds=await overview.seconds_taken(asking.connection, asking.project, since),
        calibration=await calibration(asking),
        agents=await agents_lately(asking, days=days),
    )
