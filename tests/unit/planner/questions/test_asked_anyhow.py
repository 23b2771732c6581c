"""Questions as people put them: the file anywhere, slips, other words for money, ranks, growth."""

from pathlib import Path
from typing import Any

import pytest

from planner.draft import Draft
from planner.offline.drafter import plan_offline
from planner.port import PlanRequest
from tests.unit.planner.questions.files import answered, asked_of, drafted

FILES = {
    "loans.csv": """loan_id,member_id,book_id,loan_date,return_date,branch,state,fee
1,11,101,2024-01-03,2024-01-20,North,returned,1.50
2,12,102,2024-01-15,,North,overdue,4.00
3,11,103,2024-02-01,2024-02-10,South,returned,0.50
4,13,101,2024-02-11,,South,lost,20.00
5,14,104,2024-03-02,2024-03-09,East,returned,2.00
6,12,103,2024-03-05,2024-03-30,North,returned,3.25
7,99,102,2024-03-09,,East,overdue,50.00
8,11,104,2024-03-12,,North,open,0.00
""",
    "members.csv": """member_id,full_name,home_town,plan,joined,email
11,Ada Low,Bern,gold,2020-02-01,ada@x.org
12,Bill Mor,Basel,silver,2021-05-06,
13,Cora Nix,Bern,gold,2022-07-08,cora@x.org
14,Dan Orr,Chur,basic,2023-09-10,dan@x.org
15,Eve Pry,Chur,basic,2023-11-12,
""",
    "books.csv": """book_id,title,book_genre,genre,list_price
101,Dune,sci-fi,fiction,12.0
102,Emma,classic,fiction,8.0
103,SPQR,history,nonfiction,15.0
104,Cosmos,science,nonfiction,14.0
""",
    "flights.csv": """flight_no,airline,departure,origin,destination,passengers,ticket_sales,delay_minutes,status
F1,Alpina,2023-05-01,ZRH,LIS,120,24000,5,landed
F2,Nordic,2023-05-02,OSL,ZRH,80,16000,45,landed
F3,Alpina,2023-06-01,LIS,ZRH,100,21000,,cancelled
F4,Iberis,2023-06-03,MAD,LIS,150,30000,10,landed
F5,Nordic,2023-07-05,ZRH,OSL,90,18500,0,diverted
F6,Alpina,2023-07-06,ZRH,MAD,110,23000,15,landed
""",
    "bakery.csv": """day,product,shop,units,turnover,costs
2024-04-01,Bread,Mitte,10,35.0,12.0
2024-04-02,Cake,Mitte,4,60.0,20.0
2024-05-01,Bread,Kreuz,12,42.0,14.0
2024-05-03,Roll,Kreuz,30,21.0,6.0
2024-06-01,Cake,Mitte,6,90.0,30.0
""",
}
BRANCHES = [("East", 52.0), ("South", 20.5), ("North", 8.75)]
LOANS = [("North", 4), ("East", 2), ("South", 2)]
PLANS = [("(no match)", 50.0), ("gold", 22.0), ("silver", 7.25), ("basic", 2.0)]
SEATS = [("Alpina", 330), ("Nordic", 170), ("Iberis", 150)]
SALES = [("Alpina", 68000), ("Nordic", 34500), ("Iberis", 30000)]
SHOPS = [("Mitte", 185.0), ("Kreuz", 63.0)]
MONTHS = [("2024-04", 95.0), ("2024-05", 63.0), ("2024-06", 90.0)]
GROWTH = [("2024-04", 95.0, None), ("2024-05", 63.0, -33.68), ("2024-06", 90.0, 42.86)]

