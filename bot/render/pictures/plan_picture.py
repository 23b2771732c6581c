"""The plan as a picture: SVG drawn by hand, turned into PNG by resvg."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from bot.language.catalogue import Locale
from bot.language.words import (
    Names,
    fit,
    untrusted,
    width,
    wrapped,
)
from bot.render.pictures.fonts import FAMILY, covers_east_asia, font_files
from bot.render.pictures.geometry import Box, Sheet, Size, sheet
from bot.render.plans.details import mark
from memory.model.agents.spec import EffectClass
from memory.model.base import TaskKey
from memory.model.money import show_money
from memory.model.work.graph import Effect, Task
from memory.model.work.plan import Plan
from memory.model.work.run import TaskState

NARROWEST = 420
"""So wide a page is at least: on a phone the letters of a narrower one would be too large."""

WIDEST, HIGHEST, SHARPEST, SMALLEST = 1440, 2400, 2.0, 0.85
"""Pixels at most, and how far a picture is magnified (for dense screens) or made smaller (letters
of 14 pixels stay legible).
"""

AREA = 380_000
"""Pixels a picture is brought to within these bounds: drawing and packing them is nearly all of its
time (about 90 ms a million), and a plan of ten tasks is to be drawn in 50 ms.
"""

INK, SOFT, LINE, PAPER = "#1d2433", "#667085", "#a3aec2", "#ffffff"
EDGE: Mapping[EffectClass, str] = {
    EffectClass.READ: "#c5cedd",
    EffectClass.WRITE: "#e0a23b",
    EffectClass.CONFIGURE: "#dc6a3c",
    EffectClass.PUBLISH: "#dc6a3c",
    EffectClass.EXEC: "#c9405b",
}
COLOURS: Mapping[TaskState, tuple[str, str]] = {
    TaskState.WAITING: ("#ffffff", "#c5cedd"),
    TaskState.READY: ("#ffffff", "#c5cedd"),
    TaskState.RUNNING: ("#e8f1ff", "#2f6fed"),
    TaskState.ASKING: ("#fff6dd", "#c98a04"),
    TaskState.SUCCEEDED: ("#e7f7ee", "#22935a"),
    TaskState.FAILED: ("#fdeaea", "#d03a3a"),
    TaskState.SKIPPED: ("#f7f8fa", "#b3bac6"),
    TaskState.CANCELLED: ("#f2f3f5", "#98a1b0"),
}
"""Fill and frame of a task in each state."""

GLYPHS: Mapping[TaskState, str] = {
    TaskState.RUNNING: "M-3 -5 L5 0 L-3 5 Z",
    TaskState.SUCCEEDED: "M-5 0 L-1.5 4 L5 -4",
    TaskState.FAILED: "M-4 -4 L4 4 M4 -4 L-4 4",
    TaskState.SKIPPED: "M-5 2 C-4 -5 3 -5 4 1 M1 -0.5 L4.2 1.6 L6.4 -1.6",
    TaskState.CANCELLED: "M-4 0 L4 0",
    TaskState.ASKING: "M-2.6 -2.4 C-2.6 -6 3 -6 3 -2.6 C3 -0.4 0 -0.6 0 1.8 M0 4.4 L0 4.9",
}
SIGN, BANG = "M0 -5.5 L6.5 5.5 L-6.5 5.5 Z", "M0 -2 L0 1.6 M0 4 L0 4.2"
SMALL = 11.5
DASHED = ' stroke-dasharray="6 4"'

EMOJI = re.compile("[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]")

States = Mapping[TaskKey, TaskState]


def plan_picture(
    _: Locale, plan: Plan, states: States | None = None, *, names: Names | None = None
) -> bytes:
    """A PNG of the graph on light paper, at most 1,440 pixels wide; coloured by state if given."""
    import resvg_py  # noqa: PLC0415 - a native library the prompt should not wait for

    page = sheet(plan.graph)
    wide = max(page.width, NARROWEST)
    zoom = min(
        max(SMALLEST, (AREA / wide / page.height) ** 0.5),
        SHARPEST,
        WIDEST / wide,
        HIGHEST / page.height,
    )
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=plan_svg(_, plan, page, states or {}, names or {}),
            width=round(wide * zoom),
            font_files=[str(path) for path in font_files()],
            skip_system_fonts=not _wants_more_fonts(plan),
            font_family=FAMILY,
            sans_serif_family=FAMILY,
        )
    )


def plan_svg(_: Locale, plan: Plan, page: Sheet, states: States, names: Names) -> str:
    """The picture as SVG text."""
    numbers = {task.key: number for number, task in enumerate(plan.graph.tasks, start=1)}
    wide = max(page.width, NARROWEST)
    left = (page.width - wide) / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} 0 {wide:g} {page.height:g}"'
        f' width="{wide:g}" height="{page.height:g}"'
        f' font-family="{FAMILY}, sans-serif" fill="none" stroke-linecap="round"'
        f' stroke-linejoin="round"><rect x="{left:g}" width="100%" height="100%" fill="{PAPER}"/>'
    ]
    parts += [
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="14"'
        ' fill="#f4f6fa" stroke="#dfe4ed"/>'
        for x, y, w, h in page.panels
    ]
    parts += [f'<path d="{curve}" stroke="{LINE}" stroke-width="1.8"/>' for curve in page.curves]
    parts += [f'<path d="{arrow}" fill="{LINE}"/>' for arrow in page.arrows]
    for box in page.boxes:
        task = plan.graph.task(box.task)
        parts.append(_box(_, box, task, numbers[task.key], states.get(task.key), names))
    return "".join([*parts, "</svg>"])


def _box(
    _: Locale, box: Box, task: Task, number: int, state: TaskState | None, names: Names
) -> str:
    size = box.size
    fill, frame = COLOURS[state] if state is not None else (PAPER, EDGE[_worst(task)])
    icons = (_worst(task) is not EffectClass.READ) + (state in GLYPHS)
    title = wrapped(_drawable(task.title, task.key), size.columns(icons), size.lines)
    high = len(title) * (size.letter + 4) + (SMALL + 5 if size.agent else 0)
    top = (size.height - high) / 2
    left = size.badge + 18
    parts = [
        f'<g transform="translate({box.x:.1f} {box.y:.1f})">',
        *_stack(size, frame, task),
        f'<rect width="{size.width:g}" height="{size.height:g}" rx="10" fill="{fill}"'
        f' stroke="{frame}" stroke-width="1.8"{DASHED if task.when else ""}/>',
        _badge(
            number, frame if state in GLYPHS else "#44506a", size.badge, top + size.letter / 2 + 2
        ),
    ]
    for row, line in enumerate(title):
        y = top + size.letter + row * (size.letter + 4)
        parts.append(_text(line, left, y, size.letter, INK, weight="bold"))
    if size.agent:
        parts += _agent_line(_, size, task, left, top + high - 2, names)
    return "".join(
        [*parts, *_icons(task, state, size.width - 18, top + size.letter / 2 + 2, frame), "</g>"]
    )


def _stack(size: Size, frame: str, task: Task) -> list[str]:
    """A map is a pile of cards; what is done only if something holds has a dashed frame."""
    if task.each is None:
        return []
    return [
        f'<rect x="{off}" y="{off}" width="{size.width:g}" height="{size.height:g}" rx="10"'
        f' fill="{PAPER}" stroke="{frame}" stroke-width="1.2"/>'
        for off in (7, 3.5)
    ]


def _agent_line(
    _: Locale, size: Size, task: Task, left: float, y: float, names: Names
) -> list[str]:
    high = task.cost_high_micro_usd * task.times
    cost = f"≤ {show_money(high)}" if high else ""
    room = int((size.width - left - 12) / (SMALL * 0.6)) - width(cost)
    named = _drawable(names.get(task.agent, task.agent), task.agent)
    agent = fit(" · ".join(part for part in (named, mark(_, task)) if part), max(room, 4)).rstrip()
    parts = [_text(agent, left, y, SMALL, SOFT)]
    if cost:
        parts.append(_text(cost, size.width - 12, y, SMALL, SOFT, anchor="end"))
    return parts


def _badge(number: int, colour: str, size: float, y: float) -> str:
    x = size / 2 + 9
    return f'<circle cx="{x:g}" cy="{y:g}" r="{size / 2:g}" fill="{colour}"/>' + _text(
        str(number), x, y + 4, 11, "#ffffff", anchor="middle", weight="bold"
    )


def _icons(task: Task, state: TaskState | None, right: float, y: float, frame: str) -> list[str]:
    """Drawn as paths: fonts often have no emoji."""
    icons = []
    if _worst(task) is not EffectClass.READ:
        icons.append(
            f'<path d="{SIGN}" fill="{EDGE[_worst(task)]}" stroke="{EDGE[_worst(task)]}"'
            f' stroke-width="2"/><path d="{BANG}" stroke="#ffffff" stroke-width="1.8"/>'
        )
    if state is not None and state in GLYPHS:
        icons.append(f'<path d="{GLYPHS[state]}" stroke="{frame}" stroke-width="2.2"/>')
    return [
        f'<g transform="translate({right - 21 * place:g} {y:g})">{icon}</g>'
        for place, icon in enumerate(icons)
    ]


def _worst(task: Task) -> EffectClass:
    order = list(EffectClass)
    classes = [effect.effect for effect in task.effects if isinstance(effect, Effect)]
    return max(classes, key=order.index, default=EffectClass.READ)


def _text(
    text: str, x: float, y: float, size: float, colour: str, *, anchor: str = "", weight: str = ""
) -> str:
    more = f' text-anchor="{anchor}"' if anchor else ""
    more += f' font-weight="{weight}"' if weight else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}"{more}>{escape(text)}</text>'


def _wants_more_fonts(plan: Plan) -> bool:
    """Whether to look through the system's fonts, which costs 20–200 ms."""
    return not all(_in_dejavu(task.title) for task in plan.graph.tasks) and covers_east_asia()


def _drawable(text: str, instead: str) -> str:
    """The text without emoji; `instead` where no font has its letters (the list has them)."""
    line = "".join(letter for letter in untrusted(text) if not EMOJI.fullmatch(letter)).strip()
    return line if line and (_in_dejavu(line) or covers_east_asia()) else untrusted(instead)


def _in_dejavu(text: str) -> bool:
    """Whether DejaVu Sans has the scripts: Latin, Greek, Cyrillic, Arabic, signs and arrows."""
    plain = EMOJI.sub("", text)
    return all(
        ord(c) < 0x0590 or 0x0600 <= ord(c) < 0x0700 or 0x1E00 <= ord(c) < 0x2C00 for c in plain
    )
