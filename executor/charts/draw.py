"""Draws a chart as PNG with matplotlib's objects: no pyplot, no state shared between threads."""

import io
import math
import textwrap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from executor.charts.series import Chart
from memory.model.text import text as say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 160
INK = "#1f2933"
SOFT = "#6b7785"
GRID = "#e4e8ed"
COLOURS = (
    "#2f6fb3", "#e0823d", "#4c9a6a", "#b5526b", "#7d6bb0", "#c9a227", "#3d9ca8", "#8a8f98",
)  # fmt: skip
OTHER = "#b4bcc6"
LABELLED_BARS = 40
WIDE_LABEL = 12
UPRIGHT_BARS = 12
TITLE_CHARS = 64
FEW_DATES = 8
DAY_S = 86_400


def png(chart: Chart) -> bytes:
    """The picture of the chart. Blocking, about half a second; more the first time."""
    from matplotlib import rc_context  # noqa: PLC0415 - half a second that only charts should pay
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - see above
    from matplotlib.figure import Figure  # noqa: PLC0415 - see above
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415 - see above

    with rc_context({"font.family": "DejaVu Sans", "text.parse_math": False}):
        margins = ConstrainedLayoutEngine(rect=(0.015, 0.02, 0.97, 0.96))
        figure = Figure(figsize=_size(chart), dpi=DPI, facecolor="white", layout=margins)
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        _plain(axes)
        match chart.kind:
            case "pie":
                _pie(axes, chart)
            case "bar" if _lying(chart):
                _lying_bars(axes, chart)
            case "bar":
                _standing_bars(axes, chart)
            case "line" | "scatter":
                _curves(axes, chart)
        _words(figure, axes, chart)
        out = io.BytesIO()
        figure.savefig(out, format="png")
        return out.getvalue()


def figure_text(value: float, *, widest: float | None = None) -> str:
    """`1,234`, `12.5`, `1.25 M`: with thousands marks, no needless digits, in the scale of `widest`."""
    scale = abs(value if widest is None else widest) or 1.0
    for limit, unit in ((1e12, " T"), (1e9, " B"), (1e6, " M")):
        if scale >= limit:
            return f"{value / limit:,.2f}".rstrip("0").rstrip(".") + unit
    if value == round(value) or scale >= 10_000:
        return f"{value:,.0f}"
    digits = 2 if scale >= 1 else 2 - math.floor(math.log10(scale))
    return f"{value:,.{digits}f}"


def _size(chart: Chart) -> tuple[float, float]:
    if chart.kind == "bar" and _lying(chart):
        rows = len(chart.labels) * max(1.0, 0.55 * len(chart.series))
        return 9.0, min(max(3.2, 1.7 + 0.36 * rows), 24.0)
    return (8.0, 5.2) if chart.kind == "pie" else (9.0, 5.2)


def _lying(chart: Chart) -> bool:
    return not chart.dates and (
        len(chart.labels) > UPRIGHT_BARS or max(map(len, chart.labels)) > WIDE_LABEL
    )


def _plain(axes: "Axes") -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(SOFT)
    axes.tick_params(colors=SOFT, length=0, labelsize=9.5)
    axes.set_axisbelow(True)


def _scale(axes: "Axes", chart: Chart, *, along: str) -> None:
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415 - see png()

    axis = axes.yaxis if along == "y" else axes.xaxis
    axis.grid(visible=True, color=GRID, linewidth=1)
    axis.set_major_formatter(
        FuncFormatter(lambda value, _place: figure_text(value, widest=_top(chart)))
    )


def _top(chart: Chart) -> float:
    return max(
        (abs(v) for curve in chart.series for v in curve.values if v is not None), default=0.0
    )


def _colour(chart: Chart, place: int) -> str | list[str]:
    if len(chart.series) > 1:
        return COLOURS[place % len(COLOURS)]
    return [OTHER if _is_rest(chart, n) else COLOURS[0] for n in range(len(chart.labels))]


