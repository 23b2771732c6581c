"""Templates: what their files may hold, what words choose and fill them, and the plans they become."""

from pathlib import Path

import pytest

from memory.model.agents.spec import Catalogue
from memory.model.errors import BadInput
from memory.model.limits import JSON_DEPTH
from memory.model.work.value import Column, FileInfo
from planner.compiling.sql_check import sql_problems
from planner.port import Answer, Declined, NeedsAnswers, PlanRequest, Ready
from planner.service import Planner
from planner.template import Library, Template
from planner.templates.check import problems_of, sample_graph
from planner.templates.drafter import FromTemplate, from_template
from planner.templates.fill import filled
from planner.templates.library import library, shipped
from planner.templates.matching import NoSuch
from planner.templates.reading import FILE_CHARS, collect, read_template
from planner.templates.writing import written_template
from tests.conftest import SetClock
from tests.unit.planner.world import ALL, CHATGPT, OFFLINE, PERSON, TOOLS, ask, describe, folder

YARDSTICK = (
    "Write a blog post about AI orchestration, have ChatGPT draft it, then Claude review for tone, "
    "target 1500 words, publish to /blog/"
)
ONE_MODEL = Catalogue(agents=(*TOOLS, PERSON, CHATGPT))
SMALL = """
template: 1
name: {name}
title: Small
description: Saves a word.
phrases: [small thing]
parameters:
  type: object
  properties:
    word: {{description: The word, default: tea, x-after: [about]}}
tasks:
  - key: save
    title: Save
    type: files.write
    inputs: {{path: "{{{{word}}}}.md", content: "{{{{word}}}}"}}
"""


@pytest.fixture(scope="module")
def request_for(tmp_path_factory: pytest.TempPathFactory) -> object:
    root = folder(tmp_path_factory.mktemp("work"))
    files = describe(root, "sales.csv", "notes.md")

    def make(text: str, **more: object) -> PlanRequest:
        return ask(text, files, **{"catalogue": ALL, "library": library(None), **more})

    return make


def used(request_for: object, text: str, **more: object) -> FromTemplate:
    found = from_template(request_for(text, **more), library(None))  # type: ignore[operator]
    assert isinstance(found, FromTemplate), found
    return found


def value(found: FromTemplate, key: str, name: str) -> str:
    task = next(task for task in found.draft.tasks if task.key == key)
    return next(given.value or "" for given in task.inputs if given.name == name)


def keys(found: FromTemplate) -> list[str]:
    return [task.key for task in found.draft.tasks]


# --- what ships ---------------------------------------------------------------------------------


def test_eleven_templates_ship() -> None:
    assert {template.name for template in shipped()} == {
        "blog-post", "documentation-set", "code-review", "feature", "bug-fix", "marketing-campaign",
        "social-posts", "product-launch", "weekly-report", "data-report", "research-brief",
    }  # fmt: skip


@pytest.mark.parametrize("template", shipped(), ids=lambda one: one.name)
def test_every_template_that_ships_becomes_a_plan(template: Template) -> None:
    assert problems_of(template, ONE_MODEL) == ()


@pytest.mark.parametrize("template", shipped(), ids=lambda one: one.name)
def test_every_template_that_ships_is_written_and_read_back_the_same(template: Template) -> None:
    assert read_template(written_template(template), file="again.yaml") == template


