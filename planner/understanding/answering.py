"""A model's reading of words: a closed union over the table of actions, and what of it is taken.

Only the row is the model's to say. An argument counts where the words have it, and what moves
money or rights, or stops work for good, is done only where the words alone say it, too. Pure.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, Literal, Union

from pydantic import ConfigDict, Field, create_model

from memory.model.base import Model
from memory.model.identity import Role
from planner.understanding.arguments import MOST_DOLLARS, arguments
from planner.understanding.router import Weighed
from planner.understanding.utterance import ArgumentKind, Arguments, Frame, Unclear, Verb

APPROVING: Final = frozenset({"plan.approve", "plan.approve_part", "rule.accept"})
"""What approves is never the model's to say."""

_TYPES: Final[dict[ArgumentKind, tuple[str, Any]]] = {
    "number": ("number", int | None), "amount": ("amount_usd", float | None),
    "period": ("period", Literal["day", "week", "month", "total"] | None), "agent": ("agent", str | None),
    "person": ("person", str | None), "role": ("role", Role | None), "name": ("name", str | None),
    "topic": ("topic", str | None), "dates": ("dates", str | None),
    "level": ("level", Literal["low", "normal", "high"] | None),
}  # fmt: skip
_CLOSED: Final = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Answer(Model):
    """What a model says: a row of the table with its arguments. `meant` is typed by `answer_for`."""

    meant: Any


def answer_for(verbs: Sequence[Verb]) -> type[Answer]:
    """The form of the answer: for each set of arguments, the rows that take it."""
    groups: defaultdict[tuple[ArgumentKind, ...], list[str]] = defaultdict(list)
    for verb in verbs:
        groups[tuple(item.kind for item in verb.takes if item.kind in _TYPES)].append(verb.name)
    kinds = [
        _variant(f"Meant{number}", names, takes)
        for number, (takes, names) in enumerate(groups.items(), 1)
    ]
    union: Any = Union[tuple(kinds)]  # noqa: UP007 - of as many as there are
    return create_model("Answer", __base__=Answer, __config__=None, meant=(union, ...))


def taken(
    said: str, frame: Frame, answer: Answer, weighed: Weighed
) -> tuple[str, Arguments] | Unclear | None:
    """The row and its arguments; what the person is asked where the model alone may not say so;
    None where it is not the model's to say at all.
    """
    told = answer.meant.model_dump(exclude_none=True)
    name = str(told.pop("action"))
    if name in APPROVING:
        return None
    first = weighed.ranked[0]
    own = next((likely.verb for likely in weighed.ranked if likely.verb.name == name), first.verb)
    if not own.safe and first.verb.name != name:
        return Unclear(candidates=(name, first.verb.name))
    return name, _grounded(said, frame, told)


def _variant(title: str, names: Sequence[str], takes: Sequence[ArgumentKind]) -> Any:
    fields: dict[str, Any] = {"action": (Literal[tuple(names)], ...)}
    fields |= {_TYPES[kind][0]: (_TYPES[kind][1], Field(...)) for kind in takes}
    return create_model(title, __config__=_CLOSED, **fields)


def _grounded(said: str, frame: Frame, told: dict[str, Any]) -> Arguments:
    """What was found in the words, and beside it what the model found there."""
    found, words = arguments(said, frame.agents), said.casefold()
    fields = {key: value for key, value in told.items() if key != "amount_usd"}
    amount = told.get("amount_usd")
    if amount is not None and 0 < amount <= MOST_DOLLARS and f"{amount:g}" in words:
        fields["amount_micro_usd"] = round(amount * 1_000_000)
    told_of = {
        key: value
        for key, value in fields.items()
        if getattr(found, key) in {None, ""} and _is_said(key, value, words)
    }
    return found.model_copy(update=told_of)


def _is_said(key: str, value: object, words: str) -> bool:
    if key in {"amount_micro_usd", "period", "role", "level"}:
        return True  # of a few known values, or looked for already
    return str(value).casefold() in words
