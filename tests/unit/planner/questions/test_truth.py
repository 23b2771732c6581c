"""What words say and a question doesn't, and questions that can't be asked of their files."""

from datetime import date
from pathlib import Path

import pytest

from executor.data.file_shapes import describe
from executor.egress.files import ProjectFiles
from memory.model.work.value import FileInfo
from planner.questions.readers.state import Unclear
from planner.questions.spec import Compare, DatePart, Field, Group, Measure, OneOf, QuerySpec
from planner.questions.sql.checking import check
from planner.questions.truth.unsaid import unsaid
from planner.questions.words.marks import marked
from planner.questions.words.terms import Vocabulary

STAYS = """stay_id,guest,room,checkin,nights,paid,cancelled,channel
1,Ann,suite,2026-01-05,2,300,no,web
2,Bo,single,2026-02-01,1,80,yes,phone
3,Ann,suite,2026-02-07,5,900,no,web
"""
PAID = Field(file="stays.csv", column="paid")
WEB = OneOf(field=Field(file="stays.csv", column="channel"), values=("web",))
TOTAL = Measure(function="sum", of=PAID, name="total_paid")
OVER = Compare(of=PAID, op=">", value=100)
CASES: tuple[tuple[str, dict[str, object], tuple[str, ...]], ...] = (
    ("total paid of web stays over 100", {"filters": (WEB, OVER)}, ()),
    ("total paid of web stays over 100", {"filters": (OVER,)}, ("web",)),
    ("total paid of web stays over 100", {"filters": (WEB,)}, ("over", "100")),
    (
        "total paid of web stays under 100",
        {"filters": (WEB, OVER)},
        ("under 100",),
    ),
    (
        "total paid of stays not by phone",
        {"filters": (WEB.model_copy(update={"values": ("phone",)}),)},
        ("not",),
    ),
    ("total paid in 2025", {}, ("2025",)),
    ("total paid by room", {}, ("by", "room")),
    ("average paid", {}, ("average",)),
    ("total paid, most expensive stay", {}, ("most expensive",)),
)


@pytest.fixture(scope="module")
def stays(tmp_path_factory: pytest.TempPathFactory) -> FileInfo:
    root = tmp_path_factory.mktemp("stays")
    Path(root, "stays.csv").write_text(STAYS)
    return describe(ProjectFiles(root), "stays.csv")


@pytest.mark.parametrize(("words", "held", "missing"), CASES)
def test_a_mark_that_got_lost_is_found(
    words: str, held: dict[str, object], missing: tuple[str, ...], stays: FileInfo
) -> None:
    spec = QuerySpec.model_validate({"files": ("stays.csv",), "measures": (TOTAL,), **held})
    marks = marked(words, Vocabulary([stays]), date(2026, 11, 27))
    assert unsaid(marks, spec) == missing


def test_rows_are_not_counted_by_their_own_key(stays: FileInfo) -> None:
    key = Group(field=Field(file="stays.csv", column="stay_id"), name="stay_id")
    count = Measure(function="count", name="count")
    spec = QuerySpec(files=("stays.csv",), measures=(count,), groups=(key,))
    with pytest.raises(Unclear, match="its own stay_id"):
        check(spec, [stays])


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        (
            {"filters": (Compare(of=Field(file="stays.csv", column="guest"), op=">", value=1),)},
            "no numbers",
        ),
        (
            {"filters": (DatePart(field=Field(file="stays.csv", column="checkin"), part="hour", numbers=(8,)),)},
            "no time of day",
        ),
        ({"columns": (Field(file="stays.csv", column="colour"),)}, "fit together"),
    ],
)  # fmt: skip
def test_the_schema_is_looked_at(update: dict[str, object], reason: str, stays: FileInfo) -> None:
    spec = QuerySpec.model_validate({"files": ("stays.csv",), **update})
    with pytest.raises(Unclear, match=reason):
        check(spec, [stays])
