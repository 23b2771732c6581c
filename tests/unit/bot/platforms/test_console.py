"""The terminal: what lines mean, what is shown, and scripts with anything in them."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat import Attachment, Button, Incoming, OutFile, Outgoing, Section, SendFailed, say
from bot.language.catalogue import ENGLISH
from bot.platforms.console.board import Board
from bot.platforms.console.inline import inline_picture, protocol
from bot.platforms.console.lines import LINE_BYTES, lines, open_script
from bot.platforms.console.markup import BOLD, CODE, END, text_lines
from bot.platforms.console.platform import ConsolePlatform
from bot.platforms.console.screen import PlainScreen, PromptScreen
from bot.platforms.console.session import Session, person, read_person, read_script
from bot.render.pictures.plan_picture import plan_picture
from bot.render.questions import Asked, questions_message
from executor.egress.files import ProjectFiles
from memory.model.errors import BadInput
from memory.model.identity import MessageRef, ThreadRef
from memory.model.limits import REQUEST_CHARS
from planner.port import Question
from tests.conftest import CountingIds, SetClock
from tests.unit.bot.samples import plan, task

THREAD = ThreadRef(platform="console", workspace="local", channel="chat", thread="t")
PLAN = Outgoing(sections=(Section(text="Plan"),), reactions=("✅", "✏️", "🧪", "❌"))
RESULT = Outgoing(sections=(Section(text="Done"),), reactions=("👍", "👎"))


def ref(name: str) -> MessageRef:
    return MessageRef(where=THREAD, message=name)


def console(folder: Path, *, session: str = "s") -> tuple[ConsolePlatform, io.StringIO]:
    out = io.StringIO()
    save = ProjectFiles(folder).write
    return ConsolePlatform(PlainScreen(out), folder, save, session=session), out


class Echo:
    """A bot that answers every line at once and remembers what it was told."""

    def __init__(self, platform: ConsolePlatform, *, busy: int = 0) -> None:
        self.platform = platform
        self.heard: list[Incoming] = []
        self.busy = busy
        self.looks: list[int] = []

    async def receive(self, incoming: Incoming) -> None:
        self.heard.append(incoming)

    async def settled(self) -> None:
        self.looks.append(len(self.heard))

    async def changed(self) -> None:
        pass

    async def working(self) -> bool:
        self.busy -= 1
        return self.busy >= 0


def session(platform: ConsolePlatform, clock: SetClock, ids: CountingIds) -> Session:
    return Session(platform, THREAD, person("Ana"), clock, ids)


async def said(*texts: str) -> AsyncIterator[str]:
    for text in texts:
        yield text


def test_a_reaction_goes_to_the_newest_message_that_offers_it() -> None:
    board = Board()
    board.put(ref("plan"), PLAN)
    board.put(ref("result"), RESULT)
    board.put(ref("chatter"), say("hello"))
    assert board.reacted("👍🏽") == ref("result")
    assert board.reacted(":white_check_mark:") == ref("plan")
    assert board.reacted("🎉") is None  # it means nothing anywhere, so it is answered as a word
    board.put(ref("plan"), say("closed"))
    assert board.reacted("✅", [ref("older")]) == ref("older")
    assert board.reacted("✅") is None
    assert Board().reacted("✅") is None


QUESTIONS = questions_message(
    ENGLISH,
    [
        Asked(
            "q1",
            Question(slot="a", text="Who?", options=("devs", "all", "Managers"), default="devs"),
        ),
        Asked("q2", Question(slot="b", text="Publish?", options=("draft", "yes"), default="draft")),
    ],
    request="req_1",
)


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("1", "answer:q1:0"),
        ("2", "answer:q1:1"),
        ("m", "answer:q1:2"),
        ("ALL", "answer:q1:1"),
        ("draft", "answer:q2:0"),
        ("use the defaults", "defaults:req_1"),
        ("4", None),
        ("0", None),
        ("²", None),
        ("run", None),
        ("something else", None),
        ("other…", None),
        ("", None),
    ],
)
def test_numbers_letters_and_labels_choose_an_option(line: str, action: str | None) -> None:
    board = Board()
    board.put(ref("q"), QUESTIONS)
    board.put(ref("later"), say("no buttons here"))
    pressed = board.pressed(line)
    assert (pressed[1].action if pressed else None) == action


def test_when_something_newer_can_be_pressed_numbers_no_longer_mean_the_questions() -> None:
    board = Board()
    board.put(ref("q"), QUESTIONS)
    run = Button(action="approve:h", label="✅ Run")
    board.put(ref("plan"), Outgoing(sections=(Section(text="", buttons=(run,)),)))
    assert board.pressed("1") is None
    assert board.pressed("✅ run") is None


async def test_a_line_becomes_a_message_with_those_it_mentions(
    tmp_path: Path, clock: SetClock, ids: CountingIds
) -> None:
    platform, _ = console(tmp_path)
    bot = Echo(platform)
    await session(platform, clock, ids).say("@orchestra ask @Kim (not a@b.c)", bot.receive)
    heard = bot.heard[0]
    assert heard.kind == "message"
    assert heard.text == "ask @Kim (not a@b.c)"
    assert heard.mentions == (person("kim").model_copy(update={"display": "Kim"}),)
    assert heard.author.key == "console:local:ana"


@pytest.mark.parametrize(
    ("line", "text", "names"),
    [
        ("@Orchestra: status", "status", []),
        ("/orchestra budget $50 a month", "budget $50 a month", []),
        ("/status", "status", []),
        ("/etc/passwd is a file", "/etc/passwd is a file", []),
        ("tell @kim. And @bo-2, @kim", "tell @kim. And @bo-2, @kim", ["kim", "bo-2"]),
        ("@everyone @", "@everyone @", ["everyone"]),
    ],
)
async def test_what_is_said_to_the_bot_is_only_the_words(
    tmp_path: Path, clock: SetClock, ids: CountingIds, line: str, text: str, names: list[str]
) -> None:
    platform, _ = console(tmp_path)
    bot = Echo(platform)
    await session(platform, clock, ids).say(line, bot.receive)
    assert bot.heard[0].text == text
    assert [mention.display for mention in bot.heard[0].mentions] == names


async def test_an_emoji_line_is_a_reaction_and_a_number_a_button(
    tmp_path: Path, clock: SetClock, ids: CountingIds
) -> None:
    platform, _ = console(tmp_path)
    bot = Echo(platform)
    state = session(platform, clock, ids)
    await state.say("✅", bot.receive)
    plan_ref = await platform.post(THREAD, PLAN, {}, key="k1")
    await state.say("✅", bot.receive)
    await platform.post(THREAD, QUESTIONS, {}, key="k2")
    await state.say("2", bot.receive)
    assert [event.kind for event in bot.heard] == ["message", "reaction", "button"]
    assert bot.heard[1].message == plan_ref.message
    assert bot.heard[2].action == "answer:q1:1"
    assert len({one.event_id for one in bot.heard}) == 3


async def test_a_script_is_echoed_waits_for_work_and_changes_speakers(
    tmp_path: Path, clock: SetClock, ids: CountingIds
) -> None:
    platform, out = console(tmp_path)
    bot = Echo(platform, busy=3)
    lines_ = said("first", "/as bo", "status", "second", "/quit", "never")
    await read_script(session(platform, clock, ids), bot, lines_)
    assert [(event.author.display, event.text) for event in bot.heard] == [
        ("Ana", "first"),
        ("bo", "status"),
        ("bo", "second"),
    ]
    assert out.getvalue() == "\nAna        first\n\n\nbo         status\n\n\nbo         second\n\n"
    assert bot.busy < 0  # it looked until work was over


async def test_the_prompt_leaves_on_the_second_interrupt_only(
    tmp_path: Path, clock: SetClock, ids: CountingIds
) -> None:
    platform, _ = console(tmp_path)
    bot = Echo(platform)
    told: list[str] = []
    typed: list[str | type[BaseException]] = [
        "hello", "", KeyboardInterrupt, "/as kim", "hi", KeyboardInterrupt, KeyboardInterrupt, "no",
    ]  # fmt: skip

    async def ask() -> str:
        line = typed.pop(0)
        if isinstance(line, str):
            return line
        raise line

    ready: asyncio.Future[Echo] = asyncio.get_running_loop().create_future()
    ready.set_result(bot)
    await read_person(session(platform, clock, ids), ready, ask, tell=told.append)
    assert [(event.author.display, event.text) for event in bot.heard] == [
        ("Ana", "hello"),
        ("kim", "hi"),
    ]
    assert len(told) == 2
    assert typed == ["no"]


async def test_a_message_shows_its_picture_in_characters_and_says_where_it_is(
    tmp_path: Path,
) -> None:
    platform, out = console(tmp_path)
    png = plan_picture(ENGLISH, plan(task("a", "A")))
    file = OutFile(
        name="../plan.png", digest="abcdef0123", media_type="image/png", title="The plan", alt="╭─╮"
    )
    message = say(
        "See **this**: `x`", files=(file, file.model_copy(update={"digest": "gone", "alt": ""}))
    )
    await platform.post(THREAD, message, {"abcdef0123": png}, key="k")
    path = tmp_path / "pictures" / "abcdef01-plan.png"
    assert path.read_bytes() == png
    assert out.getvalue() == (
        f"orchestra  See this: “x”\n\n           ╭─╮\n           The plan: {path}\n"
        "           [The plan: no longer kept]\n"
    )


async def test_a_key_is_shown_once_even_by_the_next_session(tmp_path: Path) -> None:
    platform, out = console(tmp_path)
    first = await platform.post(THREAD, say("once"), {}, key="k")
    assert await platform.post(THREAD, say("once"), {}, key="k") == first
    assert out.getvalue().count("once") == 1
    again, more = console(tmp_path, session="s2")
    assert await again.find(THREAD, "k") == first
    assert await again.post(THREAD, say("once"), {}, key="k") == first
    assert more.getvalue() == ""
    assert (await again.post(THREAD, say("new"), {}, key="k2")).message == "s2-1"


@pytest.mark.parametrize("journal", [b"", b"[]", b"{", b"\xff", b'{"a": 1}', b'{"a": [1, 2]}'])
async def test_a_spoilt_journal_loses_no_message(tmp_path: Path, journal: bytes) -> None:
    ProjectFiles(tmp_path).write("console/posted.json", journal)
    platform, out = console(tmp_path)
    await platform.post(THREAD, say("shown"), {}, key="k")
    assert "shown" in out.getvalue()


async def test_progress_is_told_only_where_something_was_done(tmp_path: Path) -> None:
    platform, out = console(tmp_path)

    def going(bar: str, *rows: str) -> Outgoing:
        pause = (Button(action="pause:r", label="Pause"),)
        return Outgoing(sections=(Section(text=bar, buttons=pause), Section(text="\n".join(rows))))

    sent = await platform.post(THREAD, say("Plan"), {}, key="k0")
    out.truncate(0)
    out.seek(0)
    edits = [
        going("░░ 0/2 · $0", "○ 1 A", "○ 2 B"),
        going("░░ 0/2 · $0 · now: A", "▶ 1 A", "○ 2 B"),
        going("▓░ 1/2 · $0.01 · now: B", "✓ 1 A · 2 s", "▶ 2 B"),
        going("▓░ 1/2 · $0.02 · now: B", "✓ 1 A · 2 s", "▶ 2 B"),
        going("▓░ 1/2 · $0.02 · B: moved to Gemini", "✓ 1 A · 2 s", "▶ 2 B"),
        say("Done in 2 s."),
    ]
    for number, edit in enumerate(edits, start=1):
        assert await platform.post(THREAD, edit, {}, key=f"k{number}", edits=sent) == sent
    assert out.getvalue() == (
        "orchestra  ▓░ 1/2 · $0.01 · now: B\n           ✓ 1 A · 2 s\n"
        "orchestra  ▓░ 1/2 · $0.02 · B: moved to Gemini\norchestra  Done in 2 s.\n"
    )


async def test_a_plan_that_was_run_is_not_told_again(tmp_path: Path) -> None:
    platform, out = console(tmp_path)
    pause = (Button(action="pause:r", label="Pause"),)
    going = Outgoing(sections=(Section(text="▓░ 1/2 · $0", buttons=pause),))
    sent = await platform.post(THREAD, say("Plan of two\n1. A\n2. B"), {}, key="k0")
    await platform.post(THREAD, going, {}, key="k1", edits=sent)
    await platform.post(
        THREAD, say("Plan of two\n1. A\n2. B\nIt is done."), {}, key="k2", edits=sent
    )
    assert out.getvalue().count("Plan of two") == 1
    assert out.getvalue().endswith("orchestra  It is done.\n")


async def test_on_a_terminal_progress_lives_in_the_bar(tmp_path: Path) -> None:
    written: list[str] = []
    refreshed: list[int] = []
    screen = PromptScreen(written.append, lambda: refreshed.append(1), 80)
    platform = ConsolePlatform(screen, tmp_path, ProjectFiles(tmp_path).write, session="s")
    pause = (Button(action="pause:r", label="Pause"),)
    sent = await platform.post(THREAD, say("**Plan**"), {}, key="k0")
    going = Outgoing(sections=(Section(text="▓░ 1/2 · $0.01", buttons=pause),))
    await platform.post(THREAD, going, {}, key="k1", edits=sent)
    assert screen.bar == "▓░ 1/2 · $0.01"
    await platform.post(THREAD, say("Done."), {}, key="k2", edits=sent)
    assert screen.bar == ""
    assert len(refreshed) == 2
    assert "".join(written) == f"orchestra  {BOLD}Plan{END}\norchestra  Done.\n"


async def test_a_screen_that_is_gone_is_a_failed_send(tmp_path: Path) -> None:
    platform, out = console(tmp_path)
    out.close()
    with pytest.raises(SendFailed):
        await platform.post(THREAD, say("x"), {}, key="k")
    with pytest.raises(SendFailed):
        await platform.fetch(Attachment(name="a", media_type="x/y", size=1, handle="h"))


def test_letters_the_stream_cannot_write_do_not_stop_it() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    PlainScreen(stream).print(["a ✅ é"])
    assert raw.getvalue() == b"a ? ?\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\n\n  \n", []),
        (b"\xef\xbb\xbffirst\r\nsecond\r\n", ["first", "second"]),
        (b"no end", ["no end"]),
        (b"caf\xe9 \xff\xfe\n", ["caf\ufffd \ufffd\ufffd"]),
        (b"\x1b[31mred\x1b[0m\x07\n", ["red"]),
        ("✏️\n👍🏽\n".encode(), ["✏️", "👍🏽"]),
    ],
)
async def test_scripts_are_read_whatever_is_in_them(data: bytes, expected: list[str]) -> None:
    assert [line async for line in lines(io.BytesIO(data))] == expected


async def test_a_hundred_megabytes_in_one_line_are_cut_and_the_next_line_is_read() -> None:
    class Endless(io.RawIOBase):
        left = 100_000_000

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:
            size = min(len(buffer), self.left)
            buffer[:size] = b"x" * size
            self.left -= size
            if size:
                return size
            tail, self.tail = self.tail, b""
            buffer[: len(tail)] = tail
            return len(tail)

        tail = b"\nnext\n"

    found = [line async for line in lines(io.BufferedReader(Endless(), 1 << 20))]
    assert len(found[0]) == LINE_BYTES > REQUEST_CHARS
    assert found[1:] == ["next"]


async def test_what_is_not_text_is_refused_in_a_sentence() -> None:
    with pytest.raises(BadInput, match="isn't a text file"):
        _ = [line async for line in lines(io.BytesIO(b"\x7fELF\x00\x00\x00\x00\x01\x00" * 50))]


def test_a_script_that_is_not_there_or_is_a_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        open_script(tmp_path / "no.txt")
    with pytest.raises(BadInput, match="is a folder"):
        open_script(tmp_path)


def test_what_to_say_is_told_from_prose_without_colour() -> None:
    text = 'Say `skip 2` or `help`: plan `7f3a90c1` reads `sales.csv` with `SELECT "a" FROM b`'
    (plain,) = text_lines(text, styled=False, columns=100)
    assert plain == 'Say “skip 2” or “help”: plan 7f3a90c1 reads sales.csv with SELECT "a" FROM b'
    (styled,) = text_lines(text, styled=True, columns=100)
    assert "“" not in styled
    assert f"{CODE}help{END}" in styled


def test_markdown_is_wrapped_at_words_and_styled_only_where_asked() -> None:
    text = "- **bold** and `code` and [label](https://x.example) for <@U1> *it* 2*3*4"
    assert text_lines(text, styled=False, columns=100) == [
        "- bold and “code” and label (https://x.example) for @U1 it 2*3*4"
    ]
    assert text_lines("1. aaa bbb ccc ddd", styled=False, columns=10) == [
        "1. aaa bbb",
        "   ccc ddd",
    ]
    assert text_lines("```\na  b\n```\nc", styled=False, columns=3) == ["a  b", "c"]
    assert BOLD in text_lines(text, styled=True, columns=100)[0]


def test_terminals_that_show_pictures_are_known_by_name() -> None:
    assert [protocol(name) for name in ("iTerm.app", "xterm-kitty", "WezTerm", "xterm")] == [
        "iterm",
        "kitty",
        "iterm",
        "",
    ]
    png = plan_picture(ENGLISH, plan(task("a", "A")))
    assert inline_picture(png, "kitty", columns=80).startswith("\x1b_Ga=T,f=100,c=")
    assert inline_picture(png, "iterm", columns=80).endswith("\x07")
    assert inline_picture(b"GIF89a", "kitty", columns=80) == ""
    assert inline_picture(png, "", columns=80) == ""
