"""Words about what the bot remembers: wishes, forgetting, and what there is. Pure."""

import re
from typing import Final

from bot.language.intents import Forget, Named, Prefer
from planner.preferences import wish

_LIST: Final = re.compile(
    r"^(?:(?:what|which)(?: things| preferences)? do you (?:remember|know|have)(?: (?:about|of) (?:me|us|this project))?"
    r"|(?:show |list )?(?:my |our |the )?preferences|what do (?:i|we) (?:always )?prefer)[?.!]?$",
    re.IGNORECASE,
)
_FORGET: Final = re.compile(
    r"^(?:please )?forget (?:"
    r"(?P<that>that|this|that one|the last (?:one|preference)|what i (?:just )?said)"
    r"|(?P<all>everything(?: (?:about me|you (?:know|remember)(?: about me)?))?|all(?: of)? my (?:preferences|answers)|me)"
    r"|(?:that (?:i|we) (?:always )?(?:prefer|use|want|like)s? |(?:my|our|the) (?:preferences?|choices?|answers?) "
    r"(?:for|of|about|to|on) (?:the )?|(?:my|our) |always )(?P<what>\S.*?)"
    r")[.!]?$",
    re.IGNORECASE,
)


def remembering(text: str) -> Prefer | Forget | Named | None:
    """What is meant where the words are about memory, else None."""
    if len(text) > 200:
        return None
    said = " ".join(text.replace("’", "'").replace("`", "").split())
    if _LIST.match(said):
        return Named(name="preferences.show")
    found = _FORGET.match(said)
    if found is not None:
        return Forget(what=(found["what"] or "").strip(" \"'“”"), everything=bool(found["all"]))
    wanted = wish(said)
    if wanted is None:
        return None
    return Prefer(slot=wanted.slot, value=wanted.value, everyone=wanted.everyone)
