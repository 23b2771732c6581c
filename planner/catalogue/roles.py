"""What a parameter is for, told from its type, name and description. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from memory.model.agents.spec import Parameter
from planner.catalogue.entities import Kind
from planner.experience.words import split_names


class Role(StrEnum):
    """What a value means, as far as that decides where in a request it stands."""

    NUMBER = "number"
    LIMIT = "limit"
    YES_NO = "yes or no"
    URL = "url"
    PATH = "path"
    EMAIL = "email"
    RECIPIENT = "recipient"
    CHANNEL = "channel"
    DATE = "date"
    TIME = "time"
    CURRENCY = "currency"
    LANGUAGE = "language"
    BODY = "body"
    TITLE = "title"
    QUERY = "query"
    PLACE = "place"
    ID = "id"
    TEXT = "text"


_BY_WORD: Mapping[str, Role] = {
    word: role
    for role, line in {
        Role.EMAIL: "email mail",
        Role.URL: "url uri link website webpage",
        Role.PATH: "path file filename filepath",
        Role.CHANNEL: "channel",
        Role.CURRENCY: "currency",
        Role.LANGUAGE: "language lang locale",
        Role.DATE: "date day deadline due since until start end begin checkin checkout departure arrival",
        Role.TIME: "time hour",
        Role.LIMIT: "limit count max top maximum size",
        Role.BODY: "body content contents text message comment description note notes",
        Role.TITLE: "title subject summary headline",
        Role.QUERY: "query q search keyword keywords term terms topic jql phrase",
        Role.PLACE: "city location place country region address destination origin state town",
        Role.RECIPIENT: "to recipient recipients assignee user person who attendee attendees invitee author",
        Role.ID: "id identifier number code key sku sha",
    }.items()
    for word in line.split()
}
_BY_TYPE = {
    "boolean": Role.YES_NO,
    "url": Role.URL,
    "path": Role.PATH,
    "file": Role.PATH,
    "table": Role.PATH,
}
KINDS: Mapping[Role, Mapping[Kind, float]] = {
    Role.NUMBER: {Kind.NUMBER: 1.0, Kind.MONEY: 1.0, Kind.TIME: 0.0},
    Role.LIMIT: {Kind.NUMBER: 0.6},
    Role.YES_NO: {},
    Role.URL: {Kind.URL: 3.0},
    Role.PATH: {Kind.PATH: 2.5, Kind.QUOTED: 0.4},
    Role.EMAIL: {Kind.EMAIL: 3.0},
    Role.RECIPIENT: {Kind.EMAIL: 2.0, Kind.MENTION: 2.0, Kind.CHANNEL: 1.0, Kind.NAME: 0.8,
                     Kind.QUOTED: 0.3, Kind.CODE: 0.3},
    Role.CHANNEL: {Kind.CHANNEL: 3.0, Kind.QUOTED: 0.4, Kind.NAME: 0.3},
    Role.DATE: {Kind.DATE: 2.0},
    Role.TIME: {Kind.TIME: 2.0, Kind.DATE: 0.2},
    Role.CURRENCY: {},
    Role.LANGUAGE: {},
    Role.BODY: {Kind.QUOTED: 1.0},
    Role.TITLE: {Kind.QUOTED: 1.2, Kind.NAME: 0.6},
    Role.QUERY: {Kind.QUOTED: 1.0, Kind.NAME: 0.5, Kind.EMAIL: 0.5},
    Role.PLACE: {Kind.NAME: 1.2, Kind.QUOTED: 0.8},
    Role.ID: {Kind.CODE: 1.2, Kind.NUMBER: 0.9, Kind.QUOTED: 0.9},
    Role.TEXT: {Kind.QUOTED: 0.8, Kind.NAME: 0.8, Kind.CODE: 0.7, Kind.NUMBER: 0.2,
                Kind.PATH: 0.3, Kind.URL: 0.2, Kind.EMAIL: 0.4, Kind.MONEY: 0.3, Kind.DATE: 0.2},
}  # fmt: skip
"""How well each kind of value suits a role; what isn't there doesn't fit at all."""


def role_of(parameter: Parameter) -> Role:
    """The role; the last word of a name says most: `user_email`, `due_date`, `issue_number`."""
    if parameter.type in _BY_TYPE:
        return _BY_TYPE[parameter.type]
    words = split_names(parameter.name)
    named = next((_BY_WORD[word] for word in reversed(words) if word in _BY_WORD), None)
    if parameter.type == "number":
        return Role.LIMIT if named is Role.LIMIT else Role.NUMBER
    if named is not None:
        return named
    described = parameter.description.casefold()
    if "yyyy" in described or "iso 8601" in described:
        return Role.DATE
    return Role.TEXT


def end_of(parameter: Parameter) -> str:
    """Which end of a span a parameter is: `start_date`, `check_out`, `origin`."""
    words = set(split_names(parameter.name))
    if words & {"start", "begin", "from", "since", "after", "origin", "source", "in", "departure"}:
        return "from"
    if words & {"end", "until", "before", "destination", "target", "out", "to", "return"}:
        return "to"
    return ""
