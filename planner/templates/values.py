"""What a request says of a template's parameters. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from memory.model.base import name_key
from memory.model.work.value import Column, FileInfo
from planner.offline.grammar.lexer import Kind, say
from planner.template import Parameter, Template
from planner.templates.words import Words, phrase_of

_GOALS = {"to", "into", "as", "at", "under", "in"}
_SAVES = {"save", "saved", "store", "write", "put", "publish", "post", "export", "it", "them", "the",
          "result", "report", "that"}  # fmt: skip
_ABOUT = {"target", "aim", "about", "around", "roughly", "of", "in", "at", "for", "with"}
_HANGING = {"and", "then", "to", "into", "with", "as", "in", "have", "let", "by", "using", "via"}
_STOPS = {",", ";", ".", "\n", "?", "!", "(", ")", ":"}
_PAIR = re.compile(r"(?:=|:)")


class Wrong(ValueError):
    """A value that a parameter cannot have; the text is for people."""


def values_in(words: Words, template: Template, files: Sequence[FileInfo]) -> dict[str, str]:
    """The values that are said, crossed off in `words`. Raises Wrong."""
    found: dict[str, str] = {}
    _pairs(words, template, found)
    for read in (_phrase, _number, _path, _column, _address, _text, _word):
        for name, one in template.properties.items():
            if name not in found:
                value = read(words, template, name, found, files)
                if value:
                    found[name] = checked(name, one, value)
    return found


def checked(name: str, one: Parameter, value: str) -> str:
    """The value in the form the parameter has. Raises Wrong with a sentence."""
    label = one.description.rstrip("?.") or name
    text = " ".join(value.split()) if one.format else value.strip()
    if len(text) > one.max_length:
        raise Wrong(f"“{label}” has at most {one.max_length} characters.")
    if one.enum:
        chosen = next((each for each in one.enum if name_key(each) == name_key(text)), "")
        if not chosen:
            raise Wrong(f"“{label}” is one of {', '.join(one.enum)}, not {text[:60]}.")
        return chosen
    if one.type in {"integer", "number"}:
        return _figure(label, one, text)
    return text


def suitable(one: Parameter, files: Sequence[FileInfo], file: str) -> tuple[str, ...]:
    """What the project offers for it: data files, or columns of the file that fit."""
    if one.format == "path" and one.reads:
        return tuple(info.path for info in files if not info.problem)
    if one.format == "column":
        return tuple(column.name for column in _columns(files, file) if _holds(column, one))
    return ()


def _pairs(words: Words, template: Template, found: dict[str, str]) -> None:
    """ "audience = managers", "topic: tea": names are exact, values end at a mark."""
    for name, one in template.properties.items():
        place = words.find(phrase_of(name.replace("_", " ")))
        after = place + len(phrase_of(name.replace("_", " ")))
        if place < 0 or not words.free(after) or not _PAIR.fullmatch(words.tokens[after].text):
            continue
        end = after + 1
        while words.free(end) and words.tokens[end].text not in {",", ";", "\n"}:
            end += 1
        value = say(words.tokens[after + 1 : end]).strip(" .")
        if value:
            found[name] = checked(name, one, value.strip("“”"))
            words.take(place, end)


def _phrase(
    words: Words, template: Template, name: str, found: Mapping[str, str], files: object
) -> str:
    """A choice said in several words, which can hardly be meant otherwise."""
    del found, files
    return _choice(words, template.properties[name], lambda phrase: len(phrase) > 1)


def _word(
    words: Words, template: Template, name: str, found: Mapping[str, str], files: object
) -> str:
    """A choice said in one word that belongs to nothing else."""
    del found, files
    return _choice(words, template.properties[name], lambda phrase: len(phrase) == 1)


def _choice(words: Words, one: Parameter, fits: Callable[[tuple[str, ...]], bool]) -> str:
    cues = [(cue, value) for value in one.choices for cue in one.says.get(value, (value,))]
    for cue, value in sorted(cues, key=lambda pair: -len(pair[0])):
        phrase = phrase_of(cue)
        if not fits(phrase):
            continue
        place = words.find(phrase)
        if place >= 0:
            words.take(_from(words, place, one), place + len(phrase))
            return value
    return ""


def _number(
    words: Words, template: Template, name: str, found: Mapping[str, str], files: object
) -> str:
    del found, files
    one = template.properties[name]
    for place, token in enumerate(words.tokens):
        if token.kind is Kind.NUMBER and words.free(place):
            led = bool(place) and one.type != "string" and words.tokens[place - 1].low in one.after
            end = place + 1 if led else _unit(words, place, one)
            if end:
                start = place
                while words.free(start - 1) and words.tokens[start - 1].low in _ABOUT:
                    start -= 1
                words.take(start, end)
                return token.text.replace(",", "")
    return ""


def _unit(words: Words, place: int, one: Parameter) -> int:
    """Where the unit ends that the number counts: "5 posts", "5 social posts"; 0 for none."""
    for end in range(place + 1, min(place + 4, len(words.tokens))):
        if words.tokens[end].kind is Kind.MARK:
            return 0
        if words.tokens[end].low in one.unit:
            return end + 1
    return 0


def _path(
    words: Words,
    template: Template,
    name: str,
    found: Mapping[str, str],
    files: Sequence[FileInfo],
) -> str:
    del found
    one = template.properties[name]
    if one.format != "path":
        return ""
    for place, token in enumerate(words.tokens):
        if token.kind is not Kind.PATH or not words.free(place):
            continue
        before = words.tokens[place - 1].low if place else ""
        there = _file(files, token.text)
        if one.reads and (there or before not in {"to", "into", "as"}):
            words.take(_from(words, place, one), place + 1)
            return there or token.text
        if not one.reads and (not there or before in {"to", "into", "as"}):
            start = place
            while words.free(start - 1) and words.tokens[start - 1].low in _GOALS | _SAVES:
                start -= 1
            words.take(start, place + 1)
            return token.text
    return ""


def _column(
    words: Words,
    template: Template,
    name: str,
    found: Mapping[str, str],
    files: Sequence[FileInfo],
) -> str:
    one = template.properties[name]
    if one.format != "column":
        return ""
    names = suitable(one, files, file_of(template, one, found, files))
    for column in sorted(names, key=len, reverse=True):
        phrase = phrase_of(column.replace("_", " "))
        for wanted in (phrase, (column.casefold(),)):
            place = words.find(wanted)
            while place >= 0:
                before = words.tokens[place - 1].low if place else ""
                if (before in {"by", "per"}) is bool(one.after) or before == "the":
                    words.take(_from(words, place, one), place + len(wanted))
                    return column
                place = words.find(wanted, begin=place + 1)
    return ""


def _address(
    words: Words, template: Template, name: str, found: Mapping[str, str], files: object
) -> str:
    del found, files
    if template.properties[name].format != "uri":
        return ""
    for place, token in enumerate(words.tokens):
        if token.kind is Kind.URL and words.free(place):
            words.take(_from(words, place, template.properties[name]), place + 1)
            return token.text
    return ""


def _text(
    words: Words, template: Template, name: str, found: Mapping[str, str], files: object
) -> str:
    """Words behind a cue, to the end of what they belong to."""
    del found, files
    one = template.properties[name]
    if one.type != "string" or one.format or one.enum:
        return ""
    for place in range(len(words.tokens)):
        if not words.free(place) or not words.opens_clause(place):
            continue
        for cue in map(phrase_of, one.after):
            start = place + len(cue)
            if not words.stands(cue, place):
                continue
            end = _text_end(words, start, template, name)
            if end > start:
                value = say(words.tokens[start:end]).strip("“” ")
                words.take(place, end)
                return value
    return ""


def _text_end(words: Words, start: int, template: Template, name: str) -> int:
    others = [
        one
        for other, one in template.properties.items()
        if other != name and one.type == "string" and not one.format
    ]
    end = start
    while words.free(end) and words.tokens[end].text not in _STOPS:
        token = words.tokens[end]
        joined = token.low in {"and", "then", "but", "with", "by", "using", "via"}
        if (joined and words.is_order(end + 1)) or (
            token.low in words.names and words.is_order(end)
        ):
            break
        if end > start and _another_begins(words, end, others):
            break
        if token.kind in {Kind.PATH, Kind.URL}:
            break
        end += 1
    while end > start and words.tokens[end - 1].low in _HANGING:
        end -= 1
    return end


def _another_begins(words: Words, place: int, others: Sequence[Parameter]) -> bool:
    """Whether the words are another parameter's: by a cue of several words, or by an option."""
    cues = [phrase_of(cue) for one in others for cue in one.after]
    here = [cue for cue in cues if words.stands(cue, place)]
    if any(len(cue) > 1 or _option_follows(words, place + 1, others) for cue in here):
        return True
    options = [phrase_of(choice) for one in others for choice in one.choices]
    return any(len(one) > 1 and words.stands(one, place) for one in options)


