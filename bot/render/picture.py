"""The plan as a picture: SVG drawn by hand, turned into PNG by resvg."""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from bot.render.fonts import FAMILY, font_files
from bot.render.sheet import Box, Sheet, sheet
from bot.render.words import fit, outside, width, wrapped
from memory.model.agent import EffectClass
from memory.model.base import AgentName, TaskKey
from memory.model.graph import Effect, Task
from memory.model.money import show_money
from memory.model.plan import Plan
from memory.model.run import TaskState

WIDEST, HIGHEST, SHARPEST = 1600, 2400, 2.0
"""Pixels at most, and the most a small picture is magnified (for dense screens)."""

INK, SOFT, LINE, PAPER = "#1d2433", "#667085", "#a3aec2", "#ffffff"
EDGE: Mapping[EffectClass, str] = {
    EffectClass.READ: "#c5cedd",
    EffectClass.WRITE: "#e0a23b",
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
    TaskState.CANCELLED: ("#f2f3f5", "#98a1b0"),
}
"""Fill and frame of a task in each state."""

GLYPHS: Mapping[TaskState, str] = {
    TaskState.RUNNING: "M-3 -5 L5 0 L-3 5 Z",
    TaskState.SUCCEEDED: "M-5 0 L-1.5 4 L5 -4",
    TaskState.FAILED: "M-4 -4 L4 4 M4 -4 L-4 4",
    TaskState.CANCELLED: "M-4 0 L4 0",
    TaskState.ASKING: "M-2.6 -2.4 C-2.6 -6 3 -6 3 -2.6 C3 -0.4 0 -0.6 0 1.8 M0 4.4 L0 4.9",
}
WARNING = "M0 -6 L6.5 5.5 L-6.5 5.5 Z M0 -2 L0 2 M0 3.8 L0 4.2"
LETTER, SMALL = 14.0, 11.5

States = Mapping[TaskKey, TaskState]
Names = Mapping[AgentName, str]


def plan_picture(plan: Plan, states: States | None = None, *, names: Names | None = None) -> bytes:
    """A PNG of the graph on light paper, at most 1,600 pixels wide; coloured by state if given."""
    import resvg_py  # noqa: PLC0415 - a native library the prompt should not wait for

    page = sheet(plan.graph)
    zoom = min(SHARPEST, WIDEST / page.width, HIGHEST / page.height)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=plan_svg(plan, page, states or {}, names or {}),
            width=round(page.width * zoom),
            font_files=[str(path) for path in font_files()],
            skip_system_fonts=_within_dejavu(plan),
            font_family=FAMILY,
            sans_serif_family=FAMILY,
        )
    )


def plan_svg(plan: Plan, page: Sheet, states: States, names: Names) -> str:
    """The picture as SVG text."""
    numbers = {task.key: number for number, task in enumerate(plan.graph.tasks, start=1)}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {page.width:g} {page.height:g}"'
        f' width="{page.width:g}" height="{page.height:g}"'
        f' font-family="{FAMILY}, sans-serif" fill="none" stroke-linecap="round"'
        f' stroke-linejoin="round"><rect width="100%" height="100%" fill="{PAPER}"/>'
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
        parts.append(_box(box, task, numbers[task.key], states.get(task.key), names))
    return "".join([*parts, "</svg>"])


def _box(box: Box, task: Task, number: int, state: TaskState | None, names: Names) -> str:
    worst = _worst(task)
    fill, frame = COLOURS[state] if state is not None else (PAPER, EDGE[worst])
    parts = [
        f'<g transform="translate({box.x:.1f} {box.y:.1f})">'
        f'<rect width="{box.width:g}" height="{box.height:g}" rx="10" fill="{fill}"'
        f' stroke="{frame}" stroke-width="1.8"/>',
        _badge(number, frame if state is not None else "#44506a", box),
    ]
    icons = _icons(task, state, box, frame)
    left, right = box.badge + 16, box.width - 12 - 20 * len(icons)
    columns = int((right - left) / (LETTER * 0.62))
    title = wrapped(outside(task.title), max(columns, 4), box.lines)
    for row, line in enumerate(title):
        parts.append(
            _text(line, left, 22 + row * 18, LETTER, INK, weight="bold" if row < 9 else "")
        )
    if box.agent:
        parts += _agent_line(box, task, left, names)
    return "".join([*parts, *icons, "</g>"])


def _agent_line(box: Box, task: Task, left: float, names: Names) -> list[str]:
    cost = f"≤ {show_money(task.cost_high_micro_usd)}" if task.cost_high_micro_usd else ""
    bottom = box.height - 12
    room = int((box.width - left - 12 - width(cost) * SMALL * 0.6) / (SMALL * 0.6))
    agent = fit(outside(names.get(task.agent, task.agent), 60), max(room, 4)).rstrip()
    parts = [_text(agent, left, bottom, SMALL, SOFT)]
    if cost:
        parts.append(_text(cost, box.width - 12, bottom, SMALL, SOFT, anchor="end"))
    return parts


def _badge(number: int, colour: str, box: Box) -> str:
    centre = box.badge / 2 + 8
    return f'<circle cx="{centre:g}" cy="17" r="{box.badge / 2:g}" fill="{colour}"/>' + _text(
        str(number), centre, 21, 11, "#ffffff", anchor="middle", weight="bold"
    )


def _icons(task: Task, state: TaskState | None, box: Box, frame: str) -> list[str]:
    """Drawn as paths: fonts often have no emoji."""
    paths = []
    if _worst(task) is not EffectClass.READ:
        paths.append((WARNING, EDGE[_worst(task)]))
    if state in GLYPHS:
        paths.append((GLYPHS[state], frame))
    return [
        f'<path transform="translate({box.width - 18 - 20 * place:g} 17)" d="{path}"'
        f' stroke="{colour}" stroke-width="2"/>'
        for place, (path, colour) in enumerate(paths)
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


def _within_dejavu(plan: Plan) -> bool:
    """Whether DejaVu has the letters; looking through the system's fonts costs 20–200 ms."""
    texts = "".join(task.title + task.agent for task in plan.graph.tasks)
    return all(ord(letter) < 0x0700 or 0x2000 <= ord(letter) < 0x2C00 for letter in texts)
