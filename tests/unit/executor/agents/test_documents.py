"""Charts, reports, summaries and files."""

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from executor.agents.data_chart import DataChart
from executor.agents.files.read import FilesRead
from executor.agents.files.write import PUBLISH, FilesWrite
from executor.agents.report_render import ReportRender
from executor.agents.report_write import ReportWrite
from executor.agents.text_summarise import TextSummarise, pick
from executor.charts.draw import figure_text
from executor.charts.series import chart_of
from memory.model.agents.spec import EffectClass
from memory.model.base import sha256
from memory.model.errors import BadInput
from memory.model.work.value import Json, Table, Text
from tests.conftest import SetClock
from tests.unit.executor.agents.calls import (
    call,
    file_of,
    table,
    text_of,
)

REGIONS = table(("North", 39761.47), ("East", 28490.64), ("South", 14761.5))


async def test_a_chart_is_a_png_that_shows_something(tmp_path: Path) -> None:
    made = await file_of(DataChart(), tmp_path, table=REGIONS, title="Revenue", path="r/q3.png")
    data = (tmp_path / "r/q3.png").read_bytes()
    assert (made.path, made.media_type, made.digest) == ("r/q3.png", "image/png", sha256(data))
    colours = Image.open(io.BytesIO(data)).convert("RGB").getcolors(1 << 24)
    assert colours is not None
    assert max(count for count, colour in colours if colour == (47, 111, 179)) > 50_000


async def test_charts_drawn_at_once_do_not_mix(tmp_path: Path) -> None:
    one = DataChart()
    await file_of(one, tmp_path, table=REGIONS, path="alone.png")
    async with asyncio.TaskGroup() as group:
        for n in range(4):
            group.create_task(file_of(one, tmp_path, table=REGIONS, path=f"{n}.png"))
    assert len({(tmp_path / f"{n}.png").read_bytes() for n in ["alone", *range(4)]}) == 1


CHARTS = [
    (REGIONS, "auto", "bar"),
    (table(("2026-01-01", 1), ("2026-02-01", 2)), "auto", "line"),
    (table((1.5, 1), (2.5, 2)), "auto", "scatter"),
    (table((2024, 1), (2025, 2)), "auto", "bar"),
    (REGIONS, "Pie", "pie"),
    (table(("a", 1), ("b", None), ("c", -5)), "line", "line"),
    (table(*((f"name {n}", n) for n in range(90))), "bar", "bar"),
    (table((None, 1.0), ("", 2.0)), "bar", "bar"),
    (table(("a$b$", 1e15), ("x" * 300, 0.00012)), "bar", "bar"),
    (table(("only", 0)), "bar", "bar"),
    (table(*((f"2026-01-{n:02}T10:00:00", n) for n in range(1, 29))), "auto", "line"),
]


@pytest.mark.parametrize(("given", "kind", "drawn"), CHARTS)
async def test_all_kinds_of_data_can_be_drawn(
    tmp_path: Path, given: Table, kind: str, drawn: str
) -> None:
    assert chart_of(given, kind=kind, x="region", y=["revenue"], title="").kind == drawn
    made = await file_of(
        DataChart(), tmp_path, table=given, kind=kind, x="region", y="revenue", path="c.png"
    )
    assert made.size > 5000


def test_more_than_thirty_categories_are_summed_up_and_said() -> None:
    rows = [(f"p{n}", n) for n in range(1, 46)]
    chart = chart_of(table(*rows), kind="bar", x="", y=[], title="")
    assert (len(chart.labels), chart.labels[0], chart.labels[-1]) == (31, "p45", "other")
    assert chart.series[0].values[-1] == sum(range(1, 16))
    assert chart.notes == ("the 30 largest of 45; “other” adds up the remaining 15",)


