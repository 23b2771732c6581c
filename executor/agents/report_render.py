"""report.render: a Markdown report as HTML or PDF."""

from pathlib import PurePosixPath

from executor.data import arguments
from executor.data.media import written
from executor.data.specs import content, control, tool
from executor.documents import markdown
from executor.documents.html import page
from executor.documents.pdf import document
from executor.port import Call, Reply
from executor.threads import in_thread
from memory.model.agents.spec import EffectClass
from memory.model.errors import BadInput
from memory.model.work.value import File, Table

ENDINGS = (".html", ".htm", ".pdf")
SPEC = tool(
    "report.render",
    "Renders Markdown as one HTML or PDF file with its pictures.",
    content(
        "markdown",
        "The report: a text or a .md file; a table or picture makes a report too",
        "text",
        sample="# Q3",
    ),
    control("format", "html or pdf", "text", choices=("html", "pdf"), sample="pdf"),
    control("path", "The file to write", "path", endings=ENDINGS, sample="reports/q3.pdf"),
    control("title", "Its title", "text", required=False),
    output="file",
    effect=EffectClass.WRITE,
    words=("report", "pdf", "html"),
    file_rule="A rendered report is HTML or PDF",
    usual_s=(0.2, 4),
)


class ReportRender:
    """Renders without fetching anything; pictures come from the project's folder only."""

    spec = SPEC

    async def run(self, call: Call) -> Reply:
        """Render the report and give back the HTML or PDF file."""
        return await in_thread(lambda: Reply(value=_rendered(call)), timeout_s=call.timeout_s)


def _rendered(call: Call) -> File:
    path = arguments.word(call, "path")
    form = arguments.word(call, "format", PurePosixPath(path).suffix.lstrip(".")).casefold()
    if form not in {"html", "pdf"}:
        raise BadInput("A report can be rendered as html or pdf, not as {format}.", format=form)
    title = arguments.word(call, "title", "")
    text, source = _source(call, path)
    folder = str(PurePosixPath(source).parent)
    make = page if form == "html" else document
    return written(
        call.files, path, make(text, title=title, folder=folder, files=call.files), title=title
    )


def _source(call: Call, path: str) -> tuple[str, str]:
    """The Markdown, and the file whose folder its pictures are named from."""
    match arguments.required(call, "markdown"):
        case File() as given if given.media_type.startswith("image/"):
            return markdown.link(given, path), path
        case File(path=source):
            return arguments.text(call, "markdown"), source
        case Table() as given:
            return markdown.table(given), path
        case _:
            return arguments.text(call, "markdown"), path
