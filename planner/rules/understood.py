"""What is taught in `from now on, use Claude for reviews here`: kind, for whom, about whom. Pure."""

import re
from collections.abc import Sequence
from typing import Final, Literal

from memory.model.agents.routing import RoutingRule
from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue
from memory.model.base import Model, name_key
from memory.model.patterns import short
from memory.model.work.rule import RuleKind
from planner.preferences import trade
from planner.rules.guard import apostrophes

_FRAME: Final = re.compile(
    r"^(?:(?:hey|ok|okay|please|so|and|bitte)[, ]+)*"
    r"(?:(?:remember|note|keep in mind|bear in mind|don't forget|do not forget|learn|know|fyi|"
    r"for your information|merk dir|denk daran|vergiss nicht|souviens-toi|retiens|rappelle-toi|"
    r"recuerda|ten en cuenta)(?:[,:]? ?(?:that|this|dass|que|please)?\b)?[,:]? +)?"
    r"(?P<whose>for (?:me|myself|everyone|everybody|all of us|us|the (?:team|project))[,:]? +(?:that )?)?",
    re.IGNORECASE,
)
_SCOPE: Final = short(
    r"(?<![, ])[, ]++(?:here|in this (?:project|channel|team)|for (?:this (?:project|team)|everyone|everybody|"
    r"all of us)|in diesem projekt|für alle|dans ce projet|pour tous|en este proyecto|para todos)[.!]*$",
    re.IGNORECASE,
)
_POLITE: Final = short(
    r"(?<![, ])[, ]++(?:please|thanks|thank you|bitte|s'il te plaît|por favor)[.!]*$", re.IGNORECASE
)
_ALL: Final = re.compile(
    r"\b(?:here|everyone|everybody|this (?:project|channel|team)|the team|diesem projekt|für alle|"
    r"ce projet|pour tous|este proyecto|para todos)\b",
    re.IGNORECASE,
)
_OURS: Final = re.compile(
    r"\b(?:we|our|ours|us|wir|uns|unser\w*|nous|notre|nos|nosotros|nuestr\w+)\b", re.IGNORECASE
)
_MINE: Final = re.compile(
    r"\b(?:i|i'm|i'd|me|my|mine|myself|ich|mir|mich|mein\w*|je|j'|moi|mon|mes|yo|mí|mis?)\b",
    re.IGNORECASE,
)
_LIKED: Final = re.compile(
    r"^(?:here )?(?:i|we|ich|wir|je|nous|yo) (?:\w+ )?(?:prefer|like|want|would like|love|hate|"
    r"dislike|use|write|bevorzug\w*|mag|möcht\w*|préfèr\w*|préfér\w*|aim\w*|prefier\w*)\b"
    r"|^(?:prefer|rather|lieber|am liebsten|préfère|prefiere)\b",
    re.IGNORECASE,
)
_HEEDED: Final = re.compile(
    r"^(?:from now on|in (?:the )?future|for the future|always|never|don't|do not|avoid|stop|only|"
    r"no more|make sure|use|write|keep|put|add|give|ab jetzt|künftig|immer|nie(?:mals)?|nimm|"
    r"verwende|schreib\w*|toujours|jamais|désormais|n'utilise|utilise|siempre|nunca|usa|no uses)\b"
    r"|^(?:you|we) (?:should|must|have to|always|never)\b",
    re.IGNORECASE,
)
_NEVER: Final = frozenset(
    [
        "never",
        "don't",
        "can't",
        "cannot",
        "won't",
        "shouldn't",
        "mustn't",
        "not",
        "no",
        "stop",
        "avoid",
        "without",
        "nie",
        "niemals",
        "kein",
        "keine",
        "keinen",
        "nicht",
        "jamais",
        "pas",
        "n'utilise",
        "nunca",
        "no",
    ]
)
_PREFER: Final = frozenset(
    [
        "prefer",
        "prefers",
        "preferred",
        "preferably",
        "rather",
        "favour",
        "favor",
        "like",
        "likes",
        "better",
        "first",
        "try",
        "lieber",
        "bevorzuge",
        "bevorzugen",
        "préfère",
        "préférons",
        "prefiero",
        "preferimos",
    ]
)
_LESSER: Final = re.compile(
    r"\b(?:over|than|instead of|rather than|and not|but not|not|statt|als|plutôt que|au lieu de|"
    r"en vez de|antes que)\s+(?:the )?$",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"\b(?:use|using|ask|asking|take|choose|pick|have|let|to|prefer|nimm|verwende|utilise|usa) "
    r"(?P<name>[A-Z][\w.-]{1,39})(?= (?:for|to do|do|für|pour|para)\b)"
)
_FREE: Final = (
    frozenset(
        [
            "always",
            "never",
            "from",
            "now",
            "on",
            "in",
            "the",
            "future",
            "for",
            "use",
            "using",
            "ask",
            "asking",
            "have",
            "take",
            "let",
            "pick",
            "choose",
            "give",
            "send",
            "to",
            "do",
            "does",
            "doing",
            "a",
            "an",
            "all",
            "any",
            "our",
            "my",
            "your",
            "we",
            "i",
            "you",
            "please",
            "it's",
            "is",
            "be",
            "of",
            "with",
            "only",
            "again",
            "and",
            "work",
            "works",
            "task",
            "tasks",
            "job",
            "jobs",
            "stuff",
            "things",
            "everything",
            "anything",
            "ever",
            "should",
            "must",
            "want",
            "here",
            "this",
            "project",
            "are",
            "were",
            "may",
            "can",
            "when",
            "it",
            "comes",
            "instead",
            "over",
            "than",
            "at",
            "by",
            "done",
            "made",
            "written",
            "immer",
            "ab",
            "jetzt",
            "künftig",
            "nimm",
            "verwende",
            "für",
            "die",
            "der",
            "das",
            "den",
            "bitte",
            "wir",
            "ich",
            "zu",
            "zum",
            "alle",
            "toujours",
            "désormais",
            "utilise",
            "pour",
            "le",
            "la",
            "les",
            "des",
            "tout",
            "siempre",
            "usa",
            "para",
            "el",
            "los",
            "las",
            "todo",
        ]
    )
    | _NEVER
    | _PREFER
)
"""Words of such a sentence that say nothing about when it holds."""


