"""Whether a message only asks, or orders something too. Pure."""

import re
from typing import Final

from planner.lexicon.tokens import clauses, tokens
from planner.lexicon.verbs import VERBS, Act, order_begins

_OPENS: Final = re.compile(
    r"^\W*(?:(?:and|so|but|ok|okay|hey|hi|hello|well|now|also|please|can|could|you|tell|me)\b[ ,]*)*"
    r"(?:how|what|what's|whats|which|who|whose|who's|when|where|is|are|was|were|do|does|did|has|have|had|any)\b",
    re.IGNORECASE,
)
_ASKS: Final = frozenset({Act.QUERY, Act.UNKNOWN})


def only_asks(words: str) -> bool:
    """Whether it is a question, and no order follows: "how many …?", but not "…, and send it to Bo"."""
    if not _OPENS.match(words):
        return False
    _, *rest = clauses(tokens(words), order_begins)
    return all(VERBS.get(clause[0].low, Act.UNKNOWN) in _ASKS for clause in rest)