ROWS: tuple[tuple[str, list[tuple[Any, ...]]], ...] = (
    # the file at an edge
    ("total fee by branch? loans.csv", BRANCHES),
    ("total fee by branch (loans.csv)", BRANCHES),
    ("total fee by branch, loans.csv", BRANCHES),
    ("total fee by branch. loans.csv", BRANCHES),
    ("total fee by branch? It's in loans.csv.", BRANCHES),
    ("loans.csv: total fee by branch", BRANCHES),
    ("in loans.csv: how many loans per branch?", LOANS),
    ("how many loans per branch? file: loans.csv", LOANS),
    ("How many loans per branch? (in loans.csv)", LOANS),
    ("total fee by plan? (loans.csv, members.csv)", PLANS),
    ("total fee per plan, loans.csv, members.csv", PLANS),
    ("loans.csv and members.csv: total fee by plan", PLANS),
    ("fees per member plan? loans.csv members.csv", PLANS),
    ("(flights.csv) passengers per airline", SEATS),
    # other words for money
    ("total revenue by airline? flights.csv", SALES),
    ("sales by shop? bakery.csv", SHOPS),
    ("revenue by shop in bakery.csv", SHOPS),
    ("turnover by branch in loans.csv", BRANCHES),
    ("how much did we spend per branch? loans.csv", BRANCHES),
    # slips
    ("toatl fee by brnach, loans.csv", BRANCHES),
    ("totl pasengers by airlin in flights.csv", SEATS),
    ("averge passengers per airline? flights.csv",
     [("Iberis", 150.0), ("Alpina", 110.0), ("Nordic", 85.0)]),
    ("maxium delay per airline? flights.csv", [("Nordic", 45), ("Alpina", 15), ("Iberis", 10)]),
    ("how many canceled flights? flights.csv", [(1,)]),
    # values before the rows
    ("open loans per branch, loans.csv", [("North", 1)]),
    ("how many overdue loans? loans.csv", [(2,)]),
    ("overdue loans by branch? loans.csv", [("East", 1), ("North", 1)]),
    ("branch with most overdue loans? loans.csv", [("East", 1), ("North", 1)]),
    ("which airline had the most cancelled flights? flights.csv", [("Alpina", 1)]),
    # figures side by side, and shares
    ("count and total fee by state? loans.csv",
     [("overdue", 54.0, 2), ("lost", 20.0, 1), ("returned", 7.25, 4), ("open", 0.0, 1)]),
    ("number and average fee by branch, loans.csv",
     [("East", 26.0, 2), ("South", 10.25, 2), ("North", 2.1875, 4)]),
    ("what share of flights were cancelled? flights.csv", [(16.67,)]),
    ("percentage of turnover by product? bakery.csv",
     [("Cake", 150.0, 60.48), ("Bread", 77.0, 31.05), ("Roll", 21.0, 8.47)]),
    # quantiles
    ("upper quartile of fee? loans.csv", [(8.0,)]),
    ("3rd quartile of fee in loans.csv", [(8.0,)]),
    ("90th percentile of delay minutes? flights.csv", [(33.0,)]),
    ("p90 of delay minutes, flights.csv", [(33.0,)]),
    ("75th percentile of passengers by airline in flights.csv",
     [("Iberis", 150.0), ("Alpina", 115.0), ("Nordic", 87.5)]),
    # in time
    ("turnover growth month over month? bakery.csv", GROWTH),
    ("growth of turnover over the previous month, bakery.csv", GROWTH),
    ("turnover per month compared to the previous month, bakery.csv", GROWTH),
    ("growth of passengers over the previous quarter? flights.csv",
     [("2023-Q2", 450, None), ("2023-Q3", 200, -55.56)]),
    ("running total of turnover per month? bakery.csv",
     [("2024-04", 95.0, 95.0), ("2024-05", 63.0, 158.0), ("2024-06", 90.0, 248.0)]),
    ("total turnover every month. bakery.csv", MONTHS),
    ("turnover each month? bakery.csv", MONTHS),
    ("turnover of each month in bakery.csv", MONTHS),
    ("how many loans do we get each month?", [("2024-01", 2), ("2024-02", 2), ("2024-03", 4)]),
    # ranks
    ("top 2 members by fee", [("Cora Nix", 20.0), ("Bill Mor", 7.25)]),
    ("top 3 members by total fees? loans.csv members.csv",
     [("Cora Nix", 20.0), ("Bill Mor", 7.25), ("Ada Low", 2.0)]),
    ("best month for turnover? bakery.csv", [("2024-04", 95.0)]),
    ("Which 2 members have most loans? loans.csv members.csv", [("Ada Low", 3), ("Bill Mor", 2)]),
    ("which member paid the most? loans.csv, members.csv", [("Cora Nix", 20.0)]),
    ("airline with the fewest passengers? flights.csv", [("Iberis", 150)]),
    ("Which branch has the most loans? loans.csv", [("North", 4)]),
    # other languages
    ("Summe fee nach branch aus loans.csv", BRANCHES),
    ("Anzahl loans pro branch in loans.csv", LOANS),
    ("Wie viele loans pro branch gibt es? loans.csv", LOANS),
    ("Wie hoch ist die Summe der passengers je airline in flights.csv?", SEATS),
    ("Gesamter Umsatz nach shop, bakery.csv", SHOPS),
    ("Durchschnitt der fee je branch aus loans.csv",
     [("East", 26.0), ("South", 10.25), ("North", 2.1875)]),
    ("Welche branch hat die meisten loans? loans.csv", [("North", 4)]),
    ("höchste fee in loans.csv", [(50.0,)]),
    ("nombre de loans par branch dans loans.csv", LOANS),
    ("total des passengers par airline dans flights.csv", SEATS),
    ("combien de loans par branch ? loans.csv", LOANS),
    ("total de turnover por shop en bakery.csv", SHOPS),
    ("número de loans por branch en loans.csv", LOANS),
    ("¿cuántos loans hay por branch? loans.csv", LOANS),
    # columns of another file
    ("number of loans by book genre? loans.csv, books.csv",
     [("classic", 2), ("history", 2), ("sci-fi", 2), ("science", 2)]),
    ("loans per book title, loans.csv, books.csv",
     [("Cosmos", 2), ("Dune", 2), ("Emma", 2), ("SPQR", 2)]),
)  # fmt: skip

