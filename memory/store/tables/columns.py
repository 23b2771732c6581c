"""The kinds of column that tables are made of."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

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


JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MONEY = sa.BigInteger


def text(name: str, **options: Any) -> sa.Column[str]:
    """Words, never null unless said so."""
    options.setdefault("nullable", False)
    return sa.Column(name, sa.Text, **options)


def moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    """A moment in UTC."""
    return sa.Column(name, Moment, nullable=nullable)


def count(name: str, default: int = 0) -> sa.Column[int]:
    """A whole number from 0."""
    return sa.Column(
        name, sa.BigInteger, nullable=False, default=default, server_default=str(default)
    )


def seq() -> sa.Column[int]:
    """The row's number in the table."""
    return sa.Column("seq", SERIAL, primary_key=True, autoincrement=True)
