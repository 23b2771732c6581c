"""What two long texts differ in is seen, not what they begin with."""

import pytest

from bot.language.catalogue import ENGLISH
from bot.render.plans.differences import changes_text
from bot.render.plans.text_diff import contrast
from memory.model.work.graph import Const
from tests.unit.bot.samples import plan, task

SQL = 'SELECT "region" AS "region", SUM("revenue") AS "total_revenue"\nFROM "sales"\nGROUP BY "region"\nORDER BY 2 DESC'


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("short", "other", ("short", "other")),
        (SQL, f"{SQL}\nLIMIT 5",
         ("… BY 2 DESC", "… BY 2 DESC LIMIT 5")),
        (SQL, SQL.replace('FROM "sales"', 'FROM "sales" WHERE "units" > 5'),
         ('… "total_revenue" FROM "sales" …',
          '… "total_revenue" FROM "sales" WHERE "units" > 5 …')),
        (SQL, SQL.replace("SUM(", "AVG("),
         ('… "region" AS "region", SUM("revenue") …', '… "region" AS "region", AVG("revenue") …')),
        (f"x{SQL}", SQL, ("xSELECT …", "SELECT …")),
        (SQL, "", (" ".join(SQL.split()), "")),
    ],
)  # fmt: skip
def test_only_the_part_that_differs_stays(before: str, after: str, shown: tuple[str, str]) -> None:
    assert contrast(before, after, 60) == shown
    assert contrast(after, before, 60) == shown[::-1]


def test_a_changed_query_shows_what_changed() -> None:
    def asked(sql: str) -> object:
        return plan(task("a", "Total", inputs={"sql": Const(value=sql)}))

    text = changes_text(ENGLISH, asked(SQL), asked(f"{SQL}\nLIMIT 5"), {})  # type: ignore[arg-type]
    assert "sql: `… BY 2 DESC` → `… BY 2 DESC LIMIT 5`" in text
