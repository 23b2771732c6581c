"""What people who never saw the product write: codes under other names, averages, short forms, conditions."""

from pathlib import Path
from typing import Any

import pytest

from executor.data.file_shapes import described
from executor.egress.files import ProjectFiles
from planner.offline.drafter import plan_offline
from planner.questions.naming.averages import against_average
from planner.questions.sources import Files, Link
from planner.questions.words.light import orders
from tests.unit.planner.questions.files import answered, asked_of, drafted

PLATES = [f"K{letter}{n:02} XYZ" for n, letter in enumerate("ABCDEFGHIJKL", 11)]
PEOPLE = ("Ann Lee", "Bo Ray", "Cy Fox", "Di Orr", "Ed Poe", "Flo Kay")
FILES = {
    "checks.csv": "check,vrm,done,fee,result,pay,paid_on\n"
    + "".join(
        f"{n},{PLATES[n % 8]},2026-0{1 + n % 5}-11,{30 + 5 * (n % 4)},{'pass' if n % 3 else 'fail'},{('card', 'cash')[n % 2]},{'2026-06-01' if n % 4 else ''}\n"
        for n in range(1, 21)
    ),
    "cars.csv": "plate,keeper,fuel,mot_ok\n"
    + "".join(
        f"{plate},{PEOPLE[n % 3]},{('petrol', 'diesel', 'electric')[n % 3]},{'yes' if n % 2 else 'no'}\n"
        for n, plate in enumerate(PLATES)
    ),
    "usage.csv": "number,month,texts\n"
    + "".join(f"{7700900000 + 811 * (n % 6)},2026-0{1 + n % 4}-01,{n}\n" for n in range(24)),
    "phones.csv": "mobile,owner,rental\n"
    + "".join(f"{7700900000 + 811 * n},{PEOPLE[n]},{10 + 3 * n}\n" for n in range(6)),
    "plots.csv": "plot,size,tenant\nP1,200,Ann\nP2,150,\nP3,310,Bo\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("newcomers")
    for path, rows in FILES.items():
        (made / path).write_text(rows)
    return made


def test_files_are_linked_by_values_that_name_the_same(root: Path) -> None:
    files = ProjectFiles(root)
    links = Files(tuple(s for path in FILES for s in described(files, path))).links
    assert set(links) == {
        Link("checks.csv", "vrm", "cars.csv", "plate"),
        Link("usage.csv", "number", "phones.csv", "mobile"),
    }


def test_amounts_that_end_alike_are_no_link(tmp_path: Path) -> None:
    (tmp_path / "bills.csv").write_text(
        "bill,total\n" + "".join(f"{n},{n * 37.5}\n" for n in range(1, 9))
    )
    (tmp_path / "payments.csv").write_text(
        "paid_on,amount\n" + "".join(f"2026-01-0{n},{n * 37.5}\n" for n in range(1, 9))
    )
    files = ProjectFiles(tmp_path)
    shapes = [s for path in ("bills.csv", "payments.csv") for s in described(files, path)]
    assert not Files(tuple(shapes)).links


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("average fee by fuel", {("petrol",), ("diesel",), ("electric",)}),
        ("keepers with 4 cars or more", {(p,) for p in PEOPLE[:3]}),
        ("phones with more than the average rental", {(p,) for p in PEOPLE[3:]}),
        ("how many plots w/o tenant", {(1,)}),
        ("how many plots are there?", {(3,)}),
        ("how many checks were not paid by card", {(10,)}),
        ("how many checks are not paid", {(5,)}),
        ("how many people report to each fuel", {("petrol",), ("diesel",), ("electric",)}),
        ("average fee petrol and diesel", {("petrol",), ("diesel",)}),
    ],
)
def test_it_is_read_as_it_is_meant(words: str, expected: set[tuple[Any, ...]], root: Path) -> None:
    found = answered(root, drafted(asked_of(root, words, FILES)))
    told = {tuple(v for v in row if (v,) in expected) for row in found}
    assert told == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize(
    ("words", "best"),
    [
        ("best selling product", "Cake"), ("top 2 best-selling products", "Cake"),
        ("which product sells best", "Cake"), ("most sold product", "Cake"),
        ("worst selling product", "Roll"), ("product sold the least", "Roll"),
        ("the product with the most sales", "Cake"),
    ],
)  # fmt: skip
def test_what_sells_best_is_not_what_costs_most(words: str, best: str, tmp_path: Path) -> None:
    files = {
        "products.csv": "sku,product,list_price\nA,Cake,9\nB,Roll,1\nC,Gold leaf,90\n",
        "orders.csv": "order_id,sku,quantity,amount\n1,A,30,270\n2,B,2,2\n3,A,11,99\n4,C,3,260\n5,B,1,1\n",
    }
    for path, rows in files.items():
        (tmp_path / path).write_text(rows)
    draft = drafted(asked_of(tmp_path, words, files))
    assert answered(tmp_path, draft)[0][0] == best
    assert draft.gaps  # by amount or by pieces


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("jobs with more hours than average", "jobs with hours above average"),
        ("with over average labour", "with labour above average"),
        ("above-average rental", "above-average rental"),
        ("where the rent is more than the average rent", "where the rent is above average"),
        ("dearer than average", "with price above average"),
        ("the average price", "the average price"),
        ("orders over the average of May", "orders over the average of May"),
    ],
)
def test_a_comparison_with_the_average_is_said_in_one_way(words: str, meant: str) -> None:
    assert against_average(words) == meant


@pytest.mark.parametrize(
    ("words", "ordered"),
    [
        ("how much did we send into the grid", False),
        ("pieces per article", False),
        ("total by region and draw it", True),
        ("send the total to Bo", True),
        ("the sales as a pdf", True),
    ],
)
def test_what_only_names_other_work_orders_none(words: str, ordered: bool) -> None:
    assert orders(words) is ordered


@pytest.mark.parametrize(
    "words", ["plots without tenant or with a size over 300", "plots over 300 or without tenant"]
)
def test_or_is_never_read_as_and_in_silence(words: str, root: Path) -> None:
    draft = plan_offline(asked_of(root, words, ["plots.csv"]))
    assert draft.gaps or draft.declined
