"""Jobs on text files: writing, adding, replacing, counting, picking lines, merging, moving."""

import re
from pathlib import PurePosixPath
from typing import Final

from memory.model.text import text
from planner.draft import CannotPlan, Draft, DraftTask
from planner.jobs.forms import Match
from planner.jobs.making import DOCUMENTS, Making, OtherWork, is_list
from planner.lexicon.words import number, word_set
from planner.names import is_data

_NEEDS_AUTHOR: Final = word_set(
    "poem haiku letter email mail mails e-mail story essay article post blog summary report draft speech song review joke jokes "
    "limerick description text paragraph tweet ad slogan agenda outline script code function program plan proposal "
    "total sum average mean count chart graph table result results number numbers query translation analysis answer "
    "idea ideas list lists tips headline headlines recipe top median share number it this that them these those"
)
_ARTICLES: Final = word_set(
    "a an the some my our its his her their this these those all each every it"
)
_MEASURED: Final = word_set(
    "line lines word words character characters letters sentences paragraphs pages unique different distinct rows columns open done todo todos items things tasks"
)
MARKS: Final = ("TODO", "[ ]", "Action", "Decision")
"""What people put before to-dos in their notes."""
REPLACE_FILE: Final = "replace it"
ADD_TO_FILE: Final = "add to its end"


def write(making: Making, match: Match) -> Draft:
    """Put these very words into a file."""
    words = _in_lines(match) or match["body"] or match["quote"] or match["words"]
    if not words.strip() and ("body" in match.literal or "quote" in match.literal):
        words = ""
    named = match["out"]
    path = named or making.ask(
        "file to write",
        text("Which file?"),
        ("notes.md", "notes.txt"),
        free=True,
        matters="effects",
    )
    if path.endswith("/"):
        path = f"{path}notes.md"
    if not PurePosixPath(path).suffix and "/" not in path and not making.exists(path):
        path = f"{path}.md"
    if not words:
        heading = f"# {PurePosixPath(path).stem.replace('-', ' ').capitalize()}"
        words = making.ask(
            f"text of {path}", text("What should {path} say?", path=path), (heading,), free=True
        )
    _refuse_rows(path)
    if making.exists(path) and (not named or _adds(making, path)):
        return _append(making, path, words, exact=True)
    making.add("files.write", text("Write {path}", path=path), path=path, content=words)
    return making.drafted()


def _in_lines(match: Match) -> str:
    """The parts of the words as so many lines as are wanted; "" where that isn't said or can't be."""
    parts = [part.strip() for part in re.split(r"\s*(?:[,;\n]|\band\b)\s*", match["words"])]
    parts = [part for part in parts if part]
    if "rows" not in match:
        return ""
    if len(parts) != number(match["n"]):
        raise OtherWork
    return "\n".join(parts)


def _adds(making: Making, path: str) -> bool:
    question = text("{path} is already there. What about what's in it?", path=path)
    options = (ADD_TO_FILE, REPLACE_FILE)
    return making.ask(f"what is in {path}", question, options, matters="effects") == ADD_TO_FILE


def _refuse_rows(path: str) -> None:
    if ".git" in PurePosixPath(path.casefold()).parts:
        raise CannotPlan("{path} belongs to Git, and I don't write there.", path=path)
    if path.casefold().endswith(
        (".xlsx", ".xls", ".parquet", ".pdf", ".docx", ".png", ".jpg", ".jpeg")
    ):
        raise CannotPlan(
            "I can write words to a text file, such as notes.md, but {path} isn't one.", path=path
        )


def write_plain(making: Making, match: Match) -> Draft:
    """The same for words without quotes, where nothing else can be meant by them."""
    words = match["words"]
    tokens = words.casefold().split()
    path = match["out"]
    known = {column.name.casefold() for file in making.request.readable for column in file.columns}
    if (
        (path and not path.casefold().endswith(DOCUMENTS))
        or tokens[0] in _ARTICLES
        or making.called(words)
    ):
        raise OtherWork
    if any(token in known or token in _NEEDS_AUTHOR for token in tokens):
        raise OtherWork
    making.assume(text("“{words}” is written word for word.", words=words))
    return append(making, match) if "adding" in match else write(making, match)


