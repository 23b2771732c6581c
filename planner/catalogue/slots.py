"""Filling a tool's parameters from the words of a request: every value is one that was said. Pure."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from memory.model.agents.spec import AgentSpec, Parameter
from planner.catalogue.entities import Entity, Kind, overlaps
from planner.catalogue.phrases import Slot, spoken
from planner.catalogue.roles import KINDS, Role, end_of, role_of
from planner.catalogue.segments import Segment
from planner.experience.words import carries_meaning, split_names, stem

_NAMED_BEFORE, _NAMED_AFTER, _DESCRIBED, _OWN_PART = 2.0, 1.2, 0.4, 0.5
"""What it adds to a value that the parameter's name stands before it, or after; and so on."""
_PLACE = 0.1
"""What it counts that a tool has a place for what is said."""
_LEAST = 0.75
"""A value that is worth less is not taken for this parameter."""
_BEFORE, _AFTER = 4, 2
"""How many words around a value tell what it is."""


@dataclass(frozen=True)
class Filled:
    """A value for a parameter, and where in the request it stands."""

    value: str
    start: int
    end: int


Filling = dict[str, Filled]
"""Values by parameter."""


def fill(spec: AgentSpec, text: str, segment: Segment, entities: Sequence[Entity]) -> Filling:
    """The values that the request has for the tool; those of its own part come first."""
    own = [entity for entity in entities if segment.start <= entity.start < segment.end]
    filling: Filling = {}
    _fill_choices(spec, segment, filling)
    _fill_pair(spec, own, filling)
    _fill_entities(spec, text, own, filling, bonus=_OWN_PART)
    _fill_spoken(spec, segment, own, filling)
    _join_days(spec, own, filling)
    needed = [parameter for parameter in _needed(spec) if parameter.name not in filling]
    if needed:
        # "the same patient": a value said for one thing may hold for the next, where it is named.
        others = [entity for entity in entities if entity not in own]
        _fill_entities(spec, text, others, filling, bonus=-0.5, only=needed)
    return filling


def fit(spec: AgentSpec, text: str, segment: Segment, own: Sequence[Entity]) -> float:
    """-0.1 to 0.1: whether what is said has a place in the tool, and what it needs is said."""
    asked = [parameter for parameter in spec.parameters if parameter.name != "context"]
    if not asked:
        return 0.0
    filling = fill(spec, text, segment, own)
    needed = [parameter.name for parameter in _needed(spec) if parameter.name != "context"]
    have = _share([name in filling for name in needed], nothing=0.5)
    telling = [entity for entity in own if entity.kind not in {Kind.NAME, Kind.PATH, Kind.URL}]
    spans = _spans(filling)
    lost = _share([not overlaps(entity.start, entity.end, spans) for entity in telling], nothing=0)
    return _PLACE * (have - lost)


def _needed(spec: AgentSpec) -> list[Parameter]:
    """The parameters that have to be said."""
    required = (parameter for parameter in spec.parameters if parameter.required)
    return [parameter for parameter in required if parameter.default is None]


def _share(held: Sequence[bool], *, nothing: float) -> float:
    """How many of them hold, 0 to 1. `nothing`: where there are none."""
    return sum(held) / len(held) if held else nothing


def _spans(filling: Filling) -> list[tuple[int, int]]:
    return [(filled.start, filled.end) for filled in filling.values()]


def _fill_choices(spec: AgentSpec, segment: Segment, filling: Filling) -> None:
    """Parameters with few values: the one whose words are said."""
    low = segment.text.casefold()
    for parameter in spec.parameters:
        for choice in sorted(parameter.choices, key=len, reverse=True):
            words = r"[\s_-]+".join(map(re.escape, split_names(choice) or [choice.casefold()]))
            match = re.search(rf"(?<!\w){words}(?!\w)", low)
            if match:
                start = segment.start + match.start()
                filling[parameter.name] = Filled(choice, start, segment.start + match.end())
                break


def _fill_spoken(
    spec: AgentSpec, segment: Segment, own: Sequence[Entity], filling: Filling
) -> None:
    """Parameters that are still open: what the words say of them by their role."""
    for parameter in spec.parameters:
        if parameter.name not in filling:
            slot = Slot(parameter, role_of(parameter), spec, segment, _spans(filling), own)
            phrase = spoken(slot)
            if phrase is not None:
                start, end, value = phrase
                filling[parameter.name] = Filled(value, start, end)


def _join_days(spec: AgentSpec, entities: Sequence[Entity], filling: Filling) -> None:
    """ "tomorrow at 3pm" for one parameter is a day and a time, where the day has no other place."""
    day = _day_apart(entities, filling)
    if day is None or _of_role(spec, Role.DATE):
        return
    times = {entity.start: entity for entity in entities if entity.kind is Kind.TIME}
    for name in filling.keys() & _of_role(spec, Role.TIME):
        time = times.get(filling[name].start)
        if time is not None:
            start, end = min(day.start, time.start), max(day.end, time.end)
            filling[name] = Filled(f"{day.plain}T{time.plain}", start, end)


def _of_role(spec: AgentSpec, role: Role) -> set[str]:
    return {parameter.name for parameter in spec.parameters if role_of(parameter) is role}


def _day_apart(entities: Sequence[Entity], filling: Filling) -> Entity | None:
    """The first day that fills nothing yet."""
    taken = _spans(filling)
    days = (entity for entity in entities if entity.kind is Kind.DATE)
    return next((day for day in days if not overlaps(day.start, day.end, taken)), None)


