"""The kinds of column that tables are made of."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from memory.privacy.redaction import Redactor
from memory.privacy.seals import Seals, Unsealed

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime, also on SQLite, which keeps no zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a naive datetime; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the store")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give back an aware datetime."""
        del dialect
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


PLAIN_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
"""For what holds ids and numbers only."""

REDACTOR = "orchestra_redactor"
"""The attribute of a dialect that holds the redactor of its database."""


def redactor_of(dialect: sa.Dialect) -> Redactor:
    """The database's redactor; one that knows shapes alone where none was given."""
    found = getattr(dialect, REDACTOR, None)
    return found if isinstance(found, Redactor) else _SHAPES_ALONE


_SHAPES_ALONE = Redactor()


SEALS = "orchestra_seals"
"""The attribute of a dialect that holds the keys which seal its database's decisions."""


def seals_of(dialect: sa.Dialect) -> Seals | Unsealed:
    """The keys of the database; none where none were given, as for tests and scratch databases."""
    found = getattr(dialect, SEALS, None)
    return found if isinstance(found, Seals) else _NO_SEALS


_NO_SEALS = Unsealed()


class Words(sa.types.TypeDecorator[str]):
    """Text that people, agents or servers wrote: no secret is stored with it (law 8)."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Blot out secrets."""
        return value if value is None else redactor_of(dialect)(value)


class CleanJSON(sa.types.TypeDecorator[Any]):
    """JSON with texts that people, agents or servers wrote: no secret is stored with it (law 8)."""

    impl = PLAIN_JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        """Blot out secrets."""
        return redactor_of(dialect).clean(value)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """What JSON is compared with."""
        return self.impl_instance.coerce_compared_value(op, value)


JSON = CleanJSON()
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MONEY = sa.BigInteger


def text(name: str, **options: Any) -> sa.Column[str]:
    """An id, a name or a state that the program made, never null unless said so."""
    options.setdefault("nullable", False)
    return sa.Column(name, sa.Text, **options)


def words(name: str, **options: Any) -> sa.Column[str]:
    """Words that somebody wrote, never null unless said so, stored without secrets."""
    options.setdefault("nullable", False)
    return sa.Column(name, Words, **options)


def seal() -> sa.Column[str]:
    """An HMAC over the row's other columns, by a key outside the database; "": not sealed."""
    return sa.Column("seal", sa.Text, nullable=False, default="", server_default="")


def moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    """A moment in UTC."""
    return sa.Column(name, Moment, nullable=nullable)


def count(name: str, default: int = 0) -> sa.Column[int]:
    """A whole number from 0."""
    return sa.Column(
        name, sa.BigInteger, nullable=False, default=default, server_default=str(default)
    )


def flag(name: str) -> sa.Column[bool]:
    """Whether something holds; rows of an older program say that it doesn't."""
    return sa.Column(name, sa.Boolean, nullable=False, default=False, server_default=sa.false())


def added(name: str) -> sa.Column[str]:
    """A `text` that came with a later version, "" in the rows of an older program."""
    return text(name, default="", server_default="")


def seq() -> sa.Column[int]:
    """The row's number in the table."""
    return sa.Column("seq", SERIAL, primary_key=True, autoincrement=True)
