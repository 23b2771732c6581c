"""A template out of a file's text. The text is anybody's: capped, plain, checked. Pure."""

from collections.abc import Iterable

import yaml
from pydantic import JsonValue, ValidationError

from memory.model.errors import BadInput
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
        keys = [one.value for one, _ in node.value]
        if len(set(keys)) != len(keys):
            raise ValueError(f"line {node.start_mark.line + 1} gives a key twice")
        made: dict[str, JsonValue] = super().construct_mapping(node, deep=deep)
        return made


def read_template(text: str, *, file: str, own: bool = False) -> Template:
    """The template in the text. Raises BadInput, whose sentence names the file and the mistake.

    `own`: it is the project's, not one that ships.
    """
    try:
        return Template.model_validate(_fields(_plain(text), own=own))
    except ValidationError as error:
        raise BadInput(
            "The template {file} cannot be used: {error}.", file=file, error=_told(error)
        ) from error
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise BadInput(
            "The template {file} cannot be used: {error}.", file=file, error=_why(error)
        ) from error


def collect(shipped: Iterable[Template], own: Iterable[tuple[str, str]]) -> Library:
    """The library of a project: `own` are names and texts of its files; they go before."""
    problems: list[str] = []
    found: dict[str, tuple[str, Template]] = {}
    for number, (file, text) in enumerate(own):
        if number >= FILES:
            problems.append(f"A project has at most {FILES} templates; the rest is left out.")
            break
        try:
            template = read_template(text, file=file, own=True)
        except BadInput as error:
            problems.append(error.user_text)
            continue
        other = found.get(plain(template.name))
        if other is not None:
            problems.append(
                f"{file} and {other[0]} are both the template {template.name}; rename one. "
                f"{other[0]} is used."
            )
            continue
        found[plain(template.name)] = (file, template)
    kept = [template for _, template in found.values()]
    rest = [one for one in shipped if plain(one.name) not in found]
    return Library(templates=(*kept, *rest), problems=tuple(problems))


def _plain(text: str) -> JsonValue:
    if len(text) > FILE_CHARS:
        raise ValueError(f"it has more than {FILE_CHARS:,} characters")
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ValueError("anchors and aliases are not read; write the text out")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            raise ValueError("it is nested too deep")
    loaded: JsonValue = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, see above
    return loaded


def _fields(raw: JsonValue, *, own: bool) -> dict[str, JsonValue]:
    if not isinstance(raw, dict):
        raise ValueError("it holds no fields")  # noqa: TRY004 - told like the others
    unknown = sorted(str(key) for key in set(raw) - _KEYS)
    if unknown:
        raise ValueError(f"it has a field {unknown[0]!r}, which is not known")
    if raw.get("template") != VERSION:
        raise ValueError(f"it does not begin with `template: {VERSION}`")
    fields = {key: value for key, value in raw.items() if key != "template"}
    fields["source"] = "project" if own else "library"
    tasks = fields.get("tasks")
    if isinstance(tasks, list):
        fields["tasks"] = [
            {**task, "inputs": inputs_of(task.get("inputs", []))}
            if isinstance(task, dict)
            else task
            for task in tasks
        ]
    return fields


def _told(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{place}: {message}" if place else message


def _why(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1} is no YAML ({error.problem})"
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    return " ".join(str(error).split())[:300].rstrip(".")
