"""What a request says of a template's parameters. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from memory.model.base import name_key
from memory.model.errors import BadInput
from memory.model.work.value import Column, FileInfo
from planner.lexicon.tokens import Kind, say
from planner.names import listed
from planner.template import Parameter, Template
from planner.templates.words import Words, phrase_of

_GOALS = {"to", "into", "as", "at", "under", "in"}
_SAVES = {"save", "saved", "store", "write", "put", "publish", "post", "export", "it", "them", "the",
          "result", "report", "that"}  # fmt: skip
_ABOUT = {"target", "aim", "about", "around", "roughly", "of", "in", "at", "for", "with"}
_HANGING = {"and", "then", "to", "into", "with", "as", "in", "have", "let", "by", "using", "via"}
_JOINTS = {"and", "then", "but", "with", "by", "using", "via"}
_STOPS = {",", ";", ".", "\n", "?", "!", "(", ")", ":"}


def values_in(words: Words, template: Template, files: Sequence[FileInfo]) -> dict[str, str]:
    """The values that are given, crossed off in `words`. Raises BadInput."""
    reader = _Reader(words, template, files)
    reader.pairs()
    for read in (
        reader.phrase, reader.number, reader.path, reader.column, reader.address, reader.text,
        reader.word,
    ):  # fmt: skip
        for name, parameter in template.properties.items():
            if name not in reader.values and (value := read(parameter)):
                reader.values[name] = checked(name, parameter, value)
    return reader.values


def checked(name: str, parameter: Parameter, value: str) -> str:
    """The value in the form the parameter has. Raises BadInput."""
    label = parameter.description.rstrip("?.") or name
    plain = " ".join(value.split()) if parameter.format else value.strip()
    if len(plain) > parameter.max_length:
        raise BadInput(
            "“{label}” can have at most {most} characters.", label=label, most=parameter.max_length
        )
    if parameter.enum:
        for choice in parameter.enum:
            if name_key(choice) == name_key(plain):
                return choice
        raise BadInput(
            "“{label}” has to be {choices}, not {value}.",
            label=label,
            choices=listed(parameter.enum),
            value=plain[:60],
        )
    return _figure(label, parameter, plain) if parameter.type in {"integer", "number"} else plain


def suitable(parameter: Parameter, files: Sequence[FileInfo], file: str) -> tuple[str, ...]:
    """What the project offers for it: data files, or columns of the file that fit."""
    if parameter.format == "path" and parameter.reads:
        return tuple(info.path for info in files if not info.problem)
    if parameter.format == "column":
        columns = next(
            (info.columns for info in files if name_key(info.path) == name_key(file)), ()
        )
        return tuple(column.name for column in columns if _HOLDS[parameter.holds](column))
    return ()


def file_of(
    template: Template, parameter: Parameter, known: Mapping[str, str], files: Sequence[FileInfo]
) -> str:
    """The file whose columns count: the one that is given, else the only one there is."""
    if parameter.of in known:
        return known[parameter.of]
    tables = [info.path for info in files if info.columns and not info.problem]
    return tables[0] if parameter.of in template.properties and len(tables) == 1 else ""


@dataclass(frozen=True)
class _Reader:
    """Reads parameters out of a request's words; "" for a parameter that isn't mentioned."""

    words: Words
    template: Template
    files: Sequence[FileInfo]
    values: dict[str, str] = field(default_factory=dict)

    def pairs(self) -> None:
        """ "audience = managers", "topic: tea": names are exact, values end at a mark."""
        words = self.words
        for name, parameter in self.template.properties.items():
            phrase = phrase_of(name.replace("_", " "))
            place = words.find(phrase)
            after = place + len(phrase)
            if place < 0 or not words.free(after) or words.tokens[after].text not in {"=", ":"}:
                continue
            end = after + 1
            while words.free(end) and words.tokens[end].text not in {",", ";", "\n"}:
                end += 1
            value = say(words.tokens[after + 1 : end]).strip(" .")
            if value:
                self.values[name] = checked(name, parameter, value.strip("“”"))
                words.take(place, end)

    def phrase(self, parameter: Parameter) -> str:
        """A choice in several words, which can hardly be meant otherwise."""
        return self._choice(parameter, lambda phrase: len(phrase) > 1)

    def word(self, parameter: Parameter) -> str:
        """A choice in one word that belongs to nothing else."""
        return self._choice(parameter, lambda phrase: len(phrase) == 1)

    def number(self, parameter: Parameter) -> str:
        """A number behind a cue of its parameter or before its unit."""
        words = self.words
        for place in words.of_kind(Kind.NUMBER):
            led = parameter.type != "string" and words.low(place - 1) in parameter.after
            end = place + 1 if led else self._unit(place, parameter)
            if end:
                words.take(words.back(place, _ABOUT), end)
                return words.tokens[place].text.replace(",", "")
        return ""

    def path(self, parameter: Parameter) -> str:
        """A file that is there, for a parameter that reads it; else where something is saved."""
        words, reads = self.words, parameter.reads
        for place in words.of_kind(Kind.PATH) if parameter.format == "path" else ():
            written = words.tokens[place].text
            there = self._file(written)
            aimed = words.low(place - 1) in {"to", "into", "as"}
            # "to x.csv" is a target even where x.csv exists already, and no source where it doesn't.
            if bool(there) not in {aimed, reads}:
                continue
            lead = _cues(parameter) if reads else _GOALS | _SAVES
            words.take(words.back(place, lead), place + 1)
            return there or written if reads else written
        return ""

    def column(self, parameter: Parameter) -> str:
        """The name of a column of the file that counts, the longest names first."""
        if parameter.format != "column":
            return ""
        file = file_of(self.template, parameter, self.values, self.files)
        for column in sorted(suitable(parameter, self.files, file), key=len, reverse=True):
            for phrase in (phrase_of(column.replace("_", " ")), (column.casefold(),)):
                for place in self.words.places(phrase):
                    before = self.words.low(place - 1)
                    if before == "the" or (before in {"by", "per"}) is bool(parameter.after):
                        self._take(place, place + len(phrase), parameter)
                        return column
        return ""

    def address(self, parameter: Parameter) -> str:
        """The first URL."""
        for place in self.words.of_kind(Kind.URL) if parameter.format == "uri" else ():
            self._take(place, place + 1, parameter)
            return self.words.tokens[place].text
        return ""

    def text(self, parameter: Parameter) -> str:
        """Words behind a cue, to the end of what they belong to."""
        words = self.words
        if parameter.type != "string" or parameter.format or parameter.enum:
            return ""
        ends = _Ends(words, self.template, parameter)
        for place in range(len(words.tokens)):
            if not words.free(place) or not words.opens_clause(place):
                continue
            for cue in map(phrase_of, parameter.after):
                start = place + len(cue)
                end = ends.of_text(start) if words.is_at(cue, place) else start
                if end > start:
                    words.take(place, end)
                    return say(words.tokens[start:end]).strip("“” ")
        return ""

    def _choice(self, parameter: Parameter, fits: Callable[[tuple[str, ...]], bool]) -> str:
        cues = [
            (cue, choice)
            for choice in parameter.choices
            for cue in parameter.says.get(choice, (choice,))
        ]
        for cue, choice in sorted(cues, key=lambda pair: -len(pair[0])):
            phrase = phrase_of(cue)
            place = self.words.find(phrase) if fits(phrase) else -1
            if place >= 0:
                self._take(place, place + len(phrase), parameter)
                return choice
        return ""

    def _unit(self, place: int, parameter: Parameter) -> int:
        """Where the unit ends that the number counts: "5 posts", "5 social posts"; 0 for none."""
        for end in range(place + 1, min(place + 4, len(self.words.tokens))):
            if self.words.tokens[end].kind is Kind.MARK:
                return 0
            if self.words.low(end) in parameter.unit:
                return end + 1
        return 0

    def _file(self, path: str) -> str:
        wanted = name_key(path.removeprefix("./"))
        for info in self.files:
            names = {name_key(info.path), name_key(PurePosixPath(info.path).name)}
            if not info.problem and wanted in names:
                return info.path
        return ""

    def _take(self, start: int, end: int, parameter: Parameter) -> None:
        """Cross off a value with its cue before it: "for" in "for developers"."""
        self.words.take(self.words.back(start, _cues(parameter)), end)


class _Ends:
    """Where the free text for one parameter ends: at a mark, an order, or another parameter."""

    def __init__(self, words: Words, template: Template, parameter: Parameter) -> None:
        others = [
            other
            for other in template.properties.values()
            if other is not parameter and other.type == "string" and not other.format
        ]
        self._words = words
        self._cues = [phrase_of(cue) for other in others for cue in other.after]
        self._options = [phrase_of(choice) for other in others for choice in other.choices]

    def of_text(self, start: int) -> int:
        """Where the text ends that begins there; the same place for none."""
        words, end = self._words, start
        while not self._stops(end) and not (end > start and self._other_begins(end)):
            end += 1
        while end > start and words.low(end - 1) in _HANGING:
            end -= 1
        return end

    def _stops(self, place: int) -> bool:
        words = self._words
        if not words.free(place) or words.tokens[place].text in _STOPS:
            return True
        if words.tokens[place].kind in {Kind.PATH, Kind.URL}:
            return True
        low = words.low(place)
        return (low in _JOINTS and words.is_order(place + 1)) or (
            low in words.names and words.is_order(place)
        )

    def _other_begins(self, place: int) -> bool:
        """By a cue of several words, by a cue with an option behind it, or by a long option."""
        words = self._words
        for cue in self._cues:
            if words.is_at(cue, place) and (
                len(cue) > 1 or any(words.is_at(option, place + 1) for option in self._options)
            ):
                return True
        return any(len(option) > 1 and words.is_at(option, place) for option in self._options)


def _cues(parameter: Parameter) -> frozenset[str]:
    return frozenset({*parameter.after, "the", "a", "an"})


def _is_date(column: Column) -> bool:
    return column.type.upper().startswith(("DATE", "TIMESTAMP"))


_HOLDS: Mapping[str, Callable[[Column], bool]] = {
    "": lambda _: True,
    "number": lambda column: column.numeric,
    "date": _is_date,
    "text": lambda column: not column.numeric and not _is_date(column),
}


def _figure(label: str, parameter: Parameter, value: str) -> str:
    given = value[:40]
    try:
        number = float(value.replace(",", "").strip())
    except ValueError:
        raise BadInput(
            "“{label}” has to be a number, not {given}.", label=label, given=given
        ) from None
    low, high = parameter.minimum, parameter.maximum
    if parameter.type == "integer" and not number.is_integer():
        raise BadInput("“{label}” has to be a whole number, not {given}.", label=label, given=given)
    if low is not None and number < low:
        raise BadInput(
            "“{label}” has to be at least {low:g}, not {given}.", label=label, low=low, given=given
        )
    if high is not None and number > high:
        raise BadInput(
            "“{label}” has to be at most {high:g}, not {given}.",
            label=label,
            high=high,
            given=given,
        )
    return str(int(number)) if number.is_integer() else str(number)