FIRST: tuple[tuple[str, list[Any]], ...] = (
    ("members without an email? members.csv", [12, 15]),
    ("members who have no email, members.csv", [12, 15]),
    ("members with no loans", [15]),
    ("members who never borrowed", [15]),
    ("members that haven't loaned anything", [15]),
    ("books that were never lent, books.csv", []),
    ("flights that aren't landed? flights.csv", ["F3", "F5"]),
    ("the 3 largest flights, flights.csv", ["F4", "F1", "F6"]),
    ("5 biggest entries in loans.csv", [7, 4, 2, 6, 5]),
    ("3 biggest overdue loans? loans.csv", [7, 2]),
    ("the biggest loan per branch? loans.csv", [7, 2, 4]),
    ("3 biggest flights by passengers? flights.csv", ["F4", "F1", "F6"]),
    ("lost loans? loans.csv", [4]),
    ("flights without delay? flights.csv", ["F3", "F5"]),
    ("flights with missing delay? flights.csv", ["F3"]),
    ("members not from Bern, members.csv", [12, 14, 15]),
)

SAID = (
    ("the 3 largest flights, flights.csv", "The rows are ranked by ticket_sales."),
    ("sales by shop? bakery.csv", "“sales” is the column turnover."),
    ("toatl fee by branch, loans.csv", "“toatl” is read as “total”."),
    ("top 3 rows in members.csv", "The first rows are taken in the order of the file."),
    ("members who never borrowed", "“never borrowed” means without any row in loans.csv."),
    ("fee by branch? loans.csv, members.csv", "Nothing of members.csv is needed for this."),
)
ASKED = (
    ("best product? bakery.csv", "“best” by what?"),
    ("worst airline in flights.csv", "“worst” by what?"),
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("anyhow")
    for name, words in FILES.items():
        Path(folder, name).write_text(words)
    return folder


def request_of(root: Path, words: str) -> PlanRequest:
    return asked_of(root, words, FILES)


def planned(root: Path, words: str) -> Draft:
    return drafted(request_of(root, words))


def rows(root: Path, words: str) -> list[tuple[Any, ...]]:
    draft = planned(root, words)
    assert [task.type for task in draft.tasks] == ["data.query"]
    return answered(root, draft)


@pytest.mark.parametrize(("words", "expected"), ROWS, ids=[case[0] for case in ROWS])
def test_it_gives_these_figures(words: str, expected: list[tuple[Any, ...]], root: Path) -> None:
    about = [
        tuple(pytest.approx(v) if isinstance(v, float) else v for v in row) for row in expected
    ]
    assert rows(root, words) == about


@pytest.mark.parametrize(("words", "expected"), FIRST, ids=[case[0] for case in FIRST])
def test_it_lists_these_rows(words: str, expected: list[Any], root: Path) -> None:
    assert [row[0] for row in rows(root, words)] == expected


@pytest.mark.parametrize(("words", "sentence"), SAID)
def test_what_is_taken_for_granted_is_said(words: str, sentence: str, root: Path) -> None:
    assert sentence in planned(root, words).assumptions


@pytest.mark.parametrize(("words", "question"), ASKED)
def test_what_is_good_is_asked(words: str, question: str, root: Path) -> None:
    assert [gap.question for gap in planned(root, words).gaps] == [question]


def test_work_that_is_sent_at_a_time_is_no_question(root: Path) -> None:
    draft = plan_offline(request_of(root, "send the total fee by branch every day at 9"))
    assert "the schedule" in draft.declined
