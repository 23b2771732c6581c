"""What is said, and whether it is taken for work: through the chat, by what was done about it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.conversation import dispatch
from tests.acceptance.asked import questions
from tests.acceptance.bench import rooms
from tests.acceptance.cases import Case, Score, Verdict, keep, lines, matches
from tests.acceptance.frames import FrameTrouble, bring

BATCH = 60
WHICH = r"did you mean|which .*\?"
REFUSED = r"didn.t understand|language model, and none|have no tool|don.t know how"
KINDS = {
    "NewRequest": "NewWork", "ChangePlan": "ChangePlan", "Fork": "ChangePlan",
    "AnswerGiven": "Answer", "PersonAnswered": "Answer", "AskAbout": "AskAbout",
    "Teach": "Teach", "Prefer": "Teach", "Forget": "Forget", "Ignore": "SmallTalk",
    "SmallTalk": "SmallTalk", "Unclear": "Unclear", "DidYouMean": "Unclear",
}  # fmt: skip
"""What the commands of the chat are, where they are no control."""
WORK = {"NewWork", "ChangePlan", "Answer"}
"""What leads to planning; an answer may carry a request of its own."""

ROWS = {
    "Approve": "plan.approve", "Refuse": "plan.refuse", "DropRequest": "request.drop",
    "DefaultsTaken": "question.take_defaults", "DryRun": "plan.dry_run", "WhatIf": "plan.what_if",
    "BudgetSet": "budget.set", "RoleSet": "role.set", "TemplateShow": "template.show",
    "SaveTemplate": "template.save", "Rerun": "plan.rerun", "Withdraw": "plan.withdraw",
}  # fmt: skip


async def measure(folder: Path, every: int = 1) -> tuple[Score, ...]:
    """Crossings either way, and how often the very thing that was meant is done."""
    cases = lines("routing.csv", every)
    verdicts: list[Verdict] = []
    with _heard() as commands:
        for at in range(0, len(cases), BATCH):
            verdicts += await _batch(folder / str(at), cases[at : at + BATCH], commands)
    keep("routing", verdicts)
    gold = {case["id"]: case["kind"] for case in cases}
    work = [verdict for verdict in verdicts if gold[verdict.case] == "NewWork"]
    control = [verdict for verdict in verdicts if gold[verdict.case] != "NewWork"]
    return (
        _score("routing: said to the bot, taken for work, %", control, "crossed", most=1),
        _score("routing: said to the bot, asked which, %", control, "asked"),
        _score("routing: said to the bot, not understood, %", control, "refused"),
        _score("routing: said to the bot, kind and row right, %", control, "right"),
        _score("routing: work, taken for something else, %", work, "crossed", most=1),
        _score("routing: work, asked which, %", work, "asked"),
        _score("routing: broken, %", verdicts, "broken", most=0),
    )


def _score(name: str, of: Sequence[Verdict], verdict: str, **promise: float) -> Score:
    count = Counter(found.verdict for found in of)[verdict]
    return Score(name, 100 * count / max(1, len(of)), len(of), **promise)


@contextmanager
def _heard() -> Iterator[list[Any]]:
    """Every command that the chat acts on, in order."""
    commands: list[Any] = []
    handle = dispatch.handle

    async def noting(context: Any, command: Any) -> None:
        commands.append(command)
        await handle(context, command)

    dispatch.handle = noting
    try:
        yield commands
    finally:
        dispatch.handle = handle


async def _batch(folder: Path, cases: Sequence[Case], commands: list[Any]) -> list[Verdict]:
    found: list[Verdict] = []
    async with rooms(
        folder, [case["id"] for case in cases], agents=True, only=("traffic.csv",)
    ) as house:
        for case in cases:
            room = house[case["id"]]
            try:
                await bring(room, case["frame"])
                commands.clear()
                before = await room.asked_for()
                said = await room.say(case["text"])
                planned = await room.asked_for() > before or bool(await questions(room))
                verdict, note = _judge(case, commands[-1] if commands else None, said, planned)
            except (TimeoutError, FrameTrouble) as error:
                verdict, note, said = "broken", repr(error), ""
            await room.leave()
            found.append(
                Verdict(case["id"], case["text"], verdict, f"{case['frame']}: {note}", said)
            )
    return found


def _judge(case: Case, command: Any, said: str, planned: bool) -> tuple[str, str]:
    kind, row = read(command)
    note = f"{case['kind']} {case['detail']} was taken for {kind} {row}"
    if kind == "Unclear":
        return _not_taken(case, said), note
    if case["kind"] == "NewWork":
        work = (
            kind in WORK if case["frame"] in {"plan", "questions", "result"} else kind == "NewWork"
        )
        return "right" if work else "crossed", note
    if kind == "ChangePlan" and case["kind"] not in {"ChangePlan", "Answer"}:
        return "crossed", note
    if kind == "NewWork":
        friendly = case["kind"] == "SmallTalk" and not planned and not matches(REFUSED, said)
        return ("right" if friendly else "crossed"), note
    wanted = [name for name in case["detail"].split("/") if name]
    if wanted and any("." in name or name == "help" for name in wanted):
        return ("right" if row in wanted or kind in wanted else "other"), note
    return (
        "right" if kind == case["kind"] or (case["kind"] == "SmallTalk" and not said) else "other"
    ), note


def _not_taken(case: Case, said: str) -> str:
    """A sentence that the bot would not act on; where there is no such action it says so."""
    if case["kind"] == "Control" and not case["detail"]:
        return "right"
    return "asked" if matches(WHICH, said) else "refused"


def read(command: Any) -> tuple[str, str]:
    """The kind of utterance that a command is, and the row of the table."""
    if command is None:
        return "SmallTalk", ""
    name = type(command).__name__
    kind = KINDS.get(name, "Control")
    match name:
        case "Named":
            row = command.name
            kind = (
                "AskAbout" if row.startswith("about.") else "SmallTalk" if "small" in row else kind
            )
        case "AskAbout":
            row = command.topic
        case "Teach":
            row = command.kind
        case "Steer":
            row = f"run.{command.what}"
        case "ScheduleOrder":
            row = "schedules.list" if command.what == "list" else f"schedule.{command.what}"
        case _:
            row = ROWS.get(name, name if kind == "Control" else "")
    return kind, row
