"""Doing finished work again, the whole program: retry, rerun from a step, a change."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.cli.app import run as orchestra
from tests.flows.play import Reacts, Said, bot
from tests.flows.whole.program import (
    IN_TURN,
    ExternalAgents,
    Whole,
    state,
    whole,
)
from tests.flows.whole.test_whole import (
    REQUEST,
    SALES,
    files,
    table_of,
    totals,
)


@pytest.fixture
def outside(tmp_path: Path) -> ExternalAgents:
    made = ExternalAgents(tmp_path)
    made.files.mkdir()
    shutil.copy(SALES, made.files)
    return made


@pytest.mark.parametrize("how", ["retry", "🔁"])
async def test_what_failed_is_tried_again_and_the_rest_stays(
    how: str, outside: ExternalAgents
) -> None:
    async with whole("slack", outside) as ready:
        await state(ready, Said("ana", REQUEST), bot("3 tasks"))
        (outside.files / "reports").write_text("a file where the folder should be")
        await state(ready, Said("ana", "run"), bot("failed"))
        (outside.files / "reports").unlink()
        again = Said("ana", how) if how == "retry" else Reacts("ana", how, on="result")
        await state(ready, again, bot("It goes on.", "Done in", "reports/q3.md"))
        assert table_of((outside.files / "reports/q3.md").read_bytes()) == totals()


async def test_a_rerun_from_a_step_keeps_what_comes_before_it(outside: ExternalAgents) -> None:
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", "rerun"),
            bot("Nothing has run in this thread yet"),
            Said("ana", REQUEST),
            Said("ana", "run"),
            bot("Done in"),
        )
        (outside.files / "reports/q3.md").unlink()
        await state(
            ready,
            Said("ana", "rerun from step 9"),
            bot("There's no such task; say its number: 1"),
            Said("ana", "rerun from step 3"),
            bot("kept from the previous run", "writes 1 file", "Waiting for approval"),
            Said("ana", "run"),
            bot("Done in", "reports/q3.md"),
        )
        assert "reports/q3.md" in files(ready)


async def test_a_change_of_a_plan_that_goes_on_keeps_what_it_kept(outside: ExternalAgents) -> None:
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", REQUEST),
            Said("ana", "run"),
            bot("Done in"),
            Said("ana", "rerun from step 2"),
            bot("kept from the previous run", "Waiting for approval"),
            Said("ana", "make it a pie chart"),
            bot("Replaced by plan", "1. Total revenue by region · kept from the previous run",
                "pie chart"),
            Said("ana", "run all but 3"),
            bot("Approved by ana", "Done in"),
        )  # fmt: skip


async def test_a_finished_run_is_forked_with_a_change(outside: ExternalAgents) -> None:
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", REQUEST),
            Said("ana", "run"),
            bot("Done in"),
            Said("ana", "rerun it, but save it to reports/again.md"),
            bot("1. ", "kept from the previous run", "reports/again.md"),
            Said("ana", "run"),
            bot("Done in"),
        )
        assert table_of((outside.files / "reports/again.md").read_bytes()) == totals()


async def test_a_run_in_a_git_repository_is_rolled_back_by_a_word(outside: ExternalAgents) -> None:
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        who = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", *who, *words], cwd=outside.files, check=True)
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", REQUEST),
            Said("ana", "run"),
            bot("Done in"),
            Said("ana", "undo"),
            bot("Put back as before:", "reports/q3.md"),
        )
        assert not (outside.files / "reports/q3.md").exists()
        await state(ready, Said("ana", "undo"), bot("didn't change any files"))


async def test_without_git_there_is_nothing_to_go_back_to(outside: ExternalAgents) -> None:
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", REQUEST),
            Said("ana", "run"),
            bot("Done in"),
            Said("ana", "roll back"),
            bot("isn't in a Git repository"),
        )


async def test_the_agents_are_shown_with_what_they_did(outside: ExternalAgents) -> None:
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", "agents"),
            bot("No agent has done anything yet"),
            Said("ana", REQUEST),
            Said("ana", "run"),
            Said("ana", "agents"),
            bot("✓ data.query · tool · 1 of 1 done", "report.write"),
        )


@pytest.mark.parametrize("platform", IN_TURN[:2])
async def test_the_machine_s_owner_has_a_run_planned_again_in_its_thread(
    platform: str, outside: ExternalAgents, capsys: pytest.CaptureFixture[str]
) -> None:
    async def typed(*words: str) -> str:
        code = await asyncio.to_thread(orchestra, [*words, "--data", str(outside.folder / "data")])
        said = capsys.readouterr()
        assert code == 0, said.err
        return said.out

    async with whole(platform, outside) as ready:
        await state(ready, Said("ana", REQUEST), Said("ana", "run"), bot("Done in"))
        run = json.loads(await typed("runs", "--json"))[0]["id"]
        (outside.files / "reports/q3.md").unlink()
        await typed("run", "rerun", run, "--from", "3")
        await _heard(ready, "kept from the previous run")
        await state(ready, Reacts("ana", "✅"), bot("Done in", "reports/q3.md"))
        await typed("run", "rerun", run, "--but", "save it to reports/again.md")
        await _heard(ready, "reports/again.md")
        await state(ready, Reacts("ana", "✅"), bot("Done in"))
        assert table_of((outside.files / "reports/again.md").read_bytes()) == totals()
        await typed("run", "rerun", run, "--from", "9")
        await _heard(ready, "There's no such task")


async def _heard(ready: Whole, words: str) -> None:
    async with asyncio.timeout(60):
        while words not in ready.harness.heard():
            await asyncio.sleep(0.05)
