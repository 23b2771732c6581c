"""Words that teach the bot something, or have it forget: read by how they begin. Pure."""

import re
from typing import Final

from bot.language.intents import AskAbout, Forget, Propose, Teach

MOST_CHARS: Final = 500

_LIST: Final = re.compile(
    r"^(?:(?:what|which)(?: things| preferences)? do you (?:remember|have)(?: (?:about|of) (?:me|us|this project))?"
    r"|(?:show |list )?(?:my |our |the )?(?:preferences|rules)|what do (?:i|we) (?:always )?prefer)[?.!]?$",
    re.IGNORECASE,
)
_FORGET: Final = re.compile(
    r"^(?:please,? )?(?:(?:forget|delete|remove|drop|undo) (?:the )?rule #?(?P<number>\d{1,6})|forget (?:"
    r"(?P<that>that|this|that one|the last (?:one|preference|rule)|what i (?:just )?said)"
    r"|(?P<all>everything(?: (?:about me|you (?:know|remember)(?: about me)?))?|all(?: of)? my (?:preferences|answers)|me)"
    r"|(?:that (?:i|we) (?:always )?(?:prefer|use|want|like)s? |(?:my|our|the) (?:preferences?|choices?|answers?|rules?|facts?) "
    r"(?:for|of|about|to|on|that) (?:the )?|what i (?:said|told you) about |that |(?:my|our) |always )(?P<what>\S.*?)"
    r"))[.!]?$",
    re.IGNORECASE,
)
_PROPOSED: Final = re.compile(
    r"^(?:please,? )?(?:(?P<yes>accept|confirm|adopt|activate)|decline|reject|dismiss)"
    r"(?: (?:the|this|that)(?: proposed| suggested)?)? rule(?: #?(?P<number>\d{1,6}))?[.!]?$",
    re.IGNORECASE,
)
_FACT: Final = re.compile(
    r"^(?:please,? )?(?:remember|note|keep in mind|bear in mind|don't forget|fyi)(?! to\b)(?: that\b)?[,:]? \S",
    re.IGNORECASE,
)
_RULE: Final = re.compile(
    r"^(?:please,? )?(?:from now on|in (?:the )?future|for the future|always|never|don't ever|do not ever|"
    r"(?:we|you)(?: should| must)? (?:always|never))\b[,:]? \S",
    re.IGNORECASE,
)
_PREFERENCE: Final = re.compile(
    r"^(?:please,? )?(?:(?:here |in this project )?(?:i|we) (?:always |generally )?(?:prefer|like to always|always)|"
    r"i (?:always|never)|prefer(?= \S+ for\b)|(?:set )?(?:my|our|the|the project's|this project's) time ?zone\b)[ ,:=]+\S",
    re.IGNORECASE,
)
_INNER: Final = re.compile(r"^.*?\b(?:that\b|[,:]) ?|^(?:please,? )?remember ", re.IGNORECASE)


def remembering(text: str) -> Teach | Forget | Propose | AskAbout | None:
    """What is meant where the words are about memory, else None."""
    if len(text) > MOST_CHARS:
        return None
    said = " ".join(text.replace("’", "'").replace("`", "").split())
    if _LIST.match(said):
        return AskAbout(topic="about.rules", text=said)
    return forgetting(said) or _proposed(said) or teaching(said)


def forgetting(said: str) -> Forget | None:
    """What is to be forgotten, where the words begin like that."""
    found = _FORGET.match(said)
    if found is None:
        return None
    return Forget(
        what=(found["what"] or "").strip(" \"'“”"),
        everything=bool(found["all"]),
        number=int(found["number"] or 0),
    )


def _proposed(said: str) -> Propose | None:
    found = _PROPOSED.match(said)
    if found is None:
        return None
    return Propose(accepts=bool(found["yes"]), number=int(found["number"] or 0))


def teaching(said: str) -> Teach | None:
    """What is taught, where the words begin like that."""
    if _RULE.match(said):
        return Teach(kind="rule", text=said)
    if _PREFERENCE.match(said):
        return Teach(kind="preference", text=said)
    if not _FACT.match(said):
        return None
    told = _INNER.sub("", said, count=1)
    inner = teaching(told) if told != said else None
    return inner.model_copy(update={"text": said}) if inner else Teach(kind="fact", text=said)
