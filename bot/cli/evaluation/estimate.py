"""`orchestra eval estimate`: forecasts beside what happened, from the project's own runs."""

import asyncio

from bot.config.settings import Settings
from memory.model.base import ProjectId
from memory.model.errors import NotFound
from memory.model.identity import ThreadRef
from memory.model.money import show_money
from planner.evaluation.calibration import Calibration, Coverage, KindOutcome


def estimate(settings: Settings, *, project: str) -> int:
    """Print how the forecasts of the project did; "" means the workspace's own project.

    Raises NotFound for a project that is not there.
    """
    name, found = asyncio.run(_calibration(settings, project))
    print("\n".join(_report(name, found)))
    return 0


async def _calibration(settings: Settings, named: str) -> tuple[ProjectId, Calibration]:
    from bot.actions.places import place_of
    from bot.config.projects import slug
    from memory.store.engine import schema
    from memory.store.engine.database import Database, database_url
    from memory.store.knowledge import forecasts, projects
    from planner.evaluation.calibration import calibrate

    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(database_url(settings.data, settings.database_url.get_secret_value()))
    try:
        await schema.upgrade(database)
        thread = ThreadRef(platform="console", workspace="local", channel="chat")
        project = ProjectId(slug(named)) if named else place_of(settings, thread).project
        async with database.reading() as connection:
            known = await projects.every(connection)
            if named and project not in known:
                there = f"known are {', '.join(known)}" if known else "there is none yet"
                raise NotFound("There is no project {named}; {there}.", named=named, there=there)
            return project, calibrate(await forecasts.outcomes(connection, project))
    finally:
        await database.close()


def _report(project: ProjectId, found: Calibration) -> list[str]:
    if not found.runs:
        return [
            f"No run of project {project} has succeeded yet, so there is nothing to compare its "
            "forecasts with."
        ]
    runs = "run that succeeded" if found.runs == 1 else "runs that succeeded"
    lines = [f"Project {project}: {found.runs} {runs}, dry runs aside"]
    lines.append(_line("cost", found.cost, "nothing was to be paid, or a price is not known"))
    lines.append(_line("duration", found.duration, "no run has a duration"))
    if found.kinds:
        lines += [
            "",
            f"{'task':<16}{'agent':<16}{'done':>5}{'≤ ceiling':>11}{'cost':>10}{'time':>10}",
        ]
        lines += [_kind(kind) for kind in found.kinds]
    return lines


def _line(what: str, found: Coverage | None, none: str) -> str:
    if found is None:
        return f"{what:<9} {none}"
    return (
        f"{what:<9} {found.inside:.0f} % within p10–p90 (80 % is right), {found.below:.0f} % below, "
        f"{found.above:.0f} % above, median error {found.median_error:.0f} %   (n = {found.cases})"
    )


def _kind(kind: KindOutcome) -> str:
    cost = show_money(kind.median_cost_micro_usd)
    return (
        f"{kind.task_type:<16}{kind.agent:<16}{kind.tasks:>5}{kind.within:>9.0f} %{cost:>10}"
        f"{kind.median_seconds:>8.1f} s"
    )
