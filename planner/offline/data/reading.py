"""One reading of one clause about one file: its columns, what is open, what was not read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from memory.model.work.value import Column, FileInfo
from planner.draft import Gap
from planner.offline.data.columns import dated, find_column, is_id, like_named, numeric


@dataclass
class Reading:
    """One reading of one clause: what was taken out so far, and what it opened."""

    file: FileInfo
    answers: Mapping[str, str]
    today: date
    gaps: list[Gap] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def column(self, phrase: str, *, number: bool = False) -> Column | None:
        """The column for a phrase; where it is not sure a gap is left and the likeliest taken."""
        phrase = " ".join(word for word in phrase.split() if word not in {"the", "all", "of"})
        pool = numeric(self.file.columns) if number else self.file.columns
        match = find_column(phrase, pool)
        if match is not None and match.sure:
            return match.column
        if number:  # nobody adds up identifiers without naming them
            pool = tuple(column for column in pool if not is_id(column.name))
        likely = match.column if match else like_named(phrase, pool)
        if likely is None and not (number and pool):
            return None
        return self._asked(phrase, likely or pool[0], pool)

    def date_column(self) -> tuple[Column, bool] | None:
        """The file's column of dates, and whether it has to be cast."""
        found = dated(self.file.columns)
        if not found:
            return None
        chosen = found[0] if len(found) == 1 else self._asked("date", found[0], found)
        return chosen, chosen.type.upper().startswith("VARCHAR")

    def choose(self, slot: str, question: str, options: tuple[str, ...]) -> str:
        """The answer given to a question, or its first option with the question left open."""
        slot = f"{self.file.path}:{slot}"
        answer = self.answers.get(slot, "")
        if answer in options:
            return answer
        self.gaps.append(
            Gap(
                slot=slot,
                question=question,
                options=options,
                default=options[0],
                matters="plan",
                accepts=(),
            )
        )
        return options[0]

    def _asked(self, phrase: str, likely: Column, pool: tuple[Column, ...]) -> Column:
        slot = f"{self.file.path}:{phrase} column"
        answer = self.answers.get(slot)
        if answer is not None:
            said = find_column(answer, self.file.columns)
            if said is not None:
                return said.column
        self.gaps.append(
            Gap(
                slot=slot,
                question=f"Which column of {self.file.path} is “{phrase}”?",
                options=tuple(column.name for column in pool)[:6],
                default=likely.name,
                matters="plan",
                accepts=tuple(column.name for column in self.file.columns[:200]),
            )
        )
        return likely
