"""Tables cut, joined and tidied in everyday words; documents; and what needs somebody to think."""

import csv
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from planner.service import Planner
from tests.conftest import SetClock
from tests.flows.jobs import Jobs, Outcome, snapshot

BOATS = """boat_no,harbour,skipper,length_m,launched_on,mail
1,Port d'Or,Ann,9.5,2023-02-01,ann@b.test
2,Kiel,Bo,7.0,2023-11-20,bo@b.test
3,Kiel,Cy,12.0,2024-05-05,bo@b.test
4,,Di,7.0,2025-01-09,
5,Port d'Or,Ed,8.0,2025-03-03,
"""
TRIPS = "trip,boat_no,days\nA,1,3\nB,1,5\nC,9,2\n"
MORE = "trip,boat_no,days\nD,2,1\n"
LOG = "calm\nstorm\ncalm\n"


@pytest.fixture
async def jobs(tmp_path: Path, clock: SetClock) -> AsyncIterator[Jobs]:
    folder = tmp_path / "project"
    folder.mkdir()
    for name, text in {
        "boats.csv": BOATS,
        "trips.csv": TRIPS,
        "more.csv": MORE,
        "log.txt": LOG,
    }.items():
        (folder / name).write_text(text)
    async with Planner(tmp_path / "c.db", (), None, None, clock) as planner:
        yield Jobs(folder, planner, clock)


def made(jobs: Jobs, before: dict[str, bytes]) -> dict[str, list[list[str]]]:
    """The new files, as rows; nothing else may have changed."""
    after = snapshot(jobs.folder)
    assert {name: after[name] for name in before} == before
    return {
        name: list(csv.reader(text.decode("utf-8-sig").splitlines()))
        for name, text in after.items()
        if name not in before
    }


def column(rows: list[list[str]], name: str) -> list[str]:
    return [row[rows[0].index(name)] for row in rows[1:]]


@pytest.mark.parametrize(
    "words",
    [
        "split boats.csv into one file per harbour",
        "chop boats.csv up so each harbour gets its own file",
        "one csv per harbour out of boats.csv please",
        "break boats.csv into separate files by harbour",
        "make a csv for every harbour from boats.csv",
        "I need boats.csv divided up, each harbour in its own csv",
    ],
)
async def test_each_value_gets_its_file_and_no_row_is_lost(jobs: Jobs, words: str) -> None:
    before = snapshot(jobs.folder)
    outcome = await jobs.do(words)
    assert outcome.questions == []
    files = made(jobs, before)
    assert {name: column(rows, "boat_no") for name, rows in files.items()} == {
        "boats-kiel.csv": ["2", "3"],
        "boats-port-d-or.csv": ["1", "5"],
        "boats-no-harbour.csv": ["4"],
    }


async def test_by_year_by_number_and_by_what_is_asked(jobs: Jobs) -> None:
    before = snapshot(jobs.folder)
    await jobs.do("a file per year from boats.csv")
    files = made(jobs, before)
    assert [len(rows) - 1 for rows in files.values()] == [2, 1, 2]
    before = snapshot(jobs.folder)
    await jobs.do("split trips.csv into files of 2 rows each")
    assert {name: column(rows, "trip") for name, rows in made(jobs, before).items()} == {
        "trips-1.csv": ["A", "B"],
        "trips-2.csv": ["C"],
    }
    outcome = await jobs.do("split boats.csv into separate files", "skipper")
    assert outcome.questions[0][0] == "One file for each value of which column?"
    assert outcome.plan is not None
    assert len(outcome.plan.graph.tasks) == 5


async def test_a_split_says_what_it_cannot(jobs: Jobs) -> None:
    many = "\n".join(["n", *(f"v{n}" for n in range(40))])
    (jobs.folder / "many.csv").write_text(many)
    outcome = await jobs.do("split many.csv into one file per n")
    assert "n of many.csv has 40 different values, and I make 2 to 24 files at once" in outcome.told
    outcome = await jobs.do("split log.txt into files of 2 lines")
    assert "I can't cut a text into pieces. I can save part of it" in outcome.told