def append(making: Making, match: Match) -> Draft:
    """Add these very words to the end of a file."""
    words = match["body"] or match["quote"] or match["words"]
    named = match["out"] or match["file"]
    known = making.called(named) if named else []
    if not named:
        path = making.text_file("").path
    elif known or PurePosixPath(named).suffix or "/" in named:
        path = known[0].path if len(known) == 1 else named
    else:
        raise OtherWork
    _refuse_rows(path)
    if not words.strip():
        raise CannotPlan("Say what to add to {path}, in quotes.", path=path)
    if not making.exists(path):
        making.assume(text("{path} is a new file.", path=path))
    quoted = bool(match["quote"]) or "words" in match.literal
    exact = bool(match["body"]) or (quoted and bool(PurePosixPath(named).suffix))
    return _append(making, path, words, exact=exact)


def _append(making: Making, path: str, words: str, *, exact: bool) -> Draft:
    """Words for the end of a file: an item of a list, unless they are quoted for that very file."""
    more = {"item": "true"} if is_list(path) and making.exists(path) and not exact else {}
    making.add("files.append", text("Add to {path}", path=path), path=path, content=words, **more)
    if more:
        making.assume(text("It's marked as the items that are there are: “- ”, “[ ]” or nothing."))
    return making.drafted()


def cut(making: Making, match: Match) -> Draft:
    """A text in pieces, which nothing here makes."""
    file = making.text_file(match["file"])
    if is_data(file.path):
        raise OtherWork
    raise CannotPlan(
        "I can't cut a text into pieces. I can save part of it: say “the first 100 lines of {path} "
        "and save them to part.txt”, or the lines that hold a word.",
        path=file.path,
    )


def add_first(making: Making, match: Match) -> Draft:
    """Words for the top of a file, which only grows at its end."""
    path = making.text_file(match["file"]).path
    raise CannotPlan(
        "I add to the end of a file, not to its top. Say “add … to {path}”, or write a new file with it.",
        path=path,
    )


def replace(making: Making, match: Match) -> Draft:
    """Replace a text by another."""
    find, new = match["find"] or match["quote"], match["replacement"]
    if making.request.catalogue.find(find) and not match["file"]:
        raise OtherWork
    file = making.text_file(match["file"])
    if "find" not in match.literal and any(
        find.casefold() == column.name.casefold() for column in file.columns
    ):
        raise OtherWork  # a column is renamed, not a text replaced
    if not find:
        raise CannotPlan("Say which text to replace in {path}, in quotes.", path=file.path)
    if "replacement" not in match.slots:
        none = "take it out"
        answer = making.ask(
            f"instead of {find} in {file.path}", text("What should stand there instead of “{find}”?", find=find),
            (none,), free=True, matters="effects",
        )  # fmt: skip
        new = "" if answer == none else answer
    if find == new:
        raise CannotPlan("That would change nothing: both texts are the same.")
    if match["out"] not in {"", file.path}:
        raise CannotPlan(
            "I replace words in the file itself. For {copy}, say “copy {path} to {copy}” first, and then “replace … in {copy}”.",
            copy=match["out"], path=file.path,
        )  # fmt: skip
    return _replaced(making, file.path, find, new)


def take_out(making: Making, match: Match) -> Draft:
    """Take a text out of a file."""
    return _replaced(making, making.text_file(match["file"]).path, match["quote"], "")


def _replaced(making: Making, path: str, find: str, new: str) -> Draft:
    title = text("Replace “{find}” in {path}", find=find[:60], path=path)
    making.add("files.replace", title, path=path, find=find, replacement=new)
    return making.drafted()


