"""The questions for what a request leaves open, and the request with the answers in it. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from memory.model.base import sha256
from planner.draft import Gap
from planner.missing.reading import Said, said
from planner.port import PlanRequest


class Withheld(Exception):
    """Nobody answered what nothing can stand in for."""


@dataclass
class Open:
    """Takes the answers to a request's questions, and keeps the questions."""

    words: str
    answers: Mapping[str, str]
    gaps: list[Gap] = field(default_factory=list)
    unsaid: bool = False
    """Something is lacking that nothing can stand in for."""
    later: bool = False
    """What is asked next depends on an answer that isn't there yet."""

    def ask_first(self, slot: str, question: str, options: Sequence[str]) -> str:
        """As `ask`; until it is answered nothing else is asked."""
        answer = self.ask(slot, question, options)
        self.later = self.gaps[-1].slot not in self.answers
        return answer

    def ask(
        self, slot: str, question: str, options: Sequence[str] = (), *, needed: bool = False
    ) -> str:
        """The answer, else the first option; "" where it is `needed` and was not said.

        Any words are an answer. Raises Withheld where an empty one was given to a needed question.
        """
        # "target": an answer holds for this request alone
        slot = f"target {slot} · {sha256(self.words.encode())[:8]}"
        default = "" if needed or not options else options[0]
        if self.later:
            return default
        self.gaps.append(
            Gap(slot=slot, question=question, options=tuple(options)[:6], default=default, needed=needed)
        )  # fmt: skip
        answer = self.answers.get(slot, default).strip()
        if needed and not answer:
            if slot in self.answers:
                raise Withheld(question)
            self.unsaid = True
        return answer


Reading = Callable[[Said, Open], str]
"""The request with the answers in it; "" where it is no such work or lacks nothing."""


@dataclass(frozen=True)
class Lacking:
    """A request that lacks something: its questions, and its words with answers and defaults in them.

    `settled`: the words can be planned; `answered`: no question is left. `withheld` is the question that has to be answered.
    """

    gaps: tuple[Gap, ...]
    words: str
    settled: bool
    answered: bool = False
    withheld: str = ""


def lacking(request: PlanRequest, readings: Sequence[Reading]) -> Lacking | None:
    """What the request lacks by the first reading that fits; None where it lacks nothing."""
    found = said(request)
    if found is None:
        return None
    answers = {answer.slot: answer.value for answer in request.answers}
    for reading in readings:
        asked = Open(request.text, answers)
        try:
            words = reading(found, asked)
        except Withheld as error:
            return Lacking((), request.text, settled=False, withheld=str(error))
        if words and asked.gaps:
            done = all(gap.slot in answers for gap in asked.gaps)
            return Lacking(tuple(asked.gaps), words, settled=not asked.unsaid, answered=done)
    return None
