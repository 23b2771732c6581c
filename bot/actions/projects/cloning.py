"""A new project like another one: its terms of work, never what was done or said in it."""

import asyncio
from typing import Final

from bot.actions.act import Act, action
from bot.actions.projects.gate import managed
from bot.actions.projects.lifecycle import new_project
from bot.actions.roles import owns
from executor.egress.files import ProjectFiles
from memory.model.authority import About, Right
from memory.model.base import Model, ProjectId, sha256
from memory.model.budget import Scope, placed
from memory.model.errors import Conflict
from memory.privacy.redaction import redact
from memory.store.knowledge import projects, rules
from memory.store.money import budgets
from memory.store.planning import policies
from planner.templates.library import own_files

_COPIED: Final[frozenset[Scope]] = frozenset({"project", "agent", "template"})
"""Budgets for these; those of people, schedules and runs stay where they are."""


class CloneProject(Model):
    """What the copy is called."""

    name: str


class ProjectCloned(Model):
    """The copy, and how many of each kind it got.

    `configured`: orchestra.toml has settings for the one it was made of, which don't hold for it.
    """

    project: ProjectId
    name: str
    folder: str
    source: str
    budgets: int
    templates: int
    agent_rules: int
    policies: int = 0
    configured: bool


@action("project.clone")
async def clone(act: Act, given: CloneProject) -> ProjectCloned:
    """Make a project with the act's project's budgets, policies, templates and rules about agents.

    Files, runs, knowledge, people and money spent stay behind, and so do schedules: they stand on
    approvals given there. Raises NotAllowed, BadInput, Conflict (also where a policy was forged).
    """
    source = await managed(act)
    act.must(Right.CREATE_PROJECT, About(admin=act.admin, owns=await owns(act)))
    made = await new_project(act, given.name)
    cloned = ProjectCloned(
        project=made.project,
        name=made.name,
        folder=made.folder,
        source=source.name,
        policies=await _policies(act, made.project),
        budgets=await _budgets(act, made.project),
        templates=await _templates(act, made.project),
        agent_rules=await _rules(act, made.project),
        configured=act.desk.settings.project(source.name) is not None,
    )
    await act.record("project.cloned", on=act.project, copy=made.project)
    return cloned


async def _budgets(act: Act, to: ProjectId) -> int:
    found = await budgets.budgets_of(act.tx, act.project)
    copied = [budget for budget in found if budget.scope in _COPIED]
    for budget in copied:
        own = placed(
            budget.model_copy(update={"project": to}), await budgets.budgets_of(act.tx, to)
        )
        await budgets.keep(act.tx, own, at=act.now)
    return len(copied)


async def _templates(act: Act, to: ProjectId) -> int:
    found = await asyncio.to_thread(own_files, await projects.root(act.tx, act.project))
    files = ProjectFiles(await projects.root(act.tx, to))
    for path, text in found:
        await asyncio.to_thread(files.write, path, redact(text).encode())
    return len(found)


async def _rules(act: Act, to: ProjectId) -> int:
    """What was decided about agents for everyone; whoever copies it says it now."""
    found = await rules.known(act.tx, act.project, "")
    about_agents = [rule for rule in found if rule.routing is not None and not rule.person]
    for rule in about_agents:
        update = {
            "id": f"rule_{sha256(f'{to}:{rule.id}'.encode())[:20]}",
            "project": to,
            "number": 0,
            "author": act.person.key,
            "author_name": act.person.display,
            "source": "",
            "evidence": None,
            "replaces": 0,
            "at": act.now,
        }
        await rules.keep(act.tx, rule.model_copy(update=update))
    return len(about_agents)


async def _policies(act: Act, to: ProjectId) -> int:
    """Who has to approve what; people who are named stay named. Whoever copies it says it now."""
    found = await policies.rules(act.tx, act.project)
    forged = next((stored for stored in found if not stored.holds), None)
    if forged is not None:
        raise Conflict(
            "Policy {number} was changed outside Orchestra, so I don't copy it. Set it again or "
            "remove it first.",
            number=forged.number,
        )
    for stored in found:
        await policies.put(act.tx, to, stored.rule, by=act.person, at=act.now)
    return len(found)
