"""Drafters with a memory: templates first, then another drafter, then plans made before."""

from planner.draft import Draft
from planner.drafter_port import (
    Drafted,
    Drafter,
    Drafting,
    Earlier,
)
from planner.offline.drafter import AUTHOR
from planner.offline.past_plans import recalled
from planner.port import PlanRequest
from planner.templates.drafter import FromTemplate, from_template
from planner.templates.matching import NoSuch

SHIPPED = f"{AUTHOR}, own template"
"""How the author begins of a plan from a template that ships, whose SQL was tried before."""


class ExperiencedDrafter:
    """The offline planner as a whole. Deterministic: the same request and past, the same draft.

    A template that is named, or whose phrase is asked for and that leaves no word unread, comes
    first; then the grammar; where that declines, a plan that was approved for nearly the same words.
    """

    def __init__(self, grammar: Drafter) -> None:
        self._grammar = grammar

    async def draft(
        self, request: PlanRequest, *, known: tuple[str, ...], earlier: Earlier | None
    ) -> Drafting:
        """Draft from what fits best; every ending is a value."""
        if request.base is not None:
            return await self._grammar.draft(request, known=known, earlier=earlier)
        found = from_template(request, request.library)
        if isinstance(found, NoSuch):
            return Drafted(Draft(title="", declined=found.text), AUTHOR)
        if found is not None and (found.named or _fits(found)):
            return _drafted(found)
        ending = await self._grammar.draft(request, known=known, earlier=earlier)
        if isinstance(ending, Drafted) and not ending.draft.tasks:
            return _instead(request, found) or ending
        return ending


class TemplateFirst:
    """A drafter that need not be asked where a template is named and says it all."""

    def __init__(self, drafter: Drafter) -> None:
        self._drafter = drafter

    async def draft(
        self, request: PlanRequest, *, known: tuple[str, ...], earlier: Earlier | None
    ) -> Drafting:
        """The named template, filled; else what the drafter makes of it."""
        if request.base is None and not (earlier and earlier.problems):
            found = from_template(request, request.library)
            if isinstance(found, FromTemplate) and found.named and found.draft.tasks:
                return _drafted(found)
        return await self._drafter.draft(request, known=known, earlier=earlier)


def _fits(found: FromTemplate) -> bool:
    return bool(found.draft.tasks) and not found.unread


def _instead(request: PlanRequest, found: FromTemplate | None) -> Drafted | None:
    """What stands in where the grammar declines: a past plan, or what a template lacks."""
    before = recalled(request)
    if before is not None:
        return Drafted(before.draft, before.author, (before.remark,))
    return _drafted(found) if found is not None and not found.unread else None


def _drafted(found: FromTemplate) -> Drafted:
    remarks = (found.remark,) if found.draft.tasks else ()
    kind = SHIPPED if found.template.source == "library" else f"{AUTHOR}, template"
    return Drafted(found.draft, f"{kind} {found.template.name}", remarks)
