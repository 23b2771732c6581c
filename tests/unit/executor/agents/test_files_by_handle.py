"""Nothing outside the project's folder is read or written while somebody exchanges it for a link."""

import ctypes
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from executor.data.sources import opened
from executor.egress import beneath
from executor.egress.files import ProjectFiles
from memory.model.errors import BadInput, OrchestraError
from memory.model.work.configuring import configures

TRIES = 5_000
AT_FDCWD, EXCHANGE = -100, 2
SECRET = b"a,b\n9,secret\n"
OURS = b"a,b\n1,ours\n"


@pytest.fixture(params=["openat2", "folder by folder"])
def folders(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Path]:
    """The project's folder with a folder in it, and one outside; for each way to open."""
    if request.param != "openat2":
        monkeypatch.setattr(beneath, "_beneath", beneath._walked)
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "in").mkdir(parents=True)
    outside.mkdir()
    (root / "in" / "x.csv").write_bytes(OURS)
    (outside / "x.csv").write_bytes(SECRET)
    (outside / "theirs.csv").write_bytes(SECRET)
    return root, outside


@contextmanager
def exchanging(root: Path, outside: Path) -> Iterator[None]:
    """The folder `in` is a link to the outside every other moment."""
    ended = threading.Event()

    def exchange() -> None:
        (root / "link").symlink_to(outside)
        names = os.fsencode(root / "in"), os.fsencode(root / "link")
        rename = ctypes.CDLL(None).renameat2
        while not ended.is_set():
            assert rename(AT_FDCWD, names[0], AT_FDCWD, names[1], EXCHANGE) == 0

    thread = threading.Thread(target=exchange)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_an_exchanged_folder_shows_and_changes_nothing_outside(folders: tuple[Path, Path]) -> None:
    root, outside = folders
    files, done, seen = ProjectFiles(root), 0, set[bytes]()
    with exchanging(root, outside):
        for n in range(TRIES):
            with suppress(OrchestraError):
                seen.add(files.read("in/x.csv"))
                done += 1
            with suppress(OrchestraError):
                files.write(f"in/new-{n % 7}.csv", OURS)
                done += 1
            with suppress(OrchestraError):
                files.remove(f"in/new-{n % 7}.csv")
            with suppress(OrchestraError):
                seen.update(name.encode() for name in files.names("in") if name == "theirs.csv")
    assert done > 100
    assert seen == {OURS}
    assert sorted(path.name for path in outside.iterdir()) == ["theirs.csv", "x.csv"]
    assert (outside / "x.csv").read_bytes() == SECRET


def test_a_query_reads_the_file_that_was_opened(folders: tuple[Path, Path]) -> None:
    root, outside = folders
    with opened(ProjectFiles(root), ["in/x.csv"]) as (connection, sources):
        (root / "in").rename(root / "kept")
        (root / "in").symlink_to(outside)
        with suppress(Exception):  # refused is as good
            assert connection.execute(f'FROM "{sources[0].view}"').fetchall() == [(1, "ours")]
        with pytest.raises(Exception, match="disabled by configuration"):
            connection.execute(f"FROM '{root}/in/x.csv'")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_hard_link_to_somebody_elses_file_is_left_alone(folders: tuple[Path, Path]) -> None:
    root, outside = folders
    os.chown(outside / "x.csv", 12345, 12345)
    os.link(outside / "x.csv", root / "mine.csv")
    with pytest.raises(BadInput, match="hard link"):
        ProjectFiles(root).read("mine.csv")


def test_a_pipe_is_no_file_and_nobody_waits_for_it(folders: tuple[Path, Path]) -> None:
    root, _ = folders
    os.mkfifo(root / "pipe.csv")
    with pytest.raises(BadInput, match="no file pipe"):
        ProjectFiles(root).read("pipe.csv")


@pytest.mark.parametrize("path", ["x" * 300, f"in/{'y/' * 3000}z", "a\0b", "a\ud800b", "ring/x"])
def test_what_can_be_no_name_is_one_sentence(folders: tuple[Path, Path], path: str) -> None:
    root, _ = folders
    (root / "ring").symlink_to(root / "ring")
    files = ProjectFiles(root)
    for act in (files.read, files.kind, files.remove, lambda name: files.write(name, b"x")):
        with pytest.raises(BadInput) as caught:
            act(path)
        said = caught.value.user_text
        assert said.endswith(".")
        assert len(said) < 250
        said.encode()


@pytest.mark.parametrize("path", ["AGENTS.md", ".github/workflows/ci.yml", "sub/.env", "rules.md"])
def test_a_file_that_configures_things_is_written_only_where_the_plan_says_so(
    tmp_path: Path, path: str
) -> None:
    (tmp_path / "rules.md").symlink_to("CLAUDE.md")
    with pytest.raises(BadInput, match="configures how other things work"):
        ProjectFiles(tmp_path, settings=()).write(path, b"x")
    with pytest.raises(BadInput, match="configures"):
        ProjectFiles(tmp_path, settings=["other.toml"]).remove(path)
    ProjectFiles(tmp_path, settings=[path, "CLAUDE.md"]).write(path, b"x")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("orchestra.toml", True), (".git/hooks/pre-commit", True), ("src/Makefile", True),
        ("Dockerfile.dev", True), ("uv.lock", True), (".cursor/rules/a.md", True), ("CLAUDE.MD", True),
        ("clock.md", False), ("out/report.md", False), ("./out/x.csv", False), ("blocked.txt", False),
    ],
)  # fmt: skip
def test_names_that_configure_things(path: str, expected: bool) -> None:
    assert configures(path) is expected
