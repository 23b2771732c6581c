"""What a plan changes, as an approver has to see it."""

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from bot.language.catalogue import Locale
from bot.language.words import code
from memory.model.agents.spec import EffectClass
from memory.model.work.graph import Effect, Task

NAMED = 4
"""Effects of a list that are named one by one; of more, how many there are."""


def changing(effects: Sequence[Effect]) -> list[Effect]:
    """Those that are more than reading."""
    return [effect for effect in effects if effect.effect is not EffectClass.READ]


def effect_text(_: Locale, effect: Effect, limit: int = 140) -> str:
    """``writes `a.md` ``."""
    return with_target(_, effect.effect, code(effect.target, limit))


def with_target(_: Locale, kind: EffectClass, target: str) -> str:
    """`writes a.md`, the target as it is given."""
    return {
        EffectClass.READ: _("reads {target}"),
        EffectClass.WRITE: _("writes {target}"),
        EffectClass.CONFIGURE: _("changes {target}, which configures things"),
        EffectClass.PUBLISH: _("publishes {target}"),
        EffectClass.EXEC: _("runs {target}"),
    }[kind].format(target=target)


def effect_words(_: Locale, task: Task, unasked: Collection[str] = ()) -> list[str]:
    """ "⚠ writes `a.md`"; of many "⚠ writes up to 20 files in `out/`". `unasked`: targets that
    nobody named, which are marked.
    """
    texts = effect_texts(_, task)
    marked = [effect.target in unasked for effect in changing(task.effects)]
    if len(texts) != len(marked):
        marked = [any(marked)]
    mark = _("not in your words")
    return [
        f"⚠ {text} ({mark})" if new else f"⚠ {text}"
        for text, new in zip(texts, marked, strict=True)
    ]  # fmt: skip


def effect_texts(_: Locale, task: Task) -> list[str]:
    """The same without its sign."""
    effects = changing(task.effects)
    if len(effects) <= NAMED or task.each is None:
        return [effect_text(_, effect) for effect in effects]
    return [_many(_, effects, up_to=task.listed is None)]


def effects_line(_: Locale, effects: Sequence[Effect], tasks: Sequence[Task]) -> str:
    """`writes up to 2 files, runs 1 command`, of all the plan's effects and tasks."""
    counted = Counter(effect.effect for effect in changing(effects))
    if not counted:
        return _("changes nothing")
    up_to = any(_unsure(task) for task in tasks if changing(task.effects))
    parts = [_count(_, kind, counted[kind], up_to=up_to) for kind in EffectClass if counted[kind]]
    return ", ".join(parts)


def _unsure(task: Task) -> bool:
    """Whether some of what it may change may stay as it is."""
    return bool(task.when) or (task.each is not None and task.listed is None)


def _many(_: Locale, effects: Sequence[Effect], *, up_to: bool) -> str:
    kind, targets = effects[0].effect, [effect.target for effect in effects]
    if len(set(targets)) == 1:
        times = _up_to(_, len(targets)) if up_to else str(len(targets))
        return _("{effect} {n} times").format(effect=effect_text(_, effects[0]), n=times)
    counted = _count(_, kind, len(targets), up_to=up_to)
    ends = f"({code(targets[0])} … {code(targets[-1])})"
    folders = {str(PurePosixPath(target).parent) for target in targets}
    if len(folders) > 1:
        return f"{counted} {ends}"
    folder = folders.pop()
    where = _("in the project's folder") if folder == "." else _("in {folder}")
    return f"{counted} {where.format(folder=code(f'{folder}/'))} {ends}"


def _count(_: Locale, kind: EffectClass, number: int, *, up_to: bool) -> str:
    pattern = {
        EffectClass.READ: _.ngettext("reads {n} file", "reads {n} files", number),
        EffectClass.WRITE: _.ngettext("writes {n} file", "writes {n} files", number),
        EffectClass.CONFIGURE: _.ngettext(
            "changes {n} file that configures things",
            "changes {n} files that configure things",
            number,
        ),
        EffectClass.PUBLISH: _.ngettext("publishes {n} file", "publishes {n} files", number),
        EffectClass.EXEC: _.ngettext("runs {n} command", "runs {n} commands", number),
    }[kind]
    return pattern.format(n=_up_to(_, number) if up_to else f"{number:,}")


def _up_to(_: Locale, number: int) -> str:
    return _("up to {n}").format(n=f"{number:,}")
