"""`orchestra eval estimate`: forecasts beside what happened, from the project's own runs."""

import asyncio

from bot.config.settings import Settings
from bot.language.catalogue import ENGLISH, Locale
from memory.model.base import ProjectId
from memory.model.money import show_money
from planner.evaluation.calibration import Calibration, Coverage, KindOutcome


def estimate(settings: Settings, *, project: str) -> int:
    """Print how the forecasts of the project did; "" means the workspace's own project.

    Raises NotFound for a project that is not there.
    """
    name, found = asyncio.run(_calibration(settings, project))
    print("\n".join(_report(ENGLISH, name, found)))
    return 0


async def _calibration(settings: Settings, named: str) -> tuple[ProjectId, Calibration]:
    from bot.cli.desk import at_desk, looking, project_of
    from bot.queries.runs import calibration

    async with at_desk(settings, make=True) as desk:
        project = await project_of(desk, named)
        async with looking(desk, project) as asking:
            return project, await calibration(asking)


def _report(_: Locale, project: ProjectId, found: Calibration) -> list[str]:
    if not found.runs:
        text = _("No run of project {project} has succeeded yet, so there's nothing to compare.")
        return [text.format(project=project)]
    title = _.ngettext(
        "Project {project}: {count} successful run, without dry runs",
        "Project {project}: {count} successful runs, without dry runs",
        found.runs,
    )
    lines = [
        title.format(project=project, count=found.runs),
        _line(_, "cost", found.cost, _("nothing to pay, or a price isn't known")),
        _line(_, "duration", found.duration, _("no run has a duration")),
    ]
    if found.kinds:
        lines += [
            "",
            f"{'task':<16}{'agent':<16}{'done':>5}{'≤ ceiling':>11}{'cost':>10}{'time':>10}",
        ]
        lines += [_kind(kind) for kind in found.kinds]
    return lines


def _line(_: Locale, what: str, found: Coverage | None, none: str) -> str:
    if found is None:
        return f"{what:<9} {none}"
    text = _(
        "{inside:.0f}% within p10–p90 (80% is right), {below:.0f}% below, {above:.0f}% above, "
        "median error {error:.0f}%   (n = {cases})"
    ).format(
        inside=found.inside,
        below=found.below,
        above=found.above,
        error=found.median_error,
        cases=found.cases,
    )
    return f"{what:<9} {text}"


def _kind(kind: KindOutcome) -> str:
    cost = show_money(kind.median_cost_micro_usd)
    return (
        f"{kind.task_type:<16}{kind.agent:<16}{kind.tasks:>5}{kind.within:>10.0f}%{cost:>10}"
        f"{kind.median_seconds:>8.1f} s"
    )
