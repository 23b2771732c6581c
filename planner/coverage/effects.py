"""What a plan changes that nobody named, and files that need to be named to be changed. Pure."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from memory.model.agents.spec import EffectClass
from memory.model.base import name_key
from memory.model.text import text
from memory.model.work.configuring import configures
from memory.model.work.graph import TaskGraph


def unasked(graph: TaskGraph, words: str) -> tuple[str, ...]:
    """Targets of effects that the words don't name, each once."""
    said = name_key(words)
    targets = (
        effect.target
        for task in graph.tasks
        for effect in task.effects
        if effect.effect is not EffectClass.READ and not _is_said(effect.target, said)
    )
    return tuple(dict.fromkeys(targets))


def protected(targets: tuple[str, ...]) -> Iterator[str]:
    """A sentence for each target that must not be changed unless it was named."""
    for target in targets:
        if configures(target):
            yield text(
                "The plan would change {path}, which decides how other things work here, and you "
                "didn't name it. Name it if that's what you want.",
                path=target,
            )


def _is_said(target: str, said: str) -> bool:
    """Whether the target, its last part or its folder was said; of what is no path, a word of it."""
    key = name_key(target).removeprefix("https://").removeprefix("./")
    path = PurePosixPath(key)
    if not path.suffix:
        return any(word in said for word in re.findall(r"\w{4,}", key)) or key in said
    folder = f"{path.parent}/" if path.parent.name else ""
    return path.name in said or bool(folder and folder in said)
