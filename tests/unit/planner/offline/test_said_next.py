"""What is said of a plan or a result in everyday words, or in another language."""

from typing import Any

import pytest

from executor.agents.registry import load
from memory.model.agents.spec import AgentKind, Catalogue
from memory.model.work.conversation import Conversation
from memory.model.work.plan import Plan
from planner.compiling.compiler import Compiled, compile_draft
from planner.draft import Draft
from planner.jobs.reading import job
from planner.offline import edits
from planner.offline.drafter import plan_offline
from planner.revising.sayings import plainly
from tests.unit.planner.offline.test_changes import value
from tests.unit.planner.offline.test_offline import graph_of
from tests.unit.planner.world import ALL, CHATGPT, CLAUDE, ask, describe, folder, plan_of

HERE = Catalogue(agents=tuple(agent.spec for agent in load((), third_parties=())))
BY_REGION = "total the revenue in sales.csv by region"
ADD = "add 'milk' to todo.md"
SWAP = "replace 'colour' with 'color' in notes.txt"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Any:
    root = folder(tmp_path_factory.mktemp("next") / "work")
    for name in ("todo.md", "notes.txt"):
        (root / name).write_text("colour\n")
    return describe(root, "sales.csv", "todo.md", "notes.txt")


def planned(files: Any, text: str) -> Plan:
    request = ask(text, files, catalogue=HERE)
    small = job(request)
    if small is None:
        return plan_of(graph_of(request))
    draft = small.draft
    made = compile_draft(draft, request, rank=lambda _, able: able, price=lambda *_: 1)
    assert isinstance(made, Compiled), made
    return plan_of(made.graph)


def change(files: Any, text: str, words: str, *, ran: bool = False) -> Draft | None:
    base = planned(files, text)
    before = Conversation(plan=base, stage="done" if ran else "waiting")
    request = ask(f"{text}\n\n{words}", files, base=base, catalogue=HERE)
    return edits.exact(base, request.model_copy(update={"conversation": before}))


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("most frequent first", "highest first"),
        ("the other way round", "sorted the other way"),
        ("andersrum sortiert", "sorted the other way"),
        ("and as a file", "as csv"),
        ("als Balkendiagramm bitte", "as a bar chart"),
        ("en camembert", "as a pie chart"),
        ("hm, bars were nicer after all", "as a bar chart"),
        ("I liked the pie better", "as a pie chart"),
        ("maybe a line chart then", "as a line chart"),
        ("lieber Balken", "as a bar chart"),
        ("the bars are closed", ""),
        ("como gráfico de líneas", "as a line chart"),
        ("nur 2024", "only 2024"),
        ("seulement les ventes", "only ventes"),
        ("und nach Status?", "by Status"),
        ("call it trend.png", "save it as trend.png"),
        ("et en excel", "as excel"),
        ("make it better", ""),
        ("round to two digits", ""),
    ],
)
def test_it_is_put_as_the_edits_read_it(words: str, plain: str) -> None:
    assert plainly(words) == plain


@pytest.mark.parametrize(
    "words", ["the other way round", "reverse the order", "umgekehrt", "al revés", "flip it"]
)
def test_the_other_way_round_turns_the_order_and_rounds_nothing(files: Any, words: str) -> None:
    draft = change(files, BY_REGION, words)
    assert draft is not None
    sql = value(draft.tasks[0], "sql")
    assert "ASC" in sql
    assert "ROUND" not in sql


def test_what_is_in_that_order_already_is_said_to_be(files: Any) -> None:
    draft = change(files, BY_REGION, "biggest first")
    assert draft is not None
    assert draft.declined == "The plan already does that, so nothing was changed."


@pytest.mark.parametrize(
    ("text", "words", "ran", "type_", "name", "now"),
    [
        (ADD, "and bread", False, "files.append", "content", "milk\nbread"),
        (ADD, "and bread", True, "files.append", "content", "bread"),
        (ADD, "also eggs", True, "files.append", "content", "eggs"),
        (ADD, "no, I meant butter", False, "files.append", "content", "butter"),
        (ADD, "no, I meant butter", True, "files.replace", "replacement", "butter"),
        (ADD, "not milk, butter", False, "files.append", "content", "butter"),
        (ADD, "in notes.txt instead", False, "files.append", "path", "notes.txt"),
        (SWAP, "the other way round", False, "files.replace", "replacement", "colour"),
        (SWAP, "and grey with gray", True, "files.replace", "find", "grey"),
    ],
)
def test_a_small_job_goes_on(
    files: Any, text: str, words: str, ran: bool, type_: str, name: str, now: str
) -> None:
    draft = change(files, text, words, ran=ran)
    assert draft is not None
    assert [task.type for task in draft.tasks] == [type_]
    assert value(draft.tasks[0], name) == now


