"""The whole program, nothing faked but the chat platforms' own side: words in, files out."""

import csv
import io
import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from tests.flows.play import Presses, Reacts, Said, Step, bot
from tests.flows.whole.program import (
    IN_TURN,
    PLATFORMS,
    ExternalAgents,
    Whole,
    state,
    whole,
)

SALES = Path(__file__).parents[3] / "deploy" / "examples" / "sales" / "sales.csv"
REQUEST = (
    "Load sales.csv, total the revenue by region, chart it, and write a report to reports/q3.md"
)
UNCLEAR = REQUEST.replace("revenue", "benefit")
ASKING = "Load sales.csv, total the revenue by region, ask @kim to check the numbers, and write a report to reports/q3.md"
UNDONE = frozenset({"sales.csv"})
"""The project's files where nothing was done."""


@pytest.fixture
def outside(tmp_path: Path) -> ExternalAgents:
    made = ExternalAgents(tmp_path)
    made.files.mkdir()
    shutil.copy(SALES, made.files)
    return made


def files(ready: Whole) -> frozenset[str]:
    found = (path for path in ready.files.rglob("*") if path.is_file())
    return frozenset(str(path.relative_to(ready.files)) for path in found)


def read(ready: Whole, path: str) -> bytes:
    return (ready.files / path).read_bytes()


