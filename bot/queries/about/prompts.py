"""What a person could ask for, made from what the project's folder really has."""

from bot import places
from bot.queries.projects import projects_in_use
from bot.services import Desk
from memory.model.base import Model
from memory.model.identity import Identity, ThreadRef
from memory.model.work.value import Column, FileInfo

FEW = 40
"""Distinct values up to which a column is one to group by."""

_NUMBERS = ("INT", "DOUBLE", "DECIMAL", "FLOAT", "HUGEINT", "REAL")


class Totals(Model):
    """A table in which a number can be added up by the values of another column."""

    file: str
    number: str
    group: str


class Material(Model):
    """The newest of what can be asked about: a table, and a text to summarise."""

    totals: Totals | None = None
    text: str = ""


async def material(desk: Desk, person: Identity, thread: ThreadRef) -> Material:
    """What the folder of the project has that is talked about there; nothing of one they aren't in."""
    async with desk.database.reading() as connection:
        project = await places.known(connection, desk.settings, thread)
        mine = await projects_in_use(connection, desk.settings, person)
    if project is None or project not in mine:
        return Material()
    files = await desk.executor.list_files(project)
    texts = (file.path for file in files if file.path.endswith((".md", ".txt")))
    found = (known for file in files if (known := _totals(file)) is not None)
    return Material(totals=next(found, None), text=next(texts, ""))


def _totals(file: FileInfo) -> Totals | None:
    numbers = [column.name for column in file.columns if _counts(column)]
    groups = [column.name for column in file.columns if _groups(column)]
    if not numbers or not groups:
        return None
    return Totals(file=file.path, number=numbers[-1], group=groups[0])


def _counts(column: Column) -> bool:
    name = column.name.casefold()
    return column.type.upper().startswith(_NUMBERS) and not name.endswith(("id", "year", "no"))


def _groups(column: Column) -> bool:
    few = column.distinct is None or 1 < column.distinct <= FEW
    return column.type.upper().startswith("VARCHAR") and few
