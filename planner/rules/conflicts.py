"""Which of the rules that hold a new one contradicts, and which it only says again. Pure."""

import re
from collections.abc import Iterable
from typing import Final

from memory.model.agents.routing import RoutingRule
from memory.model.base import name_key
from memory.model.work.rule import Rule

ALIKE: Final = 0.5
"""Words in common, of all in either, from which on two sentences are about the same thing."""

_NEGATIONS: Final = frozenset(
    [
        "no",
        "not",
        "never",
        "don't",
        "doesn't",
        "isn't",
        "aren't",
        "without",
        "avoid",
        "stop",
        "nie",
        "nicht",
        "kein",
        "jamais",
        "pas",
        "nunca",
    ]
)
_EMPTY: Final = (
    frozenset(
        [
            "a",
            "an",
            "the",
            "our",
            "my",
            "your",
            "we",
            "i",
            "you",
            "it",
            "is",
            "are",
            "be",
            "for",
            "of",
            "to",
            "in",
            "on",
            "at",
            "with",
            "and",
            "or",
            "that",
            "this",
            "always",
            "from",
            "now",
            "please",
            "use",
            "write",
            "prefer",
            "like",
            "want",
            "der",
            "die",
            "das",
            "unser",
            "mein",
            "ist",
            "le",
            "la",
            "les",
            "notre",
            "mon",
            "est",
            "el",
            "nuestro",
            "mi",
            "es",
        ]
    )
    | _NEGATIONS
)


def again(new: Rule, held: Iterable[Rule]) -> Rule | None:
    """The rule for the same people that says the same already."""
    for rule in _alongside(new, held):
        if new.routing is not None and rule.routing is not None:
            if _key(new.routing) == _key(rule.routing):
                return rule
        elif _words(new.text) == _words(rule.text) and _denies(new.text) == _denies(rule.text):
            return rule
    return None


def contradicted(new: Rule, held: Iterable[Rule]) -> Rule | None:
    """The newest rule for the same people that can't hold beside the new one, as far as it shows.

    Of two that are typed that is sure; of sentences it's a guess, worth a question.
    """
    for rule in reversed(list(_alongside(new, held))):
        if new.routing is not None and rule.routing is not None:
            if _opposed(new.routing, rule.routing):
                return rule
        elif new.routing is None and rule.routing is None and _rival(new, rule):
            return rule
    return None


def _alongside(new: Rule, held: Iterable[Rule]) -> Iterable[Rule]:
    return (rule for rule in held if rule.person == new.person and rule.id != new.id)


def _opposed(new: RoutingRule, old: RoutingRule) -> bool:
    if new.task_type and old.task_type and name_key(new.task_type) != name_key(old.task_type):
        return False
    same = name_key(new.agent) == name_key(old.agent)
    if "never" in {new.effect, old.effect}:
        return same and new.effect != old.effect
    exact = name_key(new.task_type) == name_key(old.task_type)
    return not same and exact  # what holds for one type of work is an exception, no contradiction


def _rival(new: Rule, old: Rule) -> bool:
    """Whether both are about the same thing and say something else of it."""
    newer, older = _words(new.text), _words(old.text)
    shared = len(newer & older) / max(len(newer | older), 1)
    if _denies(new.text) != _denies(old.text):
        return shared >= ALIKE
    if newer <= older or older <= newer:
        return False
    return shared >= ALIKE or _differ_in_a_word(new.text, old.text)


def _differ_in_a_word(new: str, old: str) -> bool:
    """Whether one sentence is the other with one word changed: "use pie charts", "use bar charts"."""
    newer, older = _tokens(new), _tokens(old)
    pairs = zip(newer, older, strict=False)
    return len(newer) == len(older) >= 3 and sum(a != b for a, b in pairs) == 1


def _key(rule: RoutingRule) -> tuple[str, str, str]:
    return rule.effect, name_key(rule.agent), name_key(rule.task_type)


def _denies(text: str) -> bool:
    return bool(set(re.findall(r"[\w']+", name_key(text))) & _NEGATIONS)


def _words(text: str) -> frozenset[str]:
    content = (word for word in _tokens(text) if word not in _EMPTY)
    return frozenset(word.removesuffix("s") if len(word) > 3 else word for word in content)


def _tokens(text: str) -> list[str]:
    words = re.findall(r"[\w'$%.-]*\w", name_key(text.replace("’", "'")))
    return [word for word in words if word not in {"always", "please"}]
