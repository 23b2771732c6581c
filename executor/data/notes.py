"""What a query's result is and leaves out: its definition, and small queries that run beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import JsonValue

from executor.data import arguments
from executor.data.select import single
from executor.port import Call
from memory.model.errors import BadInput
from memory.model.text import text

if TYPE_CHECKING:
    import duckdb

NOTES = 12


@dataclass(frozen=True)
class About:
    """A result's definition, and SELECTs of one row with a sentence for their figures."""

    definition: str = ""
    queries: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, call: Call) -> "About":
        """As the plan has it; what is not well formed is left out."""
        given = arguments.constant(call, "about")
        if not isinstance(given, Mapping):
            return cls()
        notes = given.get("notes")
        return cls(
            str(given.get("definition") or ""),
            tuple(map(_note, notes[:NOTES])) if isinstance(notes, list) else (),
        )

    def notes(self, connection: "duckdb.DuckDBPyConnection") -> tuple[str, ...]:
        """The definition, and each sentence whose first figure is not 0."""
        definition = text("This is the {definition}.", definition=self.definition)
        said = (_said(connection, sql, sentence) for sql, sentence in self.queries)
        return tuple(filter(None, (definition if self.definition else "", *said)))


def _note(given: JsonValue) -> tuple[str, str]:
    fields = given if isinstance(given, Mapping) else {}
    return str(fields.get("sql") or ""), str(fields.get("sentence") or "")


def _said(connection: "duckdb.DuckDBPyConnection", sql: str, sentence: str) -> str:
    import duckdb  # noqa: PLC0415 - 0.1 s that only queries should pay

    if not sql:
        return ""
    try:
        row = connection.execute(single(connection, sql)).fetchone()
    except (duckdb.Error, BadInput):  # a note that can't be worked out must not cost the result
        return ""
    if not row or not row[0]:
        return ""
    for place, value in enumerate(row):
        sentence = sentence.replace(f"{{{place}}}", _figure(value))
    return sentence


def _figure(value: object) -> str:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    return "–"
