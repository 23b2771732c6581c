"""Streams of questions with what each model made of them, in the two forms they are published in.

LLMRouter: one line per question and model, {"task_name", "query", "model_name", "performance",
"cost"}. RouterBench: one line per question, {"prompt", "eval_name", "MODEL": 0..1,
"MODEL|total_cost": dollars}. Costs are US dollars.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import JsonValue, ValidationError

from memory.model.errors import BadInput
from memory.model.money import USD
from planner.evaluation.disk import read_text
from planner.evaluation.routing import Asked, Outcome

COST = "|total_cost"

ENLARGED = 1_000
"""Costs are taken so many times as large: an answer may cost less than a millionth of a dollar, and
only shares are told in the end."""


def read_stream(path: Path) -> tuple[Asked, ...]:
    """The questions of a file in their order. Raises BadInput, naming the line that is wrong."""
    long: dict[tuple[str, str], dict[str, Outcome]] = {}
    wide: list[Asked] = []
    for number, row in _rows(path):
        try:
            if "model_name" in row:
                outcome = _outcome(row["performance"], row["cost"])
                key = str(row["task_name"]), str(row["query"])
                long.setdefault(key, {})[str(row["model_name"])] = outcome
            else:
                wide.append(_wide(row, number))
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput(
                "{path}, line {line}: that's no question with a quality and a cost per model.",
                path=path,
                line=number,
            ) from error
    together = [
        Asked(id=str(place), task_type=kind, text=text, outcomes=outcomes)
        for place, ((kind, text), outcomes) in enumerate(long.items())
        if len(outcomes) > 1
    ]
    return (*wide, *together)


def _wide(row: Mapping[str, JsonValue], number: int) -> Asked:
    models = [name.removesuffix(COST) for name in row if name.endswith(COST)]
    return Asked(
        id=str(row.get("sample_id", number)),
        task_type=str(row["eval_name"]),
        text=str(row.get("prompt", "")),
        outcomes={name: _outcome(row[name], row[f"{name}{COST}"]) for name in models},
    )


def _outcome(quality: JsonValue, cost: JsonValue) -> Outcome:
    if isinstance(quality, list | dict) or isinstance(cost, list | dict):
        raise TypeError("a number is needed")
    return Outcome(
        quality=float(quality or 0), cost_micro_usd=round(float(cost or 0) * USD * ENLARGED)
    )


def _rows(path: Path) -> Iterator[tuple[int, dict[str, JsonValue]]]:
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, RecursionError, ValidationError) as error:
            raise BadInput("{path}, line {line} isn't JSON.", path=path, line=number) from error
        if not isinstance(row, dict):
            raise BadInput("{path}, line {line} isn't a JSON object.", path=path, line=number)
        yield number, row
