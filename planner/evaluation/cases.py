"""Reading the files of an evaluation: JSON Lines and the tools file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import ConfigDict, JsonValue, ValidationError

from memory.model.base import Model
from memory.model.errors import BadInput
from planner.experience.past import Link
from planner.experience.tools import ToolCard


class Case(Model):
    """A request to plan or to judge; other fields of the file are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)
    id: str
    request: str


class PlanGold(Model):
    """The tools and links that a request needs."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)
    id: str
    nodes: tuple[str, ...]
    links: tuple[Link, ...] = ()


class Missing(Model):
    """Something a task leaves open."""

    what: str
    options: tuple[str, ...] = ()


class VagueGold(Model):
    """Whether a task is too vague to begin."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)
    id: str
    vague: bool


Row = TypeVar("Row", bound=Model)


def read_rows(path: Path, kind: type[Row]) -> list[Row]:
    """Every line as the wanted kind. Raises BadInput naming the file, line and field."""
    rows = []
    for number, line in _lines(path):
        try:
            rows.append(kind.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "the line"
            raise BadInput(f"{path}, line {number}: {field}: {first['msg']}.") from error
    if not rows:
        raise BadInput(f"{path} holds no cases.")
    return rows


def read_tools(path: Path) -> list[ToolCard]:
    """The tools of `{"nodes": [{"id", "desc", "parameters"…}]}`. Raises BadInput."""
    try:
        found = json.loads(_read(path))
        nodes: list[dict[str, JsonValue]] = found["nodes"]
        cards = [_card(node) for node in nodes]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadInput(
            f'{path} is not a tools file; it looks like {{"nodes": [{{"id": …, "desc": …}}]}}.'
        ) from error
    if not cards:
        raise BadInput(f"{path} names no tools.")
    return cards


def write_rows(path: Path, rows: Iterator[dict[str, JsonValue]]) -> int:
    """One JSON object a line, all or nothing; gives back how many. Raises BadInput."""
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from error
    return len(lines)


def _card(node: dict[str, JsonValue]) -> ToolCard:
    parameters = node.get("parameters")
    domain = node.get("field") or node.get("domain") or ""
    return ToolCard(
        id=str(node["id"]),
        desc=str(node.get("desc") or ""),
        field=" ".join(map(str, domain)) if isinstance(domain, list) else str(domain),
        parameters=parameters if isinstance(parameters, dict) else {},
    )


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(_read(path).splitlines(), start=1):
        if line.strip():
            yield number, line


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 text.") from error
