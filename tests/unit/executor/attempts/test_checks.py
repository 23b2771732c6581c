"""Checks: what an agent gave is looked at, sent back with the reason, and told in the end."""

import sys
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from executor.attempts.checks import wrong
from executor.completions.prompt import prompt
from executor.hooks import Hooks
from executor.port import Call, Reply
from memory.model.agents.external import Checker
from memory.model.agents.spec import EffectClass
from memory.model.work.check import (
    ByProgram,
    Chars,
    Check,
    Contains,
    Format,
    NoSecrets,
    Shape,
    Words,
)
from memory.model.work.graph import (
    Const,
    Effect,
    FromTask,
    Many,
    Task,
)
from memory.model.work.run import RunState, Usage
from memory.model.work.value import (
    File,
    Json,
    Table,
    Text,
    Value,
)
from memory.privacy.redaction import Redactor, redact
from memory.store.engine.database import Database
from memory.store.running import effects
from tests.unit.executor.world import plan, says, scripted, task, world

KEY = "sk-proj-1234567890abcdefghij"
PERSON = {"type": "object", "required": ["name"], "properties": {"age": {"type": "integer"}}}
AWAY = {"$ref": "http://127.0.0.1:9/schema.json"}


def text(words: int) -> Text:
    return Text(text=" ".join(["word"] * words))


