"""What follows from files alone is worked out once, and never taken for that of other files."""

from memory.model.work.value import Column
from planner.questions.kept import kept


def test_the_same_object_is_worked_out_once_and_an_equal_copy_anew() -> None:
    made: list[Column] = []

    @kept(10)
    def name_of(column: Column) -> str:
        made.append(column)
        return column.name

    first, second = Column(name="a", type="VARCHAR"), Column(name="a", type="VARCHAR")
    assert [name_of(first), name_of(first), name_of(second)] == ["a", "a", "a"]
    assert [*map(id, made)] == [id(first), id(second)]


def test_words_count_as_they_are_written() -> None:
    made: list[str] = []

    @kept(10)
    def length(word: str) -> int:
        made.append(word)
        return len(word)

    assert length("paid") == length("".join(["pa", "id"])) == 4
    assert made == ["paid"]


def test_what_came_and_went_is_never_taken_for_another() -> None:
    @kept(3)
    def name_of(column: Column) -> str:
        return column.name

    for number in range(100):  # each is gone before the next takes its place in memory
        assert name_of(Column(name=f"c{number}", type="VARCHAR")) == f"c{number}"
