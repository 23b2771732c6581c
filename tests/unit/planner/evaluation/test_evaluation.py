"""Predicting tools from descriptions and past plans, and scoring the predictions."""

import json
from pathlib import Path

import pytest

from memory.model.errors import BadInput
from planner.evaluation.cases import (
    Case,
    PastRow,
    PlanGold,
    VagueGold,
    read_cases,
    read_plan_gold,
    read_rows,
    write_rows,
)
from planner.evaluation.clarify import score_verdicts, verdict_rows, verdicts
from planner.evaluation.plans import Predicted, opened, prediction_rows, predictions, score_plans
from planner.evaluation.scores import percentile, score_vague
from planner.evaluation.toolfile import read_tools
from planner.experience.choosing import Chooser
from planner.experience.past import PastPlan
from planner.experience.tools import ToolCard, ToolIndex
from planner.experience.vagueness import shipped_judge

TOOLS = [
    ToolCard(id="book_flight", desc="Reserve a seat on a flight"),
    ToolCard(id="weather_query", desc="Weather forecast for a city"),
    ToolCard(id="send_email", desc="Send an e-mail message to somebody"),
    ToolCard(id="getHotelRooms", desc="List free rooms of a hotel"),
]


def _history() -> list[PastPlan]:
    cities = ("Rome", "Oslo", "Lima", "Cairo", "Delhi", "Paris")
    trips = [
        PastPlan(
            request=f"Look at the sky over {city} tomorrow and let my boss know by mail",
            nodes=("weather_query", "send_email"),
            links=(("weather_query", "send_email"),),
        )
        for city in cities
    ]
    stays = [
        PastPlan(
            request=f"Get me to {city} and a bed there",
            nodes=("book_flight", "getHotelRooms"),
            links=(("book_flight", "getHotelRooms"),),
        )
        for city in cities
    ]
    return trips + stays


@pytest.mark.parametrize(
    ("request_text", "tools"),
    [
        ("What is the weather forecast in Rome?", ("weather_query",)),
        ("Send an e-mail to Kim. Then list the free hotel rooms.", ("send_email", "getHotelRooms")),
    ],
)
def test_descriptions_alone_give_a_tool_for_each_clause(
    request_text: str, tools: tuple[str, ...]
) -> None:
    assert Chooser(TOOLS).chosen(request_text) == tools


def test_the_right_tool_is_among_the_first_that_are_found() -> None:
    assert ToolIndex(TOOLS).best("free rooms in a hotel", 2)[0] == "getHotelRooms"


async def test_past_plans_teach_words_that_no_description_has_and_their_order() -> None:
    words = "Look at the sky over Berlin tomorrow and let my boss know by mail"
    async with opened(TOOLS, _history()) as planner:
        found = await planner.predict(Case(id="1", request=words))
    assert found.nodes == ("weather_query", "send_email")
    assert found.links == (("weather_query", "send_email"),)


async def test_any_text_gets_a_prediction_of_known_tools() -> None:
    texts = ["", "   ", "!!!", "你好", "x" * 40_000, "a-" * 4000, "find " * 2000]
    known = {tool.id for tool in TOOLS}
    for history in ([], _history()):
        async with opened(TOOLS, history) as planner:
            for number, words in enumerate(texts):
                found = await planner.predict(Case(id=str(number), request=words))
                assert set(found.nodes) <= known


async def test_the_plan_behind_the_questions_is_what_counts() -> None:
    tools = [ToolCard(id="weather_query", desc="Weather forecast", parameters={"city": "Where"})]
    async with opened(tools) as planner:
        found = await planner.predict(Case(id="1", request="What is the weather forecast?"))
    assert found.nodes == ("weather_query",)
    assert found.asked == 1


async def test_a_history_with_loops_and_tools_that_are_gone_still_teaches() -> None:
    odd = PastPlan(
        request="Round and round we go", nodes=("gone", "book_flight", "send_email"),
        links=(("book_flight", "send_email"), ("send_email", "book_flight"), ("gone", "gone")),
    )  # fmt: skip
    async with opened(TOOLS, [odd] * 3) as planner:
        found = await planner.predict(Case(id="1", request="Round and round we go"))
    assert found.links == (("book_flight", "send_email"),)


def test_scores_are_the_mean_f1_of_sets() -> None:
    gold = [
        PlanGold(id="1", nodes=("a", "b"), links=(("a", "b"),)),
        PlanGold(id="2", nodes=("a",), links=()),
    ]
    predicted = {
        "1": Predicted(nodes=("a", "c"), links=(("a", "c"),)),
        "2": Predicted(nodes=("a",)),
    }
    scores = score_plans(predicted, gold)
    assert (scores.node_f1, scores.edge_f1) == (75.0, 50.0)


def test_a_case_without_a_prediction_is_named() -> None:
    with pytest.raises(BadInput, match="case 7"):
        score_plans({}, [PlanGold(id="7", nodes=("a",))])


