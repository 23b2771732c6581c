"""Several files in one request: joined, put together or asked about, and always said."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from memory.model.work.value import FileInfo
from planner.draft import Draft, DraftTask
from planner.offline.drafter import plan_offline
from planner.port import Answer
from tests.unit.planner.world import ask, describe

FILES = {
    "orders.csv": "day,region,customer_id,amount\n2024-01-01,N,1,10.5\n2024-01-02,S,2,5.0\n"
    "2024-01-03,S,1,2.0\n",
    "customers.csv": "customer_id,name,country\n1,Ann,DE\n2,Bo,FR\n",
    "a.csv": "region,units\nN,1\nS,2\n",
    "b.csv": "region,units\nN,3\nS,4\n",
    "x.csv": "p,q\n1,2\n",
    "bills.csv": "order_id,customer_id,due\n7,1,3\n8,2,4\n8,2,4\n",
    "paid.csv": "order_id,customer_id,sum\n7,1,3\n8,1,4\n8,1,4\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def files(root: Path) -> tuple[FileInfo, ...]:
    return describe(root, *FILES)


def given(task: DraftTask, name: str) -> list[str]:
    return [one.value or "" for one in task.inputs if one.name == name]


def rows(root: Path, draft: Draft) -> list[Any]:
    """What the first query of the draft gives."""
    assert not draft.declined
    query = draft.tasks[0]
    with duckdb.connect() as connection:
        for path in given(query, "sources"):
            connection.execute(f"CREATE VIEW {Path(path).stem} AS SELECT * FROM '{root / path}'")
        return connection.sql(given(query, "sql")[0]).fetchall()


@pytest.mark.parametrize(
    "text",
    [
        "total amount by country from orders.csv and customers.csv",
        "Using orders.csv and customers.csv, total amount by country and chart it",
        "In orders.csv and customers.csv, what is the total amount by country?",
        "load orders.csv and customers.csv, total amount by country",
        "chart amount by country from customers.csv and orders.csv",
        "write a report on total amount by country from orders.csv and customers.csv",
        "total amount by country from orders.csv and customers.csv on customer_id",
    ],
)
def test_two_files_with_a_key_in_common_are_joined_and_it_is_said(
    text: str, files: Any, root: Path
) -> None:
    draft = plan_offline(ask(text, files))
    assert rows(root, draft) == [("DE", 12.5), ("FR", 5.0)]
    assert any("joined on customer_id" in assumption for assumption in draft.assumptions)
    assert not draft.gaps


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("total units by region from a.csv and b.csv", [("S", 6), ("N", 4)]),
        ("merge a.csv and b.csv and total units by region", [("S", 6), ("N", 4)]),
        ("load a.csv and b.csv, total units by region", [("S", 6), ("N", 4)]),
        ("compare a.csv vs. b.csv", [("a.csv", 2, 3), ("b.csv", 2, 7)]),
        ("compare units of a.csv and b.csv", [("a.csv", 2, 3), ("b.csv", 2, 7)]),
        ("compare total units by region of a.csv and b.csv",
         [("N", "a.csv", 1), ("N", "b.csv", 3), ("S", "a.csv", 2), ("S", "b.csv", 4)]),
    ],
)  # fmt: skip
def test_files_with_the_same_columns_are_put_together_and_it_is_said(
    text: str, expected: Any, files: Any, root: Path
) -> None:
    draft = plan_offline(ask(text, files))
    found = rows(root, draft)
    assert sorted(found) == sorted(expected)
    assert "a.csv and b.csv have the same columns; their rows are put together." in (
        draft.assumptions
    )


def test_of_several_keys_in_common_one_is_asked_for(files: Any, root: Path) -> None:
    text = "join bills.csv and paid.csv"
    draft = plan_offline(ask(text, files))
    (gap,) = draft.gaps
    assert gap.question == "Which column should bills.csv and paid.csv be joined on?"
    assert gap.options == ("order_id", "customer_id")
    answered = ask(text, files, answers=(Answer(slot=gap.slot, value="customer_id"),))
    assert not plan_offline(answered).gaps
    assert "bills.csv and paid.csv are joined on customer_id." in plan_offline(answered).assumptions


def test_files_with_nothing_in_common_are_declined_in_one_sentence(files: Any) -> None:
    declined = plan_offline(ask("compare a.csv with x.csv", files)).declined
    assert declined.startswith("a.csv and x.csv have no column in common. Say which columns")
    assert declined.endswith("one of region or units and one of p or q.")
    assert declined.count(". ") == 1


def test_of_loaded_files_the_one_that_has_the_columns_is_asked(files: Any) -> None:
    draft = plan_offline(ask("load orders.csv and customers.csv, total amount by region", files))
    assert given(draft.tasks[0], "sources") == ["orders.csv"]
    assert "The data is in orders.csv." in draft.assumptions


def test_two_questions_in_one_breath_have_each_its_file(files: Any) -> None:
    text = "total amount by region from orders.csv and total units by region from a.csv"
    draft = plan_offline(ask(text, files))
    assert [given(task, "sources") for task in draft.tasks] == [["orders.csv"], ["a.csv"]]


def test_files_that_are_only_shown_stay_apart(files: Any) -> None:
    draft = plan_offline(ask("show orders.csv and x.csv", files))
    assert [given(task, "sources") for task in draft.tasks] == [["orders.csv"], ["x.csv"]]


def test_more_than_two_unlike_files_are_not_guessed_at(files: Any) -> None:
    draft = plan_offline(ask("total units from a.csv, b.csv and x.csv", files))
    assert "don't have the same columns" in draft.declined


def test_files_put_together_can_be_saved_as_one(files: Any) -> None:
    draft = plan_offline(ask("combine a.csv and b.csv into all.csv", files))
    assert [task.type for task in draft.tasks] == ["data.query", "files.write"]
    assert given(draft.tasks[1], "path") == ["all.csv"]


def test_a_saved_answer_is_not_taken_for_the_data_it_came_from(root: Path) -> None:
    (root / "results").mkdir()
    (root / "results" / "total-units-by-region.csv").write_text("region,total_units\nN,1\n")
    (root / "top-units.csv").write_text("region,total_units\nN,1\n")
    known = describe(root, "a.csv", "results/total-units-by-region.csv", "top-units.csv")
    asked = plan_offline(ask("total units by region of a.csv", known))
    assert rows(root, asked) == [("S", 2), ("N", 1)]
    saved = plan_offline(ask("show results/total-units-by-region.csv", known))
    assert given(saved.tasks[0], "sources") == ["results/total-units-by-region.csv"]