async def test_what_is_only_grouped_stays_a_question_to_data(jobs: Jobs) -> None:
    before = snapshot(jobs.folder)
    outcome = await jobs.do("split boats by harbour")
    assert outcome.plan is not None
    assert [task.type for task in outcome.plan.graph.tasks] == ["data.query"]
    assert snapshot(jobs.folder) == before


@pytest.mark.parametrize(
    ("words", "head"),
    [
        ("drop the mail column from boats.csv and save as b2.csv", "boat_no harbour skipper length_m launched_on"),
        ("boats.csv without the columns mail and length, keep it as b2.csv", "boat_no harbour skipper launched_on"),
        ("keep only the skipper and harbour columns of boats.csv and save it to b2.csv", "skipper harbour"),
        ("just the skipper and harbour columns of boats.csv as b2.csv", "skipper harbour"),
        ("hide mail and length in boats.csv, save as b2.csv", "boat_no harbour skipper launched_on"),
        ("call the column mail address in boats.csv and save as b2.csv", "boat_no harbour skipper length_m launched_on address"),
        ("rename the column skipper to captain in boats.csv and save as b2.csv", "boat_no harbour captain length_m launched_on mail"),
    ],
)  # fmt: skip
async def test_columns_go_stay_or_are_called_otherwise(jobs: Jobs, words: str, head: str) -> None:
    before = snapshot(jobs.folder)
    await jobs.do(words)
    rows = made(jobs, before)["b2.csv"]
    assert rows[0] == head.split()
    assert len(rows) == 6


async def test_a_new_name_that_is_taken_is_refused(jobs: Jobs) -> None:
    outcome = await jobs.do("rename the column skipper to mail in boats.csv")
    assert outcome.told == "boats.csv has a column mail already."


async def test_one_row_for_each_mail_and_those_without_stay(jobs: Jobs) -> None:
    before = snapshot(jobs.folder)
    outcome = await jobs.do("dedupe boats.csv by mail and save as once.csv")
    assert column(made(jobs, before)["once.csv"], "boat_no") == ["1", "2", "4", "5"]
    assert outcome.plan is not None
    assert "the one with the lowest boat_no stays" in str(outcome.plan.assumptions)


@pytest.mark.parametrize(
    "words",
    [
        "sort boats.csv newest launched first, keep as s.csv",
        "order boats.csv by launched_on, latest first, and save it to s.csv",
        "boats.csv from newest to oldest by launched_on as s.csv",
    ],
)
async def test_rows_in_order_are_saved_whole(jobs: Jobs, words: str) -> None:
    before = snapshot(jobs.folder)
    await jobs.do(words)
    assert column(made(jobs, before)["s.csv"], "boat_no") == ["5", "4", "3", "2", "1"]


async def test_two_tables_become_one(jobs: Jobs) -> None:
    before = snapshot(jobs.folder)
    outcome = await jobs.do(
        "stick trips.csv and boats.csv together on the boat number and save as j.csv"
    )
    rows = made(jobs, before)["j.csv"]
    assert sorted(column(rows, "skipper")) == ["", "Ann", "Ann"]
    assert outcome.plan is not None
    assert "Rows of trips.csv without a match in boats.csv stay" in str(outcome.plan.assumptions)
    before = snapshot(jobs.folder)
    await jobs.do("combine trips.csv and more.csv in all.csv")
    assert sorted(column(made(jobs, before)["all.csv"], "trip")) == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    ("words", "path", "starts"),
    [
        ("make me a pdf of log.txt", "log.pdf", b"%PDF"),
        ("can I have log.txt as a web page", "log.html", b"<!"),
        ("pdf version of trips.csv pls", "trips.pdf", b"%PDF"),
        ("log.txt as a word doc", "log.pdf", b"%PDF"),
    ],
)
async def test_a_document_is_rendered(jobs: Jobs, words: str, path: str, starts: bytes) -> None:
    outcome = await jobs.do(words)
    assert (jobs.folder / path).read_bytes().startswith(starts)
    asked = [("I can't write Word files. Which instead?", ("pdf", "html"))]
    assert outcome.questions == (asked if "word" in words else [])