def test_a_repeating_axis_beside_a_text_column_becomes_series() -> None:
    given = table(
        ("Jan", "N", 1), ("Jan", "S", 2), ("Feb", "N", 3), columns=("month", "region", "revenue")
    )
    chart = chart_of(given, kind="auto", x="month", y=["revenue"], title="")
    assert [(curve.name, curve.values) for curve in chart.series] == [
        ("N", (1, 3)),
        ("S", (2, None)),
    ]


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ({"y": "revenu"}, "The table has no column revenu. Did you mean revenue?"),
        ({"y": "region"}, "region holds text, not numbers, so it can't be drawn. Name another column."),
        ({"kind": "radar"}, "There's no radar chart. Choose bar, line, pie or scatter."),
        ({"kind": "scatter"}, "region holds text. A scatter chart needs numbers or dates there."),
        ({"path": "c.jpg"}, "A chart is a PNG file. End c.jpg in .png."),
        ({"table": "x"}, "The task needs a table, such as the result of data.query."),
        ({"table": table()}, "The table is empty, so there's nothing to draw."),
        ({"table": table(("a", -1)), "kind": "pie"}, "A pie can't show negative values. Ask for bars."),
    ],
)  # fmt: skip
async def test_a_chart_that_cannot_be_drawn_says_why(
    tmp_path: Path, inputs: dict[str, object], sentence: str
) -> None:
    with pytest.raises(BadInput) as caught:
        await DataChart().run(call(tmp_path, **{"table": REGIONS, "path": "c.png", **inputs}))
    assert caught.value.user_text == sentence


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1234, "1,234"), (12.5, "12.50"), (39761.47, "39,761"), (1_250_000, "1.25 M"),
     (-3e9, "-3 B"), (0.00012, "0.000120")],
)  # fmt: skip
def test_figures_are_short_and_readable(value: float, text: str) -> None:
    assert figure_text(value) == text


HOSTILE = table(("North|<b>x</b>", 1234567.5), ("[a](http://e) ![p](http://e/p.png) `c`", None))


async def test_a_report_has_correct_tables_and_nothing_from_outside_gets_loose(
    tmp_path: Path, clock: SetClock
) -> None:
    chart = await file_of(
        DataChart(), tmp_path, table=REGIONS, title="By region", path="reports/q 3.png"
    )
    note = Text(text="# Head\n<script>x</script> ![t](https://e/t.png) `<i>`\n\n```\n<u>\n```")
    made = await file_of(
        ReportWrite(clock), tmp_path, path="reports/q3.md", title="Q3 <i>",
        parts=[REGIONS, chart, HOSTILE, note, Json(value={"a": 1})], totals=True,
    )  # fmt: skip
    assert (tmp_path / made.path).read_text() == (
        "# Q3 &lt;i&gt;\n\n*2 March 2026*\n\n"
        "| region | revenue |\n| :--- | ---: |\n| North | 39,761.47 |\n| East | 28,490.64 |\n"
        "| South | 14,761.50 |\n| **Total** | **83,013.61** |\n\n"
        "![By region](q%203.png)\n\n"
        "| region | revenue |\n| :--- | ---: |\n"
        "| North\\|&lt;b&gt;x&lt;/b&gt; | 1,234,567.50 |\n"
        "| \\[a\\](http://e) \\!\\[p\\](http://e/p.png) \\`c\\` | – |\n"
        "| **Total** | **1,234,567.50** |\n\n"
        "## Head\n&lt;script>x&lt;/script> [t](https://e/t.png) `<i>`\n\n```\n<u>\n```\n\n"
        '```json\n{\n  "a": 1\n}\n```\n'
    )


async def test_a_report_renders_as_html_that_needs_nothing_else(
    tmp_path: Path, clock: SetClock
) -> None:
    await file_of(DataChart(), tmp_path, table=REGIONS, path="reports/q3.png")
    source = "# Q3\n\n![c](q3.png) ![gone](no.png) ![out](../../x.png)\n\n<script>alert(1)</script>\n\n[x](javascript:alert)"
    (tmp_path / "reports/q3.md").write_text(source)
    given = await file_of(
        ReportWrite(clock), tmp_path, path="reports/w.md", title="Q3", parts=[Text(text=source)]
    )
    made = await file_of(
        ReportRender(), tmp_path, markdown=given, format="html", path="out/q3.html"
    )
    page = (tmp_path / made.path).read_text()
    assert 'src="data:image/png;base64,' in page
    assert "<title>Q3</title>" in page
    assert "[picture: gone]" in page
    assert "[picture: out]" in page
    assert "<script" not in page
    assert 'href="javascript' not in page


