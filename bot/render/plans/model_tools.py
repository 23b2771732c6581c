"""Which tools a model may use by itself, as an approver has to see them."""

from bot.language.catalogue import Locale
from bot.render.words import code, listed
from memory.model.work.graph import Const, Many, Task


def lent_words(_: Locale, task: Task) -> list[str]:
    """ "may use `files.read` by itself", or nothing."""
    given = task.inputs.get("tools")
    match given:
        case Const(value=list() as names):
            pass
        case Const(value=name):
            names = [name]
        case Many(items=items):
            names = [one.value for one in items if isinstance(one, Const)]
        case _:
            return []
    named = [code(str(name), 80) for name in names if name]
    return [f"may use {listed(_, named)} by itself"] if named else []