def _option_follows(words: Words, place: int, others: Sequence[Parameter]) -> bool:
    options = [phrase_of(choice) for one in others for choice in one.choices]
    return any(words.stands(option, place) for option in options)


def file_of(
    template: Template, one: Parameter, found: Mapping[str, str], files: Sequence[FileInfo]
) -> str:
    """The file whose columns count: the one that is said, else the only one there is."""
    if one.of in found:
        return found[one.of]
    reads = template.properties.get(one.of)
    there = [info.path for info in files if info.columns and not info.problem]
    return there[0] if reads is not None and len(there) == 1 else ""


def _from(words: Words, place: int, one: Parameter) -> int:
    """Where the value begins with its cue before it: "for" in "for developers"."""
    start = place
    while words.free(start - 1) and words.tokens[start - 1].low in {*one.after, "the", "a", "an"}:
        start -= 1
    return start


def _file(files: Sequence[FileInfo], text: str) -> str:
    wanted = name_key(text.removeprefix("./"))
    for info in files:
        names = {name_key(info.path), name_key(PurePosixPath(info.path).name)}
        if not info.problem and wanted in names:
            return info.path
    return ""


def _columns(files: Sequence[FileInfo], file: str) -> tuple[Column, ...]:
    return next((info.columns for info in files if name_key(info.path) == name_key(file)), ())


def _is_date(column: Column) -> bool:
    return column.type.upper().startswith(("DATE", "TIMESTAMP"))


_HOLDS: Mapping[str, Callable[[Column], bool]] = {
    "": lambda _: True,
    "number": lambda column: column.numeric,
    "date": _is_date,
    "text": lambda column: not column.numeric and not _is_date(column),
}


def _holds(column: Column, one: Parameter) -> bool:
    return _HOLDS[one.holds](column)


def _figure(label: str, one: Parameter, text: str) -> str:
    digits = text.replace(",", "").strip()
    try:
        number = float(digits)
    except ValueError:
        raise Wrong(f"“{label}” is a number, not {text[:40]}.") from None
    if one.type == "integer" and not number.is_integer():
        raise Wrong(f"“{label}” is a whole number, not {text[:40]}.")
    if one.minimum is not None and number < one.minimum:
        raise Wrong(f"“{label}” is at least {one.minimum:g}, not {text[:40]}.")
    if one.maximum is not None and number > one.maximum:
        raise Wrong(f"“{label}” is at most {one.maximum:g}, not {text[:40]}.")
    return str(int(number)) if number.is_integer() else str(number)
