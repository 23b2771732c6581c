"""Queries tried before anything is planned: what they tell, and what they never do."""

from pathlib import Path

import pytest

from executor.data import trials
from executor.data.trials import tried
from executor.egress.files import ProjectFiles
from memory.model.work.value import Ran

ORDERS = "id,city,amount\n1,Graz,5\n2,Linz,7.5\n3,Graz,2.5\n"


@pytest.fixture
def files(tmp_path: Path) -> ProjectFiles:
    """A project with one table."""
    (tmp_path / "orders.csv").write_text(ORDERS, "utf-8")
    return ProjectFiles(tmp_path)


def ran(files: ProjectFiles, *queries: str) -> tuple[Ran | None, ...]:
    return tried(files, ["orders.csv"], queries)


def outcomes(files: ProjectFiles, *queries: str) -> list[Ran]:
    found = ran(files, *queries)
    assert None not in found
    return [each for each in found if each is not None]


def test_the_same_rows_in_another_order_are_the_same(files: ProjectFiles) -> None:
    one, other, third = outcomes(
        files,
        'SELECT city, SUM(amount) FROM "orders" GROUP BY 1 ORDER BY 1',
        'SELECT SUM(amount), city FROM "orders" GROUP BY 2 ORDER BY 1 DESC',
        'SELECT city, MAX(amount) FROM "orders" GROUP BY 1',
    )
    assert (one.rows, one.digest) == (2, other.digest)
    assert third.digest != one.digest


def test_nothing_blank_and_nought_are_told_apart(files: ProjectFiles) -> None:
    empty, blank, nought = outcomes(
        files,
        "SELECT * FROM \"orders\" WHERE city = 'Wien'",
        "SELECT SUM(amount) FROM \"orders\" WHERE city = 'Wien'",
        "SELECT COUNT(*) FROM \"orders\" WHERE city = 'Wien'",
    )
    assert (empty.rows, empty.blank) == (0, False)
    assert blank.blank
    assert nought.zero
    assert not nought.blank


def test_a_changed_file_is_read_anew(files: ProjectFiles) -> None:
    before = ran(files, 'SELECT COUNT(*) FROM "orders"')
    (files.root / "orders.csv").write_text(f"{ORDERS}4,Wien,1\n", "utf-8")
    assert ran(files, 'SELECT COUNT(*) FROM "orders"') != before


def test_what_cannot_be_tried_is_left_open(
    files: ProjectFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files.root / "secret.csv").write_text("a\n1\n", "utf-8")
    bad = (
        'SELECT nothing FROM "orders"',
        f"SELECT * FROM read_csv('{files.root}/secret.csv')",
        'DROP TABLE "orders"',
        'SELECT * FROM "secret"',
    )
    assert ran(files, *bad, 'SELECT 1 FROM "orders" LIMIT 1')[:-1] == (None,) * len(bad)
    assert ran(files, 'SELECT 1 FROM "orders" LIMIT 1') != (None,)
    assert tried(files, ["gone.csv"], ["SELECT 1"]) == (None,)
    monkeypatch.setattr(trials, "SMALL_BYTES", 10)
    assert ran(files, 'SELECT COUNT(*) FROM "orders"') == (None,)


def test_a_query_that_takes_too_long_is_broken_off(
    files: ProjectFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "PATIENCE_S", 0.05)
    endless = "SELECT COUNT(*) FROM range(1000000) a, range(1000000) b"
    assert ran(files, endless, 'SELECT 1 FROM "orders"') == (None, None)
