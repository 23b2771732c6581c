"""Small jobs on files and tables: the bytes they write, the numbers they tell, what they refuse."""

import datetime as dt
import io
import json
from pathlib import Path

import duckdb
import pytest
import python_calamine
import xlsxwriter

from executor.agents.data_export import DataExport
from executor.agents.data_profile import DESCRIBE, DataProfile
from executor.agents.data_query import DataQuery
from executor.agents.files.edit import FilesAppend, FilesReplace
from executor.agents.files.lines import TextCount, TextLines
from executor.agents.files.move import RENAME, FilesMove
from executor.agents.files.write import FilesWrite
from executor.data import file_shapes
from executor.egress.files import ProjectFiles
from memory.model.errors import BadInput
from memory.model.limits import FILE_READ_BYTES
from memory.model.work.value import Table
from tests.unit.executor.agents.calls import call, file_of, table, table_of, text_of

VISITS = """visit_id,seen_on,clinic,weight_kg,comment
9001,2025-03-01,Harbour,70.5,fine
9002,2025-03-02,Hill,64,
9003,2025-03-02,Harbour,71,"=HYPERLINK(""x"")"
9004,2025-03-05,,68.25,-
9005,2025-03-09,Hill,990,+49 40 123
9002,2025-03-02,Hill,64,
"""
ALL = {"sources": ["visits.csv"], "sql": "SELECT * FROM visits"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "visits.csv").write_text(VISITS)
    (tmp_path / "log.txt").write_text("b start\na stop\nB start\na stop\n\nlast\n")
    return tmp_path


def book(*sheets: tuple[str, list[list[object]]]) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(out, options) as made:
        for name, rows in sheets:
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


async def test_a_profile_counts_gaps_ranges_and_frequent_values(root: Path) -> None:
    found = await table_of(DataProfile(), root, sources=["visits.csv"])
    rows = {str(row[0]): row for row in found.rows}
    assert rows["clinic"][1:4] == ("text", 1, 2)
    assert rows["clinic"][7] == "Hill (3), Harbour (2)"
    assert rows["seen_on"][1:6] == ("date", 0, 4, "2025-03-01", "2025-03-09")
    assert rows["weight_kg"][4:7] == (64.0, 990.0, 221.292)
    assert rows["visit_id"][4:7] == ("9001", "9005", None)  # a label has no mean
    assert rows["comment"][2] == 2


async def test_a_description_says_it_in_sentences(root: Path) -> None:
    said = await text_of(DataProfile(DESCRIBE), root, sources=["visits.csv"])
    for words in (
        "visits.csv has 6 rows and 5 columns; seen_on runs from 2025-03-01 to 2025-03-09.",
        "comment 2 of 6 (33.3 %), clinic 1 of 6 (16.7 %)",
        "visit_id 9002 (2×)",
        "exact copies of other rows: 1",
        "Outliers, by 1.5 times the interquartile range: weight_kg 1",
    ):
        assert words in said
    only = await text_of(DataProfile(DESCRIBE), root, sources=["visits.csv"], focus="missing")
    assert "Outliers" not in only
    (root / "tidy.csv").write_text("a,b\n1,x\n2,y\n")
    said = await text_of(DataProfile(DESCRIBE), root, sources=["tidy.csv"])
    assert "No values are missing." in said
    assert "No row comes twice." in said


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl", "xlsx", "parquet"])
async def test_what_is_exported_reads_back_with_its_types(root: Path, ending: str) -> None:
    path = f"out/visits copy.{ending}"
    file = await file_of(DataExport(), root, path=path, **ALL)
    assert file.size == (root / path).stat().st_size
    sql = "SELECT count(*), sum(weight_kg), max(seen_on), typeof(any_value(visit_id)) FROM 'visits copy'"
    read = await table_of(DataQuery(), root, sources=[path], sql=sql)
    assert read.rows == ((6, 1327.75, "2025-03-09", "BIGINT"),)


