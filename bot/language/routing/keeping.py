"""When words teach or have something forgotten: only where they say so outright. Pure."""

from typing import Final

from bot.language.intents import DidYouMean, Forget, Teach
from bot.language.remembering import defines, firmly, remembering
from bot.language.state import ConversationState
from bot.language.table import BY_NAME
from planner.understanding.arguments import missing
from planner.understanding.lasting import is_lasting
from planner.understanding.utterance import Control, Kind, Unclear, Utterance

_ELSEWHERE: Final = frozenset[Kind]({"work", "teach", "change", "forget"})
"""What words that begin like teaching ("always …") may be all the same, or are anyway."""


def memory_of(
    said: Utterance, text: str, state: ConversationState
) -> Teach | Forget | DidYouMean | None:
    """What is to be kept or forgotten; None for other words. What the router takes for teaching
    by likeness alone is asked about.
    """
    if (state.questions and not defines(text)) or (
        said.kind in {"change", "control"} and state.plan
    ):
        return None
    firm = firmly(text, ordered=_moves_rights(said))
    if firm is not None:
        return firm
    if said.kind == "teach" and not is_lasting(text):
        return DidYouMean(candidates=("rule.teach", "request.ask"))
    taught = None if _is_elsewhere(said) else remembering(text)
    return taught if isinstance(taught, Teach) else None


def _is_elsewhere(said: Utterance) -> bool:
    """Whether it may be work, or is read as something of memory by itself."""
    if isinstance(said, Unclear):
        return BY_NAME[said.candidates[0]].kind in _ELSEWHERE
    return said.kind in _ELSEWHERE


def _moves_rights(said: Utterance) -> bool:
    """Whether rights or money are moved, with all that takes: neither can be taught."""
    if not isinstance(said, Control) or BY_NAME[said.action].safe:
        return False
    takes = [item for item in BY_NAME[said.action].takes if item.required and item.kind != "text"]
    return bool(takes) and not missing(takes, said.arguments)
