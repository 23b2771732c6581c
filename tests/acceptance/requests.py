"""Everyday requests and those of a newcomer: said, approved, run, and the numbers compared."""

import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from memory.model.work.run import RunState, RunView
from tests.acceptance.asked import declined, questions
from tests.acceptance.bench import Room, rooms
from tests.acceptance.cases import Case, Score, Verdict, keep, lines, matches, share
from tests.acceptance.material import make
from tests.acceptance.numbers import (
    Truth,
    has_numbers,
    has_rows,
    numbers_of,
    saved_table,
    tables,
    texts,
)

GOOD = ("right", "right question", "sensible decline")
UNCLEAR = r"did you mean"
ECHO = re.compile(r"didn.t understand “[^”]{20,}”")
"""A refusal that repeats the words has not said what is missing."""


async def measure(folder: Path, every: int = 1) -> tuple[Score, ...]:
    """Both sets, with the scores that were promised."""
    scores: list[Score] = []
    for name in ("everyday", "newcomer"):
        verdicts = await judged(folder / name, lines(f"{name}.jsonl", every))
        keep(name, verdicts)
        of = len(verdicts)
        good = share(verdicts, "right", "right question")
        served = share(verdicts, *GOOD)
        scores += [
            Score(
                f"{name}: right plan or right question, %",
                good,
                of,
                least=80 if name == "everyday" else None,
            ),
            Score(f"{name}: well served, %", served, of, least=80),
            Score(f"{name}: sensible decline, %", share(verdicts, "sensible decline"), of),
            Score(f"{name}: silently wrong, %", share(verdicts, "silently wrong"), of, most=0),
            Score(
                f"{name}: unhelpful decline, %", share(verdicts, "unhelpful decline"), of, most=5
            ),
            Score(f"{name}: needless question, %", share(verdicts, "needless question"), of),
            Score(f"{name}: broken, %", share(verdicts, "broken"), of, most=0),
        ]
    return tuple(scores)


async def judged(folder: Path, cases: Sequence[Case]) -> list[Verdict]:
    """Say each of them in a room of its own."""
    make(folder / "truth")
    truth = Truth(folder / "truth")
    found: list[Verdict] = []
    async with rooms(folder, [case["id"] for case in cases], agents=False) as house:
        for case in cases:
            room = house[case["id"]]
            try:
                verdict, note, said = await _judge(room, case, truth)
            except (TimeoutError, ValueError) as error:
                verdict, note, said = "broken", repr(error), ""
            await room.leave()
            found.append(Verdict(case["id"], case["text"], verdict, note, said))
    return found


async def _judge(room: Room, case: Case, truth: Truth) -> tuple[str, str, str]:
    said = await room.say(case["text"])
    if await room.plan() is not None:
        return await _planned(room, case, truth, said)
    asked = await questions(room)
    if asked or matches(UNCLEAR, said):
        return (*_asked(case, asked or said), said)
    if await declined(room):
        return (*_refused(case, ECHO.sub("", said)), said)
    if _answers(case, truth, said):
        return "right", "answered at once", said
    return "unhelpful decline", "answered with something else", said


def _refused(case: Case, said: str) -> tuple[str, str]:
    if "?" in said and any(matches(topic, said) for topic in case.get("ask", ())):
        return "right question", "asked by way of a refusal"
    if any(matches(topic, said) for topic in case.get("decline", ())):
        return "sensible decline", ""
    return "unhelpful decline", ""


def _asked(case: Case, asked: str) -> tuple[str, str]:
    if any(matches(topic, asked) for topic in case.get("ask", ())):
        return "right question", ""
    return "needless question", asked[:200]


async def _planned(room: Room, case: Case, truth: Truth, shown: str) -> tuple[str, str, str]:
    if case.get("not_plan") or case.get("must_ask"):
        return "silently wrong", "planned what had to be asked or declined", shown
    wanted = case.get("plan", ())
    missing = [part for part in wanted if not matches(part, shown)]
    if missing:
        return "silently wrong", f"the plan lacks {missing}", shown
    if wanted and not _runs(case):
        return "right", "", shown
    if not _runs(case):
        return "silently wrong", "planned what can't be done", shown
    heard = await room.approve()
    run = await room.run()
    said = f"{shown}\n=====\n{heard}"
    if run is None or run.state is not RunState.SUCCEEDED:
        return "broken", f"the run is {run.state if run else 'not there'}", said
    problem = _problem(room, case, truth, run, heard)
    return ("silently wrong", problem, said) if problem else ("right", "", said)


