"""What the search puts together that no column says by itself: each is among the readings of its words."""

from pathlib import Path
from typing import Any

import pytest

from executor.data.file_shapes import describe
from executor.egress.files import ProjectFiles
from planner.questions.asking import Questions
from planner.questions.context import Context
from planner.questions.search.ranking import ranked
from planner.questions.search.telling import reading_told
from tests.unit.planner.questions.test_everyday import TODAY, rows

FILES = {
    "yard/jobs.csv": """job_no,crew,labour,parts,agreed_by,finished,hours,wage
1,Red,100,40,2024-03-10,2024-03-12,5,20
2,Red,80,0,2024-03-15,2024-03-15,4,20
3,Blue,60,90,2024-04-02,2024-04-01,2,30
4,Blue,200,10,2024-04-20,2024-04-29,8,25
""",
    "store/stock.csv": """item,shelf,on_hand,min_level,unit_cost,price,checked_by
Bolt,A,10,20,2,3,Kim
Nut,A,50,20,1,4,
Saw,B,3,5,30,45,Lee
Oil,B,8,2,6,7,
""",
    "cafe/menu.csv": """code,Plate,sort,price,kcal
P1,Soup,vegan,4.5,320
P2,Steak,meat,12,800
P3,Salad,vegan,6,250
P4,Trout,fish,11,500
P5,Curry,vegan,8,610
P6,Burger,meat,9,900
P7,Rice,vegan,3,400
P8,Pasta,vegan,7,700
P9,Stew,meat,10,650
P10,Cake,sweet,4,450
""",
    "cafe/orders.csv": """ord,meal,qty,way,damage,settled
1,P1,2,card,none,yes
2,P2,1,cash,broken,no
3,P1,1,cash,none,yes
4,P4,3,card,none,yes
5,P7,2,card,spilt,no
6,P2,1,app,none,yes
""",
    "desk/people.csv": """person,First Name,Last Name,role,balance,left on
11,Ana,Diaz,cook,12.5,
12,Bo,Lind,waiter,-3,2024-05-01
13,Cy,Ruiz,waiter,0,
14,Di,Park,cook,40,
""",
    "desk/hours.csv": """No,who,day,hrs
1,11,2024-03-01,8
2,12,2024-03-01,6
3,12,2024-03-02,4
4,14,2024-04-05,7
5,13,2024-04-06,5
""",
}
MOST = 80
"""Among how many readings: the weights say which come first, and are fitted on other words."""
FOUND = [
    ("yard", "jobs finished late", [1, 4]),
    ("yard", "how many jobs were finished on time", [2]),
    ("store", "which items are below their min level", ["Bolt", "Saw"]),
    ("yard", "labour and parts together by crew", [("Blue", 360), ("Red", 220)]),
    ("yard", "hours x wage per crew", [("Blue", 260), ("Red", 180)]),
    ("yard", "average labour per hours by crew", [("Blue", 27.5), ("Red", 20.0)]),
    ("yard", "share of labour by crew in percent", [("Blue", 59.09), ("Red", 40.91)]),
    ("yard", "what percent of the labour is of crew red", [40.91]),
    ("yard", "labour over 250 in total by crew", [("Blue", 260)]),
    ("store", "item with the most profit, price less unit cost", ["Saw"]),
    ("store", "the cheapest and the dearest item", ["Bolt", "Saw"]),
    ("store", "the dearest item on each shelf", ["Nut", "Saw"]),
    ("yard", "jobs sorted by hours, highest first", [4, 1, 2, 3]),
    # files that only their codes join
    ("cafe", "portions per sort of plate", [("vegan", 5), ("fish", 3), ("meat", 2)]),
    ("cafe", "which plates were never ordered", ["P3", "P5", "P6", "P8", "P9", "P10"]),
    # amounts without a number, ranges, shares within
    ("desk", "people with a negative balance", [12]),
    ("cafe", "plates between 300 and 450 kcal", ["P1", "P7", "P10"]),
    ("cafe", "what share of the cash orders is settled", [50.0]),
    # what groups though nothing is called so
    ("cafe", "number of orders for each means of payment", [("card", 3), ("cash", 2), ("app", 1)]),
    ("cafe", "damaged orders", [2, 5]),
    ("store", "total on hand by shelf sorted by shelf", [("A", 60), ("B", 11)]),
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pieces")
    for name, words in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(words)
    return folder


def context(root: Path, folder: str) -> Context:
    files = ProjectFiles(root)
    every = tuple(describe(files, path) for path in FILES if path.startswith(folder))
    return Context(every=every, today=TODAY, questions=Questions({}))


@pytest.mark.parametrize(("folder", "words", "expected"), FOUND)
def test_it_is_among_the_readings(folder: str, words: str, expected: list[Any], root: Path) -> None:
    readings = ranked(words, context(root, folder), None, MOST)
    wanted = [row if isinstance(row, tuple) else (row,) for row in expected]
    about = [
        tuple(pytest.approx(v, abs=0.01) if isinstance(v, float) else v for v in row)
        for row in wanted
    ]
    missed = []
    for reading in readings:
        found = rows(root, reading.spec)
        short = [row[:1] + row[-1:] if len(wanted[0]) > 1 else row[:1] for row in found]
        if about == short or sorted(about, key=str) == sorted(short, key=str):
            return
        missed.append((reading_told(reading.spec), short[:4]))
    raise AssertionError(missed[:6])


def test_columns_are_told_against_each_other(root: Path) -> None:
    told = {
        reading_told(reading.spec)
        for folder, words in (
            ("yard", "jobs finished late"),
            ("store", "items below their min level"),
        )
        for reading in ranked(words, context(root, folder))
    }
    assert "All rows of jobs where finished > agreed_by" in told
    assert "All rows of stock where on_hand < min_level" in told