def count(making: Making, match: Match) -> Draft:
    """Count lines, words and characters, or how often a text occurs."""
    names = [match["file"], *([match["other"]] if match["other"] else [])]
    paths = [making.text_file(name).path for name in names]
    needle, path = match["quote"] or match["needle"], ", ".join(paths)
    title = (
        text("Count “{needle}” in {path}", needle=needle[:60], path=path)
        if needle
        else text("Count {path}", path=path)
    )
    more = {"containing": needle} if needle else {}
    making.add("text.count", title, sources=paths, **more)
    return making.drafted()


def read(making: Making, match: Match) -> Draft:
    """Show a text file."""
    file = making.text_file(match["file"])
    if is_data(file.path):
        raise OtherWork
    making.add("files.read", text("Read {path}", path=file.path), path=file.path)
    return making.drafted()


def pick(making: Making, match: Match) -> Draft:
    """Lines with a text in them, or without it; the first or the last."""
    file = making.text_file(match["file"])
    given: dict[str, str] = {}
    if "needle" in match:
        given["without" if "no" in match else "containing"] = match["needle"]
    if "first" in match or "last" in match or "n" in match:
        end = "last" if "last" in match else "first"
        given[end] = str(number(match["n"]) if "n" in match else 1 if "one" in match else 10)
        if number(given[end]) < 1:
            raise CannotPlan("The number of lines has to be at least 1.")
    title = text("Lines of {path}", path=file.path)
    if "needle" in match:
        title = text("Lines of {path} with “{needle}”", path=file.path, needle=match["needle"][:60])
        if "no" in match:
            title = text(
                "Lines of {path} without “{needle}”", path=file.path, needle=match["needle"][:60]
            )
    return _saved(
        making, match["out"], making.add("text.lines", title, sources=[file.path], **given)
    )


def said(making: Making, match: Match) -> Draft:
    """What a text says about something: the lines that name it."""
    if is_data(making.text_file(match["file"]).path):
        raise OtherWork
    return pick(making, match)


def occurrences(making: Making, match: Match) -> Draft:
    """How often something is in a text, in one or in several."""
    file, needle = making.text_file(match["file"]), match["needle"]
    if is_data(file.path) or set(needle.casefold().split()) & _MEASURED:
        raise OtherWork
    word = needle if "needle" in match.literal else needle.removesuffix("s")
    making.assume(text("Counted is “{word}”, in capitals or not.", word=word))
    return count(making, Match({"file": match["file"], "needle": word}, match.literal))


def mentions(making: Making, match: Match) -> Draft:
    """The lines of a text with one word: "show the warnings in app.log"."""
    if not PurePosixPath(match["file"]).suffix and not making.called(match["file"]):
        raise OtherWork  # "list issues in a/b": of something that is no file
    file, needle = making.text_file(match["file"]), match["needle"].casefold()
    if is_data(file.path) or len(needle.split()) != 1 or needle in _MEASURED | _NEEDS_AUTHOR:
        raise OtherWork
    word = needle if "needle" in match.literal else needle.removesuffix("s")
    making.assume(text("Shown are the lines with “{word}”, in capitals or not.", word=word))
    return pick(making, Match({"file": match["file"], "needle": word}, match.literal))


def marked(making: Making, match: Match) -> Draft:
    """To-dos and the like: the lines with their mark; which mark that is, the file's author knows."""
    file = making.text_file(match["file"])
    if is_data(file.path):
        raise OtherWork
    mark = making.ask(
        f"mark of lines in {file.path}",
        text("How are those lines marked in {path}?", path=file.path),
        MARKS,
        free=True,
    )
    title = text("Lines of {path} with “{needle}”", path=file.path, needle=mark[:60])
    lines = making.add("text.lines", title, sources=[file.path], containing=mark)
    return _saved(making, match["out"], lines)


