"""Lists of things to do, and small jobs in other languages: done by the real tools on real files."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from planner.service import Planner
from tests.conftest import SetClock
from tests.flows.jobs import Jobs

TODO = "# To do\n\n- [ ] call the bank\n- [x] book the room\n- [ ] buy paper\n"
NOTES = "The colour is red.\nAsk Jon about the colour.\nThird line.\n"
PEOPLE = "name,city\nAnn,Rome\nAnn,Rome\nBob,Oslo\n"


@pytest.fixture
async def jobs(tmp_path: Path, clock: SetClock) -> AsyncIterator[Jobs]:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "todo.md").write_text(TODO)
    (folder / "notes.txt").write_text(NOTES)
    (folder / "people.csv").write_text(PEOPLE)
    async with Planner(tmp_path / "c.db", (), None, None, clock) as planner:
        yield Jobs(folder, planner, clock)


async def test_what_the_words_order_is_done_and_nothing_else(jobs: Jobs) -> None:
    for words, changed, by in (
        ("remember the milk – put it into todo.md", "todo.md", TODO + "- [ ] the milk\n"),
        (
            "pls stick 'water the plants' on my todo list",
            "todo.md",
            TODO + "- [ ] water the plants\n",
        ),
        ("I need to call Ann, note that down in todo.md", "todo.md", TODO + "- [ ] call Ann\n"),
        ("buy eggs, put it on my to do list", "todo.md", TODO + "- [ ] buy eggs\n"),
        ("todo.md needs one more line saying pay rent", "todo.md", TODO + "- [ ] pay rent\n"),
        ("jot this in notes.txt – Bo is away", "notes.txt", NOTES + "Bo is away\n"),
        ("tick off buy paper in todo.md", "todo.md", TODO.replace("[ ] buy", "[x] buy")),
        ("mark 'call the bank' as done", "todo.md", TODO.replace("[ ] call", "[x] call")),
        ("reopen book the room in todo.md", "todo.md", TODO.replace("[x]", "[ ]")),
        (
            "take call the bank off my todo list",
            "todo.md",
            TODO.replace("- [ ] call the bank\n", ""),
        ),
        ("make a file x.md with three lines: a, b and c", "x.md", "a\nb\nc\n"),
        ("Trag 'Milch kaufen' in todo.md ein", "todo.md", TODO + "Milch kaufen\n"),
        ("ersetze colour durch color in notes.txt", "notes.txt", NOTES.replace("colour", "color")),
        ("ajoute « acheter du pain » à todo.md", "todo.md", TODO + "acheter du pain\n"),
        (
            "remplace colour par color dans notes.txt",
            "notes.txt",
            NOTES.replace("colour", "color"),
        ),
        ("añade 'comprar leche' a todo.md", "todo.md", TODO + "comprar leche\n"),
    ):
        (jobs.folder / "todo.md").write_text(TODO)
        (jobs.folder / "notes.txt").write_text(NOTES)
        outcome = await jobs.do(words)
        assert outcome.questions == [], words
        assert (jobs.folder / changed).read_text() == by, words


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("what's still open on my todo list?", "- [ ] call the bank\n- [ ] buy paper"),
        ("what is done in todo.md", "- [x] book the room"),
        ("show me the last 2 lines of notes.txt", "Ask Jon about the colour.\nThird line."),
        ("zeig mir die letzten 2 Zeilen von notes.txt", "Ask Jon about the colour.\nThird line."),
        ("montre-moi notes.txt", NOTES),
        ("muéstrame notes.txt", NOTES),
    ],
)
async def test_what_is_asked_for_is_shown(jobs: Jobs, words: str, told: str) -> None:
    outcome = await jobs.do(words)
    assert outcome.questions == []
    assert outcome.text == told


async def test_how_much_is_left_is_counted(jobs: Jobs) -> None:
    outcome = await jobs.do("how many things have I got left to do")
    assert outcome.rows[0][-1] == 2


async def test_the_result_of_an_order_is_written_and_not_the_order(jobs: Jobs) -> None:
    outcome = await jobs.do("count the people by city, put it in out.csv")
    assert outcome.plan is not None
    assert (jobs.folder / "out.csv").read_text() == "city,count\nRome,2\nOslo,1\n"


async def test_a_slip_is_mended_only_where_the_words_fit_nothing_as_they_are(jobs: Jobs) -> None:
    outcome = await jobs.do("wie viele Zeilen hat notes.txt")
    assert outcome.rows[0][:2] == ("notes.txt", 3)


async def test_an_item_is_taken_off_by_its_words_and_not_by_its_place(jobs: Jobs) -> None:
    outcome = await jobs.do("take the first item off todo.md")
    assert outcome.told.startswith("Say by its words which item to take off todo.md")
    assert (jobs.folder / "todo.md").read_text() == TODO


@pytest.mark.parametrize(
    ("words", "path", "by"),
    [
        ("remember to feed the cat – put it in chores.md", "chores.md", "feed the cat\n"),
        (
            "note to self: return the keys, write it in errands.txt",
            "errands.txt",
            "return the keys\n",
        ),
        ("add sugar and salt to shopping.txt", "shopping.txt", "* tea\n* sugar and salt\n"),
        ('add "a  b" to shopping.txt', "shopping.txt", "* tea\na  b\n"),
    ],
)
async def test_a_list_is_begun_and_goes_on_as_it_began(
    jobs: Jobs, words: str, path: str, by: str
) -> None:
    (jobs.folder / "shopping.txt").write_text("* tea\n")
    outcome = await jobs.do(words)
    assert outcome.questions == []
    assert (jobs.folder / path).read_text() == by


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (
            "copy notes.txt to old.txt and replace colour with color in notes.txt",
            {"notes.txt": NOTES.replace("colour", "color"), "old.txt": NOTES},
        ),
        (
            "add feed the cat to todo.md, then rename notes.txt to old.txt",
            {"todo.md": TODO + "- [ ] feed the cat\n", "old.txt": NOTES},
        ),
    ],
)
async def test_two_small_jobs_are_done_one_after_the_other(
    jobs: Jobs, words: str, changed: dict[str, str]
) -> None:
    outcome = await jobs.do(words)
    assert outcome.questions == []
    assert {path: (jobs.folder / path).read_text() for path in changed} == changed


async def test_one_file_is_changed_once(jobs: Jobs) -> None:
    outcome = await jobs.do("add feed the cat to todo.md and tick off buy paper")
    assert outcome.told.startswith("A plan changes todo.md only once.")
    assert (jobs.folder / "todo.md").read_text() == TODO


async def test_lines_with_something_are_shown(jobs: Jobs) -> None:
    outcome = await jobs.do("list the colours in notes.txt")
    assert outcome.text == "The colour is red.\nAsk Jon about the colour."


async def test_a_small_job_and_a_question_to_the_data_are_one_plan(jobs: Jobs) -> None:
    for words in (
        'append "buy ink" to todo.md, and also tell me how many people are from Rome',
        "how many people are from Rome and tick off buy paper in todo.md",
    ):
        done = await jobs.do(words)
        assert done.plan is not None, done.told
        assert done.rows == ((2,),)
        assert (jobs.folder / "todo.md").read_text() != TODO
        (jobs.folder / "todo.md").write_text(TODO)


async def test_words_that_may_be_a_figure_are_asked_about(jobs: Jobs) -> None:
    (jobs.folder / "sales.csv").write_text("day,amount\n2026-01-02,20\n2026-01-03,22\n")
    words = "add total amount to todo.md"
    asked = await jobs.do(words)
    assert [question for question, _ in asked.questions] == ["What should I add to todo.md?"]
    assert (jobs.folder / "todo.md").read_text() == TODO + "- [ ] total amount\n"
    (jobs.folder / "todo.md").write_text(TODO)
    await jobs.do(words, asked.questions[0][1][1])
    assert (jobs.folder / "todo.md").read_text() == TODO + "- [ ] total amount: 42\n"
