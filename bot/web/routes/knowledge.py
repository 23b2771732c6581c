"""Knowledge: what the project knows, and what it was taught."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from bot.actions.teaching import ForgetRules, TeachRule, forget, teach
from bot.queries.about.knowledge import knowledge
from bot.queries.about.taught import taught_here
from bot.web.shapes.common import InProject, Number, Page
from bot.web.shapes.knowledge import Found, RuleLine, known_line, rule_line
from bot.web.state import Decides, Reads
from memory.model.base import Model
from memory.model.errors import NotFound

router = APIRouter(tags=["knowledge"])


class Lesson(Model):
    """Something to know or to heed. `everyone`: for the whole project."""

    project: str = Field(default="", max_length=200)
    text: str = Field(min_length=1, max_length=500)
    everyone: bool = False


@router.get("/knowledge")
async def search(
    visit: Reads, project: InProject = "", q: Annotated[str, Query(max_length=400)] = ""
) -> Found:
    """What is known about some words, or the newest."""
    async with visit.looking(project) as asking:
        found = await knowledge(asking, q)
    return Found(items=tuple(map(known_line, found.known)), total=found.total)


@router.get("/rules")
async def list_rules(visit: Reads, project: InProject = "") -> Page[RuleLine]:
    """What was taught here, and what you taught for yourself."""
    async with visit.looking(project) as asking:
        found = await taught_here(asking)
    return Page(items=tuple(map(rule_line, (*found.rules, *found.proposed))))


@router.post("/rules", status_code=201)
async def teach_rule(visit: Decides, given: Lesson) -> Page[RuleLine]:
    """Teach something; the rule as it was kept, none where it became a preference."""
    meant = await visit.project(given.project)
    kept = await visit.act(meant, teach, TeachRule(text=given.text, everyone=given.everyone))
    return Page(items=(rule_line(kept.rule),) if kept.rule else ())


@router.delete("/rules/{number}")
async def forget_rule(visit: Decides, number: Number, project: InProject = "") -> Page[RuleLine]:
    """Forget what was taught under this number."""
    meant = await visit.project(project)
    gone = await visit.act(meant, forget, ForgetRules(number=number))
    if not gone.rules:
        raise NotFound("There's no rule {number} here that you could forget.", number=number)
    return Page(items=tuple(map(rule_line, gone.rules)))
