"""`orchestra eval` as people type it."""

import json
from pathlib import Path

import pytest

from bot.cli.app import run


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    (tmp_path / "r.jsonl").write_text('{"id": 1, "request": "weather forecast for Rome"}\n')
    (tmp_path / "g.jsonl").write_text('{"id": 1, "nodes": ["weather"], "links": []}\n')
    (tmp_path / "t.json").write_text(
        json.dumps(
            {"nodes": [{"id": "weather", "desc": "Weather forecast"}, {"id": "mail", "desc": "x"}]}
        )
    )
    return tmp_path


def test_plans_are_predicted_written_and_scored(
    cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["eval", "plan", "--requests", str(cases / "r.jsonl"), "--tools"]
    arguments += [str(cases / "t.json"), "--gold", str(cases / "g.jsonl"), "--out"]
    assert run([*arguments, str(cases / "p.jsonl")]) == 0
    assert json.loads((cases / "p.jsonl").read_text()) == {
        "id": "1",
        "nodes": ["weather"],
        "links": [],
    }
    said = capsys.readouterr().out
    assert "node F1 100.0   edge F1 100.0" in said
    assert "recall@10 100.0 of 2 tools" in said


def test_a_missing_file_is_bad_usage(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["eval", "plan", "--requests", str(cases / "none.jsonl")]
    arguments += ["--tools", str(cases / "t.json"), "--out", str(cases / "p.jsonl")]
    assert run(arguments) == 2
    assert "can't read" in capsys.readouterr().err


def _model_arguments(cases: Path) -> list[str]:
    arguments = ["eval", "plan", "--requests", str(cases / "r.jsonl"), "--tools"]
    arguments += [str(cases / "t.json"), "--gold", str(cases / "g.jsonl"), "--out"]
    return [*arguments, str(cases / "p.jsonl"), "--planner", "model"]


def test_asking_a_model_without_one_is_said_in_a_sentence(
    cases: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(cases)
    monkeypatch.setenv("HOME", str(cases))
    assert run(_model_arguments(cases)) == 2
    assert "No model is set up" in capsys.readouterr().err


def test_another_planner_is_bad_usage(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*_model_arguments(cases), "--planner", "magic"]) == 2
    assert "--planner offline or --planner model" in capsys.readouterr().err


def test_tasks_are_judged_written_and_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tasks = '{"id": 1, "task": "Plan a trip."}\n{"id": 2, "task": "What is the capital of Peru?"}'
    (tmp_path / "r.jsonl").write_text(tasks)
    (tmp_path / "g.jsonl").write_text('{"id": 1, "vague": true}\n{"id": 2, "vague": false}')
    arguments = ["eval", "clarify", "--tasks", str(tmp_path / "r.jsonl"), "--gold"]
    assert run([*arguments, str(tmp_path / "g.jsonl"), "--out", str(tmp_path / "p.jsonl")]) == 0
    first = json.loads((tmp_path / "p.jsonl").read_text().split("\n")[0])
    assert first["vague"] is True
    assert "balanced accuracy 100.0   precision 100.0   recall 100.0" in capsys.readouterr().out
