"""What tasks give each other: typed values with a label of where they came from (law 7)."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from memory.model.base import Digest, Model


class Label(StrEnum):
    """How far a value may be believed."""

    TRUSTED = "trusted"
    """Written by this program or approved by a person."""
    UNTRUSTED = "untrusted"
    """From a user's file, the web, a tool or a model: data, never instructions."""


class Text(Model):
    """Words, as Markdown. `by` and `asked`: who answered, and what, where a person said them."""

    kind: Literal["text"] = "text"
    text: str
    label: Label = Label.UNTRUSTED
    by: str = Field(default="", exclude_if=lambda name: not name)
    asked: str = Field(default="", exclude_if=lambda question: not question)


class Table(Model):
    """Rows under named columns. `total_rows` counts those left out of `rows` as well.

    `notes` are sentences for people on what the figures are and what they leave out.
    """

    kind: Literal["table"] = "table"
    columns: tuple[str, ...]
    rows: tuple[tuple[JsonValue, ...], ...]
    total_rows: int
    notes: tuple[str, ...] = Field(default=(), exclude_if=lambda notes: not notes)
    label: Label = Label.UNTRUSTED


class File(Model):
    """A file beneath the project's folder, by its path there and the digest of its bytes."""

    kind: Literal["file"] = "file"
    path: str
    digest: Digest
    media_type: str
    size: int
    title: str = ""
    label: Label = Label.UNTRUSTED


class Json(Model):
    """Any other JSON value."""

    kind: Literal["json"] = "json"
    value: JsonValue
    label: Label = Label.UNTRUSTED


Value = Annotated[Text | Table | File | Json, Field(discriminator="kind")]


class Column(Model):
    """A column of a data file: its name, DuckDB type, and a few distinct values seen in it.

    The other facts are None or "" where they are not known. `least` and `most` are of numbers and
    dates as text; `values` are all values of a text column that has few, more than `samples`.
    """

    name: str
    type: str
    samples: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    distinct: int | None = None
    nulls: int | None = None
    least: str = ""
    most: str = ""

    @property
    def numeric(self) -> bool:
        """Whether its values can be added up."""
        head = self.type.upper().split("(")[0]
        return head in {
            "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
            "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "REAL",
        }  # fmt: skip


class FileInfo(Model):
    """A file of the project as a planner may know it: never its contents, only its shape."""

    path: str
    media_type: str
    size: int
    columns: tuple[Column, ...] = ()
    rows: int | None = None
    problem: str = ""
    """Why it could not be read, in a sentence; "" if it could."""


class Ran(Model):
    """The outcome of a query that was tried. No row of it is kept.

    `digest` is the same for two outcomes with the same rows, in whatever order of rows and columns; `blank`: there is
    nothing in any row; `zero`: it is one row of noughts.
    """

    rows: int
    digest: str
    blank: bool = False
    zero: bool = False


Trial = Callable[[Sequence[str], Sequence[str]], Sequence[Ran | None]]
"""Tries SELECTs on data files, which it is given first. None for one that failed, or that took too
long to be worth it. Blocking.
"""
