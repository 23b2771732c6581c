"""What rows may be put together by, and what may be listed of them. Pure."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from planner.questions.naming.clocks import HOURS, grained, hour_of
from planner.questions.search.narrowing.moments import dates, timed_near
from planner.questions.search.pieces import Piece
from planner.questions.search.saying import Saying, holds_people
from planner.questions.semantics import MEASURES, Role, seen_in
from planner.questions.spec import Field, Grain, Group
from planner.questions.words.lexicon import concept
from planner.questions.words.likeness import likeness
from planner.questions.words.marks import Mark
from planner.questions.words.terms import Ref

Groups = tuple[Group, ...]
MOST = 9
MANY = 25
"""Rows aren't put together by a number that has so many values."""


def groups(said: Saying) -> list[Piece[Groups]]:
    """No group, each worth trying, and pairs of them."""
    alone = [*_columns(said), *_rows(said), *_grains(said), *_compared(said)]
    alone.sort(key=lambda piece: -sum(piece.words.values()))
    alone = [*alone[:MOST], *_loose(said)]
    pairs = [
        Piece((*a.made, *b.made), "two groups", {**a.words, **b.words}, _added(a, b))
        for a, b in combinations(sorted(alone, key=lambda piece: min(piece.words)), 2)
        if set(a.words) - set(b.words) and set(b.words) - set(a.words)
        and not {g.field for g in a.made} & {g.field for g in b.made}
    ]  # fmt: skip
    return [Piece((), "no group"), *alone, *pairs, *_alike(said), *_whole(said)]


def _whole(said: Saying) -> Iterator[Piece[Groups]]:
    """All columns but the key: rows that are alike."""
    if not said.places("p") and not any(mark.number == 2 for mark in said.marks):
        return
    key = said.reading.vocabulary.key(said.reading.base)
    fields = [ref for ref in said.reading.own() if ref != key]
    made = tuple(Group(field=ref.field, name=ref.name) for ref in fields)
    yield Piece(made, "group whole rows", said.rows, {"group link": 0.5})


def _alike(said: Saying) -> Iterator[Piece[Groups]]:
    """Everything that is named, where rows are looked for that share it: "same card, same day and same dish"."""
    repeated = said.places("p")
    if not repeated and "same" not in said.cues:
        return
    made: dict[Group, int] = {}
    for place in range(len(said.marks)):
        for group in _named_at(said, place):
            made.setdefault(group, place)
    if len(made) > 1:
        words = {**repeated, **dict.fromkeys(made.values(), 0.9)}
        yield Piece(tuple(made), "group alike", words, {"group link": 0.9})


def _named_at(said: Saying, place: int) -> tuple[Group, ...]:
    """By what the word at the place says that rows share: a column, a day, or the names of who they are."""
    links = {ref: sure for ref, sure in said.links[place].items() if _is_shared(said, ref)}
    best = max(links.values(), default=0.0)
    if best < _SURE:
        others = [path for path, at in said.other_rows() if at.get(place, 0.0) >= _SURE]
        return said.reading.entity(said.reading.files.by_path[others[0]])[:1] if others else ()
    chosen = [ref for ref, sure in links.items() if sure >= best - 0.01]
    names = [ref for ref in chosen if ref.role is Role.NAME]
    return tuple(map(said.reading.group, names if len(names) > 1 else chosen[:1]))


def _is_shared(said: Saying, ref: Ref) -> bool:
    """Whether rows may share it: nothing that tells them apart, and no figure."""
    own = ref.file.path == said.reading.base.path
    key = said.reading.vocabulary.key(said.reading.base)
    return own and ref != key and ref.role not in _NEVER_SHARED


_SURE = 0.5
_NEVER_SHARED = MEASURES | {Role.TEXT}


