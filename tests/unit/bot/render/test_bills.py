"""What was spent, as a table for a spreadsheet."""

from datetime import UTC, date, datetime

from bot.language.asking.periods import Span
from bot.queries.about.spending import Bill, Line, as_csv

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_no_name_in_a_bill_is_run_as_a_formula() -> None:
    names = (
        '=HYPERLINK("http://x","y")',
        "+cmd|' /C calc'!A0",
        "-1+1=2",
        "@SUM(A1)",
        "Launch, two",
    )
    day = date(2026, 3, 2)
    bill = Bill(
        span=Span(since=NOW, until=NOW, first=day, last=day),
        by="schedule",
        cost_micro_usd=7_500_000,
        attempts=5,
        unpriced=0,
        lines=tuple(Line(name=name, cost_micro_usd=1_500_000, attempts=1) for name in names),
    )
    assert as_csv(bill).splitlines() == [
        "schedule,usd,attempts",
        '"\'=HYPERLINK(""http://x"",""y"")",1.500000,1',
        "'+cmd|' /C calc'!A0,1.500000,1",
        "'-1+1=2,1.500000,1",
        "'@SUM(A1),1.500000,1",
        '"Launch, two",1.500000,1',
    ]
