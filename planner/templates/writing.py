"""A template as the text of its file: what `reading` reads back as the same template. Pure."""

from collections.abc import Sequence

import yaml
from pydantic import JsonValue

from planner.draft import DraftInput
from planner.template import Template, TemplateTask
from planner.templates.reading import VERSION

LINE = 100


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks, everything else as it comes."""

    def ignore_aliases(self, data: object) -> bool:
        """Never an alias: the reader refuses them."""
        del data
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def written_template(template: Template) -> str:
    """The YAML."""
    fields: dict[str, JsonValue] = {
        "template": VERSION,
        "name": template.name,
        "title": template.title,
        "description": template.description,
        "phrases": list(template.phrases),
    }
    if template.plan_title:
        fields["plan_title"] = template.plan_title
    if template.properties:
        fields["parameters"] = {
            "type": "object",
            "required": list(template.parameters.required),
            "properties": {
                name: parameter.model_dump(mode="json", by_alias=True, exclude_defaults=True)
                for name, parameter in template.properties.items()
            },
        }
    fields["tasks"] = [_task(task) for task in template.tasks]
    if template.assumptions:
        fields["assumptions"] = list(template.assumptions)
    return yaml.dump(fields, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=LINE)


def _task(task: TemplateTask) -> dict[str, JsonValue]:
    fields = task.model_dump(mode="json", exclude_defaults=True, exclude={"inputs"})
    if task.inputs:
        fields["inputs"] = _inputs(task.inputs)
    return fields


def _inputs(inputs: Sequence[DraftInput]) -> dict[str, JsonValue]:
    drafted: dict[str, list[JsonValue]] = {}
    for given in inputs:
        drafted.setdefault(given.name, []).append(_input(given))
    return {name: items[0] if len(items) == 1 else items for name, items in drafted.items()}


def _input(given: DraftInput) -> JsonValue:
    if given.value is not None:
        return given.value
    if given.from_task is not None:
        return {"from": given.from_task}
    return {"item": given.item or ""}
