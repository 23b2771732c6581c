"""Shares and rates: "share of cancelled orders", "return rate", "share of revenue by region"."""

from collections.abc import Sequence

from memory.model.text import text
from planner.questions.readers.figures import Figures
from planner.questions.readers.state import Reading
from planner.questions.semantics import ADDED, TRUE, Role
from planner.questions.spec import Filter, OneOf
from planner.questions.words.lexicon import plain
from planner.questions.words.marks import Line, Mark, refs_of


def take_ratios(line: Line, reading: Reading) -> None:
    """Take out the share of some rows, or of what they add up to, in all of them."""
    figures = Figures(reading)

    def ratio(marks: list[Mark]) -> bool:
        only = _conditions(marks, reading)
        of = [mark for mark in marks if mark.letter == "C" and reading.ref(mark, *ADDED)]
        whole = figures.figure(of[:1]) if of else reading.measure("count", None)
        if not only or whole is None:
            return False
        if any(mark.letter == "X" for mark in marks):
            only = tuple(held.model_copy(update={"negated": True}) for held in only)
        said = plain(" ".join(mark.words for mark in marks if mark.letter in "XVC"))
        name = f"{said.replace(' ', '_')}_percent"
        update = {"only": only, "per": whole, "percent": True, "name": name}
        reading.parts.measures.append(whole.model_copy(update=update))
        return True

    line.take(r"[HR][CE]*[IwK]*X?[IK]*V[EC]?(?!V)|[HR]E*[Iw]*X?I?[VC]E?|[VC]E?[RH](?![VE])", ratio)


def _conditions(marks: Sequence[Mark], reading: Reading) -> tuple[Filter, ...]:
    """The rows that a share is of: those with a value, or for which something is true."""
    held: list[Filter] = []
    for mark in marks:
        pairs = mark.term.values if mark.letter == "V" and mark.term is not None else ()
        truths = [ref for ref in refs_of(mark) if ref.role is Role.BOOLEAN]
        if pairs:
            names = tuple(ref.name for ref, _ in pairs)
            question = text(
                "“{value}” is in more than one column. Which one do you mean?", value=mark.words
            )
            one = len(pairs) == 1
            name = names[0] if one else reading.choose(f"{mark.words} column", question, names[:6])
            ref, values = next(pair for pair in pairs if pair[0].name == name)
            held.append(OneOf(field=ref.field, values=values))
        elif mark.letter == "C" and truths:
            held.append(OneOf(field=truths[0].field, values=tuple(sorted(TRUE))))
    return tuple(held)