def totals(column: str = "revenue") -> dict[str, Decimal]:
    """The column by region, summed here."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in csv.DictReader(io.StringIO(SALES.read_text())):
        found[row["region"]] += Decimal(row[column])
    return found


def table_of(report: bytes) -> dict[str, Decimal]:
    """The table in it, without its head: region and total."""
    lines = [line for line in report.decode().splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines[2:]]
    return {region: Decimal(total.replace(",", "")) for region, total in rows}


def picture_size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "PNG"
        picture.load()
        return picture.size


def all_is_shown(ready: Whole, report: str = "reports/q3.md") -> None:
    """The report has the right sums, the chart is a picture, and people see both."""
    chart = "reports/q3.png"
    assert files(ready) == UNDONE | {report, chart}
    assert table_of(read(ready, report)) == totals()
    assert min(picture_size(read(ready, chart))) > 200
    shown = ready.shown()
    assert shown["q3.png"] == read(ready, chart)
    assert shown[report.rpartition("/")[2]] == read(ready, report)


def choice(platform: str, label: str, number: str) -> Step:
    """A button where there are buttons, its number where one types."""
    return Said("ana", number) if platform == "console" else Presses("ana", label)


async def order(platform: str, ready: Whole) -> None:
    """The yardstick: a question, the plan, its approval, the files."""
    await state(
        ready,
        Said("ana", UNCLEAR),
        bot("One thing before I plan:", "I'm not sure how to read “total the benefit by region”"),
        choice(platform, "Total revenue by region", "1"),
        bot("3 tasks", "$0", "writes 2 files", "⚠ writes reports/q3.md", "Waiting for approval"),
    )
    picture = next(data for name, data in ready.shown().items() if "plan-" in name)
    assert min(picture_size(picture)) > 100
    assert files(ready) == UNDONE
    await state(
        ready,
        Reacts("ana", "✅"),
        bot("Approved by ana", "Done in", "39,761.47", "reports/q3.md", "reports/q3.png"),
    )
    all_is_shown(ready)


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_question_a_plan_an_approval_and_the_right_numbers(
    platform: str, outside: ExternalAgents
) -> None:
    async with whole(platform, outside) as ready:
        await order(platform, ready)


async def test_the_same_on_postgres(outside: ExternalAgents, postgres_url: str) -> None:
    async with whole("slack", ExternalAgents(outside.folder, url=postgres_url)) as ready:
        await order("slack", ready)


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_nothing_is_written_until_the_changed_plan_is_approved(
    platform: str, outside: ExternalAgents
) -> None:
    async with whole(platform, outside) as ready:
        await state(
            ready,
            Said("ana", REQUEST),
            bot("⚠ writes reports/q3.md"),
            Reacts("ana", "🧪"),
            bot(
                "nothing was called or changed",
                "A real run writes reports/q3.png and reports/q3.md",
            ),
        )
        assert files(ready) == UNDONE
        await state(ready, Reacts("ana", "❌"), bot("Dropped by ana", "nothing was done"))
        assert files(ready) == UNDONE
        await state(
            ready,
            Said("ana", REQUEST),
            Said("ana", "save it to reports/other.md instead"),
            bot("Replaced by plan", "⚠ writes reports/other.md"),
            Reacts("ana", "✅", on="first plan"),
            bot(absent=["Approved", "Done in"]),
        )
        assert files(ready) == UNDONE
        await state(ready, Reacts("ana", "✅"), bot("Approved by ana", "Done in"))
        all_is_shown(ready, "reports/other.md")


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_a_posted_file_is_worked_on_and_its_chart_changed_in_words(
    platform: str, outside: ExternalAgents
) -> None:
    order = "total the units by region in posted.csv, chart it and save it to units.csv"
    async with whole(platform, outside) as ready:
        await ready.harness.say("ana", order, files={"posted.csv": SALES.read_bytes()})
        await state(
            ready,
            bot("reads inbox/posted.csv", "⚠ writes units.csv", absent=["pie chart"]),
            Said("ana", "make it a pie chart"),
            bot("Replaced by plan", "pie chart"),
            Said("ana", "looks good"),
            bot("Approved by ana", "Done in"),
        )
        rows = csv.reader(io.StringIO(read(ready, "units.csv").decode()))
        assert {region: Decimal(units) for region, units in list(rows)[1:]} == totals("units")
        assert ready.shown()["units.csv"] == read(ready, "units.csv")
        assert read(ready, "inbox/posted.csv") == SALES.read_bytes()


@pytest.mark.parametrize("platform", IN_TURN)
async def test_a_person_is_asked_and_the_answer_is_in_the_report(
    platform: str, outside: ExternalAgents
) -> None:
    async with whole(platform, outside) as ready:
        await state(
            ready,
            Said("ana", ASKING),
            bot("kim: check the numbers"),
            Reacts("ana", "✅"),
            bot("Please check the numbers", "The run is waiting", "1/3", absent=["Done in"]),
            Said("ana", "cancel"),
            bot("Cancelled after", absent=["Done in"]),
        )
        assert files(ready) == UNDONE
        await state(
            ready,
            Said("kim", "They are right."),
            bot(absent=["Thank you", "Done in"]),
            Said("ana", ASKING),
            Reacts("ana", "✅"),
            bot("Please check the numbers"),
            Said("kim", "They are right."),
            bot("Thank you", "Done in", "reports/q3.md"),
        )
        report = read(ready, "reports/q3.md")
        assert table_of(report) == totals()
        assert "**kim**, asked “Please check the numbers”:\n\n> They are right." in report.decode()


BRANCHED = (
    "Total the revenue in sales.csv by region. If the total is above 1,000,000, write a report to "
    "big.md, otherwise write a report to small.md"
)


@pytest.mark.parametrize("platform", IN_TURN)
async def test_of_two_ways_only_the_one_that_holds_is_gone(
    platform: str, outside: ExternalAgents
) -> None:
    async with whole(platform, outside) as ready:
        await state(
            ready,
            Said("ana", BRANCHED),
            bot("only if total_revenue of", "is above 1000000", "is at most 1000000",
                "writes up to 2 files"),
            Reacts("ana", "🧪"),
            bot("nothing was called or changed", "only if total_revenue of"),
            Reacts("ana", "✅", on="first plan"),
            bot("Approved by ana", "Done in", "small.md", absent=["Failed"]),
        )  # fmt: skip
        assert files(ready) == UNDONE | {"small.md"}
        assert table_of(read(ready, "small.md")) == totals()


@pytest.mark.parametrize("platform", IN_TURN)
async def test_a_person_decides_what_a_failure_means(
    platform: str, outside: ExternalAgents
) -> None:
    async with whole(platform, outside) as ready:
        await state(
            ready,
            Said("ana", "Fetch https://127.0.0.1:1/x, then count the rows in sales.csv. "
                 "If anything fails, ask me"),
            bot("If a task fails, I'll ask you", "2 tasks"),
            Reacts("ana", "✅"),
            bot("Retry it, skip it, or stop the run?", absent=["Done in"]),
            Said("ana", "hm, I wonder"),
            bot("Say ", "retry", "skip", "stop", absent=["Done in"]),
            Said("ana", "skip it"),
            bot("Thank you; the run goes on.", "Done in"),
        )  # fmt: skip


async def test_a_list_is_gone_through_item_by_item(outside: ExternalAgents) -> None:
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", "For each of North and South: ask @kim to check the stock"),
            bot("× each of North and South", "1 task"),
            Reacts("ana", "🧪"),
            bot("nothing was called or changed", "× each of North and South"),
            Reacts("ana", "✅", on="first plan"),
            bot("Please check the stock (North)", "Please check the stock (South)"),
            Said("ana", "cancel"),
            bot("Cancelled after", absent=["Done in"]),
        )


@pytest.mark.parametrize("platform", IN_TURN)
async def test_a_file_that_is_missing_or_unreadable_is_one_clear_sentence(
    platform: str, outside: ExternalAgents
) -> None:
    (outside.files / "bad.csv").write_bytes(bytes(range(256)) * 50)
    async with whole(platform, outside) as ready:
        await state(
            ready,
            Said("ana", REQUEST.replace("sales.csv", "sails.csv")),
            bot("There's no sails.csv. Which file do you mean?", absent=["Plan "]),
            Said("ana", "drop"),
            Said("ana", REQUEST.replace("sales.csv", "staff.csv")),
            bot("There's no file staff.csv", "it has sales.csv", absent=["Plan "]),
            Said("ana", REQUEST.replace("sales.csv", "bad.csv")),
            bot("bad.csv isn't a text file", absent=["Plan "]),
            Said("ana", REQUEST),
            bot("Plan "),
        )
        (ready.files / "sales.csv").unlink()
        failed = "✗ 1 Total revenue by region (data.query): "
        await state(
            ready,
            Reacts("ana", "✅"),
            bot(failed + "There's no file sales.csv in the project's folder", absent=["Done in"]),
            Said("ana", "plan again"),
            bot("There's no file sales.csv", absent=["Plan "]),
        )
        shutil.copy(SALES, ready.files)
        await state(ready, Said("ana", "plan again"), bot("Plan "))
        shutil.copy(ready.files / "bad.csv", ready.files / "sales.csv")
        await state(
            ready,
            Reacts("ana", "✅"),
            bot(failed, "sales.csv isn't a text file", absent=["Done in"]),
        )
        assert files(ready) == {"sales.csv", "bad.csv"}
        shutil.copy(SALES, ready.files)
        await state(ready, Said("ana", "plan again"), Reacts("ana", "✅"), bot("Done in"))
        (ready.files / "bad.csv").unlink()
        all_is_shown(ready)
