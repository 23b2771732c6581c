"""What is asked, and what is to become of the answer. Pure."""

from typing import Final

from planner.lexicon.tokens import Clause, Kind
from planner.lexicon.verbs import REPORT_NOUNS
from planner.lexicon.words import word_set

_GOALS: Final = word_set("to into as")
_BEFORE_REPORTS: Final = word_set("a the and an short brief in into as")


def with_report(clause: Clause) -> tuple[Clause, Clause]:
    """What is asked, and the report of it: "… and a short report to r.md"."""
    report = next((at for at, token in enumerate(clause) if token.low in REPORT_NOUNS), None)
    if report is None or _answers_to(clause, report):
        return clause, ()
    end = report
    while end > 0 and clause[end - 1].low in _BEFORE_REPORTS:
        end -= 1
    return clause[:end], clause[report:]


def _answers_to(clause: Clause, place: int) -> bool:
    """ "how many people report to each boss"."""
    to = [token.low for token in clause[place + 1 : place + 2]] == ["to"]
    somewhere = any(token.kind is Kind.PATH for token in clause[place + 2 : place + 3])
    return to and not somewhere and clause[0].low in _ASKING


_ASKING: Final = word_set("how who whose which what")


def with_goal(clause: Clause) -> tuple[Clause, Clause]:
    """What is asked, and where it goes: "… to out.csv"."""
    if len(clause) > 2 and clause[-1].kind is Kind.PATH and clause[-2].low in _GOALS:
        return clause[:-2], clause[-2:]
    return clause, ()
