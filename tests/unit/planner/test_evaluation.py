"""Predicting tools from descriptions and past plans, and scoring the predictions."""

import json
from pathlib import Path

import pytest

from memory.model.errors import BadInput
from planner.evaluation.cases import Case, PlanGold, read_rows, read_tools, write_rows
from planner.evaluation.plans import Predictor, predictions, score_plans
from planner.evaluation.scores import score_vague
from planner.experience.past import PastPlan
from planner.experience.tools import ToolCard, ToolIndex

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
    assert ToolIndex(TOOLS).chosen(request_text) == tools


def test_past_plans_teach_words_that_no_description_has_and_their_order() -> None:
    nodes, links = Predictor(TOOLS, _history()).predict(
        "Look at the sky over Berlin tomorrow and let my boss know by mail"
    )
    assert nodes == ("weather_query", "send_email")
    assert links == (("weather_query", "send_email"),)


@pytest.mark.parametrize("text", ["", "   ", "!!!", "你好", "x" * 100_000])
def test_any_text_gets_a_prediction_of_known_tools(text: str) -> None:
    known = {tool.id for tool in TOOLS}
    for predictor in (Predictor(TOOLS), Predictor(TOOLS, _history())):
        nodes, _ = predictor.predict(text)
        assert set(nodes) <= known


def test_scores_are_the_mean_f1_of_sets() -> None:
    gold = [
        PlanGold(id="1", nodes=("a", "b"), links=(("a", "b"),)),
        PlanGold(id="2", nodes=("a",), links=()),
    ]
    predicted = [
        PlanGold(id="1", nodes=("a", "c"), links=(("a", "c"),)),
        PlanGold(id="2", nodes=("a",), links=()),
    ]
    scores = score_plans(predicted, gold)
    assert (scores.node_f1, scores.edge_f1) == (75.0, 50.0)


def test_a_case_without_a_prediction_is_named() -> None:
    with pytest.raises(BadInput, match="case 7"):
        score_plans([], [PlanGold(id="7", nodes=("a",))])


def test_vague_scores_weigh_both_classes_alike() -> None:
    scores = score_vague([True, True, True, False], [True, True, False, False])
    assert scores.balanced_accuracy == 75.0
    assert scores.recall == 100.0


def test_predictions_go_to_a_file_and_come_back(tmp_path: Path) -> None:
    rows = predictions(Predictor(TOOLS), [Case(id="1", request="weather forecast")])
    assert write_rows(tmp_path / "p.jsonl", rows) == 1
    assert read_rows(tmp_path / "p.jsonl", PlanGold)[0].nodes == ("weather_query",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no cases"),
        (b'{"id": 1}\n', "line 1: request"),
        (b'{"id": 1, "request": "x"}\n{broken\n', "line 2"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_bad_cases_file_is_named_with_its_line(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=words):
        read_rows(path, Case)


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