def _loose(said: Saying) -> Iterator[Piece[Groups]]:
    """Behind "per" or "each", words that name no column: "each way of paying", "hours per waiter".

    Any column of the rows that groups them may be meant; behind a value rather the people it is of.
    """
    place = next((p + 1 for p in said.places("B") if _is_unlinked(said, p + 1)), None)
    run = _unknown_run(said, place) if place is not None else {}
    if place is None or not run:
        return
    valued = _is_value(said, place)
    refs = [*filter(_may_group, said.reading.own())]
    words = " ".join(said.marks[p].words for p in run)
    near = likeness(words, [_labelled(ref) for ref in refs])
    best = max(near, default=0.0)
    for ref, alike in zip(refs, near, strict=True):
        features = {
            "loose like": alike, "loose after value": float(valued),
            "loose people": float(holds_people(ref)), "loose best": float(alike == best),
            "loose rivals": float(len(refs)),
        }  # fmt: skip
        yield Piece((said.reading.group(ref),), f"loose {ref.role.value}", run, features)


def _is_value(said: Saying, place: int) -> bool:
    return any(c.term.values and c.confidence >= _SURE for c in said.found[place])


def _may_group(ref: Ref) -> bool:
    return ref.role in _LOOSE or holds_people(ref)


def _is_unlinked(said: Saying, place: int) -> bool:
    return place < len(said.marks) and max(said.links[place].values(), default=0.0) < _SURE


def _unknown_run(said: Saying, place: int) -> dict[int, float]:
    """The next few words, but those of the language itself."""
    run = range(place, min(place + 3, len(said.marks)))
    return {p: 0.4 for p in run if said.marks[p].letter in "~VK"}


def _labelled(ref: Ref) -> str:
    """Its name and a few of its values: "method cash, card"."""
    return f"{' '.join(ref.words)} {', '.join(seen_in(ref.column)[:4])}"


_LOOSE = frozenset({Role.CATEGORY, Role.NAME, Role.CODE, Role.BOOLEAN})


def _added(a: Piece[Groups], b: Piece[Groups]) -> dict[str, float]:
    names = {*a.features, *b.features}
    return {name: a.features.get(name, 0.0) + b.features.get(name, 0.0) for name in names}


def _columns(said: Saying) -> Iterator[Piece[Groups]]:
    reading = said.reading
    who = said.places("W", "who")
    for ref in reading.vocabulary.refs:
        of = said.of(ref)
        if not of or ref.role in {Role.DATE, Role.TEXT}:
            continue
        numbers = ref.role in MEASURES
        if numbers and (not _is_led(said, of, "B") or (ref.column.distinct or MANY) >= MANY):
            continue
        own = ref.file.path == reading.base.path
        made = (reading.group(ref),) if own else reading.named(ref)
        kind = "person" if of.keys() & who.keys() else ref.role.value
        yield Piece(made, f"group {kind}", of, _features(said, ref, of))


def _features(said: Saying, ref: Ref, of: Mapping[int, float]) -> dict[str, float]:
    here = ref.file.path == said.reading.base.path
    unique = bool(ref.column.distinct and ref.column.distinct == ref.file.rows)
    return {
        "group link": max(of.values()),
        "group weak": float(max(of.values()) < 0.5),
        "group of other file": float(not here),
        "group unique here": float(here and unique),
        "group asked": float(_is_asked(said, of)),
        "group led": float(_is_led(said, of, "B")),
        "group listed": float(not _is_led(said, of, "B") and said.behind_by(of)),
    }


def _is_led(said: Saying, words: Mapping[int, float], letters: str) -> bool:
    """Whether one of these marks stands just before."""
    return any(
        said.marks[place - back].letter in letters
        for place in words
        for back in (1, 2)
        if place >= back
    )


def _is_asked(said: Saying, words: Mapping[int, float]) -> bool:
    """Whether it is what is asked for: "which castle …", "who …"."""
    return _is_led(said, words, "W") or any(said.marks[place].letter == "W" for place in words)


def _rows(said: Saying) -> Iterator[Piece[Groups]]:
    for path, places in (*said.other_rows(), *said.who()):
        made = said.reading.entity(said.reading.files.by_path[path])
        if made:
            features = {
                "group link": max(places.values()),
                "group weak": float(max(places.values()) < 0.5),
                "group of other file": 1.0,
                "group asked": float(_is_asked(said, places)),
                "group led": float(_is_led(said, places, "B")),
                "group listed": float(not _is_led(said, places, "B") and said.behind_by(places)),
            }
            yield Piece(made, "group rows", places, features)


