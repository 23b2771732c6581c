"""One reading of one clause about one file: its columns, what is open, what was not read."""

import re
from dataclasses import dataclass, field
from datetime import date

from memory.model.text import text
from memory.model.work.value import Column, FileInfo
from planner.offline.data.columns import find_column, is_date, is_id, like_named, numeric
from planner.offline.grammar.asking import Questions


@dataclass
class Reading:
    """One reading of one clause: what it asks, and the words it could not make out."""

    file: FileInfo
    questions: Questions
    today: date
    unread: list[str] = field(default_factory=list)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The file's columns."""
        return self.file.columns

    def column(self, phrase: str, *, number: bool = False) -> Column | None:
        """The column for a phrase; where it is not sure a question is left and the likeliest taken."""
        phrase = re.sub(r"\b(?:the|all|of)\b ?", "", phrase).strip()
        pool = numeric(self.columns) if number else self.columns
        match = find_column(phrase, pool)
        if match is not None and match.sure:
            return match.column
        if number:  # nobody adds up identifiers without naming them
            pool = tuple(column for column in pool if not is_id(column.name))
        likely = match.column if match else like_named(phrase, pool)
        if likely is None and number:
            likely = next(iter(pool), None)
        return self._asked(phrase, likely, pool) if likely else None

    def date_column(self) -> tuple[Column, bool] | None:
        """The file's column of dates, and whether it has to be cast."""
        dates = tuple(column for column in self.columns if is_date(column))
        if not dates:
            return None
        chosen = dates[0] if len(dates) == 1 else self._asked("date", dates[0], dates)
        return chosen, chosen.type.upper().startswith("VARCHAR")

    def choose(self, slot: str, question: str, options: tuple[str, ...]) -> str:
        """The answer given to a question, or its first option with the question left open."""
        return self.questions.choose(f"{self.file.path}:{slot}", question, options)

    def _asked(self, phrase: str, likely: Column, pool: tuple[Column, ...]) -> Column:
        name = self.questions.choose(
            f"{self.file.path}:{phrase} column",
            text("Which column of {path} is “{phrase}”?", path=self.file.path, phrase=phrase),
            [column.name for column in pool][:6],
            default=likely.name,
            also=(column.name for column in self.columns),
        )
        return next(column for column in self.columns if column.name == name)
