"""Vague tasks: whether it asks, and whether what it asks is worth asking."""

from pathlib import Path

from tests.acceptance.asked import declined, questions
from tests.acceptance.bench import rooms
from tests.acceptance.cases import Score, Verdict, keep, lines, matches


async def measure(folder: Path, every: int = 1) -> tuple[Score, ...]:
    """The share of vague tasks that are asked about, and of questions that are sensible."""
    cases = lines("vague.jsonl", every)
    verdicts: list[Verdict] = []
    asked = sensible = 0
    async with rooms(folder, [case["id"] for case in cases], agents=True) as house:
        for case in cases:
            room = house[case["id"]]
            try:
                said = await room.say(case["text"])
            except TimeoutError as error:
                verdicts.append(Verdict(case["id"], case["text"], "broken", repr(error)))
                await room.leave()
                continue
            found = (await questions(room)).splitlines()
            good = [q for q in found if any(matches(topic, q) for topic in case["topics"])]
            asked, sensible = asked + len(found), sensible + len(good)
            planned = await room.plan() is not None
            refused = "declined" if await declined(room) else "something else"
            verdict = "asked" if found else "planned" if planned else refused
            verdicts.append(Verdict(case["id"], case["text"], verdict, " / ".join(found), said))
            await room.leave()
    keep("vague", verdicts)
    count = sum(verdict.verdict == "asked" for verdict in verdicts)
    planned_ = sum(verdict.verdict == "planned" for verdict in verdicts)
    return (
        Score("vague: asked about, %", 100 * count / len(cases), len(cases)),
        Score("vague: planned without asking, %", 100 * planned_ / len(cases), len(cases)),
        Score(
            "vague: questions that are sensible, %", 100 * sensible / max(1, asked), asked, least=60
        ),
    )
