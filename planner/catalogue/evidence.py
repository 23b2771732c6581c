"""How surely the words of a request mean a tool: what of its name is said, what it explains. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from memory.model.agents.spec import AgentKind, AgentSpec, EffectClass
from planner.catalogue.cards import card, pushes
from planner.catalogue.entities import Entity
from planner.catalogue.segments import Segment, lead_off
from planner.experience.actions import Lexicon, shipped_lexicon
from planner.experience.words import carries_meaning, split_names, stem
from planner.names import is_named

SURE, PLAIN, LIKELY = 0.6, 0.45, 0.34
"""From here on a tool is taken; from there on too where it only reads, or just that is ordered, and
no other is near; else it's asked for, down to the last."""
_SAID, _EXPLAINED = 0.55, 0.45
_SERVER = 0.12
_CHANGING = frozenset({"book", "change", "cancel", "create", "send", "pay"})
_NO_DEED, _OTHER_DEED = 0.75, 0.75
"""What is left of a tool that lists where something is to be created, and so on."""
_NO_NAME = frozenset({"bot", "service", "agent", "helper", "assistant", "server", "webhook"})
_CONTENT = re.compile(r":\s.*", re.DOTALL)
"""What follows a colon is what to say, not what to do."""
_ASKS = re.compile(
    r"\s*(?:(?:and|so|then|hey|hi|hello),?\s+)*(?:what|what's|whats|which|who|who's|whose|when|where|why|"
    r"how (?:many|much|long|often|far|old|is|are|did|does|do)|is|are|was|were|did|does|do|has|have)\b",
    re.IGNORECASE,
)
"""How a question begins that isn't an order in disguise, as "can you …" is."""
_OF_KIND = 0.3
"""What it counts that another word of the same kind of action is said."""
_HEAD = 12
"""A description says what a tool does in its first words."""


@dataclass(frozen=True)
class Traits:
    """A tool's words, as stems."""

    spec: AgentSpec
    name: tuple[str, ...]
    head: tuple[str, ...]
    document: frozenset[str]
    server: frozenset[str]
    families: frozenset[str]
    """What its name says it does."""
    pushes: bool
    """Whether its description demands that it be chosen."""
    states: frozenset[str]
    """The values that its parameters choose from."""
    verbs: frozenset[str]
    """How its name and its description begin, which is with a verb nearly always."""

    def is_ordered(self, part: Segment) -> bool:
        """Whether the words order what the tool does: "create …", "post …"."""
        first = next(iter(split_names(lead_off(part.text))), "")
        family = shipped_lexicon().family_of_verb(first)
        return stem(first) in self.verbs or (bool(family) and family in self.families)

    def lists(self, part: Segment) -> bool:
        """Whether it reads what is of a state that the part begins with: "open issues of …"."""
        first = next(iter(split_names(lead_off(part.text))), "")
        return self.spec.effect is EffectClass.READ and first in self.states

    def is_opposed(self, part: Segment) -> bool:
        """Whether the words order a change, and the tool makes none ("delete …", `get_event`), or
        they ask something, and it makes one ("which tickets …?", `close_ticket`)."""
        if self.spec.effect is not EffectClass.READ:
            return bool(_ASKS.match(part.text))
        first = next(iter(split_names(lead_off(part.text))), "")
        changes = shipped_lexicon().family_of_verb(first) in _CHANGING
        return changes and not self.is_ordered(part) and not self.lists(part)


def traits(spec: AgentSpec) -> Traits:
    """The words of one tool."""
    own, described = card(spec), split_names(card(spec).desc)
    local = str(spec.name).removeprefix(f"{spec.provider}.")
    called = split_names(spec.title if spec.kind is AgentKind.WEBHOOK else local)
    named = [word for word in called if word not in _NO_NAME] or called
    texts = (own.id, own.desc, own.field, *own.parameters, *own.parameters.values())
    return Traits(
        spec=spec,
        name=_roots(named),
        head=_roots(described[:_HEAD]),
        document=frozenset(_roots(_words((*texts, *_choices(spec))))),
        server=frozenset(_roots(split_names(spec.provider))),
        families=frozenset(
            family for root in _roots(named) for family in shipped_lexicon().families_of(root)
        ),
        pushes=pushes(spec),
        states=frozenset(_words(_choices(spec))),
        verbs=frozenset(stem(word) for word in (*named[:1], *split_names(spec.description)[:1])),
    )


def _words(texts: Iterable[str]) -> Iterator[str]:
    return chain.from_iterable(map(split_names, texts))


def _choices(spec: AgentSpec) -> list[str]:
    return [choice for parameter in spec.parameters for choice in parameter.choices[:20]]


def confidence(tool: Traits, segment: Segment, entities: Sequence[Entity], request: str) -> float:
    """0 to 1: how surely the part of the request means the tool."""
    lexicon = shipped_lexicon()
    words = split_names(segment.text)
    said = frozenset(_roots(words))
    near = said | {other for root in said for other in lexicon.kin(root)}
    families = {lexicon.family_of_verb(word) for word in words} - {""}
    leading = lexicon.family_of_verb(next(iter(split_names(lead_off(segment.text))), ""))
    named = max(
        _covered(tool.name, near, families, lexicon), _covered(tool.head, near, families, lexicon)
    )
    explained = _explained(tool, segment, entities, lexicon)
    if explained is None:  # it's about nothing but values: then the words have to name the tool
        explained = 0.5 if not said.isdisjoint((*tool.name, *tool.head, *tool.verbs)) else 0.0
    total = _SAID * named + _EXPLAINED * explained
    total *= _deed(leading, tool)
    if tool.server and tool.server <= frozenset(_roots(split_names(request))):
        total += _SERVER
    return min(1.0, max(total, SURE if is_named(request, tool.spec) else 0.0))


def _deed(leading: str, tool: Traits) -> float:
    """What is left of a tool's worth where the part begins with another deed than its own."""
    if not (tool.families and leading) or leading in tool.families:
        return 1.0
    return _NO_DEED if leading in _CHANGING else _OTHER_DEED


def _explained(
    tool: Traits, segment: Segment, entities: Sequence[Entity], lexicon: Lexicon
) -> float | None:
    """How much of what the part is about, besides its values, the tool's description has; None
    where it's about nothing else."""
    plain = list(_CONTENT.sub("", segment.text))
    for entity in entities:
        begin = entity.start - segment.start
        end = min(entity.end - segment.start, len(plain))
        if 0 <= begin < end:
            plain[begin:end] = " " * (end - begin)
    things = {
        stem(word)
        for word in split_names("".join(plain))
        if len(word) > 1 and lexicon.names_thing(word)
    }
    if not things:
        return None
    found = sum(
        1.0 if root in tool.document else 0.7 if lexicon.kin(root) & tool.document else 0.0
        for root in things
    )
    return found / len(things)


def _covered(
    roots: Sequence[str], near: frozenset[str] | set[str], families: set[str], lexicon: Lexicon
) -> float:
    """How much of what the words say is said in the request too."""
    total = have = 0.0
    for root in roots:
        worth = 0.15 if lexicon.is_faint(root) else 0.5 if lexicon.is_acting(root) else 1.0
        total += worth
        if root in near:
            have += worth
        elif lexicon.families_of(root) & families:
            have += worth * _OF_KIND
    return have / total if total else 0.0


def _roots(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(stem(word) for word in words if len(word) > 1 and carries_meaning(word))
    )