@pytest.mark.parametrize(
    "words",
    [
        "come up with five names for a boat",
        "any ideas for a harbour party",
        "what's “good night” in french",
        "we need a catchy title for our flyer",
        "what should I write on a farewell card",
        "how do you say thanks in polish",
        "tell me a joke",
        "think of a slogan for our regatta",
    ],
)
async def test_what_needs_somebody_to_think_says_so(jobs: Jobs, words: str) -> None:
    outcome = await jobs.do(words)
    assert "needs a language model, and none is connected" in outcome.told
    assert "I can work out" in outcome.told or "With log.txt I can" in outcome.told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("compare log.txt and trips.csv", ""),
        ("put a title at the top of log.txt", "I add to the end of a file, not to its top."),
        ("zip up all the csv files", "I can't pack, unpack or lock files."),
        ("how much is a swiss franc in euros", "I have no live data such as weather"),
        ("lock boats.csv with a password", "I can't pack, unpack or lock files."),
        ("is it going to rain in Kiel this weekend", "I have no live data such as weather"),
        ("replace calm with still in log.txt and save as log2.txt", "say “copy log.txt to log2.txt” first"),
    ],
)  # fmt: skip
async def test_what_cannot_be_done_names_the_nearest(jobs: Jobs, words: str, said: str) -> None:
    before = snapshot(jobs.folder)
    outcome = await jobs.do(words)
    assert said in outcome.told
    assert snapshot(jobs.folder) == before


@pytest.mark.parametrize(
    ("words", "path", "ends"),
    [
        ("pop “fog” on the end of log.txt", "log.txt", "calm\nfog\n"),
        ("stick a line saying wind is up at the bottom of log.txt", "log.txt", "calm\nwind is up\n"),
        ("add buy rope to list.txt", "list.txt", "buy rope\n"),
        ("new note - Bo has the keys", "notes.md", "Bo has the keys"),
        ("fling “fog” onto the end of log.txt", "log.txt", "calm\nfog"),
        ("put tar the hull on my list in list.txt", "list.txt", "tar the hull"),
        ("scribble this into diary.md: first frost", "diary.md", "first frost"),
        ("take a note: the crane is booked", "notes.md", "the crane is booked"),
    ],
)  # fmt: skip
async def test_a_line_is_added(jobs: Jobs, words: str, path: str, ends: str) -> None:
    await jobs.do(words)
    assert (jobs.folder / path).read_text().rstrip("\n").endswith(ends.rstrip("\n"))


@pytest.mark.parametrize(
    ("words", "gone", "there"),
    [
        ("rename log.txt sea.txt", "log.txt", "sea.txt"),
        ("copy log.txt into a folder called old", "", "old/log.txt"),
        ("give log.txt the name sea.txt", "log.txt", "sea.txt"),
        ("shift log.txt over to the old folder", "log.txt", "old/log.txt"),
        ("throw log.txt in the bin", "log.txt", "archive/log.txt"),
    ],
)
async def test_a_file_is_moved_or_copied(jobs: Jobs, words: str, gone: str, there: str) -> None:
    await jobs.do(words)
    assert (jobs.folder / there).read_text() == LOG
    assert not gone or not (jobs.folder / gone).exists()


async def test_a_result_is_sent_as_a_file_whole(jobs: Jobs) -> None:
    (jobs.folder / "big.csv").write_text("n,kind\n" + "".join(f"{n},x\n" for n in range(150)))
    outcome: Outcome = await jobs.do("send me the rows of big.csv as a file")
    assert outcome.plan is not None
    (path,) = (jobs.folder / "results").iterdir()
    assert len(path.read_text().splitlines()) == 151
    assert "100" not in outcome.plan.title
