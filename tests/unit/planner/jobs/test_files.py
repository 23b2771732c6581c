"""Small jobs on many files, on two, and into new ones: done by the real tools on real files."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from planner.service import Planner
from tests.conftest import SetClock
from tests.flows.jobs import Jobs, snapshot

SALES = "day,region,product,amount\n" + "".join(
    f"2025-0{1 + n % 3}-1{n % 9},{('north', 'south')[n % 2]},{('tea', 'mug', 'pot')[n % 3]},{n}.5\n"
    for n in range(1, 20)
)


@pytest.fixture
async def jobs(tmp_path: Path, clock: SetClock) -> AsyncIterator[Jobs]:
    folder = tmp_path / "project"
    (folder / "notes").mkdir(parents=True)
    (folder / "sales.csv").write_text(SALES)
    (folder / "people.csv").write_text("name,city\nAnn,Rome\nAnn,Rome\nBob,Oslo\n")
    (folder / "notes/a.md").write_text("The demo went well. Ann was there.\n")
    (folder / "notes/b.md").write_text("Bob is ill today. Nobody came.\n")
    (folder / "letter.txt").write_text("Dear Bo\n")
    (folder / "app.log").write_text("ERROR full\nINFO ok\nERROR full\n")
    async with Planner(tmp_path / "c.db", (), None, None, clock) as planner:
        yield Jobs(folder, planner, clock)


@pytest.mark.parametrize(
    "words",
    [
        "merge the two notes in the folder notes into all.md",
        "combine all files in the notes folder into all.md",
        "merge all md files into all.md",
    ],
)
async def test_the_files_of_a_folder_are_put_together(jobs: Jobs, words: str) -> None:
    outcome = await jobs.do(words)
    assert outcome.questions == []
    both = "The demo went well. Ann was there.\nBob is ill today. Nobody came.\n"
    assert (jobs.folder / "all.md").read_text() == both


async def test_a_folder_is_summed_up_from_all_of_its_files(jobs: Jobs) -> None:
    outcome = await jobs.do("summarise my notes folder in 2 sentences")
    assert "(2 sentences picked from the text, not rewritten)" in outcome.text


async def test_what_a_summary_is_not_is_said(jobs: Jobs) -> None:
    outcome = await jobs.do("summarise my notes folder in 2 bullet points")
    assert "(2 sentences picked from the text, not rewritten)" in outcome.text
    assert outcome.plan is not None
    assert any("not as bullet points" in said for said in outcome.plan.assumptions)


async def test_files_of_a_kind_are_moved_and_none_is_overwritten(jobs: Jobs) -> None:
    before = snapshot(jobs.folder)
    await jobs.do("put all the txt files in a folder called letters")
    after = snapshot(jobs.folder)
    assert after.pop("letters/letter.txt") == before.pop("letter.txt")
    assert after == before
    (jobs.folder / "letter.txt").write_text("Another")
    outcome = await jobs.do("put all the txt files in a folder called letters")
    assert "letters/letter.txt is already there" in outcome.told


@pytest.mark.parametrize("words", ["which file mentions the demo?", "search all files for demo"])
async def test_all_texts_are_searched(jobs: Jobs, words: str) -> None:
    rows = {str(row[0]): row[-1] for row in (await jobs.do(words)).rows}
    assert rows.pop("notes/a.md") == rows.pop("all") == 1
    assert set(rows.values()) == {0}


@pytest.mark.parametrize(
    ("words", "figure"), [("count the errors in app.log", 2), ("how many errors are in app.log", 2)]
)
async def test_what_is_in_a_text_is_counted(jobs: Jobs, words: str, figure: int) -> None:
    assert (await jobs.do(words)).rows[0][-1] == figure


async def test_what_a_text_says_of_something_are_its_lines(jobs: Jobs) -> None:
    outcome = await jobs.do("what does notes/b.md say about Bob")
    assert outcome.text == "Bob is ill today. Nobody came."


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("remove the duplicates in people.csv, don't overwrite the file", "people-unique.csv"),
        ("dedupe people.csv into a new file", "people-unique.csv"),
        ("sort people.csv by city into a new file", "people-new.csv"),
        ("save the rows of people.csv where city is Rome in a new file", ""),
        ("take people.csv, keep city Rome, and save in a new file, overwrite nothing", ""),
    ],
)
async def test_a_new_file_needs_no_name(jobs: Jobs, words: str, path: str) -> None:
    before = snapshot(jobs.folder)
    outcome = await jobs.do(words)
    assert outcome.plan is not None, outcome.told
    after = snapshot(jobs.folder)
    made = set(after) - set(before)
    assert len(made) == 1
    assert {name: after[name] for name in before} == before
    assert not path or made == {path}
    assert any("not overwritten" in said for said in outcome.plan.assumptions)


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        ("summary of sales.csv in r.md and a chart of amount by month in t.png", ("r.md", "t.png")),
        ("total amount by region to a.csv and a bar chart of it to b.png", ("a.csv", "b.png")),
    ],
)
async def test_two_results_go_to_two_files(jobs: Jobs, words: str, paths: tuple[str, str]) -> None:
    outcome = await jobs.do(words)
    assert outcome.questions == []
    assert all((jobs.folder / path).is_file() for path in paths)


async def test_mending_a_text_needs_somebody_who_writes(jobs: Jobs) -> None:
    for words in ("fix the spelling in letter.txt", "fix teh typos in letter.txt"):
        outcome = await jobs.do(words)
        assert outcome.told.startswith(f"“{words}” needs a language model")


@pytest.mark.parametrize("text", ["sales by region", "South in January", "Ann is in Rome"])
async def test_quoted_words_are_written_as_they_stand(jobs: Jobs, text: str) -> None:
    outcome = await jobs.do(f"write '{text}' to sign.txt")
    assert outcome.questions == []
    assert (jobs.folder / "sign.txt").read_text().strip() == text
