"""The index port's promises, kept by an embedded Chroma and by a real Chroma server."""

import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from memory.recall import chroma
from memory.recall.chroma import ChromaIndex
from memory.recall.port import IndexTrouble

NAME, OTHER = "orchestra-one-note", "orchestra-two-note"


PATIENCE_S = 120


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "chroma"), "run", "--host", "127.0.0.1"]
    folder = tmp_path_factory.mktemp("chroma")
    process = subprocess.Popen(
        [*command, "--port", str(port), "--path", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("the Chroma server did not start")


def _spoil(folder: Path) -> None:
    (database,) = folder.glob("index-*/chroma.sqlite3")
    database.write_bytes(b"no database" * 1_000)


def _indexes(folder: Path) -> int:
    return len(list(folder.glob("index-*")))


@pytest.fixture(params=["embedded", "served"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], ChromaIndex]:
    if request.param == "embedded":
        return lambda: chroma.embedded(tmp_path / "recall")
    url = request.getfixturevalue("server")
    return lambda: chroma.served(url)


@pytest.fixture
async def index(make: Callable[[], ChromaIndex]) -> AsyncIterator[ChromaIndex]:
    index = make()
    await index.open(distrusted=False)
    await index.clear()
    yield index
    await index.close()


async def test_the_nearest_come_first_with_their_likeness(index: ChromaIndex) -> None:
    await index.put(NAME, ["x", "y", "xy"], [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
    near = await index.nearest(NAME, [1.0, 0.0], 2)
    assert [name for name, _ in near] == ["x", "xy"]
    assert [likeness for _, likeness in near] == pytest.approx([1.0, 0.6], abs=1e-3)


async def test_every_vector_is_found_also_one_unlike_many_that_are_nearly_the_same(
    tmp_path: Path,
) -> None:
    """A graph of neighbours loses those: of these twenty, Chroma's own search misses some."""
    apart = [
        [0.0] * 20 + [1.0 if place == number else 0.0 for place in range(20)]
        for number in range(20)
    ]
    alike = [
        [1.0] + [0.001 * (number >> place & 1) for place in range(39)] for number in range(2_000)
    ]
    index = chroma.embedded(tmp_path)
    await index.open(distrusted=False)
    await index.put(NAME, [f"apart{number}" for number in range(20)], apart)
    await index.put(NAME, [f"alike{number}" for number in range(2_000)], alike)
    for number, vector in enumerate(apart):
        ((name, likeness),) = await index.nearest(NAME, vector, 1)
        assert (name, likeness) == (f"apart{number}", pytest.approx(1.0))
    await index.close()


async def test_what_changes_after_a_search_is_found_by_the_next(index: ChromaIndex) -> None:
    await index.put(NAME, ["x", "y"], [[1.0, 0.0], [0.6, 0.8]])
    assert len(await index.nearest(NAME, [1.0, 0.0], 9)) == 2
    await index.put(NAME, ["z", "y"], [[0.8, 0.6], [0.0, 1.0]])
    await index.remove(NAME, ["x"])
    near = await index.nearest(NAME, [1.0, 0.0], 9)
    assert [name for name, _ in near] == ["z", "y"]
    assert [likeness for _, likeness in near] == pytest.approx([0.8, 0.0], abs=1e-3)


async def test_putting_an_id_again_replaces_it(index: ChromaIndex) -> None:
    await index.put(NAME, ["x"], [[1.0, 0.0]])
    await index.put(NAME, ["x"], [[0.0, 1.0]])
    assert await index.nearest(NAME, [0.0, 1.0], 9) == [("x", pytest.approx(1.0, abs=1e-3))]


async def test_collections_do_not_see_each_other(index: ChromaIndex) -> None:
    await index.put(NAME, ["x"], [[1.0, 0.0]])
    await index.put(OTHER, ["y"], [[1.0, 0.0]])
    assert [name for name, _ in await index.nearest(OTHER, [1.0, 0.0], 9)] == ["y"]


async def test_what_is_not_there_is_no_trouble(index: ChromaIndex) -> None:
    assert await index.nearest(NAME, [1.0, 0.0], 3) == []
    await index.remove(NAME, ["x"])
    await index.put(NAME, ["x"], [[1.0, 0.0]])
    await index.remove(NAME, ["y"])
    await index.remove(NAME, [])
    await index.remove(NAME, ["x"])
    assert await index.nearest(NAME, [1.0, 0.0], 3) == []


async def test_marks_and_vectors_outlive_the_client(
    index: ChromaIndex, make: Callable[[], ChromaIndex]
) -> None:
    await index.put(NAME, ["x"], [[1.0, 0.0]])
    await index.mark({"model": "m", "notes": 7, "old": 1})
    await index.mark({"model": "m", "notes": 8})
    await index.close()
    again = make()
    assert await again.open(distrusted=False) == {"model": "m", "notes": 8}
    assert len(await again.nearest(NAME, [1.0, 0.0], 3)) == 1
    await again.close()
    await index.open(distrusted=False)


async def test_clearing_takes_everything_and_it_goes_on(index: ChromaIndex) -> None:
    await index.put(NAME, ["x"], [[1.0, 0.0]])
    await index.mark({"notes": 7})
    await index.clear()
    assert await index.nearest(NAME, [1.0, 0.0], 3) == []
    await index.put(NAME, ["y"], [[1.0, 0.0, 0.0]])
    assert len(await index.nearest(NAME, [1.0, 0.0, 0.0], 3)) == 1


async def test_more_vectors_than_a_batch_all_arrive(index: ChromaIndex) -> None:
    count = chroma.BATCH + 7
    await index.put(NAME, [str(n) for n in range(count)], [[1.0, n / count] for n in range(count)])
    near = await index.nearest(NAME, [1.0, (count - 1) / count], 1)
    assert near[0][0] == str(count - 1)


async def test_vectors_of_another_length_are_trouble(index: ChromaIndex) -> None:
    await index.put(NAME, ["x"], [[1.0, 0.0]])
    with pytest.raises(IndexTrouble):
        await index.put(NAME, ["y"], [[1.0, 0.0, 0.0]])


async def test_a_closed_index_is_trouble(make: Callable[[], ChromaIndex]) -> None:
    with pytest.raises(IndexTrouble, match="closed"):
        await make().nearest(NAME, [1.0], 1)


async def test_a_broken_folder_starts_anew(tmp_path: Path) -> None:
    index = chroma.embedded(tmp_path)
    await index.open(distrusted=False)
    await index.mark({"notes": 7})
    await index.close()
    _spoil(tmp_path)
    assert await index.open(distrusted=False) == {}
    await index.put(NAME, ["x"], [[1.0, 0.0]])
    await index.close()
    assert _indexes(tmp_path) == 1


async def test_a_folder_that_is_no_folder_is_trouble_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "recall").write_text("in the way")
    with pytest.raises(IndexTrouble, match="can't be used"):
        await chroma.embedded(tmp_path / "recall").open(distrusted=False)


async def test_a_folder_has_one_owner(tmp_path: Path) -> None:
    first, second = chroma.embedded(tmp_path), chroma.embedded(tmp_path)
    await first.open(distrusted=False)
    with pytest.raises(IndexTrouble, match="Another Orchestra"):
        await second.open(distrusted=False)
    await second.close()
    await first.close()
    await second.open(distrusted=False)
    await second.close()


async def test_a_server_that_is_away_is_trouble(tmp_path: Path) -> None:
    with pytest.raises(IndexTrouble):
        await chroma.served("http://127.0.0.1:9").open(distrusted=False)
