"""Conversations: every turn has to bring what was meant, seen from where the thread stands."""

from pathlib import Path

from memory.model.work.run import RunState
from tests.acceptance.asked import questions
from tests.acceptance.bench import Room, rooms
from tests.acceptance.cases import Case, Score, Verdict, keep, lines, matches, share
from tests.acceptance.material import make
from tests.acceptance.numbers import Truth, has_numbers, has_rows, tables

ERROR = r"didn.t understand|couldn.t tell|something went wrong|isn.t an answer|don.t know what|no tool for|language model, and none"


async def measure(folder: Path, every: int = 1) -> tuple[Score, ...]:
    """The share of turns that bring what was meant, and of conversations without a bad turn."""
    dialogues = lines("dialogues.jsonl", every)
    make(folder / "truth")
    truth = Truth(folder / "truth")
    verdicts: list[Verdict] = []
    async with rooms(folder, [f"d{at}" for at in range(len(dialogues))], agents=False) as house:
        for at, dialogue in enumerate(dialogues):
            room = house[f"d{at}"]
            verdicts += await _played(room, dialogue, truth)
            await room.leave()
    keep("dialogues", verdicts)
    bad = {verdict.case.partition("#")[0] for verdict in verdicts if verdict.verdict != "right"}
    whole = 100 * (len(dialogues) - len(bad)) / len(dialogues)
    return (
        Score("dialogues: turns right, %", share(verdicts, "right"), len(verdicts), least=80),
        Score(
            "dialogues: turns silently wrong, %",
            share(verdicts, "silently wrong"),
            len(verdicts),
            most=0,
        ),
        Score("dialogues: all turns right, %", whole, len(dialogues)),
    )


async def _played(room: Room, dialogue: Case, truth: Truth) -> list[Verdict]:
    found = []
    for number, turn in enumerate(dialogue["turns"], 1):
        try:
            verdict, note, said = await _turn(room, turn, truth)
        except TimeoutError as error:
            verdict, note, said = "broken", repr(error), ""
        found.append(Verdict(f"{dialogue['name']}#{number}", turn["say"], verdict, note, said))
    return found


async def _turn(room: Room, turn: Case, truth: Truth) -> tuple[str, str, str]:
    plan, before = await room.plan(), await room.run()
    said = await room.say(turn["say"], who=turn["who"], addressed=turn["who"] == "ana")
    after, run = await room.plan(), await room.run()
    kinds = {"answer"} if said and not matches(ERROR, said) else set()
    kinds |= {"quiet"} if not matches(ERROR, said) and len(said) < 200 else set()
    if after is not None and (plan is None or after.hash != plan.hash):
        kinds = {"plan"}
    if await questions(room):
        kinds = {"question"} if "?" in said and "plan" not in kinds else kinds
    if run is not None and (before is None or run.id != before.id):
        kinds = {"result"} if run.state is RunState.SUCCEEDED else {"started"}
    if not kinds & set(turn["kind"].split("/")):
        return (
            "wrong kind",
            f"wanted {turn['kind']}, got {'/'.join(sorted(kinds)) or 'an error'}",
            said,
        )
    # The plan may be about what its message shows in short: its statements are looked at, too.
    seen = f"{said}\n{after.canonical().decode() if after and 'plan' in kinds else ''}"
    lacks = [part for part in turn.get("has", ()) if not matches(part, seen)]
    extra = [part for part in turn.get("hasnt", ()) if matches(part, said)]
    if lacks or extra:
        wrong = "silently wrong" if "plan" in kinds else "wrong answer"
        return wrong, f"lacks {lacks}, should not have {extra}", said
    gold = [truth.rows(sql) for sql in turn.get("sql", ())]
    if gold and run is not None:
        right = any(has_rows(rows, table) for rows in gold for table in tables(run))
        if not right and not any(len(rows) == 1 and has_numbers(rows, said) for rows in gold):
            return "silently wrong", "the numbers differ", said
    missing = [name for name in turn.get("files", ()) if not list(room.files.rglob(name))]
    return ("silently wrong", f"{missing} are not there", said) if missing else ("right", "", said)