@pytest.mark.parametrize("name", ["data-report", "weekly-report"])
def test_the_reports_on_data_need_no_model(name: str) -> None:
    template = library(None).find(name)
    assert template is not None
    assert problems_of(template, OFFLINE) == ()


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "has no fields"),
        ("template: 1\nname: [", "isn't YAML"),
        ("template: 2\nname: x", "template: 1"),
        (SMALL.format(name="Not A Name"), "small letters"),
        (SMALL.format(name="a") + "\nrun: rm -rf /\n", "'run'"),
        (SMALL.format(name="a").replace("name: a", "name: a\nname: b"), "key twice"),
        (SMALL.format(name="a").replace("title: Save", "title: &x Save"), "anchors"),
        (SMALL.format(name="a").replace("{{word}}.md", "{{other}}.md"), "no parameter other"),
        (SMALL.format(name="a").replace('"{{word}}.md"', "{from: nothing}"), "needs nothing"),
        (SMALL.format(name="a").replace("title: Save", "title: Save\n    only: {when: x}"), "isn't a parameter"),
        (SMALL.format(name="a") + "#" * FILE_CHARS, "40,000 characters"),
        ("template: 1\nname: " + "[" * JSON_DEPTH + "]" * JSON_DEPTH, "nested too deep"),
        ("template: 1\nx: !!python/object:os.system {}", ""),
    ],
)  # fmt: skip
def test_a_file_that_is_no_template_is_refused_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(BadInput) as error:
        read_template(text, file="mine.yaml")
    assert "mine.yaml" in error.value.user_text
    assert told in error.value.user_text
    assert error.value.user_text.endswith(".")


def test_words_that_look_like_switches_stay_words() -> None:
    text = SMALL.format(name="a").replace("[about]", "[on, about, no]")
    assert read_template(text, file="a").properties["word"].after == ("on", "about", "no")


def test_a_projects_template_goes_before_one_that_ships_whatever_its_case(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    mine = SMALL.format(name="blog-post").replace("title: Small", "title: BLOG Post")
    (tmp_path / "templates" / "x.yaml").write_text(mine)
    found = library(tmp_path)
    template = found.find("Blog_Post")
    assert template is not None
    assert template.source == "project"
    assert sum(one.is_called("blog post") for one in found.templates) == 1


def test_two_files_of_one_name_are_told_and_the_first_is_used() -> None:
    found = collect((), [("a.yaml", SMALL.format(name="x")), ("b.yaml", SMALL.format(name="x"))])
    assert len(found.templates) == 1
    assert "a.yaml" in found.problems[0]
    assert "b.yaml" in found.problems[0]


def test_a_link_that_leads_out_of_the_project_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "out.yaml").write_text(SMALL.format(name="stolen"))
    (tmp_path / "p" / "templates").mkdir(parents=True)
    (tmp_path / "p" / "templates" / "in.yaml").symlink_to(tmp_path / "out.yaml")
    assert library(tmp_path / "p").find("stolen") is None


# --- filling ------------------------------------------------------------------------------------


def test_values_are_written_as_their_place_needs_them() -> None:
    template = library(None).find("data-report")
    assert template is not None
    draft = filled(template, {"file": "data/a b.csv", "measure": 'odd "col"', "group": "x; DROP"})
    sql = next(given.value or "" for given in draft.tasks[0].inputs if given.name == "sql")
    assert 'sum("odd ""col""")' in sql
    assert 'SELECT "x; DROP", count' in sql
    assert 'FROM "a b"' in sql
    assert draft.title == 'Data report: odd "col" by x; DROP'


def test_braces_in_a_value_are_not_filled_again(request_for: object) -> None:
    found = used(request_for, "use the blog post template: topic = {{path}} and {{topic}}")
    assert "{{" not in value(found, "save", "path")


def test_a_step_left_out_hands_on_what_it_would_have_worked_on(request_for: object) -> None:
    found = used(request_for, "write a blog post about tea, skip the review")
    assert keys(found) == ["research", "draft", "save"]
    save = found.draft.tasks[-1]
    assert [given.from_task for given in save.inputs if given.name == "content"] == ["draft"]


def test_a_template_whose_sql_is_wrong_is_found_out() -> None:
    text = written_template(library(None).find("data-report") or shipped()[0])
    bad = read_template(text.replace("sum({{measure}})", "sum(nothing)"), file="bad.yaml")
    graph = sample_graph(bad, OFFLINE, every=False)
    assert not isinstance(graph, tuple)
    assert any("nothing" in problem for problem in problems_of(bad, OFFLINE))
    assert sql_problems(graph, ()) == ()


# --- words --------------------------------------------------------------------------------------


