"""The ways out: HTTP, files, programs."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from executor.agents.web_fetch import WebFetch
from executor.egress import process
from executor.egress.files import ProjectFiles
from executor.egress.http import Http
from memory.model.errors import AgentRejected, AgentUnavailable, BadInput, StorageTrouble
from tests.fakes.web import FakeWeb
from tests.unit.executor.agents.calls import text_of, until

HTTP = Http(allow=["127.0.0.1"])


@pytest.fixture
async def web() -> AsyncIterator[FakeWeb]:
    async with FakeWeb() as server:
        yield server


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://10.0.0.1/", "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://0.0.0.0/",
        "http://[fe80::1]/", "http://[fd00::1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
        "http://224.0.0.1/",
    ],
)  # fmt: skip
async def test_private_addresses_are_refused(url: str) -> None:
    with pytest.raises(AgentRejected, match="private network"):
        await Http().get(url, timeout_s=5)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "example.com",
        "http://",
        "http://a:b@example.com/",
        "",
    ],
)
async def test_only_plain_web_addresses_are_taken(url: str) -> None:
    with pytest.raises(BadInput):
        await Http().get(url, timeout_s=5)


async def test_a_redirect_to_a_private_address_is_refused(web: FakeWeb) -> None:
    web.redirect("/away", "http://10.0.0.1/")
    with pytest.raises(AgentRejected, match="private network"):
        await HTTP.get(f"{web.origin}/away", timeout_s=5)


async def test_a_name_is_looked_up_once_and_the_checked_address_used(web: FakeWeb) -> None:
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    web.page("/", "<p>hello</p>")
    page = await Http(allow=["127.0.0.1"], resolve=resolve).get(
        f"http://rebind.example:{web.port}/", timeout_s=5
    )
    assert page.body == b"<p>hello</p>"
    assert asked == ["rebind.example"]
    assert web.seen == [(f"rebind.example:{web.port}", "/")]


async def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["93.184.216.34", "127.0.0.1"]

    with pytest.raises(AgentRejected):
        await Http(resolve=resolve).get("http://mixed.example/", timeout_s=5)


async def test_an_unknown_host_is_said(web: FakeWeb) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no")

    with pytest.raises(BadInput, match=r"There's no host nowhere\.example"):
        await Http(resolve=resolve).get("http://nowhere.example/", timeout_s=5)


async def test_five_redirects_are_followed_and_no_more(web: FakeWeb) -> None:
    for n in range(6):
        web.redirect(f"/{n}", f"/{n + 1}")
    web.page("/6", "end", content_type="text/plain")
    assert (await HTTP.get(f"{web.origin}/1", timeout_s=5)).body == b"end"
    with pytest.raises(AgentRejected, match="keeps redirecting"):
        await HTTP.get(f"{web.origin}/0", timeout_s=5)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, BadInput), (403, AgentRejected), (429, AgentUnavailable), (503, AgentUnavailable)],
)
async def test_a_status_is_sorted_by_what_can_be_done(
    web: FakeWeb, status: int, kind: type[Exception]
) -> None:
    web.page("/x", "no", status, retry_after="7")
    with pytest.raises(kind) as caught:
        await HTTP.get(f"{web.origin}/x", timeout_s=5)
    if isinstance(caught.value, AgentUnavailable):
        assert caught.value.retry_after_s == 7


async def test_size_is_bounded_packed_or_not(web: FakeWeb) -> None:
    web.zipped("/bomb", b"0" * 3_000_000)
    web.zipped("/fair", b"fair")
    assert (await HTTP.get(f"{web.origin}/fair", timeout_s=5)).body == b"fair"
    for path in ("/bomb", "/endless"):
        with pytest.raises(AgentRejected, match="larger than 1 MB"):
            await HTTP.get(f"{web.origin}{path}", timeout_s=5, limit=1_000_000)


@pytest.mark.parametrize("path", ["/slow", "/silent", "/cut"])
async def test_a_stuck_or_cut_page_ends_by_the_deadline(web: FakeWeb, path: str) -> None:
    with pytest.raises(AgentUnavailable):
        await HTTP.get(f"{web.origin}{path}", timeout_s=0.4)


async def test_a_page_becomes_readable_text(web: FakeWeb, tmp_path: Path) -> None:
    web.page(
        "/a",
        "<title>The  title</title><nav>menu</nav><script>evil()</script><article><h1>Head</h1>"
        "<p>One <b>bold</b> word.</p><ul><li>first</li><li>second</li></ul>"
        "<table><tr><td>a</td><td>b</td></tr></table></article><footer>foot</footer>",
    )
    text = await text_of(WebFetch(HTTP), tmp_path, url=f"{web.origin}/a")
    assert text.startswith(f"# The title\n\nSource: {web.origin}/a\n\n## Head\n\nOne bold word.")
    assert "- first\n- second" in text
    assert not any(word in text for word in ("menu", "evil", "foot"))


async def test_a_page_that_is_no_text_is_refused(web: FakeWeb, tmp_path: Path) -> None:
    web.page("/p", b"\x89PNG", content_type="image/png")
    web.page("/e", "<script>app()</script>")
    with pytest.raises(BadInput, match="image/png"):
        await text_of(WebFetch(HTTP), tmp_path, url=f"{web.origin}/p")
    with pytest.raises(BadInput, match="without a browser"):
        await text_of(WebFetch(HTTP), tmp_path, url=f"{web.origin}/e")


async def test_deep_nesting_does_not_break_the_reader(web: FakeWeb, tmp_path: Path) -> None:
    web.page("/d", "<div>" * 5000 + "words here" + "</div>" * 5000)
    assert "words here" in await text_of(WebFetch(HTTP), tmp_path, url=f"{web.origin}/d")


@pytest.mark.parametrize("path", ["../out.txt", "/etc/out.txt", "link/out.txt", "", "a\0b"])
def test_no_file_is_written_outside_the_folder(tmp_path: Path, path: str) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "link").symlink_to(outside)
    (root / "file-link").symlink_to(outside / "out.txt")
    with pytest.raises(BadInput):
        ProjectFiles(root).write(path, b"x")
    with pytest.raises(BadInput):
        ProjectFiles(root).write("file-link", b"x")
    assert list(outside.iterdir()) == []


@pytest.mark.skipif(
    not Path("/dev/full").exists() or os.name != "posix", reason="needs RLIMIT_FSIZE"
)
def test_a_full_disk_is_one_sentence_and_leaves_no_part(tmp_path: Path) -> None:
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    (tmp_path / "kept.txt").write_bytes(b"old")
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        with pytest.raises(StorageTrouble) as caught:
            ProjectFiles(tmp_path).write("kept.txt", b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert caught.value.user_text.startswith("kept.txt can't be written: ")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["kept.txt"]
    assert (tmp_path / "kept.txt").read_bytes() == b"old"


ENV = {"PATH": os.environ["PATH"]}


async def _python(code: str, tmp_path: Path, **more: object) -> process.Finished:
    return await process.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=ENV,
        **{"timeout_s": 20, **more},  # type: ignore[arg-type]
    )


async def test_a_program_sees_only_what_it_is_given(tmp_path: Path) -> None:
    code = "import os,sys; print(sorted(set(os.environ) - {'LC_CTYPE'})); print(sys.stdin.read(), os.getcwd())"
    done = await _python(code, tmp_path, given=b"hello")
    assert done.out.decode() == f"['PATH']\nhello {tmp_path}\n"
    assert (done.code, done.cut) == (0, False)


async def test_a_program_that_writes_without_end_is_kept_short(tmp_path: Path) -> None:
    done = await _python("print('x' * 1_000_000)", tmp_path, limit=1000)
    assert (len(done.out), done.cut) == (1000, True)


def _alive(pid: str) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "zombie" not in status.read_text()


async def test_children_die_with_their_program(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time; child = subprocess.Popen(['sleep', '600']);"
        "open('pid', 'w').write(str(child.pid)); time.sleep(600)"
    )
    task = asyncio.ensure_future(_python(code, tmp_path))
    pid = tmp_path / "pid"
    await until(lambda: pid.exists() and pid.read_text() != "")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not _alive(pid.read_text()))


async def test_a_program_has_a_deadline_and_must_exist(tmp_path: Path) -> None:
    with pytest.raises(AgentUnavailable):
        await _python("import time; time.sleep(60)", tmp_path, timeout_s=0.3)
    with pytest.raises(BadInput, match="can't be started"):
        await process.run(["no-such-program"], cwd=tmp_path, env=ENV, timeout_s=1)
