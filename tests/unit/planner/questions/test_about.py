"""What a query task carries beside its SQL can be read back as the question it was."""

from datetime import date

import pytest

from planner.questions.about import inputs_of, spec_of
from planner.questions.spec import (
    Compare,
    During,
    Field,
    Group,
    Measure,
    Missing,
    OneOf,
    Order,
    QuerySpec,
)
from planner.tools import ABOUT

PATH = "orders.csv"
STATUS = Field(file=PATH, column="status")
AMOUNT = Field(file=PATH, column="amount")
DAY = Field(file=PATH, column="day")


@pytest.mark.parametrize(
    "spec",
    [
        QuerySpec(files=(PATH,), filters=(OneOf(field=STATUS, values=("open",)),), said=("open",)),
        QuerySpec(files=(PATH,), filters=(Compare(of=AMOUNT, op=">", value=0),)),
        QuerySpec(files=(PATH,), filters=(Missing(field=AMOUNT, negated=True),), limit=5),
        QuerySpec(
            files=(PATH,),
            filters=(During(field=DAY, spans=((date(2024, 1, 1), None),)),),
            groups=(Group(field=DAY, grain="month", name="month"),),
            measures=(Measure(function="sum", of=AMOUNT, digits=0, name="total_amount"),),
            order=(Order(by="month", descending=True),),
        ),
    ],
)
def test_a_question_is_read_back_whole(spec: QuerySpec) -> None:
    about = next(given.value for given in inputs_of(spec) if given.name == ABOUT)
    assert spec_of(about) == spec
