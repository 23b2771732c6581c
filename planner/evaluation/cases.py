"""Reading the files of an evaluation: JSON Lines with one case a line."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import AliasChoices, ConfigDict, Field, JsonValue, ValidationError

from memory.model.base import Model
from memory.model.errors import BadInput
from memory.model.limits import REQUEST_CHARS
from memory.model.text import text
from planner.evaluation.disk import json_line, read_text, write_text
from planner.experience.linking import Link
from planner.experience.past import PastPlan

ID_CHARS = 200
"""Longer ids mean that the file was read the wrong way."""


class _Row(Model):
    """A line of a file; other fields are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class _Named(_Row):
    """A line that can be matched with others by its id."""

    id: str = Field(min_length=1, max_length=ID_CHARS)


class Case(_Named):
    """A request to plan or to judge."""

    request: str = Field(
        max_length=REQUEST_CHARS,
        validation_alias=AliasChoices("request", "task", "text", "query", "user_request"),
    )


class PlanGold(_Named):
    """The tools and links that a request needs."""

    nodes: tuple[str, ...]
    links: tuple[Link, ...] = ()


class VagueGold(_Named):
    """Whether a task is too vague to begin."""

    vague: bool


class PastRow(_Row):
    """A past plan as the history file has it."""

    request: str = Field(max_length=REQUEST_CHARS)
    nodes: tuple[str, ...]
    links: tuple[Link, ...] = ()

    def plan(self) -> PastPlan:
        """The past plan without what else the file says."""
        return PastPlan(request=self.request, nodes=self.nodes, links=self.links)


Row = TypeVar("Row", bound=Model)
Named = TypeVar("Named", bound=_Named)
Ours = TypeVar("Ours")


def read_rows(path: Path, kind: type[Row]) -> list[Row]:
    """Every line as the wanted kind. Raises BadInput naming the file, line and field."""
    return [row for _, row in _numbered(path, kind)]


def read_cases(path: Path, kind: type[Named]) -> list[Named]:
    """Every line, each id once. Raises BadInput, also for an id that comes twice."""
    first: dict[str, int] = {}
    rows = []
    for number, row in _numbered(path, kind):
        if row.id in first:
            raise BadInput(
                "{path}, line {number}: id {id} was already used in line {first}.",
                path=path,
                number=number,
                id=row.id,
                first=first[row.id],
            )
        first[row.id] = number
        rows.append(row)
    return rows


def read_plan_gold(path: Path, tools: Sequence[str]) -> list[PlanGold]:
    """The right plans. Raises BadInput, also where they name a tool that is not there."""
    known = frozenset(tools)
    rows = read_cases(path, PlanGold)
    for number, row in _numbered(path, PlanGold):
        named = (*row.nodes, *(tool for link in row.links for tool in link))
        unknown = next((tool for tool in named if tool not in known), None)
        if unknown is not None:
            raise BadInput(
                "{path}, line {number}: the tool {unknown} isn't in the tools file.",
                path=path,
                number=number,
                unknown=unknown[:ID_CHARS],
            )
    return rows


def matched(found: Mapping[str, Ours], gold: Sequence[Named]) -> list[tuple[Ours, Named]]:
    """Each right answer with what was predicted. Raises BadInput where a case is absent."""
    absent = next((row.id for row in gold if row.id not in found), None)
    if absent is not None:
        raise BadInput(
            "The right answers have a case {absent} that the requests don't have.", absent=absent
        )
    return [(found[row.id], row) for row in gold]


def write_rows(path: Path, rows: Sequence[dict[str, JsonValue]]) -> int:
    """One JSON object a line, all or nothing; gives back how many. Raises BadInput."""
    write_text(path, "".join(f"{json_line(row)}\n" for row in rows))
    return len(rows)


def _numbered(path: Path, kind: type[Row]) -> Iterator[tuple[int, Row]]:
    count = 0
    # Not splitlines(): it also cuts at line separators that JSON allows within a string.
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            count += 1
            yield number, _row(path, number, line, kind)
    if not count:
        raise BadInput("{path} has no cases.", path=path)


def _row(path: Path, number: int, line: str, kind: type[Row]) -> Row:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "json_invalid":
            reason = text("it isn't a JSON object")
        else:
            reason = f"{'.'.join(map(str, first['loc'])) or text('the line')}: {first['msg']}"
        raise BadInput(
            "{path}, line {number}: {reason}.", path=path, number=number, reason=reason
        ) from error