def sort(making: Making, match: Match) -> Draft:
    """Lines in order, or each once."""
    file = making.text_file(match["file"])
    if is_data(file.path):
        raise OtherWork  # a table is sorted by a column
    given = {"order": "descending" if "down" in match else "ascending"} if "sort" in match else {}
    if "unique" in match:
        given["unique"] = "yes"
    title = (
        text("Sort {path}", path=file.path)
        if "sort" in match
        else text("Each line of {path} once", path=file.path)
    )
    lines = making.add("text.lines", title, sources=[file.path], **given)
    path = match["out"]
    if ("removing" in match or "keeping" in match) and not path:
        source = PurePosixPath(file.path)
        kind = "sorted" if "sort" in match else "unique"
        options = (str(source.with_name(f"{source.stem}-{kind}{source.suffix}")), file.path)
        question = text("Where should the lines go?")
        path = making.ask(
            f"{kind} lines of {file.path}", question, options, free=True, matters="effects"
        )
    elif not path:
        making.assume(
            text(
                "{path} stays as it is. To change it, say “and save it to {path}”.", path=file.path
            )
        )
    return _saved(making, path, lines)


def merge(making: Making, match: Match) -> Draft:
    """Several text files one after the other."""
    names = [match[name] for name in ("file", "other", "third", "fourth") if match[name]]
    files = [making.text_file(name) for name in names]
    if any(is_data(file.path) for file in files):
        raise OtherWork  # tables are joined
    path = match["out"] or making.ask(
        "file to merge into", text("Which file should they go into?"),
        (f"merged{PurePosixPath(files[0].path).suffix}",), free=True, matters="effects",
    )  # fmt: skip
    title = text("Put {files} together", files=", ".join(file.path for file in files))
    lines = making.add("text.lines", title, sources=[file.path for file in files])
    making.add("files.write", text("Write {path}", path=path), path=path, content=lines)
    return making.drafted()


def _saved(making: Making, path: str, lines: DraftTask) -> Draft:
    if path:
        path = path if PurePosixPath(path).suffix else f"{path}.txt"
        making.add("files.write", text("Write {path}", path=path), path=path, content=lines)
    return making.drafted(lines.title)


def move(making: Making, match: Match) -> Draft:
    """Copy or rename a file; nothing is overwritten."""
    file = making.any_file(match["file"])
    source = PurePosixPath(file.path)
    copying = "copying" in match
    path = f"{match['folder'].strip('/')}/" if "folder" in match else match["out"]
    if not path:
        proposal = str(
            source.with_name(f"{source.stem}-{'copy' if copying else 'old'}{source.suffix}")
        )
        question = text("What should it be called?")
        path = proposal
        if not making.questions.gaps:  # first which file, then what it is called
            path = making.ask(
                f"new name of {file.path}", question, (proposal,), free=True, matters="effects"
            )
    if path.endswith("/"):
        path = f"{path}{source.name}"
    elif not PurePosixPath(path).suffix and source.suffix:
        path = f"{path}{source.suffix}"
    if making.exists(path):
        raise CannotPlan(
            "{path} is already there, and I don't overwrite files. Choose another name.", path=path
        )
    title = (
        text("Copy {source} to {path}", source=file.path, path=path)
        if copying
        else text("Rename {source} to {path}", source=file.path, path=path)
    )
    making.add("files.copy" if copying else "files.rename", title, source=file.path, path=path)
    return making.drafted()


def delete(making: Making, match: Match) -> Draft:
    """A file that is to go: it is moved aside, if that is wanted."""
    found = making.called(match["file"])
    if not found and PurePosixPath(match["file"]).suffix:
        raise CannotPlan("There's no file {path} in the project's folder.", path=match["file"])
    if not found:
        raise OtherWork
    path = found[0].path
    aside, leave = f"archive/{PurePosixPath(path).name}", "leave it"
    question = text("I don't delete files. Move {path} to {aside} instead?", path=path, aside=aside)
    answer = making.ask(f"deleting {path}", question, (text("move it"), leave), matters="effects")
    if answer == leave:
        raise CannotPlan("Then {path} stays where it is.", path=path)
    if making.exists(aside):
        raise CannotPlan(
            "{path} is already there, and I don't overwrite files. Choose another name.", path=aside
        )
    title = text("Rename {source} to {path}", source=path, path=aside)
    making.add("files.rename", title, source=path, path=aside)
    return making.drafted()