def _runs(case: Case) -> bool:
    return any(
        name in case for name in ("sql", "number", "words", "file", "files", "rows", "contains")
    )


def _problem(room: Room, case: Case, truth: Truth, run: RunView, heard: str) -> str:
    """What is wrong with the result, "" where nothing is."""
    if case.get("sql") and not _numbers_right(room, case, truth, run, heard):
        return "the numbers differ"
    if not _answers(case, truth, f"{heard}\n{texts(run)}", numbers=False):
        return "the answer is not in the result"
    missing = [word for word in case.get("says", ()) if not matches(word, heard)]
    if missing:
        return f"not said: {missing}"
    return _files_problem(room.files, case, truth)


def _numbers_right(room: Room, case: Case, truth: Truth, run: RunView, heard: str) -> bool:
    for sql in case["sql"]:
        gold = truth.rows(sql)
        saved = (
            saved_table(path) for name in case.get("files", ()) for path in room.files.rglob(name)
        )
        if any(table and has_rows(gold, table) for table in (*tables(run), *saved)):
            return True
        if len(gold) <= 1 and has_numbers(gold, f"{heard}\n{_reports(room.files)}"):
            return True
    return bool(case.get("zero")) and matches(r"\bno (rows|orders|results?)\b|\b0\b", heard)


def _reports(files: Path) -> str:
    """The reports that were written: no file there was Markdown before."""
    return "\n".join(path.read_text(encoding="utf-8") for path in files.rglob("*.md"))


def _answers(case: Case, truth: Truth, said: str, *, numbers: bool = True) -> bool:
    """Whether the words hold what was asked for; True where a run's table has to."""
    checks: list[bool] = []
    if numbers and case.get("sql"):
        found = [truth.rows(sql) for sql in case["sql"]]
        checks.append(any(0 < len(gold) <= 12 and has_numbers(gold, said) for gold in found))
    wanted = list(case.get("number", ()))
    if "words" in case:
        wanted.append(len((Path(truth.folder) / case["words"]).read_text().split()))
    if wanted:
        checks.append(
            any(abs(number - want) < 0.011 for want in wanted for number in numbers_of(said))
        )
    checks += [matches(part, said) for part in case.get("contains", ())]
    checks += [has_numbers(truth.rows(sql), said) for sql in case.get("also", ())]
    if numbers:
        checks += [matches(part, said) for part in case.get("plan", ())]
        checks += [not _runs(case) and "chat" in case] if not checks else []
    return all(checks)


def _files_problem(files: Path, case: Case, truth: Truth) -> str:
    for pattern in (*case.get("files", ()), *case.get("rows", {}), *case.get("file", {})):
        if not list(files.rglob(pattern)):
            return f"{pattern} is not there"
    for pattern, sql in case.get("rows", {}).items():
        want = truth.rows(sql)[0][0]
        if all(rows_of(path) != want for path in files.rglob(pattern)):
            return f"{pattern} has not {want} rows"
    for pattern, rule in case.get("file", {}).items():
        if not any(_kept(path, rule) for path in files.rglob(pattern)):
            return f"{pattern} is not as asked"
    return ""


def _kept(path: Path, rule: Case) -> bool:
    text = path.read_text(encoding="utf-8")
    return (
        all(part in text for part in rule.get("has", ()))
        and not any(part in text for part in rule.get("hasnt", ()))
        and ("lines" not in rule or len(text.split()) == rule["lines"])
        and text.startswith(rule.get("starts", ""))
    )


def rows_of(path: Path) -> int:
    """How many rows a data file has, without its head."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            sheet = next(name for name in book.namelist() if "worksheets/sheet" in name)
            return len(re.findall(rb"<row\b", book.read(sheet))) - 1
    text = path.read_text(encoding="utf-8").strip()
    return len(json.loads(text)) if path.suffix == ".json" else len(text.splitlines()) - 1