class Understood(Model):
    """One thing taught. `text` has no frame around it ("remember that", "for everyone").

    `routing` is set only where the whole sentence is about which agent does which work.
    """

    kind: RuleKind
    text: str
    everyone: bool
    routing: RoutingRule | None = None


def understood(words: str, catalogue: Catalogue, *, everyone: bool = False) -> Understood:
    """What is taught by the words, with the agents that are known."""
    said = apostrophes(" ".join(words.replace("`", "").split()))
    frame = _FRAME.match(said)
    whose = (frame["whose"] if frame else "") or ""
    inside = said[frame.end() :] if frame else said
    text = _SCOPE.sub("", _POLITE.sub("", inside)).strip(' ,.!"“”') or said
    routing = _routing(text, catalogue)
    return Understood(
        kind=_kind(text, routing),
        text=text,
        everyone=_for_everyone(inside, name_key(whose), everyone=everyone),
        routing=routing,
    )


def _for_everyone(text: str, whose: str, *, everyone: bool) -> bool:
    if whose:
        return not whose.startswith(("for me", "for myself"))
    if everyone or _ALL.search(text):
        return True
    return bool(_OURS.search(text)) and not _MINE.search(text)


def _kind(text: str, routing: RoutingRule | None) -> RuleKind:
    if _LIKED.match(text):
        return RuleKind.PREFERENCE
    if routing is not None or _HEEDED.match(text):
        return RuleKind.RULE
    return RuleKind.FACT


def _routing(text: str, catalogue: Catalogue) -> RoutingRule | None:
    """Who is to do, or not to do, what; None where the words say more or less than that."""
    found = _agent(text, catalogue)
    if found is None:
        return None
    agent, rest = found
    words = [word.strip(".,;:!?()\"'") for word in name_key(rest).split()]
    types = {work_type(word, catalogue) for word in words if word and word not in _FREE}
    if len(types) > 1 or "" in types:
        return None
    effect = _effect(set(words), rest)
    if effect is None:
        return None
    return RoutingRule(effect=effect, agent=agent, task_type=next(iter(types), ""), said=text)


def _agent(text: str, catalogue: Catalogue) -> tuple[str, str] | None:
    """The agent that the rule is about and the sentence without any; None for none or several."""
    spans = _mentions(text, catalogue)
    if not spans:
        named = _NAMED.search(text)
        spans = [(named.start("name"), named.end("name"), named["name"])] if named else []
    meant = [
        name for start, _, name in spans if not _LESSER.search(text[:start]) or len(spans) == 1
    ]
    if len(set(meant)) != 1:
        return None
    rest = text
    for start, end, _ in reversed(spans):
        lesser = _LESSER.search(rest[:start]) if len(spans) > 1 else None
        rest = f"{rest[: lesser.start() if lesser else start]} {rest[end:]}"
    return meant[0], rest


def _mentions(text: str, catalogue: Catalogue) -> list[tuple[int, int, str]]:
    """Where agents that work on words are named, and by which name people call them."""
    found: dict[int, tuple[int, int, str]] = {}
    for agent in catalogue.agents:
        if agent.kind in {AgentKind.TOOL, AgentKind.HUMAN}:
            continue
        for match in _spelled(text, agent):
            known = found.get(match.start())
            if known is None or match.end() > known[1]:
                found[match.start()] = (match.start(), match.end(), str(agent.name))
    return [found[start] for start in sorted(found)]


def _spelled(text: str, agent: AgentSpec) -> list[re.Match[str]]:
    names: Sequence[str] = [name for name in (agent.name, agent.title, *agent.aliases) if name]
    pattern = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return list(re.finditer(rf"(?<![\w-])(?:{pattern})(?![\w-])", text, re.IGNORECASE))


def work_type(word: str, catalogue: Catalogue) -> str:
    """The type of work that agents do which the word means, "" for none."""
    known = trade(word)
    types = {
        kind
        for agent in catalogue.agents
        if agent.kind is not AgentKind.TOOL
        for kind in agent.task_types
    }
    return known or (name_key(word) if name_key(word) in types else "")


def _effect(words: set[str], rest: str) -> Literal["never", "prefer", "always"] | None:
    if words & _NEVER:
        return "never"
    if words & _PREFER:
        return "prefer"
    return "always" if re.search(r"\w", rest) else None