def test_the_yardstick_asks_who_reads_it_and_whether_to_publish(request_for: object) -> None:
    found = used(request_for, YARDSTICK)
    asked = [gap.question for gap in found.draft.gaps if gap.matters != "wording"]
    assert asked == ["Who reads it?", "Publish now, or leave a draft?"]
    by_key = {task.key: task for task in found.draft.tasks}
    assert (by_key["draft"].agent, by_key["review"].agent) == ("chatgpt", "claude")
    assert "1500 words" in by_key["draft"].instruction
    assert by_key["review"].instruction.endswith("Review for tone.")
    assert value(found, "save", "path").endswith("blog/ai-orchestration.md")


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("write a blog post about tea for managers, publish it now", "blog-post",
         ("tea", "managers")),
        ("please prepare a weekly report on sales.csv by region", "weekly-report", ("region",)),
        ("make a data report of units by product as pie to out/x.md", "data-report",
         ("units", "product")),
        ("write 5 social media posts about the summer sale, playful", "social-posts",
         ("5 posts", "playful")),
        ("plan a marketing campaign for our tea aimed at present customers", "marketing-campaign",
         ("our tea", "present customers")),
        ("build a feature that exports invoices in TypeScript", "feature", ("TypeScript",)),
        ("fix the bug in notes.md where totals are off by one", "bug-fix",
         ("totals are off by one",)),
        ("do a code review of notes.md with focus on security", "code-review", ("security",)),
        ("make a product launch plan for the Mark II next week", "product-launch", ("next week",)),
        ("write a research brief on heat pumps for management, 500 words", "research-brief",
         ("heat pumps", "500 words")),
        ("write user documentation for the billing API", "documentation-set", ("billing API",)),
    ],
)  # fmt: skip
def test_free_text_chooses_a_template_and_fills_it(
    request_for: object, text: str, name: str, values: tuple[str, ...]
) -> None:
    found = used(request_for, text)
    assert found.template.name == name
    assert not found.unread
    said = found.draft.model_dump_json()
    assert all(value in said for value in values), said


@pytest.mark.parametrize(
    "text",
    [
        "summarise the blog post in notes.md",
        "draft a feature comparison table",
        "every monday write a weekly report",
        "Load sales.csv, total the revenue by region, chart it, and write a report to reports/q3.md",
        "how did the last marketing campaign do?",
        "translate the blog post about tea",
    ],
)
def test_words_that_only_mention_a_thing_choose_no_template(request_for: object, text: str) -> None:
    assert from_template(request_for(text), library(None)) is None  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("write a blog post about tea and email it to bob", "email"),
        ("write a blog post about tea, only if it rains", "rains"),
        ("write a blog post about tea, ask @kim to check it", "kim"),
        ("write 3 blog posts about tea", "3"),
        ("write a data report on sales.csv without weekends, translated into German", "German"),
    ],
)
def test_what_a_template_has_no_place_for_is_never_dropped(
    request_for: object, text: str, left: str
) -> None:
    assert any(left in one for one in used(request_for, text).unread)


def test_a_named_template_says_what_it_has_no_place_for(request_for: object) -> None:
    found = used(request_for, "use the data report template and email it to bob")
    assert "email it to bob" in found.draft.declined
    assert not found.draft.tasks


def test_a_template_that_is_not_there_is_told_with_the_nearest(request_for: object) -> None:
    found = from_template(request_for("use the blog-pst template"), library(None))  # type: ignore[operator]
    assert isinstance(found, NoSuch)
    assert "blog-post" in found.text


def test_a_value_out_of_bounds_is_told(request_for: object) -> None:
    found = used(request_for, "use the blog post template about tea, 9 words")
    assert found.draft.declined == "“Its length in words” has to be at least 50, not 9."


def test_what_is_needed_and_not_said_is_asked_for(request_for: object) -> None:
    found = used(request_for, "write a blog post")
    assert "What is it about?" in found.draft.declined


# --- through the planner ------------------------------------------------------------------------


@pytest.fixture
async def planner(tmp_path: Path, clock: SetClock) -> object:
    async with Planner(tmp_path / "plans.db", (), None, None, clock) as opened:
        yield opened


