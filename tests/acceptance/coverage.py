"""Parts of a request that must not vanish: each is in the plan, a question, or said to be left out."""

import re
from pathlib import Path

from memory.model.agents.spec import EffectClass
from memory.model.work.plan import Plan
from tests.acceptance.asked import questions
from tests.acceptance.bench import Room, rooms
from tests.acceptance.cases import Case, Score, Verdict, keep, lines, matches, share

ECHO_CHARS = 60
"""A title longer than this repeats the request; it is no account of it either."""


async def measure(folder: Path, every: int = 1) -> tuple[Score, ...]:
    """How many requests lose nothing in silence, and how many are refused."""
    cases = lines("coverage.jsonl", every)
    verdicts: list[Verdict] = []
    async with rooms(folder, [case["id"] for case in cases], agents=True) as house:
        for case in cases:
            room = house[case["id"]]
            try:
                verdict, note, said = await _judge(room, case)
            except TimeoutError as error:
                verdict, note, said = "broken", repr(error), ""
            await room.leave()
            verdicts.append(Verdict(case["id"], case["text"], verdict, note, said))
    keep("coverage", verdicts)
    of = len(verdicts)
    return (
        Score("coverage: nothing lost, %", share(verdicts, "right", "asked"), of, least=80),
        Score(
            "coverage: lost or added in silence, %", share(verdicts, "silently wrong"), of, most=0
        ),
        Score("coverage: refused, %", share(verdicts, "declined"), of, most=10),
    )


async def _judge(room: Room, case: Case) -> tuple[str, str, str]:
    said = await room.say(case["text"])
    plan = await room.plan()
    if plan is None:
        if await questions(room):
            return "asked", "", said
        named = "decline" in case and matches(case["decline"], said)
        return ("right" if named else "declined"), "", said
    problems = [*_words(case, plan, said), *_agents(case, plan, said), *_effects(case, plan)]
    return ("silently wrong" if problems else "right"), "; ".join(problems), said


def _words(case: Case, plan: Plan, said: str) -> list[str]:
    """What is not to be seen; an instruction that quotes the whole request is no account of it."""
    outside = said
    for task in plan.graph.tasks:
        outside = outside.replace(task.instruction, "") if task.instruction else outside
    for title in (plan.title, *(task.title for task in plan.graph.tasks)):
        outside = outside.replace(title, "") if len(title) > ECHO_CHARS else outside
    outside = re.sub(r"↳ “[^”]*”", "", outside)
    inputs = plan.model_dump_json(include={"graph", "assumptions", "schedule"})
    instructions = "\n".join(task.instruction for task in plan.graph.tasks)
    lost = [part for part in case.get("must", ()) if not matches(part, outside)]
    lost += [part for part in case.get("sqlhas", ()) if not matches(part, inputs)]
    told = f"{instructions}\n{outside}"
    lost += [part for part in case.get("instr", ()) if not matches(part, told)]
    lost += [name for name in case.get("files", ()) if not matches(re.escape(name), outside)]
    return [f"lost {part}" for part in lost]


def _agents(case: Case, plan: Plan, said: str) -> list[str]:
    doing = {str(task.agent) for task in plan.graph.tasks}
    problems = [
        f"{name} has nothing to do"
        for name in case.get("agents", ())
        if name not in doing and not matches(rf"left out.*{name}|{name}.*left out", said)
    ]
    problems += [f"{name} has work" for name in case.get("not_agents", ()) if name in doing]
    for name in case.get("feeds", ()):
        fed = [task for task in plan.graph.tasks if task.agent == name]
        if fed and not any(list(task.sources()) for task in fed):
            problems.append(f"{name} is given nothing")
    if len(plan.graph.tasks) < case.get("min_tasks", 0):
        problems.append(f"only {len(plan.graph.tasks)} tasks")
    return problems


def _effects(case: Case, plan: Plan) -> list[str]:
    effects = plan.effects()
    problems = [
        f"writes {effect.target}"
        for effect in effects
        if effect.target in case.get("no_write", ())
        or any(effect.target.endswith(ending) for ending in case.get("not_files", ()))
    ]
    banned = {EffectClass(name) for name in case.get("no_effects", ())}
    return [
        *problems,
        *(f"{effect.effect} is planned" for effect in effects if effect.effect in banned),
    ]
