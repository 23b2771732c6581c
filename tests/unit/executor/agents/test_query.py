"""data.query and the description of files."""

import asyncio
import time
from pathlib import Path

import pytest

from executor.agents.data_query import DataQuery
from executor.data.file_shapes import describe, every, listing
from executor.egress.files import ProjectFiles
from memory.model.errors import AgentUnavailable, BadInput
from tests.unit.executor.agents.calls import SALES, call, table_of

QUERY = DataQuery()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "sales.csv").write_bytes(SALES)
    (tmp_path / "secret.csv").write_text("a\n1\n")
    return folder


async def test_totals_are_exact_to_the_cent(root: Path) -> None:
    sql = "SELECT region, SUM(revenue) AS revenue FROM sales GROUP BY region ORDER BY region"
    found = await table_of(QUERY, root, sources=["sales.csv"], sql=sql)
    assert found.columns == ("region", "revenue")
    assert found.rows == (("North", 30.3), ("South", 5.0))
    assert found.total_rows == 2


@pytest.mark.parametrize(
    "sql", ["FROM 'sales.csv'", 'SELECT * FROM "SALES.csv" -- all', "FROM sales;"]
)
async def test_a_file_answers_to_its_stem_and_its_name(root: Path, sql: str) -> None:
    assert (await table_of(QUERY, root, sources="sales.csv", sql=sql)).total_rows == 3


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{secret}')",
        "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM read_blob('/etc/hostname')",
        "SELECT * FROM '{secret}'",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM 'http://127.0.0.1/x.csv'",
        "COPY sales TO '{secret}.out'",
        "ATTACH '{secret}.db'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "SELECT 1; SELECT 2",
        "DROP VIEW sales",
        "SELECT root FROM root",
    ],
)
async def test_nothing_but_the_sources_is_reached(root: Path, sql: str) -> None:
    secret = root.parent / "secret.csv"
    with pytest.raises(BadInput):
        await QUERY.run(call(root, sources=["sales.csv"], sql=sql.format(secret=secret)))
    assert _names(root.parent) == ["project", "secret.csv"]


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (
            "SELECT revenu FROM sales",
            "There's no column revenu in sales.csv. Did you mean revenue?",
        ),
        ("SELECT * FROM sale", "There's no table sale among the sources. Did you mean sales?"),
        ("SELEC 1", 'The SQL has a mistake near "SELEC". Fix it and try again.'),
        (
            "SELECT SUM(region) FROM sales",
            "Only numbers can be added up, and that column holds text. Name another column.",
        ),
        ("", "The task: sql is missing."),
    ],
)
async def test_a_mistake_is_one_sentence_that_helps(root: Path, sql: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        await QUERY.run(call(root, sources=["sales.csv"], sql=sql))
    assert caught.value.user_text == sentence


BROKEN = [
    ("missing.csv", None, "There's no file missing.csv in the project's folder."),
    ("empty.csv", b"", "empty.csv is empty. Put rows into it and try again."),
    ("blank.csv", b"\n  \n", "blank.csv is empty. Put rows into it and try again."),
    (
        "ragged.csv",
        b"a,b,c\n1,2,3\n1,2,3,4\n",
        "ragged.csv can't be read as a table: line 3 has 4 columns instead of 3. Fix that line "
        "and try again.",
    ),
    ("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "photo.csv isn't a text file. Name one that holds text."),
    ("sheet.xlsx", b"PK", "sheet.xlsx isn't a workbook I can read. Open it and save it again as .xlsx or CSV."),
    ("bad.json", b'{"a": 1,', "bad.json isn't valid JSON. Fix it and try again."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "sentence"), BROKEN)
async def test_an_unreadable_file_is_one_sentence(
    root: Path, name: str, data: bytes | None, sentence: str
) -> None:
    if data is not None:
        (root / name).write_bytes(data)
    with pytest.raises(BadInput) as caught:
        await QUERY.run(call(root, sources=[name], sql="SELECT 1"))
    assert caught.value.user_text.startswith(sentence)
    assert describe(ProjectFiles(root), name).problem.startswith(sentence)


@pytest.mark.parametrize(
    ("data", "total"),
    [
        (b"who;amount\nana;1.234,50\nbo;2,5\n", 1237.0),
        (b'who,amount\nana,"$1,234.50"\nbo,$2.50\n', 1237.0),
        ("who,amount\nÄnne,1234.5\n€,2.5\n".encode("cp1252"), 1237.0),
        ("who,amount\nÄnne,1234.5\nbo,2.5\n".encode("utf-16"), 1237.0),
        ("who,amount\nÄnne,1234.5\nbo,2.5\n".encode("utf-8-sig"), 1237.0),
    ],
)
async def test_figures_and_encodings_of_the_world_are_read(
    root: Path, data: bytes, total: float
) -> None:
    (root / "money.csv").write_bytes(data)
    found = await table_of(
        QUERY, root, sources=["money.csv"], sql="SELECT sum(amount), min(who) FROM money"
    )
    assert found.rows[0][0] == total


async def test_long_results_are_cut_and_counted(root: Path) -> None:
    made = call(root, sources=["sales.csv"], sql="SELECT range AS n FROM range(25000)")
    value = (await QUERY.run(made)).value
    assert value.kind == "table"
    assert (len(value.rows), value.total_rows) == (10_000, 25_000)
    wide = await table_of(
        QUERY, root, sources=["sales.csv"], sql="SELECT repeat('x', 9000) FROM range(2000)"
    )
    assert wide.total_rows == 2000
    assert len(wide.model_dump_json()) <= 1_000_000


@pytest.mark.parametrize("rows", [499, 500, 501, 1000, 10_000])
async def test_rows_at_the_edge_of_a_batch_are_counted_right(root: Path, rows: int) -> None:
    found = await table_of(QUERY, root, sources=["sales.csv"], sql=f"FROM range({rows})")
    assert (len(found.rows), found.total_rows) == (rows, rows)


ENDLESS = "SELECT count(*) FROM range(100000000000) a, range(1000) b"


async def test_a_query_past_its_deadline_is_interrupted(root: Path) -> None:
    with pytest.raises(AgentUnavailable):
        await QUERY.run(call(root, timeout_s=0.3, sources=["sales.csv"], sql=ENDLESS))


async def test_cancelling_stops_the_query(root: Path) -> None:
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await QUERY.run(call(root, sources=["sales.csv"], sql=ENDLESS))
    assert time.monotonic() - started < 5


async def test_two_files_with_one_stem_get_two_names(root: Path) -> None:
    (root / "old").mkdir()
    (root / "old" / "sales.csv").write_bytes(SALES)
    both = "SELECT (SELECT count(*) FROM sales) + (SELECT count(*) FROM sales_2)"
    found = await table_of(QUERY, root, sources=["sales.csv", "old/sales.csv"], sql=both)
    assert found.rows == ((6,),)


async def test_json_lines_and_parquet_are_tables(root: Path) -> None:
    import duckdb

    (root / "a.jsonl").write_text('{"n": 1}\n{"n": 2}\n')
    duckdb.sql("SELECT 7 AS n").write_parquet(str(root / "b.parquet"))
    sql = "SELECT (SELECT sum(n) FROM a) + (SELECT n FROM b)"
    found = await table_of(QUERY, root, sources=["a.jsonl", "b.parquet"], sql=sql)
    assert found.rows == ((10,),)


def test_a_file_is_described_by_its_shape(root: Path) -> None:
    info = describe(ProjectFiles(root), "sales.csv")
    assert [(c.name, c.type, c.numeric) for c in info.columns] == [
        ("order_date", "DATE", False), ("region", "VARCHAR", False), ("product", "VARCHAR", False),
        ("units", "BIGINT", True), ("revenue", "DOUBLE", True),
    ]  # fmt: skip
    assert info.columns[1].samples == ("North", "South")
    assert (info.rows, info.problem, info.media_type) == (3, "", "text/csv")


def test_the_listing_leaves_out_what_is_hidden_or_installed(root: Path) -> None:
    for path in (".git/config", ".env", "node_modules/x/i.js", "reports/q3.md"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x")
    (root / "link.csv").symlink_to(root.parent / "secret.csv")
    assert listing(ProjectFiles(root)) == ("sales.csv", "reports/q3.md")


def test_a_changed_file_is_described_afresh(root: Path) -> None:
    files = ProjectFiles(root)
    assert describe(files, "sales.csv").rows == 3
    (root / "sales.csv").write_bytes(SALES + b"2026-07-04,East,Tea,1,4.00\n")
    assert describe(files, "sales.csv").rows == 4
    (root / "sales.csv").write_bytes(b"")
    assert describe(files, "sales.csv").problem.startswith("sales.csv is empty")
    (root / "sales.csv").write_bytes(SALES)
    assert describe(files, "sales.csv").problem == ""


def test_a_listing_is_kept_until_a_file_comes_changes_or_goes(root: Path) -> None:
    files = ProjectFiles(root)
    before = every(files)
    assert every(files) is before
    (root / "more.csv").write_bytes(SALES)
    assert [info.path for info in every(files)] == ["more.csv", "sales.csv"]
    (root / "more.csv").write_bytes(SALES + b"2026-07-04,East,Tea,1,4.00\n")
    assert [info.rows for info in every(files)] == [4, 3]
    (root / "more.csv").unlink()
    assert every(files) is before


@pytest.mark.parametrize(
    "header",
    [
        "it's",
        "x'}) ; ATTACH 'evil.db' --",
        'say ""hi""',
        "a'; COPY (SELECT 1) TO 'evil.csv' --",
        "{y}",
    ],
)
async def test_a_column_name_is_never_run_as_sql(root: Path, header: str) -> None:
    (root / "h.csv").write_text(f'"{header}",n\nword,1\nother,2\n')
    info = describe(ProjectFiles(root), "h.csv")
    assert [column.name for column in info.columns] == [header.replace('""', '"'), "n"]
    found = await table_of(QUERY, root, sources=["h.csv"], sql="SELECT sum(n) AS n FROM h")
    assert found.rows == ((3,),)
    assert _names(root) == ["h.csv", "sales.csv"]


@pytest.mark.parametrize("name", ["s[ab].csv", "s*.csv", "it's?.csv"])
async def test_a_files_name_is_no_pattern(root: Path, name: str) -> None:
    (root / "sa.csv").write_bytes(b"x\n1\n")
    (root / name).write_bytes(b"x\n2\n")
    stem = name.removesuffix(".csv")
    table = await table_of(DataQuery(), root, sources=[name], sql=f'SELECT x FROM "{stem}"')
    assert table.rows == ((2,),)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT current_setting('allowed_paths')",
        "SELECT * FROM duckdb_settings()",
        "SELECT Current_Setting('temp_directory')",
        "SELECT (SELECT max(value) FROM duckdb_settings()) AS x FROM sales",
        "FROM read_csv('/etc/passwd')",
        "FROM glob('/etc/*')",
    ],
)
async def test_a_query_tells_no_path_of_the_machine(root: Path, sql: str) -> None:
    with pytest.raises(BadInput, match="tells about this machine"):
        await table_of(DataQuery(), root, sources=["sales.csv"], sql=sql)


async def test_a_complaint_names_the_file_as_people_do(root: Path) -> None:
    with pytest.raises(BadInput) as caught:
        await table_of(
            DataQuery(), root, sources=["sales.csv"], sql="SELECT CAST(product AS date) FROM sales"
        )
    assert "/proc" not in caught.value.user_text + caught.value.detail
