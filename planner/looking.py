"""The stages only a model has: looking at things before it drafts, and drafting another way."""

from memory.model.text import text
from planner.draft import Draft
from planner.drafter_chain import named
from planner.drafter_port import Drafted, Looked, Looker, Wants
from planner.llms import looking
from planner.llms.looking import Look
from planner.llms.repeats import situation_of
from planner.llms.second_draft import disagreement, uncertain
from planner.stages import Slots, Work, drafted_by_model, taken


async def look(slots: Slots, work: Work) -> dict[str, object]:
    """One turn: a draft, or one more look, whose result waits for the next turn.

    Nothing of it where there is nothing to look at: then the draft is written at once.
    """
    request = work.request
    if not _fresh(slots, work):
        return {"looks": False}
    situation = slots["situation"] or await situation_of(request, work.eyes)
    made = named(request) or await _again(situation, work)
    if made is not None:
        return {**taken(made, work, slots["remarks"]), "looks": False}
    if work.looker is None or work.eyes is None or not looking.useful(request):
        return {"looks": False, "situation": situation}
    return {**await _turn(slots, work, work.looker, work.eyes), "situation": situation}


async def _turn(slots: Slots, work: Work, looker: Looker, eyes: Look) -> dict[str, object]:
    request = work.request
    looked = Looked.model_validate_json(slots["looked"]) if slots["looked"] else Looked()
    if not looked.messages:
        work.say(work.drafting)
    ending = await looker.look(request, known=tuple(slots["known"]), looked=looked)
    if not isinstance(ending, Wants):
        return {**await drafted_by_model(ending, slots, work), "looks": False}
    before = looked.messages if looked.model == ending.model else ()
    turn = ending.turn.without(after=looking.USES)
    results = []
    for use in turn.uses:
        work.say(looking.stage(use))
        results.append(await looking.given(use, request, eyes, work.recall))
    work.say(work.drafting)
    now = Looked(model=ending.model, messages=(*before, turn, *results))
    return {"looked": now.model_dump_json(), "looks": True}


async def second(slots: Slots, work: Work) -> dict[str, object]:
    """Where it is uncertain what is meant, draft again: the difference is the question."""
    first = Draft.model_validate_json(slots["draft"])
    if work.looker is None or slots["offline"] or not uncertain(work.request, first):
        return {}
    work.say(text("drafting it another way…"))
    other = await work.looker.again(work.request, known=tuple(slots["known"]))
    if not isinstance(other, Drafted) or not other.draft.tasks:
        return {}
    gap = disagreement(first, other.draft, work.request.catalogue)
    if gap is None:
        return {}
    return {"draft": first.model_copy(update={"gaps": (gap,)}).model_dump_json()}


def _fresh(slots: Slots, work: Work) -> bool:
    new = work.request.base is None and not work.request.answers
    return new and not slots["draft"] and not slots["rounds"] and not slots["offline"]


async def _again(situation: str, work: Work) -> Drafted | None:
    """The draft of the same request in the same situation."""
    found = await work.repeats.find(work.request, situation) if situation else None
    if found is None:
        return None
    remark = text("Planned as before: it's the same request, and nothing has changed since.")
    return Drafted(Draft.model_validate_json(found.draft), found.author, (remark,))
