"""The policy in the chat: what is asked, who counts, and who is told who could."""

from datetime import timedelta

import sqlalchemy as sa

from bot.workers.reminding import remind
from memory.model.identity import Role
from memory.store.knowledge import people, projects
from memory.store.planning import policies
from memory.store.tables import approval_requests, audit
from tests.flows.atwork import TEST
from tests.flows.bench import Bench, Talk, person


async def two_approvers(ready: Bench) -> None:
    """ana owns the project, bo and kim approve, cy is a member."""
    await ready.say("ana", "hello")
    for who in ("bo", "kim", "cy"):
        await ready.say(who, "@orchestra hello")
    for who in ("bo", "kim"):
        await ready.say("ana", f"make @{who} approver")


async def test_a_rule_is_asked_in_the_channel_and_counts_two(talk_on_both: Talk) -> None:
    async with talk_on_both(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("ana", "policy: publishing needs 2 approvers")
        assert (
            "Policy 1: publishing needs 2 approvers, whoever asked doesn't count" in ready.heard()
        )
        await ready.say("ana", "publish the report")
        assert "Needs: 2 approvers by policy 1: bo and kim" in ready.heard()
        await ready.react("ana", "✅")
        assert "someone else has to approve what you asked for" in ready.heard()
        assert "Those who can: bo, kim." in ready.heard()
        await ready.react("cy", "✅")
        assert "an approver or the owner has to approve that" in ready.heard()
        await ready.react("bo", "✅")
        assert "1 more approver (1 of 2) by policy 1: kim" in ready.heard()
        await ready.react("bo", "✅")
        assert "Approved by" not in ready.heard()
        await ready.react("kim", "✅")
        assert "Approved by bo and kim" in ready.heard()


async def test_named_people_alone_may_approve(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("ana", "policy: writing needs @cy")
        await ready.say("ana", "write the report")
        assert "Needs: 1 approver by policy 1: cy" in ready.heard()
        await ready.react("bo", "✅")
        assert "only the people named for this may approve it. Those who can: cy." in ready.heard()
        await ready.react("cy", "✅")
        assert "Approved by cy" in ready.heard()


async def test_why_is_told_with_the_rule_and_who_set_it(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("ana", "policy: publishing to blog/ needs @bo and @kim")
        await ready.say(
            "cy", "@orchestra who has to approve publishing to blog/x.md, and why is it so?"
        )
        assert (
            "publishing to `blog/x.md` needs bo and kim (bo and kim), and whoever asked doesn't "
            "count: policy 1, set by ana on 2026-03-02"
        ) in ready.heard()
        await ready.say("cy", "@orchestra policy explain publishing to news/x.md")
        assert "needs 1 approver (ana, bo and kim)" in ready.heard()
        assert "the default for what reaches outside" in ready.heard()
        await ready.say("cy", "@orchestra policy: writing needs nobody")
        assert "Only what reads may go without an approval" in ready.heard()
        await ready.say("cy", "@orchestra remove policy 1")
        assert "Only the owner of this project can say whose approval" in ready.heard()
        assert "Those who can: ana." in ready.heard()


async def test_a_plan_keeps_to_what_was_asked_when_the_rule_goes(talk_on_both: Talk) -> None:
    async with talk_on_both(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("ana", "policy: publishing needs 2 approvers")
        await ready.say("cy", "@orchestra publish the report")
        await ready.say("ana", "remove policy 1")
        await ready.react("bo", "✅")
        assert "1 more approver (1 of 2)" in ready.heard()
        await ready.react("kim", "✅")
        assert "Approved by bo and kim" in ready.heard()


async def test_a_stricter_rule_holds_for_plans_that_wait(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("cy", "@orchestra publish the report")
        await ready.say("ana", "policy: publishing needs 2 approvers")
        await ready.react("bo", "✅")
        assert "1 more approver (1 of 2)" in ready.heard()


async def test_who_stands_in_approves_until_the_end(talk_on_both: Talk) -> None:
    async with talk_on_both(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("bo", "@orchestra while I'm away until Friday, @cy may approve for me")
        assert "cy may approve for bo until 2026-03-07 00:00 UTC" in ready.heard()
        await ready.say("ana", "publish the report")
        await ready.react("cy", "✅")
        assert "Approved by cy" in ready.heard()
        await ready.later(24 * 5)
        await ready.say("ana", "publish the report")
        await ready.react("cy", "✅")
        assert "an approver or the owner has to approve it" in ready.heard()


async def test_what_stands_in_can_end_early_and_takes_its_approvals_along(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("ana", "policy: publishing needs 2 approvers")
        await ready.say("bo", "@orchestra @cy may approve for me until Friday")
        await ready.say("ana", "publish the report")
        await ready.react("cy", "✅")
        await ready.say("bo", "@orchestra end my delegation")
        assert "cy can't approve for you any more" in ready.heard()
        await ready.react("kim", "✅")
        assert "Approved by" not in ready.heard()


async def test_nobody_lends_to_a_stranger_or_without_an_end(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("bo", "@orchestra @cy may approve for me")
        assert "Until when, and who?" in ready.heard()
        await ready.say("bo", "@orchestra @zoe may approve for me until Friday")
        assert "doesn't work in this project" in ready.heard()
        await ready.say("cy", "@orchestra @bo may approve for me until Friday")
        assert "You can lend only what you have" in ready.heard()
        async with ready.services.database.reading() as connection:
            assert await policies.lent(connection, TEST) == ()


async def test_a_late_approval_counts_for_nothing(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("ana", "policy: publishing needs 1 approver, expires in 2 hours")
        await ready.say("ana", "publish the report")
        await ready.later(2)
        await ready.react("bo", "✅")
        assert "The time to approve this plan is over" in ready.heard()
        assert "Approved by" not in ready.heard()


async def test_what_was_asked_is_stored_with_who_could(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("ana", "policy: publishing needs 2 approvers")
        await ready.say("ana", "publish the report")
        async with ready.services.database.reading() as connection:
            body = (await connection.execute(sa.select(approval_requests.c.body))).scalar_one()
        assert '"count":2' in body
        eligible = body.partition('"eligible":')[2]
        assert person("bo").key in eligible
        assert person("cy").key not in eligible
        assert person("ana").key not in eligible


async def test_a_role_lost_takes_the_lent_right_along(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("bo", "@orchestra @cy may approve for me until Friday")
        async with ready.services.database.transaction() as tx:
            at = ready.clock.now() + timedelta(seconds=1)
            await projects.set_role(tx, TEST, person("bo"), Role.MEMBER, at=at)
        await ready.say("ana", "publish the report")
        await ready.react("cy", "✅")
        assert "an approver or the owner has to approve it" in ready.heard()


async def test_what_reads_starts_by_itself_under_the_price_and_only_then(
    talk_on_both: Talk,
) -> None:
    async with talk_on_both(owners=("ana",)) as ready:
        await ready.say("ana", "write the report")
        assert "Done in" not in ready.heard()
        await ready.say("ana", "policy: reading under $0.50 needs nobody")
        await ready.say("ana", "write the report")
        assert "Done in" not in ready.heard()
        await ready.say("ana", "only 1")
        assert "Done in" in ready.heard()
        by = sa.select(audit.c.ids).where(audit.c.action == "plan.approved_by_policy")
        async with ready.services.database.reading() as connection:
            assert (await connection.execute(by)).scalar_one()["policies"] == "1"


async def test_who_can_approve_is_reminded_once(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("ana", "policy: publishing needs 2 approvers, remind after 30 minutes")
        await ready.say("ana", "publish the report")
        await ready.react("bo", "✅")
        ready.clock.forward(minutes=29)
        assert await remind(ready.services, ready.clock.now()) == 0
        ready.clock.forward(minutes=1)
        ready.mark = ready.platform.stamp
        assert await remind(ready.services, ready.clock.now()) == 1
        assert await remind(ready.services, ready.clock.now()) == 0
        await ready.settled()
        assert "still waits for approval, until" in ready.heard()
        assert "1 more approver (1 of 2) by policy 1: kim" in ready.heard()
        assert "<@U-kim>" in ready.heard()
        assert "<@U-bo>" not in ready.heard()


async def test_without_a_rule_those_who_can_approve_are_called_and_reminded_twice(
    talk: Talk,
) -> None:
    async with talk(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("cy", "publish the report")
        assert "<@U-ana> <@U-bo> <@U-kim>" in ready.heard()
        for minutes in (60, 180):
            ready.clock.forward(minutes=minutes)
            ready.mark = ready.platform.stamp
            assert await remind(ready.services, ready.clock.now()) == 1
            assert await remind(ready.services, ready.clock.now()) == 0
            await ready.settled()
            assert "still waits for approval, until" in ready.heard()
            assert "<@U-bo>" in ready.heard()
        ready.clock.forward(hours=12)
        assert await remind(ready.services, ready.clock.now()) == 0
        ready.clock.forward(hours=8)
        await remind(ready.services, ready.clock.now())
        await ready.settled()
        assert "The time to approve this plan is over" in ready.heard()
        await ready.react("bo", "✅")
        assert "Approved by" not in ready.heard()


async def test_nobody_is_called_where_whoever_asked_may_approve(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("cy", "write the report")
        assert "<@U" not in ready.heard()
        ready.clock.forward(hours=2)
        assert await remind(ready.services, ready.clock.now()) == 0


async def test_whoever_approved_by_a_linked_account_is_not_reminded(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("bob", "@orchestra hello")
        await ready.say("ana", "make @bob approver")
        now = ready.clock.now()
        async with ready.services.database.transaction() as tx:
            code = await people.offer(tx, person("bo"), at=now)
            taken = await people.take(tx, code, person("bob"), at=now)
            assert isinstance(taken, people.Code)
            assert await people.link(tx, taken, person("bob"), at=now)
        await ready.say("ana", "policy: publishing needs 2 approvers, remind after 30 minutes")
        await ready.say("ana", "publish the report")
        await ready.react("bob", "✅")
        ready.clock.forward(minutes=30)
        ready.mark = ready.platform.stamp
        assert await remind(ready.services, ready.clock.now()) == 1
        await ready.settled()
        assert "by policy 1: kim" in ready.heard()
        assert "<@U-kim>" in ready.heard()
        assert "<@U-bo>" not in ready.heard()
        assert "<@U-bob>" not in ready.heard()


async def test_others_may_approve_once_it_has_waited(talk_on_both: Talk) -> None:
    async with talk_on_both(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("ana", "policy: publishing needs @kim, escalate to @cy after 2 hours")
        await ready.say("ana", "publish the report")
        await ready.react("cy", "✅")
        assert "only the people named for this may approve it" in ready.heard()
        ready.mark = ready.platform.stamp
        ready.clock.forward(hours=2)
        await remind(ready.services, ready.clock.now())
        await ready.settled()
        assert "others may approve it now, until" in ready.heard()
        await ready.react("cy", "✅")
        assert "Approved by cy" in ready.heard()


async def test_why_a_plan_was_refused_goes_into_the_next_one(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await two_approvers(ready)
        await ready.say("ana", "publish the report")
        await ready.say("bo", "@orchestra refuse: skip 1, nobody needs it")
        assert "Dropped by bo" in ready.heard()
        assert "planning it again with that in mind" in ready.heard()
        assert "1 task" in ready.heard()
        await ready.react("ana", "✅")
        assert "you asked for it, so another approver has to approve it" in ready.heard()


async def test_a_plain_no_only_drops(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await ready.say("ana", "write the report")
        await ready.say("ana", "no")
        assert "Say what you want instead" in ready.heard()
        assert "planning it again" not in ready.heard()