def test_vague_scores_weigh_both_classes_alike() -> None:
    scores = score_vague([True, True, True, False], [True, True, False, False])
    assert scores.balanced_accuracy == 75.0
    assert scores.recall == 100.0


async def test_predictions_go_to_a_file_and_come_back(tmp_path: Path) -> None:
    cases = [Case(id="1", request="weather forecast")]
    async with opened(TOOLS) as planner:
        found = {name: plan async for name, plan in predictions(planner, cases)}
    assert write_rows(tmp_path / "p.jsonl", prediction_rows(found)) == 1
    assert read_rows(tmp_path / "p.jsonl", PlanGold)[0].nodes == ("weather_query",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "has no cases"),
        (b'{"id": 1}\n', "line 1: request"),
        (b'{"id": 1, "request": "x"}\n{broken\n', "line 2: it isn't a JSON object"),
        (b'{"id": 1, "request": "x"}\n[]\n', "line 2"),
        (b'{"id": 1, "request": 7, "x": ' + b"[" * 100_000, "line 1"),
        (
            b'{"id": 1, "request": "x"}\n\n{"id": "1", "request": "y"}',
            "line 3: id 1 was already used",
        ),
        (b'{"id": "", "request": "x"}', "line 1: id"),
        (b'{"id": "' + b"i" * 201 + b'", "request": "x"}', "line 1: id"),
        (b'{"id": 1, "request": "' + b"x" * 40_001 + b'"}', "line 1: request"),
        (b"\xff\xfe", "isn't UTF-8"),
    ],
)
def test_a_bad_cases_file_is_named_with_its_line(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=words) as caught:
        read_cases(path, Case)
    assert "\n" not in caught.value.user_text
    assert len(caught.value.user_text) < 300


@pytest.mark.parametrize("content", ["[]", "{}", '{"nodes": []}', '{"nodes": [1]}', "[" * 100_000])
def test_a_bad_tools_file_is_refused_in_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(content)
    with pytest.raises(BadInput, match=r"t\.json"):
        read_tools(path)


def test_tools_may_have_domains_instead_of_a_field(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"nodes": [{"id": "x", "desc": None, "domain": ["A", "B"]}]}))
    assert read_tools(path)[0].field == "A B"


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"can't read .*: No such file"):
        read_rows(tmp_path / "none.jsonl", PastRow)


def test_right_answers_may_only_name_tools_that_are_there(tmp_path: Path) -> None:
    path = tmp_path / "g.jsonl"
    path.write_text('{"id": 1, "nodes": ["a"]}\n{"id": 2, "nodes": ["a"], "links": [["a", "z"]]}')
    with pytest.raises(BadInput, match="line 2: the tool z isn't in the tools file"):
        read_plan_gold(path, ["a"])


@pytest.mark.parametrize("field", ["request", "task", "text", "query", "user_request"])
def test_a_request_may_be_called_by_its_usual_names(tmp_path: Path, field: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps({"id": 1, field: "hello"}))
    assert read_cases(path, Case) == [Case(id="1", request="hello")]


def test_a_line_separator_within_a_string_does_not_end_the_line(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text('{"id": 1, "request": "one\u2028two"}', encoding="utf-8")
    assert read_cases(path, Case)[0].request == "one\u2028two"


@pytest.mark.parametrize(
    "parameters",
    [
        {"city": "Where"},
        [{"name": "city", "type": "string", "desc": "Where"}],
        {"type": "object", "properties": {"city": {"type": "string", "description": "Where"}}},
    ],
)
def test_parameters_are_read_in_every_usual_form(tmp_path: Path, parameters: object) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"nodes": [{"id": "x", "parameters": parameters}]}))
    assert read_tools(path)[0].parameters == {"city": "Where"}


def test_types_of_what_goes_in_and_comes_out_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    node = {"id": "x", "input-type": ["Image", "text"], "output-type": ["video"]}
    path.write_text(json.dumps({"nodes": [node]}))
    card = read_tools(path)[0]
    assert (card.takes, card.gives) == (("image", "text"), ("video",))


def test_a_tool_named_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"nodes": [{"id": "x"}, {"id": "x"}]}))
    with pytest.raises(BadInput, match="the tool x twice"):
        read_tools(path)


def test_verdicts_are_rows_and_are_scored() -> None:
    cases = [
        Case(id="1", request="I would like to plan a trip."),
        Case(id="2", request="What is the population of France?"),
    ]
    found = verdicts(shipped_judge(), cases)
    assert verdict_rows(found) == [{"id": "1", "vague": True}, {"id": "2", "vague": False}]
    gold = [VagueGold(id="1", vague=True), VagueGold(id="2", vague=False)]
    assert score_verdicts(found, gold).balanced_accuracy == 100.0


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([1.0, 2.0], 0.95) == 2.0
    assert percentile([], 0.5) == 0.0
