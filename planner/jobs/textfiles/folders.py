"""Jobs on all the text files of a folder, or of the project: merged, moved, searched, summarised."""

from pathlib import PurePosixPath
from typing import Final

from memory.model.agents.spec import INSTRUCTED
from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.draft import CannotPlan, Draft, DraftInput, DraftTask
from planner.jobs.forms import Match
from planner.jobs.making import TEXTS, Making, OtherWork
from planner.lexicon.words import number

MOST_FILES: Final = 20


def merge(making: Making, match: Match) -> Draft:
    """All texts of a folder one after the other."""
    files = _files(making, match)
    path = match["out"] or making.ask(
        "file to merge into", text("Which file should they go into?"), ("merged.md",), free=True, matters="effects",
    )  # fmt: skip
    lines = _lines(making, files)
    making.add("files.write", text("Write {path}", path=path), path=path, content=lines)
    return making.drafted()


def move(making: Making, match: Match) -> Draft:
    """All files of a kind into a folder; nothing is overwritten."""
    ending, folder = f".{match['ending'].casefold().strip('.')}", match["folder"].strip("/")
    files = [
        file
        for file in making.request.readable
        if file.path.casefold().endswith(ending)
        and PurePosixPath(file.path).parent != PurePosixPath(folder)
    ]
    if not files:
        raise CannotPlan("There are no such files in the project's folder.")
    _refuse_many(files)
    for file in files:
        _move(
            making,
            file.path,
            f"{folder}/{PurePosixPath(file.path).name}",
            copying="copying" in match,
        )
    return making.drafted()


def _move(making: Making, source: str, path: str, *, copying: bool) -> None:
    if making.exists(path):
        raise CannotPlan(
            "{path} is already there, and I don't overwrite files. Choose another name.", path=path
        )
    title = (
        text("Copy {source} to {path}", source=source, path=path)
        if copying
        else text("Rename {source} to {path}", source=source, path=path)
    )
    making.add("files.copy" if copying else "files.rename", title, source=source, path=path)


def _refuse_many(files: list[FileInfo]) -> None:
    if len(files) > MOST_FILES:
        raise CannotPlan(
            "That's {n} files; I take at most {most} at a time.", n=len(files), most=MOST_FILES
        )


def search(making: Making, match: Match) -> Draft:
    """How often a text is in each of the project's texts."""
    files = [file for file in making.request.readable if file.path.casefold().endswith(TEXTS)]
    needle = match["needle"] or match["quote"]
    if not files:
        raise OtherWork
    title = text("Files with “{needle}”", needle=needle[:60])
    paths = [file.path for file in files[:MOST_FILES]]
    making.add("text.count", title, sources=paths, containing=needle)
    if len(files) > MOST_FILES:
        making.assume(text("Only the first {n} text files are looked at.", n=MOST_FILES))
    return making.drafted()


def summarise(making: Making, match: Match) -> Draft:
    """The gist of all texts of a folder: by who writes, else its most telling sentences."""
    files = _files(making, match)
    lines = _lines(making, files)
    title = text("Summarise {files}", files=_named(files))
    able = making.request.catalogue.able("summarise")
    if any(agent.kind in INSTRUCTED for agent in able):
        task = DraftTask(
            key="summarise-all", title=title[:200], type="summarise", instruction=making.request.text.strip(),
            inputs=(DraftInput(name="context", from_task=lines.key),),
        )  # fmt: skip
        making.tasks.append(task)
    else:
        said = match["n"] or match["m"]
        count = {"sentences": str(number(said))} if said else {}
        if "bulleted" in match:
            making.assume(text("Sentences are picked; they come as a text, not as bullet points."))
        task = making.add("text.summarise", title, text=lines, **count)
    if match["out"]:
        path = match["out"]
        making.add("files.write", text("Write {path}", path=path), path=path, content=task)
    return making.drafted(title)


def _files(making: Making, match: Match) -> list[FileInfo]:
    """The texts of the folder, or of one kind, in order of their names. Raises OtherWork for none."""
    wanted, ending = match["folder"].strip("/").casefold(), match["ending"].casefold().strip(".")
    files = [
        file
        for file in sorted(making.request.readable, key=lambda file: file.path)
        if file.path.casefold().endswith(f".{ending}" if ending else TEXTS)
        and (not wanted or wanted in str(PurePosixPath(file.path.casefold()).parent).split("/"))
    ]
    if len(files) < 2:
        raise OtherWork
    _refuse_many(files)
    making.assume(text("The files are {files}.", files=", ".join(file.path for file in files)))
    return files


def _lines(making: Making, files: list[FileInfo]) -> DraftTask:
    title = text("Put {files} together", files=_named(files))
    return making.add("text.lines", title, sources=[file.path for file in files])


def _named(files: list[FileInfo]) -> str:
    return ", ".join(file.path for file in files)[:120]
