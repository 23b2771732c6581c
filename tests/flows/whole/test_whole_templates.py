"""Templates through the whole program, without a model: chosen, run, made of a run, used again."""

from decimal import Decimal

import pytest

from planner.templates.reading import read_template
from tests.flows.play import Reacts, Said, bot
from tests.flows.whole.program import (
    IN_TURN,
    ExternalAgents,
    Whole,
    state,
    whole,
)
from tests.flows.whole.test_whole import (
    UNDONE,
    files,
    outside,
    read,
    totals,
)

__all__ = ["outside"]


def sums(ready: Whole, path: str, head: str) -> dict[str, Decimal]:
    """The first and last cell of the table under this heading."""
    lines = read(ready, path).decode().split(f"| {head} |")[1].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    found = {}
    for row in rows:
        if len(row) < 2:
            break
        found[row[0]] = Decimal(row[-1].replace(",", ""))
    return found


@pytest.mark.parametrize("platform", IN_TURN[:2])
async def test_a_template_runs_offline_and_a_run_becomes_one(
    platform: str, outside: ExternalAgents
) -> None:
    async with whole(platform, outside) as ready:
        await state(
            ready,
            Said("ana", "make a data report on sales.csv, revenue by region"),
            bot("4 tasks", "$0", "writes 2 files", "From the template “Data report”."),
        )
        assert files(ready) == UNDONE
        await state(ready, Reacts("ana", "✅"), bot("Done in", "reports/revenue-by-region.md"))
        assert sums(ready, "reports/revenue-by-region.md", "region") == totals()
        await state(
            ready,
            Said("ana", "save this as a template called Regions"),
            bot("Saved as the template", "templates/regions.yaml", "measure", "group"),
        )
        text = read(ready, "templates/regions.yaml").decode()
        assert read_template(text, file="regions.yaml", own=True).title == "Regions"
        await state(
            ready,
            Said("ana", "use the regions template, measure: units, to reports/units.md"),
            bot("From the template “Regions”.", "⚠ writes reports/units.md"),
            Reacts("ana", "✅"),
            bot("Done in", "reports/units.md"),
        )
        assert sums(ready, "reports/units.md", "region") == totals("units")


async def test_the_weekly_report_asks_and_runs_offline(outside: ExternalAgents) -> None:
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", "weekly report"),
            bot("Two things before I plan:", "Which column is added up?", "Broken down by"),
            Said("ana", "run"),
            bot("From the template “Weekly report”.", "⚠ writes reports/weekly-revenue.md"),
            Reacts("ana", "✅"),
            bot("Done in", "reports/weekly-revenue.png"),
        )
        weeks = sums(ready, "reports/weekly-revenue.md", "week of")
        assert sum(weeks.values()) <= sum(totals().values())
        assert len(weeks) == 12
        newest = sums(ready, "reports/weekly-revenue.md", "region")
        assert sum(newest.values()) == weeks[max(weeks)]
