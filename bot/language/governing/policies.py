"""Words about a project's policy: set a rule, end one, ask who has to approve what. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import JsonValue

from bot.language.intents import EndPolicy, ExplainPolicy, SetPolicy, Unclear
from bot.language.phrases import micro_usd
from memory.model.agents.spec import EffectClass
from memory.model.approvals.policy import LONGEST_S, MOST_APPROVALS, PolicyRule, Who
from memory.model.base import Model
from memory.model.errors import BadInput
from memory.model.patterns import short
from memory.model.text import Sentence, sentence

MOST_CHARS: Final = 600
NAME_WORDS: Final = 3

EXAMPLE: Final = sentence(
    "Say it like `policy: publishing to blog/ needs 2 approvers`, `policy: over $5 needs @kim or "
    "@bo`, or `policy: reading under $0.50 needs nobody`. After a comma: `expires in 4 hours`, "
    "`remind after 1 hour`, `escalate to @kim after 2 hours`, `the requester may be one of them`."
)
ONLY_READING: Final = sentence(
    "Only what reads may go without an approval, such as `policy: reading under $0.50 needs nobody`."
)

EXPLAIN_EXAMPLE: Final = sentence(
    "Say what it's about, for example `policy explain publishing to blog/post.md` or `who has to "
    "approve commands?`."
)

_WORDS: Final[dict[str, EffectClass]] = {
    **dict.fromkeys(("read", "reads", "reading", "read-only", "read-only plans"), EffectClass.READ),
    **dict.fromkeys(("write", "writes", "writing", "files"), EffectClass.WRITE),
    **dict.fromkeys(
        ("publish", "publishes", "publishing", "post", "posting", "sending"), EffectClass.PUBLISH
    ),
    **dict.fromkeys(
        ("exec", "commands", "command", "running commands", "run commands", "running programs"),
        EffectClass.EXEC,
    ),
    **dict.fromkeys(
        ("configure", "configuring", "settings", "changing settings", "configuration"),
        EffectClass.CONFIGURE,
    ),
}
_ANY: Final = frozenset({"", "anything", "everything", "any", "all", "plans", "every plan", "work"})
_MONEY: Final = r"(?:\$\s*[\d,.]*\d|[\d,.]*\d\s*(?:usd|dollars?|\$))"
_POLICY: Final = re.compile(r"^(?:set\s+)?(?:the\s+|a\s+)?(?:approval\s+)?policy\s*[:,]?\s+", re.I)
_NEEDS: Final = re.compile(
    r"^(?P<what>.*?)\s*\b(?:needs?|takes?|requires?|must have|has to have)\s+(?P<who>.+)$", re.I
)
_END: Final = re.compile(
    r"^(?:remove|delete|end|drop|forget)\s+(?:the\s+)?policy\s*#?\s*(?P<n>\d{1,6})[.!]?$"
    r"|^policy\s+(?:remove|delete|end|drop)\s*#?\s*(?P<m>\d{1,6})[.!]?$",
    re.I,
)
_EXPLAIN: Final = short(
    r"^(?:policy\s+explain|explain\s+(?:the\s+)?policy(?:\s+(?:for|of|on))?"
    r"|who\s+(?:has|have|needs?|must|may|can|should|is allowed)\s+(?:to\s+)?approve)\s+(?P<what>.+?)"
    r"(?:\s*,?\s+and\s+why(?:\s+is\s+(?:it|that)\s+so)?)?[?.!]*$",
    re.I,
)
_PRICE: Final = re.compile(
    rf"\b(?:(?P<over>over|above|more than|from)|(?P<under>under|below|less than|up to|at most))\s+"
    rf"(?P<money>{_MONEY})",
    re.I,
)
_UNTRUSTED: Final = re.compile(r"\b(?:untrusted|unread|generated)(?:\s+(?:text|content))?\b", re.I)
_TARGET: Final = re.compile(
    r"\s*\b(?:to|into|in|on|at|beneath|under)\s+[\"'“`]?(?P<target>[^\s\"'”`]+)[\"'”`]?\s*$", re.I
)
_OPTION: Final = re.compile(
    r"\s*[,;]\s*(?:and\s+)?(?=expir|remind|escalat|not the requester|(?:the )?(?:requester|whoever))",
    re.I,
)
_TIME: Final = r"(?P<n>\d{1,4})\s*(?P<unit>m|mins?|minutes?|h|hours?)"
_UNIT_S: Final = {"m": 60, "h": 3600}
_NUMBERS: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_NUMBER: Final = rf"(?:\d{{1,2}}|{'|'.join(_NUMBERS)})"
_APPROVERS: Final = re.compile(
    rf"^(?:(?P<n>{_NUMBER})\s+)?(?:other\s+)?(?:approvers?|approvals?|owners? or approvers?)$", re.I
)
_MEMBERS: Final = re.compile(
    rf"^(?:(?P<n>{_NUMBER})\s+)?(?:members?|people|persons?|anyone|anybody)$"
    r"|^(?:the )?requester$|^whoever asked$",
    re.I,
)
_OF: Final = re.compile(rf"^(?P<n>{_NUMBER})\s+of\s+(?P<names>.+)$", re.I)
_NOBODY: Final = frozenset({"nobody", "no one", "no approval", "no approver", "none"})


class RuleWords(Model):
    """A rule whose people are names as they were said."""

    what: dict[str, JsonValue]
    names: tuple[str, ...] = ()
    escalate_names: tuple[str, ...] = ()

    def rule(self, keys: Mapping[str, str]) -> PolicyRule:
        """The rule, with the people's keys by those names. Raises BadInput."""
        people = [keys[name] for name in self.names]
        later = [keys[name] for name in self.escalate_names]
        try:
            return PolicyRule.model_validate({**self.what, "people": people, "escalate_to": later})
        except ValueError:
            raise BadInput(EXAMPLE.message) from None


