"""`orchestra eval agents`: what tests say of the agents, for a project to begin with."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.config.settings import Settings
from planner.evaluation.routing import Asked
from planner.evaluation.streams import read_stream


def agents(settings: Settings, results: Path, *, project: str) -> None:
    """Keep the results and print them by type of work. Raises BadInput, NotFound, NotAllowed."""
    tests = read_stream(results)
    name, kept = asyncio.run(_kept(settings, project, tests))
    print(f"Project {name} begins with {kept:,} results. Mean quality by type of work:")
    print("\n".join(_table(tests)))


async def _kept(settings: Settings, named: str, tests: Sequence[Asked]) -> tuple[str, int]:
    from bot.actions.act import acting
    from bot.actions.testing import keep_tests
    from bot.cli.desk import actor, at_desk, project_of

    async with at_desk(settings, make=True) as desk:
        project = await project_of(desk, named)
        async with acting(desk, actor(), project) as act:
            return project, await keep_tests(act, tests)


def _table(tests: Sequence[Asked]) -> list[str]:
    sums: dict[tuple[str, str], list[float]] = {}
    for asked in tests:
        for name, outcome in asked.outcomes.items():
            sums.setdefault((asked.task_type, name), []).append(outcome.quality)
    return [
        f"{kind:<20}{name:<30}{sum(found) / len(found):>6.2f}   (n = {len(found):,})"
        for (kind, name), found in sorted(sums.items())
    ]
