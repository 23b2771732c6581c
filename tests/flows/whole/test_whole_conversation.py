"""A follow-up is read against what was said and done in the thread before."""

from pathlib import Path

from tests.flows.play import Reacts, Said, bot
from tests.flows.whole.program import ExternalAgents, state, whole

ROWS = "day,product,amount\n2024-01-02,Lamp,10\n2024-02-03,Desk,30\n2024-03-01,Lamp,5\n"


async def test_the_file_in_use_is_meant_where_none_is_named(tmp_path: Path) -> None:
    outside = ExternalAgents(tmp_path)
    outside.files.mkdir()
    (outside.files / "shop.csv").write_text(ROWS)
    (outside.files / "fair.csv").write_text(ROWS.replace("30", "99"))
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", "total amount by product in fair.csv"),
            bot("reads fair.csv"),
            Reacts("ana", "✅"),
            bot("Done in", "99"),
            Said("ana", "What is the average amount by product?"),
            bot("reads fair.csv", "The data is in fair.csv", absent=["Which file"]),
        )


async def test_orders_about_what_there_is_change_it_even_after_one_that_failed(
    tmp_path: Path,
) -> None:
    outside = ExternalAgents(tmp_path)
    outside.files.mkdir()
    (outside.files / "shop.csv").write_text(ROWS)
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", "total amount by product in shop.csv"),
            Reacts("ana", "✅"),
            bot("Done in", "30"),
            Said("ana", "make it a wombat"),
            bot("didn't understand that change"),
            Said("ana", "sort that by product"),
            bot('ORDER BY "product" ASC', absent=["about:"]),
            Reacts("ana", "✅"),
            Said("ana", "make it a bar chart"),
            bot("kept from the previous run", "bar chart"),
        )