async def test_the_conversation_of_the_yardstick(planner: Planner, request_for: object) -> None:
    request = request_for(YARDSTICK)  # type: ignore[operator]
    asked = await planner.plan(request)
    assert isinstance(asked, NeedsAnswers)
    answers = tuple(
        Answer(slot=question.slot, value=said)
        for question, said in zip(asked.questions, ("developers", "publish"), strict=True)
    )
    result = await planner.answer(request.model_copy(update={"answers": answers}))
    assert isinstance(result, Ready)
    assert result.remarks == ("From the template “Blog post”.",)
    types = [task.type for task in result.plan.graph.tasks]
    assert types == ["research", "draft", "review", "files.publish"]
    assert [effect.target for effect in result.plan.graph.effects()] == ["blog/ai-orchestration.md"]
    assert "for developers" in result.plan.graph.tasks[1].instruction


async def test_without_a_model_the_template_says_which_agent_is_missing(
    planner: Planner, request_for: object
) -> None:
    result = await planner.plan(request_for(YARDSTICK, catalogue=OFFLINE))  # type: ignore[operator]
    assert isinstance(result, Declined)
    assert result.text.startswith("ChatGPT and Claude aren't connected here. Who should do it")


async def test_an_answer_given_before_is_not_asked_again(
    planner: Planner, request_for: object
) -> None:
    kept = {"blog-post:audience": "managers", "blog-post:release": "draft"}
    result = await planner.plan(request_for("write a blog post about tea", preferences=kept))  # type: ignore[operator]
    assert isinstance(result, Ready)
    assert result.plan.assumptions[0].startswith("Who reads it: managers, as you chose before")
    assert "Its length in words: 1200" in result.plan.assumptions


async def test_a_projects_template_cannot_write_outside_the_project(
    planner: Planner, request_for: object
) -> None:
    mine = read_template(
        SMALL.format(name="small").replace("{{word}}.md", "../../etc/{{word}}"), file="s.yaml"
    )
    found = from_template(request_for("use the small template"), Library(templates=(mine,)))  # type: ignore[operator]
    assert isinstance(found, FromTemplate)
    assert any("outside the project" in problem for problem in problems_of(mine, OFFLINE))


def test_the_guides_example_is_a_template_that_becomes_a_plan() -> None:
    guide = Path(__file__).parents[3] / "deploy" / "guides" / "templates.md"
    text = guide.read_text().split("```yaml\n")[1].split("```")[0]
    assert problems_of(read_template(text, file="guide"), OFFLINE) == ()


def test_ids_years_and_codes_are_not_what_is_added_up_unless_there_is_nothing_else() -> None:
    def offered(*names: str) -> tuple[str, ...]:
        columns = (Column(name="region", type="VARCHAR"),)
        numbers = tuple(Column(name=name, type="BIGINT") for name in names)
        file = FileInfo(path="a.csv", media_type="text/csv", size=9, columns=(*columns, *numbers))
        request = ask("make a data report of a.csv", (file,), library=library(None))
        found = from_template(request, library(None))
        assert isinstance(found, FromTemplate)
        gap = next(one for one in found.draft.gaps if one.slot == "data-report:measure")
        assert gap.default == gap.options[0]
        return gap.options

    ids = ("customer_id", "orderId", "ID", "zip", "zip_code", "product_key", "fiscal_year")
    assert offered(*ids, "weight", "revenue") == ("revenue", "weight")
    assert offered("customer_id", "year") == ("customer_id", "year")


def test_the_file_with_something_to_add_up_is_offered_first() -> None:
    def file(path: str, *numbers: str) -> FileInfo:
        columns = (Column(name="name", type="VARCHAR"),)
        more = tuple(Column(name=name, type="BIGINT") for name in numbers)
        return FileInfo(path=path, media_type="text/csv", size=9, columns=(*columns, *more))

    files = (file("customers.csv", "customer_id"), file("sales.csv", "order_id", "revenue"))
    request = ask("use the data-report template", files, library=library(None))
    found = from_template(request, library(None))
    assert isinstance(found, FromTemplate)
    options = {gap.slot: gap.options for gap in found.draft.gaps}
    assert options["data-report:file"] == ("sales.csv", "customers.csv")
    assert options["data-report:measure"] == ("revenue",)
