"""The plan as a picture and as characters."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.catalogue import ENGLISH
from bot.language.words import width
from bot.render.pictures.ascii_graph import plan_drawing
from bot.render.pictures.fonts import font_files
from bot.render.pictures.geometry import sheet
from bot.render.pictures.layout import layered, places
from bot.render.pictures.plan_picture import plan_picture, plan_svg
from memory.model.work.graph import TaskGraph
from memory.model.work.plan import Plan
from memory.model.work.run import TaskState
from tests.unit.bot.samples import plan, sales_plan, task, writes


def chain(length: int) -> Plan:
    return plan(
        *(task(f"t{i}", f"Step {i}", after=f"t{i - 1}" if i else "") for i in range(length))
    )


def fan(size: int) -> Plan:
    leaves = [task(f"f{i}", f"Summarise file {i}", after="s") for i in range(size)]
    return plan(
        task("s", "List the files", "files.read"),
        *leaves,
        task("z", "Merge", after=" ".join(one.key for one in leaves), effects=writes("all.md")),
    )


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high


@pytest.mark.parametrize(
    "drawn", [chain(1), chain(3), chain(40), fan(3), fan(58), fan(198), sales_plan()]
)
def test_a_picture_fits_a_chat_whatever_the_plan(drawn: Plan) -> None:
    wide, high = size_of(plan_picture(ENGLISH, drawn))
    assert 200 <= wide <= 1600
    assert 50 <= high <= 2400


def test_a_picture_has_letters_and_colours_change_with_the_state() -> None:
    drawn = plan(task("a", "Word"))
    plain = plan_picture(ENGLISH, drawn)
    assert plain != plan_picture(ENGLISH, plan(task("a", "Ward")))
    states = [plan_picture(ENGLISH, drawn, {"a": state}) for state in TaskState]
    assert len({*states, plain}) == len(TaskState) - 1  # waiting, ready and no state look alike


def test_letters_no_font_has_give_way_to_the_tasks_key() -> None:
    drawn = plan(task("load", "\ud55c\uad6d\uc5b4 \u0e44\u0e17\u0e22"))
    svg = plan_svg(ENGLISH, drawn, sheet(drawn.graph), {}, {})
    assert "load" in svg or "\ud55c" in svg
    drawn = plan(task("b", "📊 Chart"))
    assert "📊" not in plan_svg(ENGLISH, drawn, sheet(drawn.graph), {}, {})


def test_markup_in_a_title_stays_text() -> None:
    drawn = plan(task("a", '</text><image href="file:///etc/passwd"/>&amp;'))
    assert "<image" not in plan_svg(ENGLISH, drawn, sheet(drawn.graph), {}, {})
    assert size_of(plan_picture(ENGLISH, drawn))


def test_the_fonts_are_there_without_importing_matplotlib() -> None:
    assert [path.name for path in font_files()] == ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"]


def test_boxes_and_arrows_are_drawn_where_they_fit() -> None:
    assert (
        plan_drawing(ENGLISH, sales_plan().graph)
        == """\
                                 ╭─────────────────────── ⚠ ─╮
                              ╭─▶│ 2 Chart revenue by region │─╮
╭───────────────────────────╮ │  │   data.chart              │ │  ╭─────────────────────── ⚠ ─╮
│ 1 Total the revenue by    │─┤  │                           │ ├─▶│ 3 Write the report        │
│   region                  │ │  ╰───────────────────────────╯ │  │   report.write            │
│   data.query              │ ╰────────────────────────────────╯  │                           │
╰───────────────────────────╯                                     ╰───────────────────────────╯"""
    )


def test_a_long_chain_is_one_rail_with_states() -> None:
    states = {"t0": TaskState.SUCCEEDED, "t1": TaskState.FAILED}
    lines = plan_drawing(ENGLISH, chain(12).graph, states).split("\n")
    assert len(lines) == 12
    assert lines[0] == "✓  1 Step 0 · chatgpt"
    assert lines[1] == "✗  2 Step 1 · chatgpt"
    assert lines[11] == "● 12 Step 11 · chatgpt"


def test_a_wide_fan_is_told_in_steps() -> None:
    assert plan_drawing(ENGLISH, fan(58).graph) == (
        "● 1 List the files\n│\n● 58 tasks side by side: 2 Summarise file 0, 3 Summarise file 1 and"
        " 56 more\n│\n● 60 Merge"
    )


@st.composite
def graphs(draw: st.DrawFn) -> TaskGraph:
    size = draw(st.integers(1, 25))
    tasks = []
    for index in range(size):
        needs = draw(st.sets(st.integers(0, index - 1), max_size=3)) if index else set()
        title = draw(
            st.sampled_from(["Do", "A long title of many words indeed", "売上データを集計"])
        )
        tasks.append(task(f"t{index}", title, after=" ".join(f"t{n}" for n in sorted(needs))))
    return TaskGraph(tasks=tuple(tasks))


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_every_graph_is_drawn_whole_within_the_columns(graph: TaskGraph) -> None:
    text = plan_drawing(ENGLISH, graph, columns=90)
    assert max(map(width, text.split("\n"))) <= 90
    if "side by side" not in text:
        words = text.replace("│", " ").split()
        assert all(str(number) in words for number in range(1, len(graph.tasks) + 1))


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_no_two_boxes_overlap_and_all_lie_on_the_sheet(graph: TaskGraph) -> None:
    page = sheet(graph)
    assert sorted(box.task for box in page.boxes) == sorted(task.key for task in graph.tasks)
    for index, one in enumerate(page.boxes):
        assert one.x >= 0
        assert one.y >= 0
        assert one.x + one.size.width <= page.width
        assert one.y + one.size.height <= page.height
        for other in page.boxes[index + 1 :]:
            assert (
                abs(one.x - other.x) >= one.size.width - 0.01
                or abs(one.y - other.y) >= one.size.height - 0.01
            )


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_edges_go_from_layer_to_layer_and_the_same_graph_is_laid_out_the_same(
    graph: TaskGraph,
) -> None:
    layering = layered(graph)
    assert all(end.layer == start.layer + 1 for start, end in layering.edges)
    assert layering == layered(graph)
    at = places(layering, lambda _node: 10, gap=5)
    for layer in layering.layers:
        spots = [at[node] for node in layer]
        assert all(b - a >= 14.99 for a, b in pairwise(spots))
