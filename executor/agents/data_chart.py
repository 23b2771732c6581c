"""data.chart: a table as a picture."""

from pathlib import PurePosixPath

from executor.charts.draw import png
from executor.charts.series import chart_of
from executor.data import arguments
from executor.data.media import written
from executor.data.specs import content, control, tool
from executor.port import Call, Reply
from executor.threads import in_thread
from memory.model.agents.spec import EffectClass
from memory.model.errors import BadInput
from memory.model.work.value import File

KINDS = ("auto", "bar", "line", "pie", "scatter")
SPEC = tool(
    "data.chart",
    "Draws a table as a bar, line, pie or scatter chart into a PNG file.",
    content("table", "The rows to draw", "table", takes=("table",)),
    control("kind", "The kind of chart", "text", required=False, default="auto", choices=KINDS),
    control(
        "x",
        "The column along the axis; by default the first that isn't numeric",
        "text",
        required=False,
    ),
    control(
        "y", "The column or columns of numbers; by default the first one", "text", required=False
    ),
    control("title", "Its heading", "text", required=False),
    control("path", "The PNG file to write", "path", endings=(".png",), sample="out/revenue.png"),
    output="file",
    effect=EffectClass.WRITE,
    words=("chart", "graph", "plot", "picture", "diagram"),
    file_rule="A chart is a PNG file",
    usual_s=(0.5, 3),
)


class DataChart:
    """Draws in a thread. The same table gives the same picture."""

    spec = SPEC

    async def run(self, call: Call) -> Reply:
        """Draw the table and give back the PNG file."""
        path = arguments.word(call, "path")
        if PurePosixPath(path).suffix.casefold() != ".png":
            raise BadInput("A chart is a PNG file. End {path} in .png.", path=path)
        return await in_thread(lambda: Reply(value=_drawn(call, path)), timeout_s=call.timeout_s)


def _drawn(call: Call, path: str) -> File:
    title = arguments.word(call, "title", "")
    chart = chart_of(
        arguments.table(call, "table"),
        kind=arguments.word(call, "kind", "auto"),
        x=arguments.word(call, "x", ""),
        y=_columns(call),
        title=title,
    )
    if chart.notes:
        call.say("; ".join(chart.notes))
    return written(call.files, path, png(chart), title=title)


def _columns(call: Call) -> tuple[str, ...]:
    """The y columns; a comma in a column's own name is not a list of columns."""
    given = arguments.constant(call, "y")
    if isinstance(given, str) and given in arguments.table(call, "table").columns:
        return (given,)
    return arguments.words(call, "y")
