"""Further figures from row to row: growth, running totals, moving averages, ranks."""

from planner.questions.composition.desk import Desk
from planner.questions.composition.figures import Worked
from planner.questions.composition.pieces import Moving
from planner.questions.readers.figures import Figures
from planner.questions.spec import Measure, Window
from planner.questions.words.marks import Mark

_GRAINS = (
    ("year", "year"),
    ("yoy", "year"),
    ("week", "week"),
    ("quarter", "quarter"),
    ("day", "day"),
)


def take_moving(desk: Desk) -> None:
    """ "running total of revenue", "growth of orders per month", "3 month moving average"."""
    reading = desk.reading
    for piece in desk.of(Moving):
        if not _in_time(desk, piece):
            continue
        measure = _nearest(desk, piece)
        window = _window(piece.sign, measure, piece.number or 3)
        reading.parts.windows += [window] if window not in reading.parts.windows else []
        reading.keep(measure)
        desk.use(piece)


def _in_time(desk: Desk, piece: Moving) -> bool:
    """Rows of the result follow one another in time, by month where nobody says."""
    parts, sign = desk.reading.parts, piece.sign
    if sign.letter == "k" or any(group.grain for group in parts.groups):
        return True
    said = " ".join(other.sign.words for other in desk.pieces if isinstance(other, Moving))
    grain = piece.grain or Mark("G", "", carries=_grain_said(said))
    group = Figures(desk.reading).grain(grain)
    if group is not None:
        parts.groups.insert(0, group)
    return group is not None


def _nearest(desk: Desk, piece: Moving) -> Measure:
    after = [measure for measure, of in desk.worked if of.start >= piece.start]
    made = after or [measure for measure, _ in desk.worked][-1:] or desk.reading.parts.measures[-1:]
    return made[0] if made else Worked(desk).counted_rows()


def _grain_said(words: str) -> str:
    return next((grain for word, grain in _GRAINS if word in words), "month")


def _window(sign: Mark, measure: Measure, number: int) -> Window:
    match sign.letter:
        case "r":
            return Window(kind="running", of=measure.name, name=f"running_{measure.name}")
        case "m":
            name = f"moving_average_{number}"
            return Window(kind="moving", of=measure.name, size=number, name=name)
        case "k":
            return Window(kind="rank", of=measure.name, name="rank")
        case _:
            growth = sign.carries != "change"
            kind, name = ("growth", "growth_percent") if growth else ("change", "change")
            return Window.model_validate({"kind": kind, "of": measure.name, "name": name})