class _Who(Model):
    who: Who
    count: int = 1
    names: tuple[str, ...] = ()


def governing(text: str) -> SetPolicy | EndPolicy | ExplainPolicy | Unclear | None:
    """What the words say about the policy; None for other words."""
    plain = " ".join(text.split())
    if len(plain) > MOST_CHARS:
        return None
    ended = _END.match(plain)
    if ended is not None:
        return EndPolicy(number=int(ended["n"] or ended["m"]))
    explained = _EXPLAIN.match(plain)
    if explained is not None:
        return _explained(explained["what"], sure="policy" in explained[0].casefold()[:16])
    begun = _POLICY.match(plain)
    if begun is None:
        return None
    said = rule_words(plain[begun.end() :])
    return Unclear(say=said) if isinstance(said, Sentence) else SetPolicy(text=plain[begun.end() :])


def rule_words(text: str) -> RuleWords | Sentence:
    """The rule in `publishing to blog/ needs 2 approvers`, or what to say instead."""
    found = _NEEDS.match(" ".join(text.split()).rstrip(".!"))
    if found is None:
        return EXAMPLE
    who, *options = _OPTION.split(found["who"])
    what, approvers, extra = about_words(found["what"]), _who(who), _options(options)
    if what is None or approvers is None or extra is None:
        return EXAMPLE
    later = extra.pop("escalate_names", ())
    if approvers.who is Who.NOBODY and what.get("effect") != EffectClass.READ:
        return ONLY_READING
    fields = {**what, **extra, "who": approvers.who, "count": approvers.count}
    return RuleWords(what=fields, names=approvers.names, escalate_names=later)


