"""A request that lacks something is asked about; one that says it all is not; answers are planned."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from executor.agents import registry
from memory.model.agents.spec import Catalogue
from planner.drafter_chain import named
from planner.port import Answer, Declined, NeedsAnswers, PlanRequest, PlanResult, Ready
from planner.service import Planner
from tests.conftest import SetClock
from tests.unit.planner.world import CHATGPT, CLAUDE, GEMINI, PERSON, ask, describe, folder

TOOLS = tuple(agent.spec for agent in registry.load((), third_parties=()))
WITHOUT_MODELS = Catalogue(agents=(*TOOLS, PERSON))
CATALOGUE = Catalogue(agents=(*TOOLS, PERSON, CHATGPT, CLAUDE, GEMINI))
VISITS = "visit_id,doctor,ward,day,fee,minutes\n" + "".join(
    f"{n},{('Roy', 'Ito', 'Sand')[n % 3]},{('north', 'east')[n % 2]},2025-0{1 + n % 6}-1{n % 9},{40 + n * 3.5},{10 + n % 7}\n"
    for n in range(1, 31)
)

VAGUE = [
    "write a blog post", "Write me a poem", "draft an email please", "compose a newsletter",
    "could you write an article for our website?", "write something for LinkedIn",
    "prepare a presentation", "translate notes.md", "translate this", "improve the text",
    "make it shorter", "proofread my letter", "rewrite notes.md", "summarise it",
    "shorten the text", "write a script", "build a dashboard", "fix the bug", "do some research",
    "research the competition", "plan the event", "organise a workshop", "filter visits.csv",
    "filter the visits", "sort visits.csv", "group the visits", "compare the numbers",
    "compare the months", "make a chart", "chart it", "draw a pie chart", "plot the data",
    "give me a breakdown", "make a report", "calculate the average", "what's the total?",
    "sum it up", "show the top 5", "show me the figures", "how many", "convert the file",
    "convert visits.csv", "clean up visits.csv", "help me with visits.csv",
    "do something with the data", "have claude write a speech",
]  # fmt: skip
CLEAR = [
    "show visits.csv", "show the visits", "total fee by ward in visits.csv", "visits from north",
    "how many visits are from east", "top 5 doctors by fee in visits.csv",
    "write a poem about the sea", "write a haiku on autumn", "draft an email to the team about the move",
    "compose a newsletter on our spring sale", "translate notes.md into German",
    "translate memo.txt to french", "proofread notes.md", "polish memo.txt", "summarise notes.md",
    "summarise memo.txt in 2 sentences", "bar chart of total fee by ward in visits.csv",
    "filter visits.csv where ward is north", "sort visits.csv by fee",
    "group the visits by ward and total the fee", "average salary by dept", "what is the average salary",
    "how many rows are in visits.csv", "convert visits.csv to Excel", "export visits.csv as json",
    "write a script that renames photos by date", "research the market for e-bikes in Spain",
    "write a poem about cats in the style of Rilke", "describe visits.csv",
    "are there duplicates in visits.csv", "have chatgpt write a limerick about Monday",
    "explain how DNS works", "brainstorm names for a dog", "show the first 3 rows of visits.csv",
    "rows of visits.csv with fee over 100", "analyse visits.csv", "what columns does visits.csv have",
    "make a pie chart of fee by ward in visits.csv", "improve the introduction of notes.md",
    "rewrite notes.md as a fairy tale", "fix the typos in memo.txt", "data quality of visits.csv",
    "create a table of total fee by ward in visits.csv", "chart total minutes by month in visits.csv",
]  # fmt: skip
ANSWERED: list[tuple[str, dict[str, str], tuple[str, ...]]] = [
    ("draft an email to the team", {"about": "the new office"}, ("Draft an email to the team about the new office",)),
    ("translate notes.md", {"language": "French"}, ("Translate notes.md into French",)),
    ("translate this", {"language": "Dutch", "text": "memo"}, ("memo.txt", "Translate memo.txt into Dutch")),
    ("improve the text", {"text": "notes.md", "better": "tone"}, ("notes.md", "with regard to tone")),
    ("filter visits.csv", {"stay": "ward is north"}, ('LOWER(TRIM(CAST("ward" AS TEXT))) = \'north\'',)),
    ("filter the visits", {"stay": "fee is over 100"}, ('"fee" > 100',)),
    ("sort the visits", {"sorted": "fee descending"}, ('ORDER BY "fee" DESC',)),
    ("group the visits", {"number": "total fee", "by": "doctor"}, ('SUM("fee")', '"doctor"')),
    ("compare the numbers", {"file": "visits.csv", "number": "total minutes", "by": "ward"}, ('"ward"', 'SUM("minutes")')),
    ("make a chart", {"file": "sales.csv", "number": "total revenue", "by": "per region"}, ('SUM("revenue")', "data.chart")),
    ("make a report", {"file": "sales", "number": "total units", "by": "product"}, ('SUM("units")', "report.write")),
    ("calculate the average", {"file": "staff.csv", "what": "average salary"}, ('AVG("salary")',)),
    ("compare the months", {"file": "visits.csv", "number": "number of rows"}, ("COUNT(*)", '"day"')),
    ("show the top 5", {"file": "visits.csv", "number": "total fee", "top": "doctor"}, ('SUM("fee")', "LIMIT 5")),
    ("convert visits.csv", {"format": "JSON"}, ("data.export", "visits.json")),
    ("help me with notes.md", {"what": "translate notes.md", "language": "Italian"}, ("Translate notes.md into Italian",)),
    ("do some research", {"what": "heat pumps"}, ("Research heat pumps",)),
    ("have claude write a speech", {"about": "honesty", "who": "our team"}, ("claude", "for our team about honesty")),
]  # fmt: skip
"""What is said, the answers by a word of their question, and what must be in the plan."""


@pytest.fixture
async def planner(tmp_path: Path, clock: SetClock) -> AsyncIterator[Planner]:
    async with Planner(tmp_path / "plans.db", (), None, None, clock) as opened:
        yield opened


@pytest.fixture
def room(tmp_path: Path) -> PlanRequest:
    root = folder(tmp_path / "work")
    (root / "visits.csv").write_text(VISITS)
    (root / "memo.txt").write_text("Dear all, we meet on Monday.\n")
    files = describe(root, "visits.csv", "data/staff.csv", "sales.csv", "notes.md", "memo.txt")
    return ask("", files, catalogue=CATALOGUE)


def said(room: PlanRequest, words: str, **more: object) -> PlanRequest:
    return room.model_copy(update={"text": words, **more})


async def test_vague_requests_are_asked_about(planner: Planner, room: PlanRequest) -> None:
    results = [(words, await planner.plan(said(room, words))) for words in VAGUE]
    silent = [words for words, result in results if not isinstance(result, NeedsAnswers)]
    assert silent == []


async def test_clear_requests_are_not_asked_needlessly(planner: Planner, room: PlanRequest) -> None:
    results = [(words, await planner.plan(said(room, words))) for words in CLEAR]
    asked = [words for words, result in results if isinstance(result, NeedsAnswers)]
    assert len(asked) <= len(CLEAR) * 0.05, asked


@pytest.mark.parametrize(("words", "replies", "parts"), ANSWERED)
async def test_answers_lead_to_the_plan(
    planner: Planner,
    room: PlanRequest,
    words: str,
    replies: dict[str, str],
    parts: tuple[str, ...],
) -> None:
    request = said(room, words)
    result: PlanResult = await planner.plan(request)
    asked: list[str] = []
    while isinstance(result, NeedsAnswers):
        asked += [question.text for question in result.questions]
        more = [
            Answer(slot=question.slot, value=_reply(question.text, replies) or question.default)
            for question in result.questions
        ]
        request = said(room, words, answers=(*request.answers, *more))
        result = await planner.plan(request)
    assert isinstance(result, Ready), result
    assert asked
    plan = result.plan.graph.model_dump_json().replace('\\"', '"')
    for part in parts:
        assert part in plan


async def test_of_several_files_the_one_is_asked_for_before_its_columns(
    planner: Planner, room: PlanRequest
) -> None:
    result = await planner.plan(said(room, "compare the numbers"))
    assert isinstance(result, NeedsAnswers)
    assert [question.text for question in result.questions] == ["Which file?"]
    assert set(result.questions[0].options) == {"visits.csv", "data/staff.csv", "sales.csv"}


async def test_a_topic_that_nobody_gives_is_not_made_up(
    planner: Planner, room: PlanRequest
) -> None:
    result = await planner.plan(said(room, "write a speech"))
    assert isinstance(result, NeedsAnswers)
    topic = next(q for q in result.questions if "about" in q.text)
    assert topic.default == ""
    empty = tuple(Answer(slot=q.slot, value=q.default) for q in result.questions)
    again = await planner.plan(said(room, "write a speech", answers=empty))
    assert isinstance(again, Declined)
    assert "What should it be about?" in again.text


async def test_without_a_model_the_model_is_what_is_missing(
    planner: Planner, room: PlanRequest
) -> None:
    result = await planner.plan(said(room, "write a speech", catalogue=WITHOUT_MODELS))
    assert isinstance(result, Declined)
    assert "needs a language model, and none is connected" in result.text


def test_a_model_is_not_asked_before_people_are(room: PlanRequest) -> None:
    open_ = named(said(room, "translate notes.md"))
    assert open_ is not None
    (gap,) = open_.draft.gaps
    answered = (Answer(slot=gap.slot, value="French"),)
    assert named(said(room, "translate notes.md", answers=answered)) is None
    assert named(said(room, "translate notes.md into French")) is None


def _reply(question: str, replies: dict[str, str]) -> str:
    return next((answer for word, answer in replies.items() if word in question.casefold()), "")


@pytest.mark.parametrize("words", ["make it better", "improve this", "make that nicer"])
async def test_where_nobody_writes_something_else_is_offered(
    tmp_path: Path, clock: SetClock, words: str
) -> None:
    root = folder(tmp_path / "work")
    (root / "visits.csv").write_text(VISITS)
    (root / "letter.txt").write_text("Dear Bo")
    files = describe(root, "visits.csv", "letter.txt")
    request = ask(words, files, catalogue=WITHOUT_MODELS)
    async with Planner(tmp_path / "c.db", (), None, None, clock) as planner:
        asked = await planner.plan(request)
        assert isinstance(asked, NeedsAnswers)
        question = asked.questions[0]
        assert question.text.startswith("I can't rewrite texts without a language model.")
        assert "describe visits.csv" in question.options
        answers = (Answer(slot=question.slot, value="describe visits.csv"),)
        made = await planner.answer(request.model_copy(update={"answers": answers}))
    assert isinstance(made, Ready)
    assert [task.type for task in made.plan.graph.tasks] == ["data.describe", "data.profile"]


async def test_each_language_gets_a_file_of_its_own(tmp_path: Path, clock: SetClock) -> None:
    root = folder(tmp_path / "work")
    (root / "letter.txt").write_text("Dear Bo")
    words = "translate letter.txt into German, French and Spanish, one file each"
    request = ask(words, describe(root, "letter.txt"), catalogue=CATALOGUE)
    async with Planner(tmp_path / "c.db", (), None, None, clock) as planner:
        made = await planner.plan(request)
    assert isinstance(made, Ready), made
    tasks = made.plan.graph.tasks
    assert [task.type for task in tasks].count("files.read") == 1
    targets = {effect.target for effect in made.plan.effects()}
    assert targets == {"letter-german.txt", "letter-french.txt", "letter-spanish.txt"}