async def test_a_report_renders_as_pdf_with_words_and_pictures(
    tmp_path: Path, clock: SetClock
) -> None:
    chart = await file_of(DataChart(), tmp_path, table=REGIONS, path="reports/q3.png")
    words = "Grüße, Привет → **bold** and\n\n1. one\n2. two\n   - deep\n\n> said\n\n```\ncode\n```\n\n---"
    given = await file_of(
        ReportWrite(clock), tmp_path, path="reports/q3.md", title="Q3",
        parts=[REGIONS, chart, Text(text=words)],
    )  # fmt: skip
    made = await file_of(ReportRender(), tmp_path, markdown=given, format="pdf", path="q3.pdf")
    pages = PdfReader(tmp_path / made.path).pages
    text = "\n".join(page.extract_text() for page in pages)
    for expected in ("Q3", "2 March 2026", "North", "39,761.47", "Grüße, Привет", "2. two", "code"):
        assert expected in " ".join(text.split())
    assert sum(len(page.images) for page in pages) == 1


async def test_a_chart_or_a_table_alone_renders_as_a_report_of_its_own(tmp_path: Path) -> None:
    chart = await file_of(DataChart(), tmp_path, table=REGIONS, path="charts/q3.png")
    drawn = await file_of(ReportRender(), tmp_path, markdown=chart, path="out/c.pdf", format="pdf")
    assert sum(len(page.images) for page in PdfReader(tmp_path / drawn.path).pages) == 1
    told = await file_of(ReportRender(), tmp_path, markdown=REGIONS, path="t.html", format="html")
    assert ">North</td>" in (tmp_path / told.path).read_text()


async def test_the_summary_is_picked_from_the_text_and_says_so(tmp_path: Path) -> None:
    text = (
        "Dr. Smith measured the growth of tea revenue in the north. The weather was nice. "
        "Tea revenue in the north grew by 3.5 percent. Growth of tea revenue pleased the north."
    )
    found = await text_of(TextSummarise(), tmp_path, text=Text(text=text), sentences=2)
    body, note = found.split("\n\n")
    assert note == "*(2 sentences picked from the text, not rewritten)*"
    assert all(sentence in text for sentence in pick(text, 2))
    assert "weather" not in body
    assert pick(text, 2) == pick(text, 2)


@pytest.mark.parametrize("text", ["", "   ", "# Only a heading", "```\ncode\n```"])
async def test_nothing_to_summarise_is_said(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match="no text to summarise"):
        await text_of(TextSummarise(), tmp_path, text=text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
async def test_texts_are_read_in_their_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes("Grüße, 5 €".encode(encoding))
    made = call(tmp_path, path="a.txt")
    value = (await FilesRead().run(made)).value
    assert value == Text(text="Grüße, 5 €")
    assert (made.said == []) == (encoding != "cp1252")  # type: ignore[attr-defined]


async def test_what_is_no_text_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(range(256)))
    with pytest.raises(BadInput, match=r"a\.bin isn't a text file"):
        await FilesRead().run(call(tmp_path, path="a.bin"))


async def test_every_kind_of_content_is_written(tmp_path: Path) -> None:
    write = FilesWrite()
    first = await file_of(write, tmp_path, path="a/t.csv", content=REGIONS)
    await file_of(write, tmp_path, path="b.json", content=Json(value={"ä": 1}))
    await file_of(write, tmp_path, path="c.md", content=[Text(text="one"), "two"])
    await file_of(write, tmp_path, path="d.csv", content=first)
    assert (tmp_path / "a/t.csv").read_text().splitlines()[:2] == [
        "region,revenue",
        "North,39761.47",
    ]
    assert (tmp_path / "b.json").read_text() == '{\n  "ä": 1\n}\n'
    assert (tmp_path / "c.md").read_text() == "one\n\ntwo\n"
    assert (tmp_path / "d.csv").read_bytes() == (tmp_path / "a/t.csv").read_bytes()


def test_publishing_is_a_graver_effect_than_writing() -> None:
    assert FilesWrite().spec.effect is EffectClass.WRITE
    assert FilesWrite(PUBLISH).spec.effect is EffectClass.PUBLISH
