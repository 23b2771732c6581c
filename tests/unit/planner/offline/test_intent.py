"""What a clause orders: by its verb, its objects, the files at hand, and what is planned so far."""

import pytest

from memory.model.agents.spec import Catalogue
from memory.model.work.value import Column, FileInfo
from planner.lexicon.agents import workers_in
from planner.lexicon.tokens import tokens
from planner.lexicon.verbs import Act
from planner.offline.clauses.intent import act_of, has_columns
from planner.offline.sketch import Sketch
from planner.questions.asking import Questions
from planner.questions.spec import QuerySpec
from tests.unit.planner.world import ALL, OFFLINE, ask


def table(path: str, *columns: str) -> FileInfo:
    named = tuple(Column(name=name, type="DOUBLE") for name in columns)
    return FileInfo(path=path, media_type="text/csv", size=1, columns=named)


SALES = table("sales.csv", "region", "revenue", "id", "tax", "2024")
STAFF = table("staff.csv", "name", "salary")
NOTES = FileInfo(path="notes.md", media_type="text/markdown", size=1)


def sketch(*files: FileInfo, catalogue: Catalogue = OFFLINE) -> Sketch:
    return Sketch(ask("", files or (SALES, STAFF, NOTES), catalogue=catalogue), Questions({}))


@pytest.mark.parametrize(
    ("clause", "named"),
    [
        ("total the revenue", True),
        ("total the salary", True),
        ("total the weather", False),
        ("total the tax", True),  # three letters are a name
        ("total the id", False),  # two are too few to tell
        ("total the “revenue”", False),  # quoted words are a title
        ("total 2024", False),  # a number is no name
        ("total the revenue of staff.csv", False),  # only the file that is named counts
        ("total the salary of staff.csv", True),
        ("total the salary of other.csv", True),  # one nobody knows says nothing
    ],
)
def test_a_word_names_a_column_of_the_files_the_clause_may_be_about(
    clause: str, named: bool
) -> None:
    assert has_columns(sketch(), tokens(clause)) is named


def test_of_several_files_the_one_in_use_counts_unless_another_is_named() -> None:
    using = sketch()
    using.file = SALES
    assert has_columns(using, tokens("total the revenue"))
    assert not has_columns(using, tokens("total the salary"))
    assert has_columns(using, tokens("total the salary of staff.csv"))


def test_a_file_without_columns_names_none() -> None:
    assert not has_columns(sketch(NOTES), tokens("total the revenue"))


@pytest.mark.parametrize(
    ("clause", "act"),
    [
        ("@kim check it", Act.ASK),
        ("have @kim check it", Act.ASK),
        ("ask Kim about it", Act.ASK),
        ("have Claude check it", Act.MODEL),
        ("from sales.csv and staff.csv", Act.LOAD),
        ("in sales.csv", Act.LOAD),
        ("open https://example.com", Act.FETCH),
        ("get https://example.com", Act.FETCH),
        ("use a pie chart", Act.CHART),
        ("show the chart", Act.CHART),
        ("use sales.csv", Act.LOAD),
        ("sum up the page", Act.SUMMARISE),
        ("sum up the revenue", Act.QUERY),
        ("show notes.md", Act.LOAD),
        ("show sales.csv", Act.QUERY),
        ("make a chart and a report", Act.CHART),
        ("write a report with a chart", Act.REPORT),
        ("give me a summary", Act.SUMMARISE),
        ("a summary of the revenue", Act.QUERY),
        ("make a table of revenue", Act.QUERY),
        ("make a poem about revenue", Act.MODEL),
        ("write x.md", Act.MODEL),
        ("write it to x.txt", Act.MODEL),
        ("export notes.md to pdf", Act.CONVERT),
        ("save it to x.csv", Act.SAVE),
        ("analyse the revenue", Act.MODEL),
        ("deletes it", Act.FORBIDDEN),
        ("frobnicate it", Act.UNKNOWN),
        ("frobnicate the revenue", Act.QUERY),
    ],
)
def test_the_order_is_in_the_verb_and_its_objects(clause: str, act: Act) -> None:
    line = tokens(clause, workers_in(clause, ALL))
    assert act_of(sketch(catalogue=ALL), line) is act


@pytest.mark.parametrize(
    ("clause", "act"),
    [
        ("write x.md", Act.REPORT),
        ("write x.csv", Act.MODEL),
        ("write it to x.txt", Act.SAVE),
        ("write it down", Act.MODEL),
        ("export the table to pdf", Act.SAVE),
    ],
)
def test_what_is_planned_already_can_be_written_down(clause: str, act: Act) -> None:
    planned = sketch(catalogue=ALL)
    planned.query = QuerySpec(files=("sales.csv",))
    assert act_of(planned, tokens(clause)) is act


@pytest.mark.parametrize(
    ("clause", "act"), [("analyse the revenue", Act.QUERY), ("analyse the weather", Act.MODEL)]
)
def test_without_a_model_an_analysis_of_columns_is_a_query(clause: str, act: Act) -> None:
    assert act_of(sketch(), tokens(clause)) is act
