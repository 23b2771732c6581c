"""Drafters with a memory: templates first, then another drafter, then plans made before."""

import asyncio
from dataclasses import replace

from memory.model.work.plan import FROM_TEMPLATE
from planner.catalogue.drafter import ToolDrafter
from planner.catalogue.learning import Learning
from planner.catalogue.meanings import Meanings
from planner.catalogue.straying import nobody_for
from planner.coverage.agents import handed, nobody_here
from planner.draft import Draft
from planner.drafter_port import Drafted, Drafter, Drafting, Earlier
from planner.jobs.reading import Job, job
from planner.jobs.wording import bare
from planner.lexicon.orders import open_order
from planner.missing.asking import Lacking, lacking
from planner.missing.beyond import beyond, sentence, unread
from planner.missing.charts import Drawable, drawable, refused
from planner.missing.delivery import LEAVE, Parted, without_delivery
from planner.missing.readings import READINGS, TEXTS, with_gaps, withheld
from planner.missing.vague import instead
from planner.offline.drafter import AUTHOR, plan_offline
from planner.port import PlanRequest
from planner.questions.offers import asks
from planner.sentences.heart import heart_of
from planner.templates.drafter import FromTemplate, from_template
from planner.templates.matching import NoSuch
from planner.templates.past_plans import recalled
from planner.tools import CHART, QUERY

SMALL_JOB = f"{AUTHOR}, small job"
"""The author of plans for jobs whose every word was read."""
SHIPPED = f"{AUTHOR}, own {FROM_TEMPLATE}"
"""How authors of plans from shipped templates begin; the SQL of those templates was checked."""