def _is_rest(chart: Chart, place: int) -> bool:
    return bool(chart.notes) and chart.labels[place] == "other"


def _standing_bars(axes: "Axes", chart: Chart) -> None:
    few = len(chart.labels) * len(chart.series) <= LABELLED_BARS // 2
    size = (9.5 if len(chart.series) == 1 else 8) if few else 0
    _bars(axes, chart, axes.bar, 0.68, padding=3, size=size)
    crowded = len(chart.labels) > UPRIGHT_BARS
    step = math.ceil(len(chart.labels) / 30)
    axes.set_xticks(range(0, len(chart.labels), step), chart.labels[::step])
    axes.tick_params(axis="x", labelrotation=45 if crowded else 0, labelcolor=INK)
    _scale(axes, chart, along="y")
    axes.margins(y=0.12)
    _zero_line(axes, chart, upright=True)


def _lying_bars(axes: "Axes", chart: Chart) -> None:
    _bars(axes, chart, axes.barh, 0.72, padding=4, size=9)
    labels = [textwrap.shorten(text, 42, placeholder="…") for text in chart.labels]
    axes.set_yticks(range(len(labels)), labels)
    axes.tick_params(axis="y", labelcolor=INK)
    axes.invert_yaxis()
    _scale(axes, chart, along="x")
    axes.margins(x=0.12, y=0.02)
    axes.spines["bottom"].set_visible(False)
    _zero_line(axes, chart, upright=False)


def _bars(
    axes: "Axes", chart: Chart, draw: Callable[..., Any], share: float, *, padding: int, size: float
) -> None:
    """The bars of all series side by side, their figures beside them in this size (0: none)."""
    width = share / len(chart.series)
    for place, curve in enumerate(chart.series):
        shift = (place - (len(chart.series) - 1) / 2) * width
        bars = draw(
            [n + shift for n in range(len(chart.labels))],
            [value or 0.0 for value in curve.values],
            width * 0.94,
            color=_colour(chart, place),
            label=curve.name,
        )
        if size:
            words = _bar_words(chart, curve.values)
            axes.bar_label(bars, words, padding=padding, fontsize=size, color=INK)


def _bar_words(chart: Chart, values: Sequence[float | None]) -> list[str]:
    return [say("no value") if v is None else figure_text(v, widest=_top(chart)) for v in values]


def _zero_line(axes: "Axes", chart: Chart, *, upright: bool) -> None:
    if any(value is not None and value < 0 for curve in chart.series for value in curve.values):
        axes.spines["bottom"].set_visible(False)
        (axes.axhline if upright else axes.axvline)(0, color=SOFT, linewidth=1)


def _curves(axes: "Axes", chart: Chart) -> None:
    spots = _spots(chart)
    for place, curve in enumerate(chart.series):
        colour = COLOURS[place % len(COLOURS)]
        values = [math.nan if value is None else value for value in curve.values]
        if chart.kind == "scatter":
            axes.scatter(
                spots, values, s=34, color=colour, alpha=0.75, linewidths=0, label=curve.name
            )
        else:
            order = sorted(range(len(spots)), key=spots.__getitem__)
            marker = "o" if len(spots) <= LABELLED_BARS else ""
            axes.plot(
                [spots[n] for n in order], [values[n] for n in order],
                color=colour, linewidth=2.2, marker=marker, markersize=5, label=curve.name,
            )  # fmt: skip
    _scale(axes, chart, along="y")
    _across(axes, chart)
    axes.margins(x=0.03, y=0.12)
    _zero_line(axes, chart, upright=True)


def _spots(chart: Chart) -> list[float]:
    """Where each label stands on the x axis; dates as matplotlib's days since 1970."""
    if chart.dates:
        return [date.timestamp() / DAY_S for date in chart.dates]
    return list(chart.numbers) or [float(place) for place in range(len(chart.labels))]


