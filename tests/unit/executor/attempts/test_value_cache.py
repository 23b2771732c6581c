"""Values kept in memory: by project, up to a bound, the oldest gone first."""

from executor.value_cache import LARGEST_BYTES, ValueCache
from memory.model.base import ProjectId
from memory.model.work.value import Text

HERE, THERE = ProjectId("here"), ProjectId("there")


def test_a_value_is_found_in_its_own_project_only() -> None:
    cache = ValueCache()
    cache.put(HERE, "d", Text(text="a"), 1)
    assert cache.find(HERE, "d") == Text(text="a")
    assert cache.find(THERE, "d") is None


def test_what_was_used_least_lately_makes_room() -> None:
    cache = ValueCache(kept_bytes=20)
    for name in "ab":
        cache.put(HERE, name, Text(text=name), 10)
    cache.find(HERE, "a")
    cache.put(HERE, "c", Text(text="c"), 10)
    assert [name for name in "abc" if cache.find(HERE, name)] == ["a", "c"]


def test_a_large_value_is_not_kept() -> None:
    cache = ValueCache()
    cache.put(HERE, "d", Text(text="a"), LARGEST_BYTES + 1)
    assert cache.find(HERE, "d") is None
