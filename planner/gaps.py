"""Which gaps are worth a person's time, and what's assumed for the rest. Pure."""

from collections.abc import Collection, Mapping, Sequence

from memory.model.limits import QUESTIONS_PER_ROUND
from memory.model.text import text
from planner.draft import Draft, Gap
from planner.port import Question

OPTIONS_SHOWN = 6
WEIGHT = {"effects": 0, "plan": 1, "cost": 2}
"""What is asked first: what changes the world, then the plan, then the bill."""


def weigh(
    gaps: Sequence[Gap],
    *,
    answers: Mapping[str, str],
    preferences: Mapping[str, str],
    ask: bool,
    passed: Collection[str] = (),
) -> tuple[tuple[Question, ...], tuple[str, ...]]:
    """What to ask now, and what to state beside the plan. What was answered isn't asked again.

    A gap is asked only where another answer would change plan, cost or effects and there is
    something to choose, or where nothing can be assumed; at most three are. With `ask` False every default is assumed.
    `passed` are questions that were asked before and that the person went on from.
    """
    last = {gap.slot: gap for gap in reversed(gaps)}
    _, unanswered = _split(list(last.values())[::-1], answers)
    known, unknown = _split(unanswered, preferences)
    new = [gap for gap in unknown if gap.question not in passed or gap.needed]
    asked = _worth_asking(new) if ask else []
    assumed = [gap for gap in unknown if gap not in asked and gap.default]
    stated = [_as_before(gap, preferences[gap.slot]) for gap in known]
    stated += [f"{_topic(gap)}: {gap.default}" for gap in assumed]
    return tuple(map(_question, asked)), tuple(stated)


def unanswered(draft: Draft) -> str:
    """Why there is no plan where a value is lacking that nothing can stand in for; "" otherwise."""
    slots = {given.open for task in draft.tasks for given in task.inputs if given.open}
    asked = [gap.question for gap in draft.gaps if gap.slot in slots]
    if not slots:
        return ""
    return text(
        "I can't plan that without an answer: {questions} Say it with the request.",
        questions=" ".join(asked[:QUESTIONS_PER_ROUND]),
    )


def _as_before(gap: Gap, choice: str) -> str:
    return text(
        "{topic}: {choice}, as you chose before; say “forget that” to be asked again",
        topic=_topic(gap),
        choice=choice,
    )


def _split(gaps: Sequence[Gap], given: Mapping[str, str]) -> tuple[Sequence[Gap], Sequence[Gap]]:
    """The gaps to which there is an answer that the question has, and the others."""
    closed = [gap for gap in gaps if gap.slot in given and gap.takes(given[gap.slot])]
    return closed, [gap for gap in gaps if gap not in closed]


def _worth_asking(gaps: Sequence[Gap]) -> list[Gap]:
    """Where another answer would change more than words, the heaviest first."""
    matter = [
        gap
        for gap in gaps
        if gap.needed or (gap.matters in WEIGHT and (gap.default or gap.options))
    ]
    first = sorted(matter, key=lambda gap: (not gap.needed, WEIGHT.get(gap.matters, len(WEIGHT))))
    return first[:QUESTIONS_PER_ROUND]


def _question(gap: Gap) -> Question:
    default = gap.default or ("" if gap.needed else gap.options[0])
    options = tuple(dict.fromkeys(filter(None, (default, *gap.options))))[:OPTIONS_SHOWN]
    accepts = None
    if gap.accepts is not None:
        known = dict.fromkeys((*gap.options, *gap.accepts))
        accepts = tuple(answer for answer in known if answer not in options)
    return Question(
        slot=gap.slot, text=gap.question, options=options, default=default, accepts=accepts
    )


def _topic(gap: Gap) -> str:
    return gap.question.rstrip("? ")