def _across(axes: "Axes", chart: Chart) -> None:
    """The ticks of the x axis: dates, numbers or names."""
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415 - see png()

    axes.tick_params(axis="x", labelcolor=INK)
    if chart.dates:
        _date_ticks(axes, sorted(set(_spots(chart))))
    elif chart.numbers:
        plain = all(x.is_integer() and abs(x) < 10_000 for x in chart.numbers)
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda value, _place: f"{value:g}" if plain else figure_text(value))
        )
    else:
        step = math.ceil(len(chart.labels) / 24)
        labels = [textwrap.shorten(text, 24, placeholder="…") for text in chart.labels[::step]]
        axes.set_xticks(range(0, len(chart.labels), step), labels)
        axes.tick_params(axis="x", labelrotation=40 if sum(map(len, labels)) > 90 else 0)


def _date_ticks(axes: "Axes", days: Sequence[float]) -> None:
    from matplotlib import dates  # noqa: PLC0415 - see png()
    from matplotlib.ticker import FixedLocator, Locator  # noqa: PLC0415 - see png()

    few: Locator = FixedLocator(days)
    many: Locator = dates.AutoDateLocator(minticks=3, maxticks=9)  # type: ignore[no-untyped-call]  # matplotlib's dates have no types
    locator = few if len(days) <= FEW_DATES else many
    offsets = ["", "%Y", "%Y", "%b %Y", "%d %b %Y", "%d %b %Y %H:%M"]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(
        dates.ConciseDateFormatter(locator, offset_formats=offsets)  # type: ignore[no-untyped-call]  # as above
    )


def _pie(axes: "Axes", chart: Chart) -> None:
    values = [value or 0.0 for value in chart.series[0].values]
    total = math.fsum(values)
    colours = [
        OTHER if _is_rest(chart, n) else COLOURS[n % len(COLOURS)] for n in range(len(values))
    ]
    wedges, *_ = axes.pie(
        values, startangle=90, counterclock=False, colors=colours, radius=1.1,
        wedgeprops={"width": 0.46, "edgecolor": "white", "linewidth": 2},
    )  # fmt: skip
    words = [
        f"{textwrap.shorten(label, 28, placeholder='…')}  {figure_text(value)}  ({value / total:.0%})"
        for label, value in zip(chart.labels, values, strict=True)
    ]
    axes.legend(
        wedges, words, loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False,
        labelcolor=INK, fontsize=10.5, labelspacing=0.9, handlelength=1, handleheight=1,
    )  # fmt: skip
    axes.text(
        0, 0, figure_text(total), ha="center", va="center", fontsize=17, weight="bold", color=INK
    )


def _words(figure: "Figure", axes: "Axes", chart: Chart) -> None:
    title = "\n".join(textwrap.wrap(chart.title, TITLE_CHARS)[:3])
    if title:
        axes.set_title(title, loc="left", fontsize=14, weight="bold", color=INK, pad=16)
    if chart.kind != "pie":
        _axis_names(axes, chart)
        if len(chart.series) > 1:
            axes.legend(
                loc="upper left", bbox_to_anchor=(0, -0.13), ncols=4, frameon=False,
                fontsize=9.5, labelcolor=INK, handlelength=1, handleheight=1,
            )  # fmt: skip
    if chart.notes:
        note = "; ".join(chart.notes)
        figure.supxlabel(note[0].upper() + note[1:], x=0.02, ha="left", fontsize=8.5, color=SOFT)


def _axis_names(axes: "Axes", chart: Chart) -> None:
    measure = chart.series[0].name if len(chart.series) == 1 else ""
    names = (
        (measure, chart.x_name)
        if chart.kind == "bar" and _lying(chart)
        else (chart.x_name, measure)
    )
    axes.set_xlabel(_readable(names[0]), fontsize=10, color=SOFT, labelpad=8)
    axes.set_ylabel(_readable(names[1]), fontsize=10, color=SOFT, labelpad=8)


def _readable(name: str) -> str:
    return textwrap.shorten(name.replace("_", " "), 48, placeholder="…")
