"""A template out of a file's text. The text is anybody's: capped, plain, checked. Pure."""

from collections.abc import Iterable

import yaml
from pydantic import JsonValue, ValidationError

from memory.model.errors import BadInput
from memory.model.text import text
from planner.template import Library, Template, inputs_of, plain

FILE_CHARS = 40_000
"""The longest template file."""

FILES = 100
"""As many templates as a project may have."""

DEPTH = 12
VERSION = 1
_KEYS = {
    "template", "name", "title", "description", "phrases", "plan_title", "parameters", "tasks",
    "assumptions",
}  # fmt: skip


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # C where it is built
    """Safe YAML in which "on" and "no" are words, dates are text, and no key is given twice."""

    yaml_implicit_resolvers = {
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag != "tag:yaml.org,2002:timestamp"
            and (tag != "tag:yaml.org,2002:bool" or first in "tTfF")
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, JsonValue]:  # noqa: FBT001, FBT002 - PyYAML's signature
        keys = [key.value for key, _ in node.value]
        if len(set(keys)) != len(keys):
            line = node.start_mark.line + 1
            raise BadInput("line {line} gives a key twice", line=line)
        made: dict[str, JsonValue] = super().construct_mapping(node, deep=deep)
        return made


def read_template(source: str, *, file: str, own: bool = False) -> Template:
    """The template in the text. Raises BadInput, whose sentence names the file and the mistake.

    `own`: it is the project's, not one that ships.
    """
    try:
        return Template.model_validate(_fields(_plain(source), own=own))
    except (BadInput, ValueError, yaml.YAMLError, RecursionError) as error:
        raise BadInput(
            "I can't use the template {file}: {problem}.", file=file, problem=_why(error)
        ) from error


def collect(shipped: Iterable[Template], own: Iterable[tuple[str, str]]) -> Library:
    """The library of a project: `own` are names and texts of its files; they go before."""
    problems: list[str] = []
    used: dict[str, tuple[str, Template]] = {}
    for number, (file, source) in enumerate(own):
        if number >= FILES:
            problems.append(
                text(
                    "A project can have at most {most} templates; the rest is left out.", most=FILES
                )
            )
            break
        try:
            template = read_template(source, file=file, own=True)
        except BadInput as error:
            problems.append(error.user_text)
            continue
        other, _ = used.setdefault(plain(template.name), (file, template))
        if other != file:
            problems.append(
                text(
                    "{file} and {used} are both the template {name}, so only {used} is used; rename "
                    "one of them.",
                    file=file,
                    used=other,
                    name=template.name,
                )
            )
    kept = [template for _, template in used.values()]
    rest = [template for template in shipped if plain(template.name) not in used]
    return Library(templates=(*kept, *rest), problems=tuple(problems))


def _plain(source: str) -> JsonValue:
    if len(source) > FILE_CHARS:
        raise BadInput("it has more than {most:,} characters", most=FILE_CHARS)
    depth = 0
    for event in yaml.parse(source, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadInput("anchors and aliases aren't read; write the text out")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            raise BadInput("it's nested too deep")
    loaded: JsonValue = yaml.load(source, Loader=_Loader)  # noqa: S506 - a safe loader, see above
    return loaded


def _fields(raw: JsonValue, *, own: bool) -> dict[str, JsonValue]:
    if not isinstance(raw, dict):
        raise BadInput("it has no fields")
    for key in sorted(str(key) for key in set(raw) - _KEYS):
        raise BadInput("it has a field {key!r}, which isn't known", key=key)
    if raw.pop("template", None) != VERSION:
        raise BadInput("it doesn't begin with `template: {version}`", version=VERSION)
    if isinstance(tasks := raw.get("tasks"), list):
        raw["tasks"] = [_task(task) for task in tasks]
    return {**raw, "source": "project" if own else "library"}


def _task(raw: JsonValue) -> JsonValue:
    if not isinstance(raw, dict):
        return raw
    return {**raw, "inputs": inputs_of(raw.get("inputs", []))}


def _why(error: Exception) -> str:
    match error:
        case BadInput():
            return error.user_text
        case ValidationError():
            first = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            message = first["msg"].removeprefix("Value error, ").rstrip(".")
            return f"{place}: {message}" if place else message
        case yaml.MarkedYAMLError(problem_mark=mark, problem=problem) if mark is not None:
            return text("line {line} isn't YAML ({problem})", line=mark.line + 1, problem=problem)
        case RecursionError():
            return text("it's nested too deep")
        case _:
            return " ".join(str(error).split())[:300].rstrip(".")