class ExperiencedDrafter:
    """The offline planner as a whole. Deterministic: the same request and past, the same draft.

    A template that is named, or whose phrase is asked for and that leaves no word unread, comes
    first; then a small job that leaves none; then the grammar. Where that declines, or has no place
    for what the words say, a plan that was approved for nearly the same words, or the tools of
    servers and services that the words mean.
    """

    def __init__(self, grammar: Drafter, learning: Learning | None = None) -> None:
        self._grammar = grammar
        self._tools = ToolDrafter(learning or Learning(None, Meanings(lambda: None, None)))

    async def draft(
        self, request: PlanRequest, *, known: tuple[str, ...], earlier: Earlier | None
    ) -> Drafting:
        """Draft from what fits best; every ending is a value."""
        if request.base is not None:
            return await self._grammar.draft(request, known=known, earlier=earlier)
        order = open_order(bare(request.text))
        if order:
            request = request.model_copy(update={"text": order})
        if missing := nobody_here(request):
            return Drafted(Draft(title="", declined=missing), AUTHOR)
        plain = drawable(request.text)
        if plain is not None:
            return await self._drawn(plain, request)
        at_once, near = await asyncio.to_thread(self._at_once, request)
        return at_once or await self._heard(request) or await self._open(request, near)

    async def _heard(self, request: PlanRequest) -> Drafted | None:
        """The draft of what is asked in a message that says more; None where tools can't do it."""
        said = heart_of(request.text, request.readable)
        if said.words == request.text:
            return None
        ending = await self._draft(request.model_copy(update={"text": said.words}))
        if not isinstance(ending, Drafted) or not _by_tools(ending.draft):
            return None
        assumptions = (*ending.draft.assumptions, *said.told)
        draft = ending.draft.model_copy(update={"assumptions": assumptions})
        return replace(ending, draft=draft)

    async def _drawn(self, plain: Drawable, request: PlanRequest) -> Drafting:
        """The draft with a chart that can be drawn, which says so; else why there is none."""
        ending = await self._draft(request.model_copy(update={"text": plain.words}))
        if not isinstance(ending, Drafted) or not any(
            task.type == CHART.name for task in ending.draft.tasks
        ):
            return Drafted(Draft(title="", declined=refused(request.text)), AUTHOR)
        assumptions = (*ending.draft.assumptions, plain.left)
        return replace(ending, draft=ending.draft.model_copy(update={"assumptions": assumptions}))

    async def _draft(self, request: PlanRequest) -> Drafting:
        at_once, near = await asyncio.to_thread(self._at_once, request)
        return at_once or await self._open(request, near)

    def _at_once(self, request: PlanRequest) -> tuple[Drafted | None, FromTemplate | None]:
        """The draft of a template or a small job; else the template that came nearest."""
        made = from_template(request, request.library)
        if isinstance(made, NoSuch):
            return Drafted(Draft(title="", declined=made.text), AUTHOR), None
        if made is not None and (made.named or _fits(made)):
            return _drafted(made), made
        small = job(request)
        return (None if small is None else _of_job(small)), made

    async def _open(self, request: PlanRequest, near: FromTemplate | None) -> Drafting:
        """The draft of what is no template's and no small job's."""
        undelivered = await asyncio.to_thread(_undelivered, request)
        if undelivered is not None:
            return await self._tools.draft(request) or undelivered
        open_ = await asyncio.to_thread(lacking, request, READINGS)
        if open_ is not None:
            return await self._asking(open_, request)
        return await self._read(request, near)

    async def _asking(self, open_: Lacking, request: PlanRequest) -> Drafting:
        """The draft with the answers in it, and the questions that are left."""
        if open_.withheld:
            return Drafted(Draft(title="", declined=withheld(open_)), AUTHOR)
        told = request.model_copy(update={"text": open_.words})
        again = open_.settled and open_.words != request.text
        ending = await (self._draft(told) if again else self._read(request))
        if not isinstance(ending, Drafted) or not ending.draft.tasks:
            return await self._asking_else(request) or _in_their_words(ending, open_, request)
        return replace(ending, draft=with_gaps(ending.draft, open_))

    async def _asking_else(self, request: PlanRequest) -> Drafting | None:
        """The draft of what else may be meant where nobody can do what the words leave open."""
        open_ = await asyncio.to_thread(lacking, request, (instead,))
        if open_ is None or open_.withheld:
            return None
        ending = await self._draft(request.model_copy(update={"text": open_.words}))
        if not isinstance(ending, Drafted) or not ending.draft.tasks:
            return None
        return replace(ending, draft=with_gaps(ending.draft, open_))

    async def _read(self, request: PlanRequest, made: FromTemplate | None = None) -> Drafting:
        ending = await self._grammar.draft(request, known=(), earlier=None)
        return await self._weighed(ending, made, request) if isinstance(ending, Drafted) else ending

    async def _weighed(
        self, ending: Drafted, made: FromTemplate | None, request: PlanRequest
    ) -> Drafted:
        """What the grammar made, or what stands in for it."""
        if not ending.draft.tasks:
            late = await asyncio.to_thread(job, request, late=True)
            before = _recalled(request) if late is None else _of_job(late)
            return (
                before
                or await self._tools.draft(request)
                or _template(made)
                or _nearest(request, ending.draft)
                or ending
            )
        if _only_looks(ending.draft):
            nearer = _nearest(request, ending.draft)
            if nearer is not None:
                return await self._tools.draft(request) or nearer
        named = any(not agent.forbidden for agent in handed(request))
        if not named and await self._tools.means_others(ending.draft, request):
            declined = Draft(title="", declined=nobody_for(request))
            return await self._tools.draft(request) or Drafted(declined, AUTHOR)
        return ending


class TemplateFirst:
    """A drafter that need not be asked where a template is named and says it all."""

    def __init__(self, drafter: Drafter) -> None:
        self._drafter = drafter

    async def draft(
        self, request: PlanRequest, *, known: tuple[str, ...], earlier: Earlier | None
    ) -> Drafting:
        """The named template, filled; else what the drafter makes of it."""
        made = None if earlier and earlier.problems else named(request)
        return made or await self._drafter.draft(request, known=known, earlier=earlier)


