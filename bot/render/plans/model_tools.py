"""Which tools a model may use by itself, as an approver has to see them."""

from bot.language.catalogue import Locale
from bot.language.words import code, listed
from memory.model.work.graph import Const, Many, Task


def lent_words(_: Locale, task: Task) -> list[str]:
    """ "may use `files.read` by itself", or nothing."""
    names: list[object]
    match task.inputs.get("tools"):
        case Const(value=list() as values):
            names = [*values]
        case Const(value=value):
            names = [value]
        case Many(items=items):
            names = [item.value for item in items if isinstance(item, Const)]
        case _:
            return []
    tools = [code(str(name), 80) for name in names if name]
    return [_("may use {tools} by itself").format(tools=listed(_, tools))] if tools else []
