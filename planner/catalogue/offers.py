"""What is offered where a value is missing: what was used before, what the words suggest. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from memory.model.agents.spec import AgentSpec, Parameter
from planner.catalogue.entities import Entity, Kind
from planner.catalogue.phrases import BODY
from planner.catalogue.roles import Role, role_of
from planner.catalogue.segments import Segment, lead_off
from planner.experience.actions import shipped_lexicon
from planner.experience.words import split_names, stem
from planner.port import PlanRequest

MOST = 6
_USUAL: Mapping[Role, tuple[str, ...]] = {
    Role.YES_NO: ("yes", "no"),
    Role.TIME: ("09:00", "12:00", "17:00"),
    Role.NUMBER: ("1", "2", "5", "10"),
    Role.LIMIT: ("5", "10", "20", "50"),
    Role.LANGUAGE: ("English", "German", "French", "Spanish"),
    Role.CURRENCY: ("USD", "EUR", "GBP"),
}
_KINDS: Mapping[Role, frozenset[Kind]] = {
    Role.URL: frozenset({Kind.URL}),
    Role.EMAIL: frozenset({Kind.EMAIL}),
    Role.RECIPIENT: frozenset({Kind.EMAIL, Kind.MENTION, Kind.CHANNEL, Kind.NAME}),
    Role.CHANNEL: frozenset({Kind.CHANNEL}),
    Role.PLACE: frozenset({Kind.NAME}),
    Role.ID: frozenset({Kind.CODE}),
    Role.TEXT: frozenset({Kind.QUOTED, Kind.NAME}),
}
"""What else the request has of such a kind."""
_LINE_CHARS = 80


def offers(
    spec: AgentSpec,
    parameter: Parameter,
    part: Segment,
    request: PlanRequest,
    entities: Sequence[Entity],
    before: Sequence[str],
) -> tuple[str, ...]:
    """Values to choose from, the likeliest first; none where nothing is likely. `before`: what was
    put in here before."""
    role = role_of(parameter)
    found = [*before, *_said(role, spec, part, request), *_usual(role, request)]
    kinds = _KINDS.get(role, frozenset())
    found += [entity.plain for entity in entities if entity.kind in kinds]
    return tuple(dict.fromkeys(value for value in found if value))[:MOST]


def _usual(role: Role, request: PlanRequest) -> Sequence[str]:
    if role is Role.PATH:
        return [file.path for file in request.readable[:MOST]]
    if role is Role.DATE:
        today = request.now.date()
        return [(today + timedelta(days=days)).isoformat() for days in (0, 1, 7)]
    if role is Role.RECIPIENT:
        return [person.display for person in request.people]
    return _USUAL.get(role, ())


def _said(role: Role, spec: AgentSpec, part: Segment, request: PlanRequest) -> Sequence[str]:
    """What the words of the part make of a title, a message or a search."""
    if role is Role.BODY:
        return [request.text.strip()] if len(request.text) <= _LINE_CHARS else []
    if role not in {Role.TITLE, Role.QUERY}:
        return []
    message = BODY.search(part.text)
    if message is not None and role is Role.TITLE:
        return [message["value"][:_LINE_CHARS].rstrip(" .,;:")]
    words = lead_off(part.text).split()
    if words and shipped_lexicon().is_verb(words[0].casefold()):
        words = words[1:]
    line = " ".join(_without_name(words, spec) if role is Role.QUERY else words)
    return [line[:_LINE_CHARS].rstrip(" .,;:")]


def _without_name(words: Sequence[str], spec: AgentSpec) -> list[str]:
    """The words that aren't in the tool's own name."""
    own = {stem(word) for word in split_names(str(spec.name))}
    return [word for word in words if not own & {stem(name) for name in split_names(word)}]