async def test_no_text_becomes_a_formula(root: Path) -> None:
    made = call(root, path="out.csv", **ALL)
    await DataExport().run(made)
    written = (root / "out.csv").read_text()
    assert '"\'=HYPERLINK(""x"")"' in written
    assert ",-\n" in written  # a dash and a phone number are none
    assert ",+49 40 123\n" in written
    assert made.said == ["6 rows; 1 texts that look like formulas begin with an apostrophe"]  # type: ignore[attr-defined]
    await file_of(DataExport(), root, path="out.xlsx", **ALL)
    sheet = python_calamine.CalamineWorkbook.from_path(root / "out.xlsx").get_sheet_by_index(0)
    assert sheet.to_python()[3][4] == '=HYPERLINK("x")'
    assert sheet.to_python()[3][1] == dt.date(2025, 3, 2)
    rows = table(("=1+1", 2.0))
    await file_of(FilesWrite(), root, path="t.csv", content=rows)
    assert (root / "t.csv").read_text() == "region,revenue\n'=1+1,2.0\n"
    await file_of(FilesWrite(), root, path="t.json", content=rows)
    assert json.loads((root / "t.json").read_text()) == [{"region": "=1+1", "revenue": 2.0}]


async def test_a_table_that_was_cut_is_never_written_as_if_whole(root: Path) -> None:
    cut = Table(columns=("a",), rows=((1,),), total_rows=20_000)
    with pytest.raises(BadInput, match="20,000 rows and only the first 1 were passed on"):
        await file_of(FilesWrite(), root, path="t.csv", content=cut)
    assert not (root / "t.csv").exists()
    (root / "many.csv").write_text("n\n" + "\n".join(map(str, range(25_000))) + "\n")
    await file_of(DataExport(), root, sources=["many.csv"], sql="FROM many", path="all.parquet")
    with duckdb.connect() as connection:
        count = connection.execute(f"SELECT count(*), sum(n) FROM '{root / 'all.parquet'}'")
        assert count.fetchall() == [(25_000, 312_487_500)]


async def test_sheets_are_read_by_name(root: Path) -> None:
    first = [["Budget 2026"], [], ["team", "planned", "due"], ["Ops", 12.0, dt.date(2026, 5, 1)],
             ["Lab", 7.5, dt.date(2026, 6, 1)]]  # fmt: skip
    (root / "plan.xlsx").write_bytes(book(("First half", first), ("Second", [["team"], ["Ops"]])))
    sql = "SELECT sum(planned) AS p, max(due) AS d, count(*) AS n FROM plan"
    read = await table_of(DataQuery(), root, sources=["plan.xlsx#first half"], sql=sql)
    assert read.rows == ((19.5, "2026-06-01", 2),)
    with pytest.raises(BadInput, match=r"plan.xlsx has no sheet Third. It has First half, Second."):
        await table_of(DataQuery(), root, sources=["plan.xlsx#Third"], sql="FROM plan")
    infos = file_shapes.described(ProjectFiles(root), "plan.xlsx")
    assert [info.path for info in infos] == ["plan.xlsx#First half", "plan.xlsx#Second"]
    assert [column.name for column in infos[0].columns] == ["team", "planned", "due"]
    assert infos[0].columns[1].type == "DOUBLE"
    (root / "one.xlsx").write_bytes(book(("Only", [["a"], ["007"], ["x"]])))
    assert [info.path for info in file_shapes.described(ProjectFiles(root), "one.xlsx")] == [
        "one.xlsx"
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04 broken", "isn't a workbook I can read"),
        (b"", "isn't a workbook I can read"),
        (book(("S", [])), "odd.xlsx is empty"),
    ],
)
async def test_a_broken_workbook_is_one_sentence(root: Path, data: bytes, sentence: str) -> None:
    (root / "odd.xlsx").write_bytes(data)
    with pytest.raises(BadInput) as caught:
        await table_of(DataQuery(), root, sources=["odd.xlsx"], sql="FROM odd")
    assert sentence in caught.value.user_text


async def test_appending_leaves_what_is_there(root: Path) -> None:
    (root / "todo.md").write_bytes(b"- one\r\n- two")
    await file_of(FilesAppend(), root, path="todo.md", content="- three")
    assert (root / "todo.md").read_bytes() == b"- one\r\n- two\n- three\n"
    await file_of(FilesAppend(), root, path="new/todo.md", content="first")
    assert (root / "new/todo.md").read_text() == "first\n"
    (root / "bin.dat").write_bytes(b"\x00\x01\x02")
    with pytest.raises(BadInput, match=r"bin.dat isn't a text file"):
        await file_of(FilesAppend(), root, path="bin.dat", content="x")
    assert (root / "bin.dat").read_bytes() == b"\x00\x01\x02"


