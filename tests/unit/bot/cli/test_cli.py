"""The command line as people start it: exit codes and one sentence for every mistake."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.exit_status import Ended, ended
from memory.model.errors import BadInput, Misconfigured, StorageTrouble

ROOT = Path(__file__).parents[4]


def orchestra(
    *arguments: str, cwd: Path, stdin: bytes = b"", **env: str
) -> subprocess.CompletedProcess[str]:
    home = {"HOME": str(cwd), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", *arguments],
        cwd=cwd,
        input=stdin.decode(errors="surrogateescape"),
        env={**home, "ORCHESTRA_OLLAMA_URL": "", "PYTHONUTF8": "1", **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("arguments", [["--version"], ["version"], ["-V"]])
def test_the_version_is_told(tmp_path: Path, arguments: list[str]) -> None:
    done = orchestra(*arguments, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("orchestra ")


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_alone_it_shows_what_it_can_do(tmp_path: Path, arguments: list[str]) -> None:
    done = orchestra(*arguments, cwd=tmp_path)
    assert done.returncode == 0
    for verb in ("chat", "serve", "worker", "doctor", "budget", "version"):
        assert f"\n  {verb} " in done.stdout
    assert "..." not in done.stdout.split("Commands:")[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["sing"], "No such command 'sing'"),
        (["chat", "--nope"], "No such option: --nope"),
        (["chat", "--script"], "requires an argument"),
        (["chat", "--script", "no.txt"], "The script no.txt can't be read: No such file"),
        (["chat", "--script", "."], "is a folder, but --script needs a text file"),
        (["chat", "--workspace", "no"], "There's no folder no"),
        (["chat", "--config", "no.toml"], "no.toml can't be read"),
        (["chat", "--data", "/dev/null/x"], "/dev/null/x can't be written"),
        (["serve"], "There's nothing to serve. Set SLACK_BOT_TOKEN"),
        (["worker"], "set ORCHESTRA_DATABASE_URL"),
        (["budget", "many"], "A budget is an amount of dollars"),
        (["budget", "5", "--per", "year"], "--per has to be day, week, month or total"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    done = orchestra(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_bad_settings_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "orchestra.toml").write_text("[slak]\n")
    done = orchestra("chat", cwd=tmp_path)
    assert done.returncode == 2
    assert "there's no setting `slak` in orchestra.toml. Did you mean `slack`?" in done.stderr


def test_the_doctor_looks_at_everything_and_needs_no_network(tmp_path: Path) -> None:
    done = orchestra("doctor", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    for what in ("python", "workspace", "disk", "database", "fonts", "model", "Slack", "Discord"):
        assert what in done.stdout
    assert not list(tmp_path.rglob("*.db"))


def test_the_doctor_says_what_is_broken_and_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "orchestra.toml").write_text("pace_s = -1")
    done = orchestra("doctor", cwd=tmp_path)
    assert done.returncode == 1
    assert "✗ settings" in done.stdout
    assert "pace_s" in done.stdout


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (Ended(7), 7, ""),
        (BadInput("Say so."), 2, "Say so."),
        (Misconfigured("Set it."), 2, "Set it."),
        (StorageTrouble("Disk full."), 1, "Disk full."),
        (ExceptionGroup("g", [ValueError("x"), Misconfigured("Set it.")]), 2, "Set it."),
        (ExceptionGroup("g", [ExceptionGroup("h", [StorageTrouble("Full.")])]), 1, "Full."),
        (BrokenPipeError(), 1, ""),
    ],
)
def test_every_error_is_a_sentence_and_a_code(
    error: Exception, code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(error) == code
    assert capsys.readouterr().err == (f"orchestra: {sentence}\n" if sentence else "")


def test_tokens_are_limited_from_the_command_line(tmp_path: Path) -> None:
    tokens = orchestra("budget", "set", "1M tokens", "--daily", cwd=tmp_path)
    assert "0 of 1,000,000 tokens today · 1,000,000 tokens left" in tokens.stdout, tokens.stderr
    removed = orchestra("budget", "remove", "--unit", "tokens", cwd=tmp_path)
    assert removed.stdout.startswith("No budget is set.")
    time = orchestra("budget", "set", "90 minutes", "--weekly", cwd=tmp_path)
    assert "0 of 90 minutes this week · 90 minutes left" in time.stdout, time.stderr


def test_more_is_allowed_for_a_while_from_the_command_line(tmp_path: Path) -> None:
    none = orchestra("budget", "allow", "2", cwd=tmp_path)
    assert "There's no budget for that" in none.stderr
    orchestra("budget", "10", cwd=tmp_path)
    given = orchestra("budget", "allow", "2", "--per", "week", cwd=tmp_path)
    assert "$0 of $12 this month · $2 of it only until the end of" in given.stdout, given.stderr
    wrong = orchestra("budget", "allow", "2", "--total", cwd=tmp_path)
    assert "--per day, week or month" in wrong.stderr


def test_a_budget_is_set_shown_and_changed_from_the_command_line(tmp_path: Path) -> None:
    empty = orchestra("budget", cwd=tmp_path)
    assert empty.stdout.startswith("No budget is set.")
    orchestra("budget", "50", cwd=tmp_path)
    orchestra("budget", "$12.50", "--per", "day", "--name", "Marketing", cwd=tmp_path)
    done = orchestra("budget", "1,000", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [line.split(" · ")[1] for line in done.stdout.splitlines()] == [
        "$0 of $1,000 this month",
        "$0 of $12.50 today",
    ]
    mine = orchestra("budget", "set", "--person", "me", "--daily", "5", cwd=tmp_path)
    assert "$0 of $5 today · for what" in mine.stdout, mine.stderr
    agent = ("budget", "set", "--agent", "chatgpt", "--daily", "20", "--mode", "warn")
    absent = orchestra(*agent, cwd=tmp_path)
    assert "chatgpt isn't connected here, so it can't have a budget" in absent.stderr
    limited = orchestra(*agent, cwd=tmp_path, OPENAI_API_KEY="sk-x")
    assert "ChatGPT 0% · $0 of $20 today · for agent chatgpt · only warns" in limited.stdout
    again = orchestra("budget", "report", cwd=tmp_path)
    assert len(again.stdout.splitlines()) == 4
    template = orchestra("budget", "3", "--template", "blog-post", cwd=tmp_path)
    assert "$0 of $3 this month · for what is made from template blog-post" in template.stdout
    absent = orchestra("budget", "1", "--schedule=7", cwd=tmp_path)
    assert "There is no schedule 7 here" in absent.stderr
    removed = orchestra("budget", "remove", "--template", "blog-post", cwd=tmp_path)
    assert removed.stdout == again.stdout
    costs = orchestra("budget", "costs", "by", "template", "--csv", cwd=tmp_path)
    assert costs.stdout == "template,usd,attempts\n"
    unknown = orchestra("budget", "--project", "nope", cwd=tmp_path)
    assert unknown.returncode == 1
    assert "There's no project nope" in unknown.stderr


def test_a_second_process_on_the_same_data_is_told_who_has_it(tmp_path: Path) -> None:
    from memory.store.engine.ownership import owning

    with owning(tmp_path / "data"):
        done = orchestra("chat", "--data", "data", cwd=tmp_path, stdin=b"hello\n")
    assert done.returncode == 2
    assert f"Another Orchestra (process {os.getpid()}) is already using" in done.stderr
    assert "Traceback" not in done.stderr
