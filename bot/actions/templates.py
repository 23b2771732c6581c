"""Keeping templates in the project's folder, and approved plans where they are found again."""

import asyncio

from bot.actions.act import Act, action
from executor.egress.files import ProjectFiles
from memory.model.authority import Right
from memory.model.base import Model, PlanHash
from memory.model.errors import Conflict
from memory.store.knowledge import projects
from planner.templates.library import FOLDER, library
from planner.templates.reading import read_template


class SaveTemplate(Model):
    """A template as YAML, and the plan it was made of, if any. `replace`: even a taken name."""

    text: str
    plan: PlanHash = PlanHash("")
    replace: bool = False


class TemplateSaved(Model):
    """It can be used by this name; `path` is beneath the project's folder."""

    name: str
    path: str


@action("template.save")
async def save(act: Act, given: SaveTemplate) -> TemplateSaved:
    """Check it and write its file. Raises NotAllowed, BadInput, Conflict (the name is taken)."""
    act.must(Right.ASK)
    template = read_template(given.text, file="template", own=True)
    path = f"{FOLDER}/{template.name}.yaml"
    files = ProjectFiles(await projects.root(act.tx, act.project))
    await asyncio.to_thread(_write, files, path, template.name, given)
    await act.record("template.saved", on=given.plan or f"template:{template.name}", path=path)
    return TemplateSaved(name=template.name, path=path)


def _write(files: ProjectFiles, path: str, name: str, given: SaveTemplate) -> None:
    there, data = files.kind(path), given.text.encode()
    if given.plan and there == "file" and files.read(path) == data:
        return  # saved before, of the same plan
    other = library(files.root).find(name)
    if not given.replace and (there or (other and other.source == "project")):
        raise Conflict(
            "There's already a template {name} here. Use another name, for example {name}-2.",
            name=name,
        )
    files.write(path, data)
