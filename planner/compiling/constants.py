"""Constants of a draft, checked against the parameter they are for. Pure."""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import assert_never

from pydantic import JsonValue

from memory.model.agents.spec import AgentSpec, EffectClass, Parameter
from memory.model.base import name_key
from memory.model.identity import Identity
from memory.model.work.graph import Input
from planner.compiling.reading import read_json
from planner.draft import DraftTask
from planner.names import listed, nearest, slug
from planner.port import PlanRequest

SYSTEM_FOLDERS = frozenset({
    "bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "private", "proc",
    "root", "run", "sbin", "srv", "sys", "tmp", "usr", "users", "var", "volumes", "windows",
})  # fmt: skip
"""A leading "/" means the project's folder, but nobody who says /etc means that."""

_ENDINGS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "data.chart": ("A chart is a PNG file", (".png",)),
    "report.write": ("A report is written in Markdown", (".md", ".markdown", ".txt")),
    "report.render": ("A rendered report is HTML or PDF", (".html", ".htm", ".pdf")),
}

_URL = re.compile(r"https?://[^\s/?#@]+\.?[^\s]*$", re.IGNORECASE)


@dataclass
class Bound:
    """What came of one task's inputs."""

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


def project_path(text: str) -> str | None:
    """The path beneath the project's folder, or None where it leads out of it."""
    plain = text.strip().replace("\\", "/")
    if not plain or "\x00" in plain or plain.startswith("~") or re.match(r"[A-Za-z]:", plain):
        return None
    parts = [part for part in plain.split("/") if part not in {"", "."}]
    if ".." in parts or (plain.startswith("/") and parts and name_key(parts[0]) in SYSTEM_FOLDERS):
        return None
    path = str(PurePosixPath(*parts)) if parts else ""
    return f"{path}/" if plain.endswith("/") and path else path


def checked(
    bound: Bound, spec: AgentSpec, parameter: Parameter, value: JsonValue, around: Surroundings
) -> JsonValue:
    """The value as its parameter wants it. Raises ValueError, in a sentence, where it is none."""
    text = value if isinstance(value, str) else json.dumps(value)
    match parameter.type:
        case "path" | "table" | "file":
            return _path(bound, spec, parameter, text, around)
        case "json":
            return _json(parameter, text, around)
        case "url" | "number" | "boolean" | "text":
            return _PLAIN[parameter.type](parameter, text)
        case "list":
            if parameter.slot == "control" and "source" in name_key(parameter.name):
                return _path(bound, spec, parameter, text, around)
            return value
        case _:
            assert_never(parameter.type)


def _url(parameter: Parameter, text: str) -> JsonValue:
    if not _URL.match(text.strip()):
        raise ValueError(f"{parameter.name} is not a web address: {text[:80]}.")
    return text.strip()


def _path(
    bound: Bound, spec: AgentSpec, parameter: Parameter, text: str, around: Surroundings
) -> str:
    if "://" in text:
        raise ValueError(f"{parameter.name} is a web address; fetch it first with web.fetch.")
    path = project_path(text)
    if path is None:
        raise ValueError(f"{text[:80]} is outside the project's folder; files are kept beneath it.")
    if spec.effect is not EffectClass.READ:
        if path.endswith("/") or not path:
            path = f"{path}{slug(around.title)}.md"
            bound.assumptions.append(f"The file in {text} is called {path}.")
        _fits(spec, path)
        return path
    known = {one.path for one in around.request.readable}
    if path in known or path in around.written:
        return path
    same = [one for one in known if name_key(one) == name_key(path)]
    if len(same) == 1:
        return same[0]
    wrong = next((one for one in around.request.files if one.path == path and one.size), None)
    if wrong is not None:
        raise ValueError(f"{path} cannot be read: {wrong.problem}")
    raise ValueError(f"There is no file {path} in the project's folder; {_there_are(path, known)}")


def _fits(spec: AgentSpec, path: str) -> None:
    """Raises ValueError where the tool makes files of another kind than the name says."""
    what, endings = _ENDINGS.get(spec.name, ("", ()))
    if endings and PurePosixPath(path).suffix.casefold() not in endings:
        raise ValueError(f"{what}; end {path} in {listed(endings)}.")


def _there_are(path: str, known: set[str]) -> str:
    if not known:
        return "it has no files yet."
    near = nearest(path, known) or tuple(sorted(known))[:3]
    return f"there is {listed(near, word='and')}."


def _number(parameter: Parameter, text: str) -> JsonValue:
    try:
        number = float(text.replace(",", "").strip())
    except ValueError:
        raise ValueError(f"{parameter.name} is a number, not {text[:40]}.") from None
    if not math.isfinite(number):
        raise ValueError(f"{parameter.name} is a number, not {text[:40]}.")
    return int(number) if number.is_integer() else number


def _boolean(parameter: Parameter, text: str) -> JsonValue:
    plain = name_key(text)
    if plain in {"true", "yes", "1", "on"}:
        return True
    if plain in {"false", "no", "0", "off"}:
        return False
    raise ValueError(f"{parameter.name} is yes or no, not {text[:40]}.")


def _json(parameter: Parameter, text: str, around: Surroundings) -> JsonValue:
    if name_key(parameter.name) == "who":
        return _person(text, around)
    try:
        return read_json(text)
    except ValueError:
        raise ValueError(f"{parameter.name} is not JSON.") from None


def _person(text: str, around: Surroundings) -> JsonValue:
    if text.lstrip().startswith("{"):
        return Identity.model_validate(read_json(text)).model_dump(mode="json")
    wanted = name_key(text.strip().removeprefix("<").removesuffix(">").lstrip("@"))
    people = (*around.request.people, around.request.author)
    for person in people:
        if wanted in {name_key(person.user_id), name_key(person.display), name_key(person.key)}:
            return person.model_dump(mode="json")
    if not wanted:
        raise ValueError("nobody is named to be asked.")
    # A name without an account: the executor asks in the thread and whoever bears it answers.
    return {
        "platform": around.request.author.platform,
        "workspace": around.request.author.workspace,
        "user_id": "",
        "display": text.strip().lstrip("@"),
    }


def _text(_: Parameter, text: str) -> JsonValue:
    return text


_PLAIN: Mapping[str, Callable[[Parameter, str], JsonValue]] = {
    "url": _url,
    "number": _number,
    "boolean": _boolean,
    "text": _text,
}
