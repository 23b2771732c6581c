"""`orchestra eval` as people type it."""

import json
from pathlib import Path

import pytest

from bot.cli.verbs import run


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
    assert "node F1 100.0   edge F1 100.0" in capsys.readouterr().out


def test_a_missing_file_is_bad_usage(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["eval", "plan", "--requests", str(cases / "none.jsonl")]
    arguments += ["--tools", str(cases / "t.json"), "--out", str(cases / "p.jsonl")]
    assert run(arguments) == 2
    assert "cannot be read" in capsys.readouterr().err
