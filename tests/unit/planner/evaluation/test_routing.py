"""Routing a stream through the store: it learns who is good at what, and both forms are read."""

import json
import random
from pathlib import Path

import pytest
import sqlalchemy as sa

from memory.model.agents.routing import Dial, Routing
from memory.model.errors import BadInput
from memory.store.engine.database import Database
from memory.store.tables import task_records
from planner.evaluation.routing import Asked, Outcome, routed
from planner.evaluation.streams import ENLARGED, read_stream
from tests.unit.planner.world import NOW


def stream(questions: int) -> list[Asked]:
    """At easy work all are good; at hard work only the dear one is."""
    rng = random.Random(5)
    quality = {"easy": {"dear": 0.9, "cheap": 0.9}, "hard": {"dear": 0.8, "cheap": 0.2}}
    found = []
    for number in range(questions):
        kind = rng.choice(["easy", "easy", "hard"])
        outcomes = {
            name: Outcome(
                quality=float(rng.random() < share), cost_micro_usd=2_000 if name == "dear" else 100
            )
            for name, share in quality[kind].items()
        }
        found.append(Asked(id=str(number), task_type=kind, text="?", outcomes=outcomes))
    return found


async def test_what_is_easy_goes_to_the_cheap_model_and_what_is_hard_stays(
    sqlite: Database,
) -> None:
    terms = Routing(dial=Dial.BALANCED)
    found = await routed(sqlite, stream(250), terms, seed=1, start=NOW)
    assert found.best == "dear"
    assert found.saved > 40
    assert found.lost < 4
    assert found.explored <= 5
    async with sqlite.reading() as connection:
        rows = await connection.execute(
            sa.select(task_records.c.agent, sa.func.count().label("n"))
            .where(task_records.c.task_type == "hard")
            .group_by(task_records.c.agent)
        )
        hard = {row.agent: row.n for row in rows}
    assert hard["dear"] > 3 * hard.get("cheap", 0)


def test_both_published_forms_are_read(tmp_path: Path) -> None:
    long = [
        {"task_name": "gsm8k", "query": "2+2?", "model_name": name, "performance": score,
         "cost": cost, "response": "…"}
        for name, score, cost in (("a", 1.0, 0.002), ("b", 0.0, 0.0001))
    ]  # fmt: skip
    wide = {"sample_id": "x", "eval_name": "mbpp", "prompt": "def", "a": 1.0, "b": 0.5,
            "a|total_cost": 0.002, "b|total_cost": 0.0}  # fmt: skip
    file = tmp_path / "stream.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in [*long, wide]))
    first, second = read_stream(file)
    assert (first.task_type, first.outcomes["b"]) == (
        "mbpp", Outcome(quality=0.5, cost_micro_usd=0),
    )  # fmt: skip
    assert second.outcomes["a"] == Outcome(quality=1.0, cost_micro_usd=2_000 * ENLARGED)


@pytest.mark.parametrize(
    "line", ["nonsense", "[1]", '{"eval_name": "x"}', '{"model_name": "a"}',
             '{"task_name": "t", "query": "q", "model_name": "a", "performance": 7, "cost": 1}'],
)  # fmt: skip
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "stream.jsonl"
    file.write_text(line)
    with pytest.raises(BadInput):
        read_stream(file)
