"""Templates in the talk and on the command line."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.language.intents import Named, SaveTemplate, TemplateShow
from bot.language.templating import templating
from memory.model.base import ProjectId
from memory.store.engine.database import Database
from memory.store.knowledge import notes
from memory.store.tables import audit
from planner.templates.library import shipped
from planner.templates.reading import read_template
from planner.templates.writing import written_template
from tests.flows.bench import Talk
from tests.unit.bot.cli.test_cli import orchestra

TEST = ProjectId("test")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("templates", Named(name="templates.list")),
        ("Show me all templates", Named(name="templates.list")),
        ("what templates are there?", Named(name="templates.list")),
        ("show template blog-post", TemplateShow(name="blog-post")),
        ("show the weekly report template", TemplateShow(name="weekly report")),
        ("save this as a template", SaveTemplate(name="")),
        ("save this as a template called Region report.", SaveTemplate(name="Region report")),
        ("Save the plan as template “Q report”", SaveTemplate(name="Q report")),
        ("save this as notes.md", None),
        ("use the blog post template about tea", None),
        ("write a template for letters", None),
    ],
)
def test_words_about_templates(text: str, meant: object) -> None:
    assert templating(text) == meant


async def test_an_approved_plan_is_remembered_and_one_that_waits_is_not(
    sqlite: Database, talk: Talk
) -> None:
    async with talk() as ready:
        await ready.say("ana", "write the report")
        assert await _remembered(sqlite) == []
        await ready.react("bo", "✅")
        assert await _remembered(sqlite) == ["write the report"]


async def test_a_plan_is_saved_as_a_template_of_the_project(
    sqlite: Database, tmp_path: Path, talk: Talk
) -> None:
    async with talk() as ready:
        await ready.say("ana", "write the report")
        await ready.say("ana", "save this as a template called Our report")
        heard = ready.heard()
        assert "templates/our-report.yaml" in heard
        assert "use the our-report template" in heard
        path = tmp_path / "test" / "templates" / "our-report.yaml"
        assert read_template(path.read_text(), file="x", own=True).title == "Our report"
        await ready.say("ana", "templates")
        assert "our-report" in ready.heard()
        await ready.say("ana", "show template OUR REPORT")
        assert "our-report" in ready.heard()
    async with sqlite.reading() as connection:
        rows = await connection.execute(
            sa.select(audit.c.ids).where(audit.c.action == "template.saved")
        )
        assert [row.ids["path"] for row in rows] == ["templates/our-report.yaml"]


async def test_a_template_is_not_written_over_another(tmp_path: Path, talk: Talk) -> None:
    folder = tmp_path / "test" / "templates"
    folder.mkdir(parents=True)
    mine = written_template(shipped()[0])
    (folder / "our-report.yaml").write_text(mine)
    async with talk() as ready:
        await ready.say("ana", "write the report")
        await ready.say("ana", "save this as a template called Our Report")
        assert "There's already a template our-report" in ready.heard()
    assert (folder / "our-report.yaml").read_text() == mine


async def test_without_a_plan_there_is_nothing_to_save(talk: Talk) -> None:
    async with talk() as ready:
        await ready.say("ana", "save this as a template")
        assert "There's no plan here yet" in ready.heard()
        await ready.say("ana", "show template nothing")
        assert "There's no template nothing" in ready.heard()


def test_the_command_line_exports_checks_and_imports(tmp_path: Path) -> None:
    done = orchestra("template", "export", "Data Report", "--out", "mine.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "mine.yaml").read_text()
    (tmp_path / "mine.yaml").write_text(text.replace("name: data-report", "name: my-report"))
    assert orchestra("template", "import", "mine.yaml", cwd=tmp_path).returncode == 0
    assert (tmp_path / "templates" / "my-report.yaml").is_file()
    again = orchestra("template", "import", "mine.yaml", cwd=tmp_path)
    assert again.returncode == 1
    assert "--replace" in again.stderr
    listed = orchestra("template", "list", cwd=tmp_path)
    assert "my-report" in listed.stdout
    (tmp_path / "bad.yaml").write_text(text.replace("sum(", "summ("))
    bad = orchestra("template", "check", "bad.yaml", cwd=tmp_path)
    assert bad.returncode == 2
    assert "summ" in bad.stderr


def test_using_a_template_from_the_command_line_shows_its_plan(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text("region,revenue\nNorth,3\nSouth,4\n")
    done = orchestra(
        "template", "use", "data-report", "--set", "measure=revenue", "by region", cwd=tmp_path
    )
    assert 'Plan "Data report: revenue by region"' in done.stdout, done.stderr
    assert "From the template “Data report”." in done.stdout
    assert not (tmp_path / "reports").exists()


async def _remembered(database: Database) -> list[str]:
    async with database.reading() as connection:
        return [note.text for note in await notes.notes_of(connection, TEST, kinds=("plan",))]