def about_words(text: str) -> dict[str, Any] | None:
    """What a rule is about in `publishing to blog/ over $5`; None where it can't be read."""
    fields: dict[str, Any] = {}
    price = _PRICE.search(text)
    if price is not None:
        amount = micro_usd(price["money"])
        if amount is None:
            return None
        fields["over_micro_usd" if price["over"] else "under_micro_usd"] = amount
        text = f"{text[: price.start()]} {text[price.end() :]}"
    if _UNTRUSTED.search(text):
        fields["untrusted"] = True
        text = _UNTRUSTED.sub(" ", text)
    text = " ".join(text.split())
    target = _TARGET.search(text)
    if target is not None:
        fields["target"] = target["target"]
        text = text[: target.start()]
    words = text.strip(" ,").casefold()
    if words in _ANY:
        return fields or ({} if words else None)
    if words not in _WORDS:
        return None
    return {**fields, "effect": _WORDS[words]}


def _explained(what: str, *, sure: bool) -> ExplainPolicy | Unclear | None:
    fields = about_words(what)
    if fields is None or fields.get("untrusted") or not (fields or sure):
        return Unclear(say=EXPLAIN_EXAMPLE) if sure else None
    return explained(fields)


def explained(fields: Mapping[str, Any]) -> ExplainPolicy:
    """The question about what these words are about; over a price is just above it."""
    over = fields.get("over_micro_usd")
    return ExplainPolicy(
        effect=fields.get("effect"),
        target=fields.get("target", ""),
        cost_micro_usd=fields.get("under_micro_usd") if over is None else over + 1,
    )


def _who(text: str) -> _Who | None:
    words = text.strip(" ,").casefold()
    if words in _NOBODY:
        return _Who(who=Who.NOBODY)
    for pattern, who in ((_APPROVERS, Who.APPROVER), (_MEMBERS, Who.MEMBER)):
        found = pattern.match(words)
        if found is not None:
            return _counted(who, _number(found["n"] or "1"), ())
    some = _OF.match(text.strip())
    names = _names(some["names"] if some else text)
    if not names:
        return None
    every = re.search(r"\s(?:and|&)\s", text) is not None or len(names) == 1
    count = _number(some["n"]) if some else (len(names) if every else 1)
    return _counted(Who.PEOPLE, count, names)


def _counted(who: Who, count: int, names: tuple[str, ...]) -> _Who | None:
    fits = 1 <= count <= (len(names) if names else MOST_APPROVALS)
    return _Who(who=who, count=count, names=names) if fits else None


def _names(text: str) -> tuple[str, ...]:
    parts = re.split(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|&)\s+", text.strip(" ,"))
    names = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    short = all(len(name.split()) <= NAME_WORDS for name in names)
    return names if short else ()


def _number(text: str) -> int:
    return _NUMBERS.get(text.casefold()) or int(text)


def _options(parts: list[str]) -> dict[str, Any] | None:
    fields: dict[str, Any] = {}
    for part in parts:
        read = _option(part.strip())
        if read is None:
            return None
        fields |= read
    return fields


def _option(part: str) -> dict[str, Any] | None:
    own = re.match(r"^(?:the )?(?:requester|whoever asked)\s+(?:may|can|counts)\b", part, re.I)
    if own is not None:
        return {"own": True}
    if re.match(r"^not the requester$", part, re.I):
        return {}
    timed = re.match(
        rf"^(?P<verb>expires?|remind\w*|escalates?)\s*(?:to\s+(?P<names>.+?)\s+)?(?:in|after)\s+{_TIME}$",
        part,
        re.I,
    )
    if timed is None:
        return None
    seconds = int(timed["n"]) * _UNIT_S[timed["unit"][0].casefold()]
    if not 0 < seconds <= LONGEST_S:
        return None
    verb = timed["verb"].casefold()
    if verb.startswith("escalate"):
        names = _names(timed["names"] or "")
        return {"escalate_s": seconds, "escalate_names": names} if names else None
    name = "expires_s" if verb.startswith("expire") else "remind_s"
    return None if timed["names"] else {name: seconds}