def named(request: PlanRequest) -> Drafted | None:
    """The plan of a template that a new request names, where it says it all; or what has to be
    asked first, whoever plans."""
    made = from_template(request, request.library) if request.base is None else None
    if isinstance(made, FromTemplate) and made.named and made.draft.tasks:
        return _drafted(made)
    return _unsaid(request)


def _unsaid(request: PlanRequest) -> Drafted | None:
    """The questions of a work on texts that says nothing of its subject: no model need be asked."""
    open_ = lacking(request, TEXTS)
    if open_ is None or open_.answered or open_.withheld:
        return None
    draft = plan_offline(request)
    return Drafted(with_gaps(draft, open_), AUTHOR) if draft.tasks else None


def _in_their_words(ending: Drafting, open_: Lacking, request: PlanRequest) -> Drafting:
    """The refusal, which quotes what the person said and not what it was taken for."""
    if not isinstance(ending, Drafted):
        return ending
    declined = ending.draft.declined.replace(open_.words, request.text)
    return replace(ending, draft=ending.draft.model_copy(update={"declined": declined}))


def _by_tools(draft: Draft) -> bool:
    """Whether it is work of tools alone: who writes is told every word of a request."""
    return bool(draft.tasks) and not any(task.instruction for task in draft.tasks)


def _only_looks(draft: Draft) -> bool:
    """Whether nothing is done but looking things up in the files."""
    return all(task.type in {QUERY.name, "files.read"} for task in draft.tasks)


def _nearest(request: PlanRequest, made: Draft) -> Drafted | None:
    """Why work is out of reach here, and what is nearest; None where it isn't, or what was made of it
    is the work.
    """
    kind = beyond(request.text)
    if kind is None or (made.tasks and not unread(kind, request, made.gaps)):
        return None
    return Drafted(Draft(title="", declined=sentence(kind, request)), AUTHOR)


def _undelivered(request: PlanRequest) -> Drafted | None:
    """Where a result is to go where nothing reaches: all the rest, and whether that is wanted; None
    where there is nothing like it, or the rest asks nothing.
    """
    parted = without_delivery(request) if request.base is None else None
    if parted is None or not asks(parted.rest, request.readable):
        return None
    gap = parted.gap
    if any(answer.slot == gap.slot and answer.value == LEAVE for answer in request.answers):
        return Drafted(
            Draft(title="", declined=parted.left),
            AUTHOR,
        )
    draft = _rest(parted, request)
    more = {"gaps": (gap, *draft.gaps), "assumptions": (*draft.assumptions, parted.said)}
    return Drafted(draft.model_copy(update=more if draft.tasks else {}), AUTHOR)


def _rest(parted: Parted, request: PlanRequest) -> Draft:
    """The plan of the rest, or why there is none."""
    for way in ("{}", "show {}"):
        rest = request.model_copy(update={"text": way.format(parted.rest)})
        small = job(rest)
        draft = small.draft if small is not None else plan_offline(rest)
        if draft.tasks:
            return draft
    return Draft(title="", declined=sentence(parted.kind, request))


def _of_job(small: Job) -> Drafted:
    return Drafted(small.draft, SMALL_JOB if small.whole else AUTHOR)


def _fits(made: FromTemplate) -> bool:
    return bool(made.draft.tasks) and not made.unread


def _recalled(request: PlanRequest) -> Drafted | None:
    """A plan that was approved for nearly the same words."""
    before = recalled(request)
    return None if before is None else Drafted(before.draft, before.author, (before.remark,))


def _template(made: FromTemplate | None) -> Drafted | None:
    """What a template lacks, where it would have fitted."""
    return _drafted(made) if made is not None and not made.unread else None


def _drafted(made: FromTemplate) -> Drafted:
    remarks = (made.remark,) if made.draft.tasks else ()
    kind = SHIPPED if made.template.source == "library" else f"{AUTHOR}, {FROM_TEMPLATE}"
    return Drafted(made.draft, f"{kind}{made.template.name}", remarks)