@pytest.mark.parametrize("words", ["show me them", "which ones?", "list those please"])
def test_what_was_counted_can_be_seen(files: Any, words: str) -> None:
    draft = change(files, 'how often does "colour" appear in notes.txt', words, ran=True)
    assert draft is not None
    assert [task.type for task in draft.tasks] == ["text.lines"]
    assert value(draft.tasks[0], "containing") == "colour"


@pytest.mark.parametrize("words", ["and show it to me", "and send that", "and make a chart"])
def test_an_order_is_no_text_to_be_written(files: Any, words: str) -> None:
    draft = change(files, ADD, words, ran=True)
    assert draft is None or value(draft.tasks[0], "content") == "milk"


@pytest.mark.parametrize("words", ["make it better", "not good", "improve it", "I don't like it"])
def test_a_wish_for_something_better_is_asked_about(files: Any, words: str) -> None:
    draft = change(files, BY_REGION, words)
    assert draft is not None
    assert [gap.question for gap in draft.gaps] == ["What should be better about it?"]
    assert draft.gaps[0].options[0] == "as a bar chart"
    assert [task.type for task in draft.tasks] == ["data.query", "data.chart"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("and in spanish", "Write a short text about bees. Write it in Spanish."),
        ("now in French please", "Write a short text about bees. Write it in French."),
    ],
)
def test_what_is_written_is_written_in_another_language(words: str, told: str) -> None:
    text = "write a short text about bees"
    base = plan_of(graph_of(ask(text, (), catalogue=ALL)))
    draft = edits.exact(base, ask(f"{text}\n\n{words}", (), base=base, catalogue=ALL))
    assert draft is not None
    assert draft.tasks[0].instruction == told


def test_a_service_that_is_named_takes_over() -> None:
    services = Catalogue(
        agents=tuple(
            agent.model_copy(update={"kind": AgentKind.WEBHOOK}) for agent in (CHATGPT, CLAUDE)
        )
    )
    text = "write a short text about bees"
    base = plan_of(graph_of(ask(text, (), catalogue=services)))
    said = f"{text}\n\nlet claude do it instead"
    draft = edits.exact(base, ask(said, (), base=base, catalogue=services))
    assert draft is not None
    assert draft.tasks[0].agent == "claude"


@pytest.mark.parametrize(
    "words",
    [
        "rename notes.txt to old.txt",
        "write bread and cheese to shopping.txt",
        "save it to out.md unless it's Monday",
        "move todo.md to done/todo.md",
        "save it as picture.png",
    ],
)
def test_words_for_other_files_move_no_result(files: Any, words: str) -> None:
    saved = f"{BY_REGION}, save it to out.md"
    assert change(files, saved, words) is None


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("save that to notes/other.md", "notes/other.md"),
        ("rename out.md to other.md", "other.md"),
        ("no, in other.md", "other.md"),
        ("put the table into other.md instead", "other.md"),
    ],
)
def test_what_a_plan_writes_can_go_elsewhere(files: Any, words: str, path: str) -> None:
    draft = change(files, f"{BY_REGION}, save it to out.md", words)
    assert draft is not None
    assert value(draft.tasks[-1], "path") == path


@pytest.mark.parametrize(
    ("words", "ending"),
    [
        ("store those figures as json", "json"),
        ("as json please", "json"),
        ("export that list to excel", "xlsx"),
        ("give me this table as a spreadsheet", "xlsx"),
        ("save these rows as parquet please", "parquet"),
    ],
)
def test_a_result_is_saved_in_the_format_that_is_named(files: Any, words: str, ending: str) -> None:
    draft = change(files, BY_REGION, words)
    assert draft is not None
    assert draft.tasks[-1].type == "data.export"
    assert value(draft.tasks[-1], "path").endswith(f".{ending}")


def test_a_table_is_never_written_as_a_picture(files: Any) -> None:
    request = ask(f"{BY_REGION} and save it as map.png", files, catalogue=HERE)
    assert "map.png would be a picture" in plan_offline(request).declined
