"""What people prefer: whose it is, who may say it for all, and what is on record of forgetting."""

import sqlalchemy as sa

from bot.language.wording import is_firm, part, what_if
from memory.model.base import ProjectId
from memory.store.engine.database import Database
from memory.store.knowledge import rules
from memory.store.planning import preferences
from memory.store.tables import approvals, audit
from memory.store.traffic import audit as chain
from tests.flows.bench import Talk, person

TEST = ProjectId("test")


async def test_only_who_decides_says_what_holds_for_everyone(sqlite: Database, talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await ready.say("cy", "always write for managers here")
        assert "Only an approver or the owner" in ready.heard()
        await ready.say("cy", "always write for managers")
        await ready.say("ana", "always use Claude for drafts here")
        await ready.say("cy", "forget my preference for drafts")
        assert "Only an approver or the owner" in ready.heard()
    async with sqlite.reading() as connection:
        for_cy = await rules.known(connection, TEST, person("cy").key)
        for_bo = await rules.known(connection, TEST, person("bo").key)
    assert {rule.text for rule in for_cy} == {
        "always write for managers", "always use Claude for drafts",
    }  # fmt: skip
    assert [rule.text for rule in for_bo] == ["always use Claude for drafts"]


async def test_forgetting_is_on_the_audit_chain_without_what_was_preferred(
    sqlite: Database, talk: Talk
) -> None:
    async with talk() as ready:
        await ready.say("ana", "I prefer British English")
        await ready.say("ana", "forget that")
    async with sqlite.reading() as connection:
        rows = (await connection.execute(sa.select(audit).order_by(audit.c.seq))).all()
        assert await chain.first_broken(connection) is None
        assert await rules.known(connection, TEST, person("ana").key) == ()
    found = [row for row in rows if row.action.startswith("rule.")]
    assert [row.action for row in found] == ["rule.taught", "rule.forgotten"]
    assert found[0].object == found[1].object
    assert "british" not in f"{found[1].object}{found[1].ids}".lower()


async def test_an_approvers_answer_is_no_preference_of_the_requester(
    sqlite: Database, talk: Talk
) -> None:
    async with talk(approvers=("bo",)) as ready:
        await ready.say("ana", "write a blog post")
        await ready.say("bo", "managers, draft")
        assert "Plan" in ready.heard()
    async with sqlite.reading() as connection:
        for name in ("ana", "bo"):
            assert await preferences.kept(connection, TEST, person(name).key) == ()


async def test_words_that_approve_a_part_are_on_record_with_the_plan_it_is_a_part_of(
    sqlite: Database, talk: Talk
) -> None:
    async with talk(approvers=("bo",), quorum=2) as ready:
        await ready.say("ana", "write the report")
        first = ready.services.executor.starts
        await ready.say("ana", "run all but 1")
        assert "1 more approver" in ready.heard()
        assert ready.services.executor.starts == first
        await ready.react("bo", "✅")
        assert ready.services.executor.starts == first + 1
    async with sqlite.reading() as connection:
        rows = (await connection.execute(sa.select(audit).order_by(audit.c.seq))).all()
        given = (await connection.execute(sa.select(approvals.c.via))).scalars().all()
    spoken = next(row for row in rows if row.action == "plan.approved")
    shown = [row.object for row in rows if row.action == "plan.shown"]
    assert (spoken.ids["part_of"], spoken.object) == (shown[0], shown[1])
    assert sorted(given) == ["reaction", "words"]


async def test_answers_count_after_a_restart(talk: Talk) -> None:
    async with talk() as ready:
        await ready.say("ana", "write a blog post")
        await ready.say("ana", "2 publish")
        platform, executor = ready.platform, ready.services.executor
    async with talk(platform=platform, executor=executor) as ready:
        ready.count = 100
        await ready.say("ana", "the first one")
        assert "reader: developers" in ready.heard()
        assert "mode: publish" in ready.heard()


def test_words_that_approve_a_part() -> None:
    said = {
        "run all but 4": "all but 4",
        "✅ except the publishing": "all except the publishing",
        "approve 1-3": "only 1-3",
        "run only 1-3": "only 1-3",
        "approve everything except for 2 and 3": "everything except for 2 and 3",
        "run it without the review": "all without the review",
    }
    assert {text: part(text) for text in said} == said
    for text in ("run", "all but 4", "only 1-3", "do 2 before 1", "run the report again"):
        assert part(text) == ""
    assert is_firm("run all but 4")
    assert not is_firm("ok, all but 4")


def test_what_is_only_thought_of_becomes_an_order() -> None:
    said = {
        "what if Gemini did the drafts?": "use Gemini for drafts",
        "What would it cost if Claude wrote the draft?": "use Claude for draft",
        "what if we skipped the review": "skip the review",
        "what if you used Claude for drafts?": "use Claude for drafts",
    }
    assert {text: what_if(text) for text in said} == said
    assert what_if("what is the plan?") == ""