@pytest.mark.parametrize(
    ("value", "check", "says"),
    [
        (text(100), Words(least=100, most=120), ""),
        (text(99), Words(least=100, most=120), "It has 99 words, but 100 to 120 were asked for."),
        (text(90), Words(least=100, most=120, slack_percent=10), ""),
        (text(132), Words(least=100, most=120, slack_percent=10), ""),
        (text(133), Words(most=120, slack_percent=10), "133 words, but at most 120"),
        (text(89), Words(least=100, slack_percent=10), "89 words, but at least 100"),
        (Text(text="don’t re-use 1,000.5 naïve"), Words(least=4, most=4), ""),
        (Text(text="1234"), Chars(most=4), ""),
        (Text(text="12345"), Chars(most=4), "5 characters, but at most 4"),
        (Text(text='{"a": 1}'), Format(format="json"), ""),
        (Text(text='```json\n{"a": 1}\n```'), Format(format="json"), ""),
        (Text(text="{'a': 1}"), Format(format="json"), "isn't JSON"),
        (Text(text="NaN"), Format(format="json"), "isn't JSON"),
        (Text(text="[" * 9_000), Format(format="json"), "nested too deeply"),
        (Text(text="a,b\n1,2\n"), Format(format="csv"), ""),
        (Text(text="a,b\n1\n"), Format(format="csv"), "different numbers of columns"),
        (Text(text='a,"b\n'), Format(format="csv"), "isn't CSV"),
        (Table(columns=("a",), rows=((1,),), total_rows=1), Format(format="csv"), ""),
        (Text(text="```\ncode"), Format(format="markdown"), "isn't closed"),
        (Text(text="# a\n```\ncode\n```"), Format(format="markdown"), ""),
        (Json(value={"name": "Bo", "age": 4}), Shape(shape=PERSON), ""),
        (Text(text='{"age": "four"}'), Shape(shape=PERSON), "$.age"),
        (Text(text="no"), Shape(shape=PERSON), "isn't JSON"),
        (Json(value={}), Shape(shape=AWAY), "refers to something"),
        (Text(text="Kind regards, ANA"), Contains(text="Ana"), ""),
        (Text(text="Bye"), Contains(text="Ana"), "doesn't contain “Ana”"),
        (Text(text="all well"), NoSecrets(), ""),
        (Text(text=f"use {KEY}"), NoSecrets(), "looks like a key"),
        (Json(value={"key": KEY}), NoSecrets(), "looks like a key"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(value: Value, check: Check, says: str) -> None:
    found = wrong(value, [check], redact=redact)
    assert (says in " ".join(found)) if says else found == (), found


def test_checks_survive_the_plan_and_leave_no_trace_where_there_are_none() -> None:
    checks = (Words(least=1), Shape(shape=PERSON), Format(format="csv"))
    made = task("a", checks=checks)
    assert Task.model_validate_json(made.model_dump_json()).checks == checks
    assert "checks" not in task("a").model_dump(mode="json")
    assert TypeAdapter(Check).validate_python({"kind": "no_secrets"}) == NoSecrets()


async def test_a_reply_that_fails_a_check_is_asked_for_again_with_the_complaint(
    database: Database, tmp_path: Path
) -> None:
    async def writes(call: Call) -> Reply:
        return says("one two three" if call.complaint else "one", Usage(cost_micro_usd=7))

    writer = scripted("writer", writes)
    async with world(database, tmp_path, [writer]) as here:
        view = await here.run(task("a", agent="writer", checks=(Words(least=3),)))
    assert view.state is RunState.SUCCEEDED
    assert [call.complaint != "" for call in writer.calls] == [False, True]
    assert "It has 1 words, but at least 3 were asked for." in writer.calls[1].complaint
    assert view.cost_micro_usd == 14, "what was sent back is paid for, too"
    assert not view.unpriced
    said = prompt(writer.calls[1])
    assert "It has 1 words" in said.quoted[-1]
    assert "It has 1 words" not in said.task


async def test_a_check_that_fails_to_the_end_is_the_reason(
    sqlite: Database, tmp_path: Path
) -> None:
    async with world(sqlite, tmp_path) as here:
        view = await here.run(task("a", checks=(Contains(text="never"),)))
    assert view.state is RunState.FAILED
    assert "doesn't contain “never”" in view.tasks[0].note
    assert "doesn't contain “never”" in view.problem


async def test_a_dry_run_checks_nothing_that_was_not_written(
    sqlite: Database, tmp_path: Path
) -> None:
    async with world(sqlite, tmp_path) as here:
        run = await here.start(plan(task("a", checks=(Words(least=900),))), simulated=True)
        assert (await here.over(run)).state is RunState.SUCCEEDED


@pytest.mark.parametrize("kind", ["text", "known", "list", "file", "gone"])
async def test_nothing_that_looks_like_a_secret_is_published(
    sqlite: Database, tmp_path: Path, kind: str
) -> None:
    (tmp_path / "page.bin").write_bytes(b"\xff\xfe" + KEY.encode())
    known = "correct horse battery"

    async def gives(call: Call) -> Reply:
        del call
        if kind in {"file", "gone"}:
            path = "page.bin" if kind == "file" else "gone.bin"
            made = File(path=path, digest="0" * 64, media_type="x/y", size=9)
            return Reply(value=made)
        return says(known if kind == "known" else f"key: {KEY}")

    source = scripted("source", gives, output="file" if kind in {"file", "gone"} else "text")
    press = scripted("press", effect=EffectClass.PUBLISH)
    given = (
        Many(items=(Const(value="x"), FromTask(task="s"))) if kind == "list" else FromTask(task="s")
    )
    publish = task(
        "p",
        agent="press",
        effects=(Effect(effect=EffectClass.PUBLISH, target="page"),),
    ).model_copy(update={"inputs": {"content": given}})
    redactor = Redactor([known])
    async with world(sqlite, tmp_path, [source, press], hooks=Hooks(redact=redactor)) as here:
        view = await here.run(task("s", agent="source"), publish)
        assert view.state is RunState.FAILED
        assert press.calls == []
        async with sqlite.reading() as connection:
            kept = await effects.of_run(connection, view.id)
        assert all(row.state != "done" for row in kept)
    if kind != "gone":
        assert "wasn't published" in view.tasks[1].note


@pytest.mark.parametrize(("code", "state"), [(0, RunState.SUCCEEDED), (3, RunState.FAILED)])
async def test_the_owners_program_looks_at_the_value(
    sqlite: Database, tmp_path: Path, code: int, state: RunState
) -> None:
    looks = f"import sys; print('I saw', sys.stdin.read()); sys.exit({code})"
    own = Checker(name="mine", command=(sys.executable, "-c", looks), task_types=("T",), path="")
    async with world(sqlite, tmp_path, hooks=Hooks(checkers=(own,))) as here:
        view = await here.run(task("a"))
    assert view.state is state
    assert state is RunState.SUCCEEDED or "refused the result: I saw a done" in view.problem


async def test_a_program_that_the_plan_names_looks_whatever_its_types_are(
    sqlite: Database, tmp_path: Path
) -> None:
    looks = "import sys; print('I saw', sys.stdin.read()); sys.exit(1)"
    own = Checker(name="Mine", command=(sys.executable, "-c", looks), task_types=("x",), path="")
    async with world(sqlite, tmp_path, hooks=Hooks(checkers=(own,))) as here:
        named = task("a", checks=(ByProgram(name="mine"),))
        assert "refused the result: I saw a done" in (await here.run(named)).problem
        assert (await here.run(task("b"))).state is RunState.SUCCEEDED
        assert [check.name for check in here.executor.catalogue().checks] == ["Mine"]


async def test_a_check_that_is_gone_from_the_settings_does_not_pass(
    sqlite: Database, tmp_path: Path
) -> None:
    async with world(sqlite, tmp_path) as here:
        view = await here.run(task("a", checks=(ByProgram(name="mine"),)))
    assert view.state is RunState.FAILED
    assert "There's no check mine in the settings any more" in view.problem


async def test_a_check_that_cannot_be_made_does_not_pass(sqlite: Database, tmp_path: Path) -> None:
    own = Checker(name="mine", command=("/no/such/program",), task_types=("t",), path="")
    async with world(sqlite, tmp_path, hooks=Hooks(checkers=(own,))) as here:
        view = await here.run(task("a"))
    assert view.state is RunState.FAILED
    assert "The check mine couldn't be run" in view.problem