_OWNERS = frozenset({"owner", "org", "organization", "organisation", "workspace", "namespace"})
_OWNED = frozenset({"repo", "repository", "project"})


def _fill_pair(spec: AgentSpec, entities: Sequence[Entity], filling: Filling) -> None:
    """ "acme/web" where an owner and a repository are wanted apart."""
    owner, owned = _called(spec, _OWNERS), _called(spec, _OWNED)
    paths = (entity for entity in entities if entity.kind is Kind.PATH)
    pair = next((path for path in paths if path.said.count("/") == 1), None)
    if owner and owned and pair:
        first, last = pair.said.split("/")
        filling[owner] = Filled(first, pair.start, pair.start + len(first))
        filling[owned] = Filled(last, pair.end - len(last), pair.end)


def _called(spec: AgentSpec, names: Set[str]) -> str:
    """The first parameter with one of these names, "" for none."""
    own = (parameter.name for parameter in spec.parameters)
    return next((name for name in own if name.casefold() in names), "")


def _fill_entities(
    spec: AgentSpec,
    text: str,
    entities: Sequence[Entity],
    filling: Filling,
    *,
    bonus: float,
    only: Sequence[Parameter] | None = None,
) -> None:
    """Give each value to the parameter it suits best, the surest first."""
    open_now = [
        parameter
        for parameter in (spec.parameters if only is None else only)
        if parameter.name not in filling and not parameter.choices
    ]
    taken = _spans(filling)
    worths = sorted(
        _worths(open_now, text, entities, bonus), key=lambda entry: (-entry[0], entry[2].start)
    )
    for worth, parameter, entity in worths:
        free = not overlaps(entity.start, entity.end, taken)
        if worth >= _LEAST and free and parameter.name not in filling:
            filling[parameter.name] = Filled(_value(parameter, entity), entity.start, entity.end)
            taken.append((entity.start, entity.end))


def _worths(
    parameters: Sequence[Parameter], text: str, entities: Sequence[Entity], bonus: float
) -> Iterator[tuple[float, Parameter, Entity]]:
    for parameter in parameters:
        kinds, role = KINDS[role_of(parameter)], role_of(parameter)
        for entity in entities:
            suits = kinds.get(entity.kind, 0.0)
            if suits:
                cue = _cue(parameter, role, text, entity)
                needed = 0.1 if parameter.required else 0.0
                yield suits + cue + needed + (bonus if suits < 1 or cue else 0.0), parameter, entity


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())


def _naming(names: set[str], before: Sequence[str], after: Sequence[str]) -> float:
    """What it says that the parameter's name stands near the value: the nearer, the more."""
    near = [place for place, word in enumerate(reversed(before)) if stem(word) in names]
    total = _NAMED_BEFORE / (1 + near[0] / 2) if near else 0.0
    return total + (_NAMED_AFTER if any(stem(word) in names for word in after) else 0.0)


def _cue(parameter: Parameter, role: Role, text: str, entity: Entity) -> float:
    """What the words around a value say for its being this parameter's."""
    before = _words(text[max(0, entity.start - 60) : entity.start])[-_BEFORE:]
    after = _words(text[entity.end : entity.end + 40])[:_AFTER]
    total = _naming({stem(word) for word in split_names(parameter.name)}, before, after)
    total += _PREPOSITIONS.get((role, before[-1]), 0.0) if before else 0.0
    around = {stem(word) for word in (*before, *after) if carries_meaning(word)}
    described = {stem(word) for word in split_names(parameter.description)}
    total += _DESCRIBED if around & described else 0.0
    return total + _ENDS.get((end_of(parameter), before[-1] if before else ""), 0.0)


_ENDS = {
    ("from", "from"): 1.0, ("from", "since"): 1.0, ("from", "between"): 1.0, ("from", "after"): 1.0,
    ("to", "to"): 1.0, ("to", "until"): 1.0, ("to", "till"): 1.0, ("to", "and"): 0.6,
    ("to", "through"): 1.0, ("from", "to"): -1.0, ("to", "from"): -1.0,
}  # fmt: skip
_PREPOSITIONS = {
    (role, word): worth
    for role, words, worth in (
        (Role.PLACE, "in at near to from for of around", 0.6),
        (Role.RECIPIENT, "to with for by", 0.8),
        (Role.CHANNEL, "to in into on", 0.6),
        (Role.DATE, "on by for from until since before after", 0.2),
        (Role.TITLE, "titled called named entitled", 2.0),
        (Role.BODY, "saying says that message text", 1.5),
        (Role.QUERY, "for about", 0.5),
        (Role.LIMIT, "top first last only most", 1.5),
        (Role.TEXT, "called named for of in by with", 0.2),
        (Role.ID, "number id no", 1.0),
    )
    for word in words.split()
}


def _value(parameter: Parameter, entity: Entity) -> str:
    """The value as the parameter takes it. Days are ISO dates where it wants them so."""
    if parameter.type == "number" and entity.kind in {Kind.MONEY, Kind.NUMBER}:
        return entity.plain
    if entity.kind in {Kind.MONEY, Kind.NUMBER, Kind.TIME}:
        return entity.plain if role_of(parameter) is Role.ID else entity.said
    if entity.kind is Kind.CHANNEL:
        return entity.said
    return entity.plain
