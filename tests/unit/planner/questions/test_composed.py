"""Figures, groups, superlatives and orders in any order of the words, as hurried people put them."""

from pathlib import Path
from typing import Any

import pytest

from planner.draft import Draft
from tests.unit.planner.questions.files import answered, asked_of, drafted

FILES = {
    "haircuts.csv": """cut_id,client,stylist,service,branch,day,minutes,price,tip,no_show
1,Abby,Nina,cut,Dock,2026-01-05,30,30,2,no
2,Bell,Nina,colour,Dock,2026-01-06,90,80,8,no
3,Abby,Omar,cut,Hill,2026-02-02,45,30,0,yes
4,Cleo,Omar,perm,Hill,2026-02-03,120,100,5,no
5,Abby,Nina,cut,Dock,2026-02-03,30,35,1,no
6,Bell,Omar,colour,Hill,2026-03-09,60,75,4,yes
""",
}
STYLISTS = [("Omar", 205), ("Nina", 145)]

ROWS: tuple[tuple[str, list[tuple[Any, ...]]], ...] = (
    # a function stands anywhere
    ("minutes in total per stylist", [("Omar", 225), ("Nina", 150)]),
    ("on average, what price does each branch have", [("Hill", 205 / 3), ("Dock", 145 / 3)]),
    ("price by service: min, max and mean",
     [("perm", 100, 100, 100.0), ("colour", 75, 80, 77.5), ("cut", 30, 35, 95 / 3)]),
    # superlatives with and without a figure, and both ends
    ("which service takes the longest on average", [("perm", 120.0)]),
    ("what kind of service is the most popular", [("cut", 3)]),
    ("top 2 services by number of haircuts", [("cut", 3), ("colour", 2)]),
    ("total price each stylist, biggest first", STYLISTS),
    ("sort the stylists by total price, highest first", STYLISTS),
    # conditions on the figure of a group
    ("clients that came more than 2 times", [("Abby", 3)]),
    ("months below 150 in total price", [("2026-01", 110), ("2026-03", 75)]),
    ("clients with at least 2 haircuts", [("Abby", 3), ("Bell", 2)]),
    # side by side
    ("number of haircuts, minutes and tip per stylist", [("Nina", 3, 150, 11), ("Omar", 3, 225, 9)]),
    ("price for cut and for perm", [("perm", 100.0), ("cut", 95 / 3)]),
    ("did Nina or Omar get more tip in total", [("Nina", 11), ("Omar", 9)]),
    # shares and ratios
    ("tip as percent of price per stylist", [("Nina", 7.59), ("Omar", 4.39)]),
    ("what % of haircuts are no shows", [(33.33,)]),
    ("price per minute by stylist", [("Nina", 145 / 150), ("Omar", 205 / 225)]),
    ("haircuts a day on average", [(6 / 5,)]),
)  # fmt: skip

FIRST = (
    ("cheapest and dearest haircut", [1, 3, 4]),
    ("the longest haircut", [4]),
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("composed")
    for name, words in FILES.items():
        Path(folder, name).write_text(words)
    return folder


def planned(root: Path, words: str) -> Draft:
    return drafted(asked_of(root, words, FILES))


def rows(root: Path, words: str) -> list[tuple[Any, ...]]:
    return answered(root, planned(root, words))


@pytest.mark.parametrize(("words", "expected"), ROWS, ids=[case[0] for case in ROWS])
def test_it_gives_these_figures(words: str, expected: list[tuple[Any, ...]], root: Path) -> None:
    about = [
        tuple(pytest.approx(v) if isinstance(v, float) else v for v in row) for row in expected
    ]
    assert rows(root, words) == about


@pytest.mark.parametrize(("words", "expected"), FIRST, ids=[case[0] for case in FIRST])
def test_it_lists_these_rows(words: str, expected: list[Any], root: Path) -> None:
    assert [row[0] for row in rows(root, words)] == expected
