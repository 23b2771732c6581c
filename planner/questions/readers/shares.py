"""Shares and rates: "share of cancelled orders", "return rate", "share of revenue by region"."""

from collections.abc import Sequence

from memory.model.text import text
from planner.questions.readers.conditions import take_conditions
from planner.questions.readers.figures import Figures
from planner.questions.readers.state import Reading
from planner.questions.semantics import ADDED, TRUE, Role
from planner.questions.spec import Filter, OneOf
from planner.questions.words.lexicon import plain
from planner.questions.words.marks import Line, Mark, refs_of


def take_ratios(line: Line, reading: Reading) -> None:
    """Take out the share of some rows, or of what they add up to, in all of them."""
    figures = Figures(reading)
    if _take_part_of(line, reading):
        return

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


def _take_part_of(line: Line, reading: Reading) -> bool:
    """ "what percentage of refund tickets got resolved": what stands with the rows is the whole, what
    is said of them behind that is the part. Whether there are both.
    """
    letters = line.letters
    place = next((n for n, letter in enumerate(letters) if letter in "HR"), None)
    if place is None or sum(letters.count(letter) for letter in "HR") > 1:
        return False
    end = next((n for n in range(place + 1, len(letters)) if letters[n] in "B,a$"), len(letters))
    before, behind = line.marks[:place], line.marks[place + 1 : end]
    cut = _border(behind)
    whole, part = behind[:cut], behind[cut:]
    if not _narrows(whole) and _narrows(before):
        whole, part = before, behind
    if place and _tells(line.marks[place - 1]) and _narrows(behind):  # "excused percentage in …"
        whole, part = behind, [line.marks[place - 1]]
    if not _narrows(part) or not _narrows(whole):
        return _take_either(line, place, behind, reading)
    only = _read_alone(part, reading)
    if only is None:
        reading.unread.append(" ".join(mark.words for mark in part if mark.letter not in "Iw"))
        return True
    _keep_share(part, only, reading)
    taken = {id(mark) for mark in (line.marks[place], *part)}
    line.marks = [mark for mark in line.marks if id(mark) not in taken and mark.letter != "H"]
    return True


def _border(marks: Sequence[Mark]) -> int:
    """Where the rows have been named and something is said of them."""
    for place, mark in enumerate(marks):
        if mark.letter == "E":
            return place + 1
        if mark.letter in "Iw" and place:
            return place
    return len(marks)


def _narrows(marks: Sequence[Mark]) -> bool:
    return any(mark.letter in "VNXO" or _is_truth(mark) for mark in marks)


def _tells(mark: Mark) -> bool:
    return mark.letter == "V" or _is_truth(mark)


def _is_truth(mark: Mark) -> bool:
    refs = refs_of(mark) if mark.letter == "C" else ()
    return any(ref.role in {Role.BOOLEAN, Role.DATE} for ref in refs)


def _take_either(line: Line, place: int, behind: Sequence[Mark], reading: Reading) -> bool:
    """ "share of resolved login tickets": either may be the whole, which is asked."""
    parts = [mark for mark in behind[: _border(behind)] if mark.letter == "V" or _is_truth(mark)]
    turned = any(mark.letter in "XNOC" and not _is_truth(mark) for mark in behind)
    if len(parts) != 2 or turned or _narrows(behind[_border(behind) :]):
        return False
    one, two = parts
    both = text("{part} among all", part=f"{one.words} {two.words}")
    first = text("{part} among {whole}", part=one.words, whole=two.words)
    second = text("{part} among {whole}", part=two.words, whole=one.words)
    question = text("What is the share of what?")
    chosen = reading.choose(f"share of {both}", question, (first, second, both))
    if chosen == both:
        return False
    part = [one if chosen == first else two]
    only = _read_alone(part, reading)
    if only is None:
        return False
    _keep_share(part, only, reading)
    line.marks = [mark for n, mark in enumerate(line.marks) if n != place and mark is not part[0]]
    return True


def _read_alone(marks: Sequence[Mark], reading: Reading) -> tuple[Filter, ...] | None:
    """The conditions that the words are; None where some of them are none."""
    parts = reading.parts
    filters, said = [*parts.filters], [*parts.said]
    line = Line(marks)
    take_conditions(line, reading)
    found = tuple(parts.filters[len(filters) :])
    parts.filters, parts.said = filters, said
    left = [mark for mark in line.left() if mark.letter not in "IwE"]
    return None if left or not found else found


def _keep_share(part: Sequence[Mark], only: tuple[Filter, ...], reading: Reading) -> None:
    whole = reading.measure("count", None)
    words = [mark.words for mark in part if mark.letter not in "IwE_"]
    name = f"{plain(' '.join(words)).replace(' ', '_')}_percent"
    update = {"only": only, "per": whole, "percent": True, "name": name}
    reading.parts.measures.append(whole.model_copy(update=update))


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
