"""A text or a table as a document to read or print: HTML or PDF, and a question for other kinds."""

from pathlib import PurePosixPath
from typing import Final

from memory.model.text import text
from planner.draft import Draft
from planner.jobs import tables
from planner.jobs.forms import Match
from planner.jobs.making import Making, OtherWork
from planner.names import is_data, quoted

ROWS: Final = 200
"""A document shows no more rows of a table than that."""
_INSTEAD: Final = ("pdf", "html")


def document(making: Making, match: Match) -> Draft:
    """The file as a document beside it, or where that was said."""
    file = making.any_file(match["file"])
    source = PurePosixPath(file.path.partition("#")[0])
    form = _form(making, match)
    path = match["out"] if match["out"].endswith((".pdf", ".html", ".htm")) else ""
    path = path or making.free(str(source.with_suffix(f".{form}")))
    if is_data(str(source)):
        if file.rows is None or file.rows > ROWS:
            making.assume(text("{path} has more than {n} rows, so the document is a report about it.",
                               path=file.path, n=ROWS))  # fmt: skip
            return tables.report(making, Match({"file": file.path, "out": path}, frozenset()))
        sql = f"SELECT * FROM {quoted(source.stem)}"  # noqa: S608 - quoted
        given = making.add(
            "data.query", text("Rows of {path}", path=file.path), sources=[file.path], sql=sql
        )
    elif source.suffix.casefold() in {".txt", ".md", ".markdown", ".log", ".rst"}:
        given = making.add("files.read", text("Read {path}", path=file.path), path=file.path)
    else:
        raise OtherWork
    making.add("report.render", text("Render {path}", path=path), markdown=given, format=form,
               path=path, title=source.stem)  # fmt: skip
    return making.drafted()


def _form(making: Making, match: Match) -> str:
    """html or pdf; what nothing here can write is asked about."""
    said = (
        match["form"].casefold().removeprefix(".")
        or PurePosixPath(match["out"]).suffix.casefold()[1:]
    )
    if said in {"pdf", "printable", "printout"}:
        return "pdf"
    if said in {"html", "htm", "web page", "webpage", "website", "html page", "htmlpage"}:
        return "html"
    question = text("I can't write Word files. Which instead?")
    return making.ask("kind of document", question, _INSTEAD, matters="effects")
