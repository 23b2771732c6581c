"""Constants of a draft, checked against the parameter they are for. Pure."""

import json
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import assert_never

from pydantic import JsonValue

from memory.model.agents.spec import AgentSpec, EffectClass, Parameter
from memory.model.base import name_key
from memory.model.errors import BadInput
from memory.model.identity import Identity
from memory.model.text import text
from memory.model.work.graph import Input
from planner.compiling.reading import read_value
from planner.draft import DraftTask
from planner.names import listed, nearest, slug
from planner.port import PlanRequest
from planner.tools import FETCH, WHO, tool_named

SYSTEM_FOLDERS = frozenset({
    "bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "private", "proc",
    "root", "run", "sbin", "srv", "sys", "tmp", "usr", "users", "var", "volumes", "windows",
})  # fmt: skip
"""A leading "/" means the project's folder, but nobody who says /etc means that."""

_OUTSIDE = re.compile(r"~|[A-Za-z]:|.*\x00", re.DOTALL)
_URL = re.compile(r"https?://[^\s/?#@]+\.?[^\s]*$", re.IGNORECASE)


@dataclass
class Bound:
    """One task's inputs, what was wrong with them, and what was assumed."""

    inputs: dict[str, Input] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Surroundings:
    """What inputs are checked against. `outputs` gives each task's agent, by its key."""

    request: PlanRequest
    title: str
    outputs: Mapping[str, AgentSpec]
    written: frozenset[str]
    """Paths that tasks of this plan write."""
    tasks: Mapping[str, DraftTask] = field(default_factory=dict)
    """The tasks as drafted, by key."""

    @property
    def conditional(self) -> bool:
        """Whether some of it may be skipped."""
        return any(task.when for task in self.tasks.values())


def _leads_out(path: str, parts: Sequence[str]) -> bool:
    if _OUTSIDE.match(path) or ".." in parts:
        return True
    return path.startswith("/") and name_key("".join(parts[:1])) in SYSTEM_FOLDERS


def project_path(words: str) -> str | None:
    """The path beneath the project's folder, or None where it leads out of it."""
    plain = words.strip().replace("\\", "/")
    parts = [part for part in plain.split("/") if part not in {"", "."}]
    if not plain or _leads_out(plain, parts):
        return None
    path = "/".join(parts)
    return f"{path}/" if plain.endswith("/") and path else path


def checked(
    bound: Bound, spec: AgentSpec, parameter: Parameter, value: JsonValue, around: Surroundings
) -> JsonValue:
    """The value as its parameter wants it. Raises BadInput where it doesn't fit."""
    words = value if isinstance(value, str) else json.dumps(value)
    match parameter.type:
        case "path" | "table" | "file":
            return _path(bound, spec, parameter, words, around)
        case "list" if parameter.slot == "control" and "source" in name_key(parameter.name):
            return _path(bound, spec, parameter, words, around)
        case "list":
            return value
        case "json" if name_key(parameter.name) == WHO:
            return _person(words, around)
        case "text":
            return words
        case "url" | "number" | "boolean" | "json":
            return _READERS[parameter.type](parameter, words)
        case _:
            assert_never(parameter.type)


def _url(parameter: Parameter, words: str) -> JsonValue:
    if not _URL.match(words.strip()):
        raise BadInput(
            "{name} has to be a web address, not {value}.", name=parameter.name, value=words[:80]
        )
    return words.strip()


def _path(
    bound: Bound, spec: AgentSpec, parameter: Parameter, words: str, around: Surroundings
) -> str:
    if "://" in words:
        raise BadInput(
            "{name} is a web address; fetch it first with {tool}.",
            name=parameter.name,
            tool=FETCH.name,
        )
    path = project_path(words)
    if path is None:
        raise BadInput(
            "{path} is outside the project's folder; keep files inside it.", path=words[:80]
        )
    if spec.effect is EffectClass.READ:
        return _readable(path, around)
    if path.endswith("/") or not path:
        path = f"{path}{slug(around.title)}.md"
        bound.assumptions.append(
            text("The file in {folder} is called {path}.", folder=words, path=path)
        )
    _check_ending(spec, path)
    return path


def _readable(path: str, around: Surroundings) -> str:
    known = {file.path for file in around.request.readable}
    if path in known or path in around.written:
        return path
    same = [other for other in known if name_key(other) == name_key(path)]
    if len(same) == 1:
        return same[0]
    for file in around.request.files:
        if file.path == path and file.size:
            raise BadInput("I can't read {path}: {problem}", path=path, problem=file.problem)
    raise _no_file(path, known)


def _no_file(path: str, known: Collection[str]) -> BadInput:
    if not known:
        return BadInput("There's no file {path}: the project's folder has no files yet.", path=path)
    return BadInput(
        "There's no file {path} in the project's folder; there is {others}.",
        path=path,
        others=listed(nearest(path, known) or sorted(known)[:3], word="and"),
    )


def _check_ending(spec: AgentSpec, path: str) -> None:
    """Raises BadInput where the tool makes files of another kind than the name says."""
    tool = tool_named(spec.name)  # knows of those whose spec doesn't say
    said = (parameter.endings for parameter in spec.parameters if parameter.type == "path")
    endings = next(filter(None, said), tool.endings)
    if endings and PurePosixPath(path).suffix.casefold() not in endings:
        raise BadInput(
            "{rule}; end {path} in {endings}.",
            rule=spec.file_rule or tool.makes,
            path=path,
            endings=listed(endings),
        )


def _number(parameter: Parameter, words: str) -> JsonValue:
    try:
        number = float(words.replace(",", "").strip())
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise BadInput(
            "{name} has to be a number, not {value}.", name=parameter.name, value=words[:40]
        )
    return int(number) if number.is_integer() else number


def _boolean(parameter: Parameter, words: str) -> JsonValue:
    match name_key(words):
        case "true" | "yes" | "1" | "on":
            return True
        case "false" | "no" | "0" | "off":
            return False
    raise BadInput(
        "{name} has to be yes or no, not {value}.", name=parameter.name, value=words[:40]
    )


def _json(parameter: Parameter, words: str) -> JsonValue:
    try:
        return read_value(words)
    except ValueError:
        raise BadInput("{name} isn't JSON.", name=parameter.name) from None


def _person(words: str, around: Surroundings) -> JsonValue:
    if words.lstrip().startswith("{"):
        return Identity.model_validate(read_value(words)).model_dump(mode="json")
    wanted = name_key(words.strip().removeprefix("<").removesuffix(">").lstrip("@"))
    for person in (*around.request.people, around.request.author):
        if wanted in {name_key(person.user_id), name_key(person.display), name_key(person.key)}:
            return person.model_dump(mode="json")
    if not wanted:
        raise BadInput("it doesn't say who to ask.")
    # A name without an account: the executor asks in the thread and whoever bears it answers.
    return {
        "platform": around.request.author.platform,
        "workspace": around.request.author.workspace,
        "user_id": "",
        "display": words.strip().lstrip("@"),
    }


_READERS: Mapping[str, Callable[[Parameter, str], JsonValue]] = {
    "url": _url,
    "number": _number,
    "boolean": _boolean,
    "json": _json,
}
