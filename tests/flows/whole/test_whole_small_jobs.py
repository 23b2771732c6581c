"""Small jobs through the whole program: a chat, an approval, a file; and reminders at their time."""

from pathlib import Path

import pytest

from tests.flows.play import Said, bot
from tests.flows.whole.program import ExternalAgents, state, whole


@pytest.fixture
def outside(tmp_path: Path) -> ExternalAgents:
    made = ExternalAgents(tmp_path)
    made.files.mkdir()
    (made.files / "bills.csv").write_text("id,month,amount\n1,2026-01-05,10.5\n2,2026-02-05,20\n")
    return made


async def test_jobs_are_planned_approved_and_done(outside: ExternalAgents) -> None:
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", "what is 17% of 2340?"),
            bot("17% of 2340 = 397.8"),
            Said("ana", "write 'pay the bills' to notes/todo.md"),
            bot("writes notes/todo.md"),
            Said("ana", "run"),
            bot("Done in"),
        )
        assert (outside.files / "notes/todo.md").read_text() == "pay the bills\n"
        await state(
            ready,
            Said("ana", "tell me about bills.csv"),
            bot("What is in bills.csv"),
            Said("ana", "run"),
            bot("bills.csv has 2 rows and 3 columns"),
        )


async def test_a_reminder_comes_at_its_time_and_after_a_restart(outside: ExternalAgents) -> None:
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", "remind me on Friday at 3 to call Bo"),
            bot("Call Bo", "15:00"),
            Said("ana", "run"),
            bot("It is schedule 1", absent=["Done in"]),
        )
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", "run schedule 1 now"),
            bot("⏰", "Call Bo", absent=["Done in"]),
        )


async def test_a_reminder_without_a_time_asks_for_it(outside: ExternalAgents) -> None:
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", "remind the team to send the numbers"),
            bot("When should I remind you?", "in 1 hour"),
            Said("ana", "tomorrow at 4"),
            bot("Send the numbers", "16:00"),
            Said("ana", "remind me yesterday to sleep"),
            bot("That time has passed"),
        )
