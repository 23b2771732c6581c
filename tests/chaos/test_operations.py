"""A hundred agent operations at once, 10 % of whose calls fail and 5 % are never answered."""

from collections.abc import Callable
from pathlib import Path

import pytest

from memory.store.engine.database import Database
from tests.chaos.conftest import COUNTED
from tests.chaos.operations import operate

MOST_PERCENT = 0.1
MANY = 300
Record = Callable[[str, object], None]


async def test_of_a_hundred_operations_with_faults_none_fails(
    sqlite: Database, tmp_path: Path, record_property: Record
) -> None:
    await _holds(sqlite, tmp_path, 100, record_property)


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_of_many_operations_with_faults_less_than_one_in_a_thousand_fails(
    database: Database, tmp_path: Path, record_property: Record
) -> None:
    await _holds(database, tmp_path, MANY, record_property)


async def _holds(database: Database, root: Path, count: int, record: Record) -> None:
    told = await operate(database, root, count)
    record(COUNTED, str(told))
    assert told.failed_percent < MOST_PERCENT, told
    assert told.errors > 0.05 * told.asked, "too little went wrong to say anything"
    assert told.timeouts > 0.02 * told.asked, "too little went wrong to say anything"
