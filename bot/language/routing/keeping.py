"""When words teach or have something forgotten: only where they say so outright. Pure."""

from typing import Final

from bot.language.intents import DidYouMean, Forget, Teach
from bot.language.remembering import firmly, has_frame, remembering
from bot.language.state import ConversationState
from planner.understanding.utterance import Kind, Utterance

_ELSEWHERE: Final = frozenset[Kind]({"work", "teach", "change", "forget"})
"""What words that begin like teaching ("always …") may be all the same, or are anyway."""


def memory_of(
    said: Utterance, text: str, state: ConversationState
) -> Teach | Forget | DidYouMean | None:
    """What is to be kept or forgotten; None for other words. What the router takes for teaching
    by likeness alone is asked about.
    """
    if state.questions or (said.kind in {"change", "control"} and state.plan):
        return None
    firm = firmly(text)
    if firm is not None:
        return firm
    if said.kind == "teach" and not has_frame(text):
        return DidYouMean(candidates=("rule.teach", "request.ask"))
    taught = None if said.kind in _ELSEWHERE else remembering(text)
    return taught if isinstance(taught, Teach) else None
