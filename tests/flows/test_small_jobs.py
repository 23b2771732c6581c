"""Small jobs in everyday words: planned, asked about, done by the real tools, checked by their bytes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from executor.data.formats import encoded
from memory.model.errors import BadInput
from planner.service import Planner
from tests.conftest import SetClock
from tests.flows.jobs import Jobs, Outcome, snapshot

PLANTS = """plant_id,bought,room,price,height_cm
P1,2025-03-02,kitchen,12.50,30
P2,2025-03-09,hall,8.00,22
P3,2025-04-01,kitchen,,41
P4,2025-04-20,,9.90,18
P5,2025-05-11,bath,15.00,900
P2,2025-03-09,hall,8.00,22
"""
DIARY = (
    "# Garden diary\n\nWatered the fern. The fern looks fine.\nTODO buy pots\nRepotted the palm.\n"
)
NAMES = "Zoe\nadam\nBea\nadam\n"
DOORS = "id;street;open\n1;Elm Row;yes\n2;Oak Row;no\n"


@pytest.fixture
async def jobs(tmp_path: Path, clock: SetClock) -> AsyncIterator[Jobs]:
    folder = tmp_path / "project"
    (folder / "notes").mkdir(parents=True)
    (folder / "plants.csv").write_text(PLANTS)
    (folder / "notes/diary.md").write_text(DIARY)
    (folder / "names.txt").write_text(NAMES)
    (folder / "doors.csv").write_text(DOORS)
    (folder / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    async with Planner(tmp_path / "c.db", (), None, None, clock) as planner:
        yield Jobs(folder, planner, clock)


def kinds(outcome: Outcome) -> list[str]:
    assert outcome.plan is not None, outcome.told
    return [task.type for task in outcome.plan.graph.tasks]


LOOKS = [
    "tell me about plants.csv",
    "What's in plants.csv?",
    "could you analyse the plants file please",
    "give me a quick overview of plants.csv",
    "how good is the data in plants.csv?",
    "have a look at plants.csv, thanks",
    "summarise plants.csv",
    "analize plants.csv",
    "do a data quality check on plants.csv",
    "what can you tell me about plants.csv",
]


@pytest.mark.parametrize("words", LOOKS)
async def test_a_table_is_described(jobs: Jobs, words: str) -> None:
    before = snapshot(jobs.folder)
    outcome = await jobs.do(words)
    assert outcome.questions == []
    assert (
        "plants.csv has 6 rows and 5 columns; bought runs from 2025-03-02 to 2025-05-11."
        in outcome.text
    )
    assert "Missing values: room 1 of 6 (16.7 %), price 1 of 6 (16.7 %)." in outcome.text
    assert "exact copies of other rows: 1" in outcome.text
    assert outcome.rows[3][:4] == ("price", "number", 1, 4)
    assert snapshot(jobs.folder) == before


@pytest.mark.parametrize(
    ("words", "said", "unsaid"),
    [
        ("missing values in plants.csv", "room 1 of 6", "Outliers"),
        ("which columns in plants.csv have gaps?", "room 1 of 6", "copies"),
        ("are there any empty cells in plants.csv", "room 1 of 6", "copies"),
        ("any duplicates in plants.csv?", "P2 | 2025-03-09 | hall | 8.0 | 22 (2×)", "Missing"),
        ("check plants.csv for dupliactes", "copies of other rows: 1", "Missing"),
        ("does plants.csv contain duplicate rows", "copies of other rows: 1", "Missing"),
        ("find the outliers in plants.csv", "height_cm 1", "Missing"),
        ("any duplicates in doors.csv", "No row comes twice.", "Missing"),
        ("is doors.csv complete?", "No values are missing.", "copies"),
    ],
)
async def test_only_what_was_asked_about_is_told(
    jobs: Jobs, words: str, said: str, unsaid: str
) -> None:
    outcome = await jobs.do(words)
    assert said in outcome.text
    assert unsaid not in outcome.text


@pytest.mark.parametrize(
    "words",
    [
        "what columns does doors.csv have",
        "describe the columns of doors.csv",
        "show me the headers of doors.csv",
    ],
)
async def test_columns_are_listed(jobs: Jobs, words: str) -> None:
    outcome = await jobs.do(words)
    assert [row[0] for row in outcome.rows] == ["id", "street", "open"]


async def test_which_file_is_a_question_with_options(jobs: Jobs) -> None:
    outcome = await jobs.do("any duplicates?", "plants.csv")
    assert outcome.questions == [("Which file?", ("doors.csv", "plants.csv"))]
    assert "copies of other rows: 1" in outcome.text
    outcome = await jobs.do("tell me about plnats.csv", "plants.csv")
    assert outcome.questions == [
        ("There's no file plnats.csv. Which one do you mean?", ("plants.csv",))
    ]
    assert "plants.csv has 6 rows" in outcome.text


async def test_a_report_about_a_file_has_its_profile_and_charts(jobs: Jobs) -> None:
    outcome = await jobs.do("make a report about plants.csv")
    report = (jobs.folder / "reports/plants.md").read_text()
    assert "plants.csv has 6 rows" in report
    assert "| room " in report
    assert "plants-room.png" in report
    assert (jobs.folder / "reports/plants-bought.png").read_bytes().startswith(b"\x89PNG")
    assert kinds(outcome)[-1] == "report.write"
    await jobs.do("write a pdf report about doors.csv")
    assert (jobs.folder / "reports/doors.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "path", "data"),
    [
        ("convert doors.csv to json", "doors.json",
         b'[\n  {"id": 1, "street": "Elm Row", "open": true},\n  {"id": 2, "street": "Oak Row", "open": false}\n]\n'),
        ("save doors.csv as out/d.tsv", "out/d.tsv", b"id\tstreet\topen\n1\tElm Row\ttrue\n2\tOak Row\tfalse\n"),
        ("give me doors.csv as jsonl", "doors.jsonl",
         b'{"id": 1, "street": "Elm Row", "open": true}\n{"id": 2, "street": "Oak Row", "open": false}\n'),
        ("export sum of price by room in plants.csv to sums.csv", "sums.csv", None),
        ("i need doors.csv in a spreadsheet", "doors.xlsx", None),
        ("turn doors.csv into an excel file called out/doors.xlsx", "out/doors.xlsx", None),
        ("convert doors.csv to parquet", "doors.parquet", None),
        ("total price by room in plants.csv as excel", "results/total-price-by-room.xlsx", None),
        ("total price by room in plants.csv and save it as t.parquet", "t.parquet", None),
        ("remove duplicates from plants.csv and save it as clean.csv", "clean.csv", None),
    ],
)  # fmt: skip
async def test_tables_are_written_in_other_formats(
    jobs: Jobs, words: str, path: str, data: bytes | None
) -> None:
    outcome = await jobs.do(words)
    written = (jobs.folder / path).read_bytes()
    assert outcome.questions == []
    if data is not None:
        assert written == data
    before = snapshot(jobs.folder)
    assert before["plants.csv"] == PLANTS.encode()
    again = await jobs.do(f"tell me about {path}")
    rows = {"doors": 2, "out/": 2, "sums": 4, "t.par": 4, "results/": 4, "clean": 5}
    count = next(count for start, count in rows.items() if path.startswith(start))
    assert f"has {count} rows" in again.text


async def test_numbers_of_an_export_are_the_querys(jobs: Jobs) -> None:
    await jobs.do("export total price by room in plants.csv to sums.csv")
    lines = sorted((jobs.folder / "sums.csv").read_text().splitlines()[1:])
    assert lines == [",9.9", "bath,15.0", "hall,16.0", "kitchen,12.5"]


async def test_an_export_is_whole_where_a_chat_shows_the_first_rows(jobs: Jobs) -> None:
    rows = "".join(f"{n},{'paid' if n % 2 else 'open'},{n}\n" for n in range(900))
    (jobs.folder / "bookings.csv").write_text("booking_id,state,fee\n" + rows)
    outcome = await jobs.do("save all bookings with fee over 100 in bookings.csv as big.csv")
    assert outcome.plan is not None
    assert len((jobs.folder / "big.csv").read_text().splitlines()) == 1 + 799


TODO = "- seeds\n- soil, 2 bags\n\n- call Bo tomorrow at 9"


@pytest.mark.parametrize(
    ("words", "path", "data"),
    [
        ("write 'hello team' to hi.txt", "hi.txt", "hello team\n"),
        ('Please put "a: b, c" into out/x.md', "out/x.md", "a: b, c\n"),
        (f"put this into todo.md: {TODO}", "todo.md", f"{TODO}\n"),
        (f"put the following in todo.md:\n{TODO}", "todo.md", f"{TODO}\n"),
        ("create a file called plan.md with the text 'Day 1'", "plan.md", "Day 1\n"),
        ("save “it's done” as state.txt", "state.txt", "it's done\n"),
        ("make me a file ty.md that says lots of love", "ty.md", "lots of love\n"),
        ("write hello world to hw.txt", "hw.txt", "hello world\n"),
        ("write 'x' to new/deep/y.txt", "new/deep/y.txt", "x\n"),
        ("append 'Zed' to names.txt", "names.txt", NAMES + "Zed\n"),
        ("add a line 'Zed' to names.txt", "names.txt", NAMES + "Zed\n"),
        ("add to names.txt: Zed", "names.txt", NAMES + "Zed\n"),
        ("add oat milk to shopping.txt", "shopping.txt", "oat milk\n"),
        ("replace fern with ivy in diary.md", "notes/diary.md", DIARY.replace("fern", "ivy")),
        ('replace "fern." with "(.*)" in notes/diary.md', "notes/diary.md", DIARY.replace("fern.", "(.*)")),
        ("in notes/diary.md change 'palm' to 'yucca'", "notes/diary.md", DIARY.replace("palm", "yucca")),
        ("remove 'TODO ' from diary.md", "notes/diary.md", DIARY.replace("TODO ", "")),
        ("sort names.txt and save it to sorted.txt", "sorted.txt", "adam\nadam\nBea\nZoe\n"),
        ("sort names.txt, remove duplicates and save it to names.txt", "names.txt", "adam\nBea\nZoe\n"),
        ("sort names.txt in reverse and save it as r.txt", "r.txt", "Zoe\nBea\nadam\nadam\n"),
        ("unique lines of names.txt and write them to u.txt", "u.txt", "Zoe\nadam\nBea\n"),
        ("find lines containing fern in diary.md and save them to fern.txt", "fern.txt", "Watered the fern. The fern looks fine.\n"),
        ("merge names.txt and diary.md into all.txt", "all.txt", NAMES + DIARY),
        ("rename names.txt to people.txt", "people.txt", NAMES),
        ("copy diary.md to backup/", "backup/diary.md", DIARY),
    ],
)  # fmt: skip
async def test_texts_are_written_word_for_word(
    jobs: Jobs, words: str, path: str, data: str
) -> None:
    outcome = await jobs.do(words)
    assert outcome.questions == []
    assert (jobs.folder / path).read_text() == data
    assert outcome.plan is not None
    assert not any("left out" in line for line in outcome.plan.assumptions)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("show me the lines in diary.md that mention the word todo", "TODO buy pots"),
        ("grep FERN diary.md", "Watered the fern. The fern looks fine."),
        ("first 2 lines of names.txt", "Zoe\nadam"),
        ("what's the last line of names.txt", "adam"),
        ("which lines of names.txt contain 'ea'", "Bea"),
        ("show names.txt", NAMES),
        ("sort names.txt", "adam\nadam\nBea\nZoe"),
        ("show lines in names.txt without a", "Zoe"),
    ],
)
async def test_lines_are_shown(jobs: Jobs, words: str, said: str) -> None:
    before = snapshot(jobs.folder)
    assert (await jobs.do(words)).text == said
    assert snapshot(jobs.folder) == before


@pytest.mark.parametrize(
    ("words", "row"),
    [
        ("how many words are in diary.md?", ("notes/diary.md", 5, 16, 88)),
        ("count the lines in names.txt", ("names.txt", 4, 4, 18)),
        ("how often does 'fern' appear in diary.md", ("notes/diary.md", 5, 16, 88, 2)),
        ("how many lines does names.txt have", ("names.txt", 4, 4, 18)),
    ],
)
async def test_texts_are_counted(jobs: Jobs, words: str, row: tuple[object, ...]) -> None:
    assert (await jobs.do(words)).rows == (row,)


@pytest.mark.parametrize(
    ("words", "answers", "question", "path", "data"),
    [
        ("write 'x' to names.txt", ["replace it"], "names.txt is already there", "names.txt", "x\n"),
        ("write 'x' to names.txt", [""], "names.txt is already there", "names.txt", NAMES + "x\n"),
        ("create a file ideas.md", ["one idea"], "What should ideas.md say?", "ideas.md", "one idea\n"),
        ("write 'x' to a file", ["x.txt"], "Which file?", "x.txt", "x\n"),
        ("replace 'adam' in names.txt", ["ada"], "instead of “adam”", "names.txt", NAMES.replace("adam", "ada")),
        ("replace Zoe with Joe", ["names.txt"], "Which file?", "names.txt", NAMES.replace("Zoe", "Joe")),
        ("copy diary.md", ["notes/old.md"], "What should it be called?", "notes/old.md", DIARY),
        ("remove duplicate lines from names.txt", [""], "Where should the lines go?", "names-unique.txt", "Zoe\nadam\nBea\n"),
        ("delete names.txt", [""], "I don't delete files.", "archive/names.txt", NAMES),
        ("make a note: fern needs water", [""], "Which file?", "notes.md", "fern needs water\n"),
        ("remove duplicates from plants.csv", [""], "Where should the rows go?", "plants-unique.csv", None),
    ],
)  # fmt: skip
async def test_what_is_missing_is_asked(
    jobs: Jobs, words: str, answers: list[str], question: str, path: str, data: str | None
) -> None:
    outcome = await jobs.do(words, *answers)
    assert question in outcome.questions[0][0]
    assert outcome.questions[0][1]
    written = (jobs.folder / path).read_text()
    assert written == data if data is not None else len(written.splitlines()) == 6


@pytest.mark.parametrize(
    "words", ["total the price in herbs.csv", "average price by room in shrubs.csv"]
)
async def test_a_data_file_that_is_not_there_is_asked_about_and_never_written(
    jobs: Jobs, words: str
) -> None:
    before = snapshot(jobs.folder)
    outcome = await jobs.do(words)
    question, options = outcome.questions[0]
    assert "Which one do you mean?" in question
    assert options[0] == "plants.csv"
    assert outcome.plan is not None
    assert snapshot(jobs.folder) == before


async def test_the_result_may_still_be_meant_to_go_into_a_file_that_is_not_there(
    jobs: Jobs,
) -> None:
    saved = "none of them: save the result as herbs.csv"
    outcome = await jobs.do("average price by room in herbs.csv", saved)
    assert outcome.plan is not None
    assert (jobs.folder / "herbs.csv").exists()


async def test_who_was_asked_for_by_name_and_is_not_connected_is_said(jobs: Jobs) -> None:
    outcome = await jobs.do("Have Copilot draft a newsletter about the concert")
    assert outcome.plan is None
    assert outcome.told.startswith("Copilot isn't connected here.")
    about = await jobs.do("draft an essay about Copilot")
    assert "isn't connected here." not in about.told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("append 'x' to ../outside.txt", "outside the project's folder"),
        ("write 'x' to /etc/passwd", "outside the project's folder"),
        ("write 'x' to .git/hooks/post-commit", "belongs to Git"),
        ("rename names.txt to plants.csv", "I don't overwrite files"),
        ("copy names.txt to notes/diary.md", "I don't overwrite files"),
        ("delete nothing.txt", "There's no file nothing.txt"),
        ("write 'x' to photo.png", "photo.png isn't one"),
        ("replace 'a' with 'a' in names.txt", "both texts are the same"),
        ("first 0 lines of names.txt", "at least 1"),
        ("export the moon to m.xlsx", ""),
        ("remind me when it rains", "not when something happens"),
        ("1/0", "Nothing can be divided by zero."),
    ],
)
async def test_what_cannot_be_done_changes_nothing(jobs: Jobs, words: str, told: str) -> None:
    before = snapshot(jobs.folder)
    outcome = await jobs.do(words)
    assert outcome.plan is None
    assert told in outcome.told
    assert snapshot(jobs.folder) == before


@pytest.mark.parametrize(
    "words",
    [
        "replace 'nowhere' with 'x' in names.txt",
        "grep zebra names.txt",
        "replace 'PNG' with 'x' in photo.png",
    ],
)
async def test_what_fails_at_work_leaves_the_file_alone(jobs: Jobs, words: str) -> None:
    before = snapshot(jobs.folder)
    try:
        outcome = await jobs.do(words)
        assert outcome.plan is None
    except BadInput as error:
        assert error.user_text.endswith(".")
    assert snapshot(jobs.folder) == before


@pytest.mark.parametrize(
    "words",
    [
        "write a poem about ferns to poem.txt",
        "total price by room in plants.csv",
        "chart price by room in plants.csv",
        "how many plants are there",
        "rename price to cost in plants.csv",
        "list the rooms in plants.csv",
        "sort plants.csv by price",
    ],
)
async def test_other_work_is_not_taken_for_a_small_job(jobs: Jobs, words: str) -> None:
    outcome = await jobs.do(words)
    small = {
        "files.write",
        "files.append",
        "files.replace",
        "files.rename",
        "text.lines",
        "data.profile",
    }
    assert outcome.plan is None or not small & set(kinds(outcome))


async def test_a_protected_file_is_changed_only_by_its_name(jobs: Jobs) -> None:
    (jobs.folder / "AGENTS.md").write_text("be kind\n")
    outcome = await jobs.do("append 'x' to AGENTS.md")
    assert outcome.plan is not None
    assert [(effect.effect, effect.target) for effect in outcome.plan.effects()] == [
        ("configure", "AGENTS.md")
    ]


async def test_sheets_of_a_workbook_are_asked_about(jobs: Jobs) -> None:
    data = encoded(("team", "cost"), (("a", 1), ("b", 2)), path="x.xlsx", title="Only").data
    (jobs.folder / "costs.xlsx").write_bytes(data)
    assert "costs.xlsx has 2 rows" in (await jobs.do("tell me about costs.xlsx")).text


@pytest.mark.parametrize(
    "words",
    [
        "list the todos in diary.md",
        "what are the open points in diary.md",
        "show the action items in notes/diary.md",
    ],
)
async def test_marked_lines_are_asked_by_their_mark(jobs: Jobs, words: str) -> None:
    found = await jobs.do(words, "TODO")
    assert "How are those lines marked" in found.questions[0][0]
    assert found.text.strip().endswith("TODO buy pots")


async def test_lines_marked_so_need_no_question(jobs: Jobs) -> None:
    found = await jobs.do("give me all lines marked TODO in diary.md")
    assert not found.questions
    assert "TODO buy pots" in found.text
