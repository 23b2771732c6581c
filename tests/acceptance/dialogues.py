"""Conversations: every turn has to bring what was meant, seen from where the thread stands."""

from pathlib import Path

from memory.model.work.plan import Plan
from memory.model.work.run import RunState, RunView
from tests.acceptance.asked import questions
from tests.acceptance.bench import Room, rooms
from tests.acceptance.cases import Case, Score, Verdict, keep, lines, matches, share
from tests.acceptance.material import make
from tests.acceptance.numbers import Truth, has_numbers, has_rows, tables

QUIET_CHARS = 200
"""A friendly word is short."""

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
        Score("dialogues: turns asked first, %", share(verdicts, "asked first"), len(verdicts)),
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
    fresh = after if after is not None and (plan is None or after.hash != plan.hash) else None
    ran = run if run is not None and (before is None or run.id != before.id) else None
    kinds = _kinds(said, fresh, ran, asked=bool(await questions(room)))
    wanted = set(turn["kind"].split("/"))
    if kinds == {"question"} and "plan" in wanted - kinds:
        await room.say("run")  # the defaults, so that the conversation goes on
        return "asked first", (await questions(room))[:200], said
    if not kinds & wanted:
        return (
            "wrong kind",
            f"wanted {turn['kind']}, got {'/'.join(sorted(kinds)) or 'an error'}",
            said,
        )
    note = _seen(turn, said, fresh)
    if note:
        return "silently wrong" if fresh else "wrong answer", note, said
    gold = [truth.rows(sql) for sql in turn.get("sql", ())]
    if gold and run is not None:
        right = any(has_rows(rows, table) for rows in gold for table in tables(run))
        if not right and not any(len(rows) == 1 and has_numbers(rows, said) for rows in gold):
            return "silently wrong", "the numbers differ", said
    missing = [name for name in turn.get("files", ()) if not list(room.files.rglob(name))]
    return ("silently wrong", f"{missing} are not there", said) if missing else ("right", "", said)


def _kinds(said: str, fresh: Plan | None, ran: RunView | None, *, asked: bool) -> set[str]:
    """What the bot did: a run counts before a plan, a plan before words."""
    if ran is not None:
        return {"result"} if ran.state is RunState.SUCCEEDED else {"started"}
    if fresh is not None:
        return {"plan"}
    if asked and "?" in said:
        return {"question"}
    if matches(ERROR, said):
        return set()
    return {"answer", "quiet"} if 0 < len(said) < QUIET_CHARS else {"answer" if said else "quiet"}


def _seen(turn: Case, said: str, fresh: Plan | None) -> str:
    """What should be seen and isn't; of a plan, its statements are looked at, too."""
    drawn = fresh.canonical().decode() if fresh else ""
    lacks = [part for part in turn.get("has", ()) if not matches(part, f"{said}\n{drawn}")]
    extra = [part for part in turn.get("hasnt", ()) if matches(part, drawn or said)]
    return f"lacks {lacks}, should not have {extra}" if lacks or extra else ""
