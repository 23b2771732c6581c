"""Work on texts and code that lacks its subject: about what, in which language, which file. Pure."""

import re
from pathlib import PurePosixPath
from typing import Final

from memory.model.text import text
from planner.missing import words
from planner.missing.asking import Open
from planner.missing.reading import Said, names_of

LANGUAGES: Final = ("English", "German", "French", "Spanish")
_FOR: Final = re.compile(
    r"\b(?:to|for) (?:(?:the|our|my|all|a|an|his|her|their) )*(?P<who>[a-z]+(?: [a-z]+)?)[.!?]*$",
    re.IGNORECASE,
)
_SOURCES: Final = (".py", ".js", ".ts", ".sql", ".sh", ".css", ".html", ".go", ".rs", ".java", ".c")


def translated(said: Said, asked: Open) -> str:
    """ "translate notes.md": into which language; "translate this": what."""
    if said.verb not in words.TRANSLATE or said.telling(words.TRANSLATE, words.GIVEN):
        return ""
    what = _which(said, asked)
    into = said.language.capitalize()
    into = into or asked.ask("language", text("Into which language?"), LANGUAGES, needed=True)
    return f"{_by(said)}translate {what} into {into}"


def edited(said: Said, asked: Open) -> str:
    """ "improve the text": which one, and what is to be better about it."""
    known = words.EDIT | words.GIVEN | words.BETTER
    if said.verb not in words.EDIT or said.telling(known) or _is_making(said):
        return ""
    if not said.has(words.GIVEN) and not said.files:
        return ""
    if any(file.columns for file in said.files):
        return ""
    what = _which(said, asked)
    if said.verb in words.TOLD or said.has(words.BETTER - {"better"}):
        return f"{_by(said)}{_edit(said)} {what}"
    aims = (text("spelling and grammar"), text("clarity and length"), text("tone"))
    aim = asked.ask("aim", text("What should be better about it?"), aims)
    return f"{_by(said)}{_edit(said)} {what} with regard to {aim}"


def summarised(said: Said, asked: Open) -> str:
    """ "summarise it": what."""
    known = words.SUMMARISE | {"summary"}
    if said.verb not in known or said.telling(known, words.GIVEN) or said.files or not said.texts:
        return ""
    return f"{_by(said)}summarise {_which(said, asked)}"


def written(said: Said, asked: Open) -> str:
    """ "write a blog post": about what, and for whom."""
    known = words.WRITE | words.TEXTS | words.AUDIENCES
    if said.verb not in words.WRITE or not said.has(words.TEXTS):
        return ""
    reader = _reader(said)
    if set(said.telling(known)) - reader:
        return ""
    if said.files or (said.verb in {"make", "do", "give"} and said.has(words.POINTING)):
        return ""
    topic = asked.ask("topic", text("What should it be about?"), needed=True)
    whom = ""
    if not said.has(words.AUDIENCES) and not reader:
        readers = (text("anybody"), text("our customers"), text("our team"))
        whom = asked.ask("audience", text("Who is it for?"), readers)
    aim = f" for {whom}" if whom not in {"", text("anybody")} else ""
    return f"{said.line}{aim} about {topic}"


def coded(said: Said, asked: Open) -> str:
    """ "write a script": what it is to do, and in which language."""
    if said.verb not in words.CODE or not said.has(words.PROGRAMS):
        return ""
    if said.telling(words.CODE, words.PROGRAMS, words.CODE_LANGUAGES) or said.files:
        return ""
    job = asked.ask("topic", text("What should it do?"), needed=True)
    if said.has(words.CODE_LANGUAGES):
        return f"{said.line} for this task: {job}"
    known = ("Python", "JavaScript", "SQL")
    language = asked.ask("file language", text("In which programming language?"), known)
    return f"{said.line} in {language} for this task: {job}"


def mended(said: Said, asked: Open) -> str:
    """ "fix the bug": what goes wrong, and where."""
    if said.verb not in words.MEND or not said.has(words.BUGS):
        return ""
    if said.telling(words.MEND, words.BUGS, words.PROGRAMS):
        return ""
    wrong = asked.ask("topic", text("What goes wrong, and when?"), needed=True)
    sources = [file.path for file in said.texts if PurePosixPath(file.path).suffix in _SOURCES]
    where = said.files[0].path if said.files else ""
    if not where and sources:
        where = asked.ask("file", text("In which file?"), sources)
    place = f" in {where}" if where else ""
    return f"{_by(said)}fix this bug{place}: {wrong}"


def published(said: Said, asked: Open) -> str:
    """ "publish it": what."""
    if said.verb not in words.PUBLISH or said.telling(words.PUBLISH, words.GIVEN, words.REPORTS):
        return ""
    if said.files or not said.texts:
        return ""
    return f"read {_which(said, asked)} and publish it"


def researched(said: Said, asked: Open) -> str:
    """ "do some research": on what."""
    is_verb = said.verb in words.RESEARCH
    if not is_verb and not (said.verb in words.WRITE and said.has(words.STUDIES)):
        return ""
    if said.telling(words.RESEARCH, words.STUDIES, words.WRITE) or said.files:
        return ""
    about = text("What should be researched?")
    if said.has(words.MARKETS):
        about = text("Of what product or trade, and in which country?")
    topic = asked.ask("topic", about, needed=True)
    kind = next((f"the {word} " for word in said.tokens if word in words.MARKETS), "")
    link = "for " if kind else ""
    return f"{_by(said)}research {kind}{link}{topic}"


def planned(said: Said, asked: Open) -> str:
    """ "plan the event": when, where, for how many."""
    if said.verb not in words.PLAN or not said.has(words.EVENTS):
        return ""
    if said.telling(words.PLAN, words.EVENTS, words.AUDIENCES):
        return ""
    unsettled = text("not settled")
    day = asked.ask("date", text("When should it be?"), (unsettled, text("next month")))
    place = asked.ask("place", text("Where should it be?"), (unsettled, text("at our place")))
    size = asked.ask("size", text("For how many people?"), (unsettled, "10", "50"))
    return f"{said.line}; when: {day}; where: {place}; for how many people: {size}"


def _reader(said: Said) -> set[str]:
    """Who it is for, where it ends in that: "a letter to the supplier"."""
    match = _FOR.search(said.line)
    return set(match["who"].casefold().split()) if match else set()


def _edit(said: Said) -> str:
    """The verb, or what "make it shorter" comes to."""
    if said.verb != "make":
        return said.verb
    return "shorten" if said.has(words.SHORTER) else "improve"


def _is_making(said: Said) -> bool:
    """ "make a text" makes a new one; "make it better" edits."""
    return said.verb == "make" and not said.has(words.BETTER)


def _which(said: Said, asked: Open) -> str:
    """The text that is meant: a file, or words."""
    if said.files:
        return said.files[0].path
    paths = [file.path for file in said.texts]
    question = text("Which text? Name a file, or paste it.")
    answer = asked.ask("file", question, paths, needed=not paths)
    known = (file.path for file in said.request.readable if answer.casefold() in names_of(file))
    return next(known, f"“{answer}”")


def _by(said: Said) -> str:
    """Who is to do it, where that was said."""
    return f"have {said.agents[0]} " if said.agents else ""
