"""Questions that are still open, and the answers people gave. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from memory.model.base import name_key
from planner.draft import Gap


@dataclass
class Questions:
    """Takes the answer to a question, or leaves the question open."""

    answers: Mapping[str, str]
    gaps: list[Gap] = field(default_factory=list)
    used: int = 0
    """How many questions found their answer."""

    def choose(
        self,
        slot: str,
        question: str,
        options: Sequence[str],
        *,
        default: str = "",
        also: Iterable[str] | None = (),
        matters: Literal["plan", "effects"] = "plan",
    ) -> str:
        """The answer, or the default (else the first option) with the question left open.

        `also`: answers that count beside the options; None takes any answer.
        """
        slot = slot[:120]
        answer = self.answers.get(slot, "")
        accepts = None if also is None else tuple(also)[:200]
        known = {name_key(option): option for option in (*options, *(accepts or ()))}
        if answer and (accepts is None or name_key(answer) in known):
            self.used += 1
            return known.get(name_key(answer), answer)
        default = default or options[0]
        if any(gap.slot == slot for gap in self.gaps):
            return default
        self.gaps.append(
            Gap(slot=slot, question=question[:300], options=tuple(options)[:6],
                default=default, matters=matters, accepts=accepts)
        )  # fmt: skip
        return default
