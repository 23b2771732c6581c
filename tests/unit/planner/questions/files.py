"""Small files of several kinds of work, with gaps, doubles, ids, years, codes and dates in all styles."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from executor.data.file_shapes import describe
from executor.data.sources import opened
from executor.data.trials import tried
from executor.egress.files import ProjectFiles
from planner.draft import Draft
from planner.jobs.reading import job
from planner.offline.drafter import plan_offline
from planner.port import PlanRequest
from tests.unit.planner.world import ask

FILES = {
    "shop/orders.csv": """order_id,customer_id,order_date,ship_date,status,quantity,amount
1001,1,2024-01-05,2024-01-08,shipped,2,120.50
1002,2,2024-01-17,2024-01-20,shipped,1,80.00
1003,1,2024-02-02,,cancelled,5,310.00
1004,3,2024-02-14,2024-02-15,returned,3,45.25
1005,9,2024-03-01,2024-03-06,shipped,4,200.00
1006,2,2024-03-09,2024-03-10,shipped,1,99.99
1007,3,,2024-03-12,shipped,2,60.00
1008,1,2024-03-30,2024-04-02,shipped,7,510.75
""",
    "shop/customers.csv": """customer_id,name,city,country,phone,zip
1,Ann Lee,Berlin,Germany,4915112345,10115
2,Bo Chan,Paris,France,3315554321,75001
3,Cy Diaz,Berlin,Germany,4915199999,10117
4,Di Evans,Rome,Italy,3906555,00118
""",
    "hr/employees.csv": """emp_id,first_name,last_name,department,salary,hire_date,birth_date,manager_id,active
1,Eva,Stone,Sales,5200,2019-03-01,1980-05-05,,true
2,Max,Ray,Sales,4100,2021-07-15,1992-11-30,1,true
3,Ina,Fox,IT,6300,2018-01-10,1985-02-20,1,true
4,Tom,Hill,IT,5800,2022-09-01,1999-08-08,3,false
5,Lia,Moss,HR,3900,2020-05-20,1975-12-12,1,true
6,Ben,Oak,IT,5100,2020-11-02,1990-01-01,3,true
""",
    "iot/readings.csv": """sensor_id,timestamp,temperature,humidity
A1,2024-06-01 08:00:00,21.5,40
A1,2024-06-01 14:00:00,27.0,35
A2,2024-06-01 08:30:00,19.0,55
A2,2024-06-02 09:00:00,18.5,
B1,2024-06-02 10:00:00,30.5,30
B1,2024-06-03 11:00:00,31.0,28
""",
    "school/grades.csv": """student,class,subject,grade,year
Mia,10a,Math,1.7,2023
Leo,10a,Math,2.3,2023
Mia,10a,English,2.0,2023
Zoe,10b,Math,3.0,2024
Leo,10a,English,1.3,2024
Kai,10b,English,2.7,2024
""",
    "clinic/visits.csv": """visit_id,patient,ward,admission_date,discharge_date,cost
1,Abe,Cardio,01.02.2024,05.02.2024,1200
2,Bea,Cardio,03.02.2024,04.02.2024,400
3,Cal,Ortho,15.02.2024,25.02.2024,5000
4,Abe,Ortho,20.03.2024,21.03.2024,350
5,Dot,Neuro,22.03.2024,,
""",
    "desk/tickets.csv": """ticket_id,created_at,closed_at,priority,status,agent,customer_email
T1,2024-05-01,2024-05-03,high,closed,Sam,a@x.com
T2,2024-05-02,,low,open,Kim,b@x.com
T3,2024-05-06,2024-05-07,high,closed,Kim,a@x.com
T4,2024-06-01,,medium,open,Sam,
T5,2024-06-03,2024-06-13,low,closed,Sam,c@x.com
T6,2024-06-09,,high,open,Kim,b@x.com
""",
    "money/expenses.csv": """date,category,vendor,amount,vat_rate,approved
2024-01-10,Travel,Rail Co,120.00,19,yes
2024-01-22,Office,Paper AG,45.50,19,yes
2024-02-03,Travel,Air One,480.00,7,no
2024-02-28,Food,Bistro,60.25,7,yes
2024-03-15,Office,Paper AG,30.00,19,no
2024-03-18,Travel,Rail Co,99.00,19,yes
""",
    "de/rechnungen.csv": """Rechnungsnummer;Kunde;Rechnungsdatum;Betrag;Bezahlt
R-1;Müller GmbH;03.01.2024;1.200,50;ja
R-2;Schmidt AG;15.01.2024;300,00;nein
R-3;Müller GmbH;07.02.2024;89,90;ja
R-4;Weber KG;20.02.2024;2.450,00;nein
R-5;Schmidt AG;01.03.2024;150,10;ja
""",
    "store/items.csv": """order_no,product,quantity,unit_price
1,Lamp,2,30.0
1,Desk,1,200.0
2,Lamp,1,30.0
3,Chair,4,50.0
3,Lamp,1,28.0
""",
}


def written(root: Path) -> Path:
    """The files beneath the folder."""
    for path, text in FILES.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return root


def asked_of(root: Path, words: str, paths: Iterable[str]) -> PlanRequest:
    """A request about the files of the folder."""
    files = ProjectFiles(root)
    asked = ask(words, tuple(describe(files, path) for path in paths))
    return asked.model_copy(update={"trial": partial(tried, files)})


def drafted(request: PlanRequest) -> Draft:
    """What is planned for it without a model. Fails where it is declined."""
    small = job(request)
    draft = small.draft if small is not None else plan_offline(request)
    assert not draft.declined, draft.declined
    return draft


def answered(root: Path, draft: Draft) -> list[tuple[Any, ...]]:
    """The rows that its first task gives."""
    given = [(value.name, str(value.value)) for value in draft.tasks[0].inputs]
    sources = tuple(value for name, value in given if name == "sources")
    with opened(ProjectFiles(root), sources) as (connection, _):
        return connection.execute(dict(given)["sql"]).fetchall()