def _grains(said: Saying) -> Iterator[Piece[Groups]]:
    main = said.main_date
    fields = [ref.field for ref in dates(said)] or ([main] if main is not None else [])
    for place, mark in enumerate(said.marks):
        grain = _grain(mark)
        if grain is None:
            continue
        for field in _hours(said) if grain in HOURS else fields:
            ref = said.reading.vocabulary.ref(field)
            of = said.of(ref) if ref is not None else {}
            features = {
                "grain main date": float(field == main),
                "grain date named": float(bool(of)),
                "group led": float(_is_led(said, {place: 1.0}, "B")),
                "group asked": float(_is_led(said, {place: 1.0}, "W")),
            }
            made = (grained(ref, field, grain),)
            yield Piece(made, f"group {grain}", {**of, place: 1.0}, features)


def _grain(mark: Mark) -> Grain | None:
    """The span of time it is said by: also in "month over month"."""
    if mark.letter == "G":
        return mark.carries  # type: ignore[return-value]  # "G" marks carry grains
    said = mark.words.split() if mark.letter == "g" else ()
    return next((_SPANS[word] for word in said if word in _SPANS), None)


_SPANS: dict[str, Grain] = {
    "day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year",
    "mom": "month", "yoy": "year", "month-over-month": "month", "year-over-year": "year",
}  # fmt: skip


def _hours(said: Saying) -> Iterator[Field]:
    """What says at what time of the day rows were."""
    yield from map(hour_of, timed_near(said))


def _compared(said: Saying) -> Iterator[Piece[Groups]]:
    """Two spans beside each other: by the months, or the years, that they are."""
    spans = {
        p: m.period
        for p, m in enumerate(said.marks)
        if m.period is not None and m.period.start and m.period.end
    }
    main = said.main_date
    if len(spans) != 2 or main is None:
        return
    days = max(
        (period.end - period.start).days for period in spans.values() if period.end and period.start
    )
    grain: Grain = "month" if days < 32 else "quarter" if days < 93 else "year"
    yield Piece(
        (Group(field=main, grain=grain, name=grain),), "group compared", dict.fromkeys(spans, 0.5)
    )


def listed(said: Saying) -> list[Piece[tuple[Field, ...]]]:
    """Which columns of the rows are listed: all, or those that are named."""
    named: list[tuple[Ref, dict[int, float]]] = []
    for ref in said.reading.vocabulary.refs:
        of = {place: sure for place, sure in said.of(ref).items() if sure >= 0.5}
        if of and ref.role not in {Role.BOOLEAN}:
            named.append((ref, of))
    named.sort(key=lambda pair: -max(pair[1].values()))
    found: list[Piece[tuple[Field, ...]]] = [Piece((), "whole rows")]
    for ref, of in named[:6]:
        found.append(Piece((ref.field,), "listed", of, _listed_features(said, [ref], of)))
    for (a, of_a), (b, of_b) in combinations(named[:5], 2):
        if set(of_a) != set(of_b):
            words = {**of_a, **of_b}
            found.append(
                Piece(
                    (a.field, b.field), "two listed", words, _listed_features(said, [a, b], words)
                )
            )
    found += _listed_of_others(said)
    return found


def _listed_of_others(said: Saying) -> Iterator[Piece[tuple[Field, ...]]]:
    """What rows of other files are called: of those that are named, or asked for by "who" and "what"."""
    for kind, others in (("listed rows", said.other_rows()), ("listed who", said.who())):
        for path, places in others:
            made = said.reading.entity(said.reading.files.by_path[path])
            if made:
                fields = tuple(group.field for group in made)
                yield Piece(fields, kind, places, {"listed link": max(places.values())})


def _listed_features(said: Saying, refs: list[Ref], of: Mapping[int, float]) -> dict[str, float]:
    here = said.reading.base.path
    return {
        "listed link": min(max(said.of(ref).values()) for ref in refs),
        "listed of other file": float(sum(ref.file.path != here for ref in refs)),
        "listed asked": float(_is_asked(said, of)),
        "listed measure": float(sum(ref.role in MEASURES for ref in refs)),
        "listed person": float(
            any(concept(word) == "person" for ref in refs for word in ref.words)
        ),
    }