@pytest.mark.parametrize(
    ("find", "replacement", "left", "count"),
    [
        ("start", "begin", "b begin\na stop\nB begin\na stop\n\nlast\n", 2),
        ("a stop\n", "", "b start\nB start\n\nlast\n", 2),
        (".", "!", None, 0),  # no pattern
        ("START", "x", None, 0),
        ("st", r"\1$&", "b \\1$&art\na \\1$&op\nB \\1$&art\na \\1$&op\n\nla\\1$&\n", 5),
    ],
)
async def test_replacing_is_word_for_word_and_counted(
    root: Path, find: str, replacement: str, left: str | None, count: int
) -> None:
    before = (root / "log.txt").read_text()
    made = FilesReplace().run(call(root, path="log.txt", find=find, replacement=replacement))
    if left is None:
        with pytest.raises(BadInput, match=r"isn't in log.txt"):
            await made
        assert (root / "log.txt").read_text() == before
        return
    value = (await made).value
    assert f"{count}×" in value.text  # type: ignore[union-attr]
    assert (root / "log.txt").read_text() == left


async def test_replacing_keeps_the_encoding(root: Path) -> None:
    (root / "alt.txt").write_bytes("Grüße".encode("cp1252"))
    await text_of(FilesReplace(), root, path="alt.txt", find="Gr", replacement="gr")
    assert (root / "alt.txt").read_bytes() == "grüße".encode("cp1252")


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ({"containing": "START"}, ["b start", "B start"]),
        ({"without": "st"}, [""]),
        ({"first": 2}, ["b start", "a stop"]),
        ({"last": 1}, ["last"]),
        ({"unique": True}, ["b start", "a stop", "B start", "", "last"]),
        ({"order": "ascending", "unique": True}, ["", "a stop", "B start", "b start", "last"]),
        ({"order": "descending", "first": 1}, ["last"]),
        ({"containing": "a.*p"}, None),
        ({"containing": "stop", "without": "a"}, None),
    ],
)
async def test_lines_are_picked(
    root: Path, given: dict[str, object], lines: list[str] | None
) -> None:
    made = TextLines().run(call(root, sources=["log.txt"], **given))
    if lines is None:
        with pytest.raises(BadInput, match=r"No line of log.txt fits"):
            await made
        return
    value = (await made).value
    assert value.text.split("\n") == lines  # type: ignore[union-attr]


async def test_files_are_merged_in_order_and_counted(root: Path) -> None:
    (root / "more.txt").write_text("één twee\n")
    assert (await text_of(TextLines(), root, sources=["more.txt", "log.txt"])).startswith("één")
    counts = await table_of(TextCount(), root, sources=["log.txt", "more.txt"], containing="twee")
    assert counts.columns == ("file", "lines", "words", "characters", "“twee”")
    assert counts.rows == (
        ("log.txt", 6, 9, 36, 0), ("more.txt", 1, 2, 9, 1), ("all", 7, 11, 45, 1),
    )  # fmt: skip


async def test_renaming_and_copying_overwrite_nothing(root: Path) -> None:
    data = (root / "log.txt").read_bytes()
    await file_of(FilesMove(), root, source="log.txt", path="old/log.txt")
    assert (root / "old/log.txt").read_bytes() == (root / "log.txt").read_bytes() == data
    with pytest.raises(BadInput, match=r"old/log.txt is already there"):
        await file_of(FilesMove(RENAME), root, source="log.txt", path="old/log.txt")
    moved = await file_of(FilesMove(RENAME), root, source="log.txt", path="archive.txt")
    assert (moved.path, (root / "archive.txt").read_bytes()) == ("archive.txt", data)
    assert not (root / "log.txt").exists()
    inside = await file_of(FilesMove(RENAME), root, source="archive.txt", path="old")
    assert inside.path == "old/archive.txt"
    for source, path in (
        ("none.txt", "x.txt"),
        ("visits.csv", "../x.csv"),
        ("visits.csv", ".git/x"),
    ):
        with pytest.raises(BadInput):
            await file_of(FilesMove(RENAME), root, source=source, path=path)
    assert (root / "visits.csv").read_text() == VISITS


async def test_a_huge_file_is_refused_before_it_is_read(root: Path) -> None:
    with (root / "huge.txt").open("wb") as file:
        file.truncate(FILE_READ_BYTES + 1)
    for made in (
        TextLines().run(call(root, sources=["huge.txt"], first=1)),
        FilesReplace().run(call(root, path="huge.txt", find="a", replacement="b")),
        FilesAppend().run(call(root, path="huge.txt", content="x")),
    ):
        with pytest.raises(BadInput, match="larger than 50 MB"):
            await made
    assert (root / "huge.txt").stat().st_size == FILE_READ_BYTES + 1
