"""[quotas]: how much one person, channel or project may take up, where it isn't the usual."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from memory.model.base import Model
from memory.model.work.quotas import DEFAULTS, MOST, Counted, Quotas, Scope, read_amount


def _size(given: object) -> object:
    return read_amount(Counted.STORAGE, given) or given if isinstance(given, str) else given


Most = Annotated[int, Field(ge=1, le=MOST)] | Literal["none"]
Size = Annotated[Most, BeforeValidator(_size)]


class ShareTable(Model):
    """One of its tables as it's written; "none" is no limit, None the usual one."""

    messages: Most | None = None
    plans: Most | None = None
    runs: Most | None = None


class FilesTable(ShareTable):
    """One for what has files, too."""

    storage: Size | None = None


class QuotaTable(Model):
    """[quotas] as it's written."""

    person: ShareTable = ShareTable()
    place: ShareTable = ShareTable()
    project: FilesTable = FilesTable()
    installation: ShareTable = ShareTable()


def quotas_of(table: QuotaTable) -> Quotas:
    """The quotas that hold where nobody chose others."""
    found = dict(DEFAULTS)
    for scope in Scope:
        share: ShareTable = getattr(table, scope)
        for name in share.model_fields_set:
            most = getattr(share, name)
            if most == "none":
                found.pop((scope, Counted(name)), None)
            elif most is not None:
                found[scope, Counted(name)] = most
    return found
