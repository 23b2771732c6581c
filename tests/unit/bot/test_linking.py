"""`link`: a code from one account, typed with another, makes both one person."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.actions.act import Actor, Door, perform
from bot.actions.people.linking import (
    AskCode,
    Linking,
    TypeCode,
    Unlink,
    ask_code,
    type_code,
    unlink,
)
from bot.actions.roles import SetRole, set_role
from bot.places import role_of
from memory.model.agents.spec import EffectClass
from memory.model.approvals.policy import Demand, Who
from memory.model.authority import About, Allowed, Denied, Right, Rules, approved, authorise, terms
from memory.model.budget import Budget
from memory.model.errors import BadInput, Conflict, NotAllowed
from memory.model.identity import Identity, Role, Standing, ThreadRef
from memory.store.engine.database import Database
from memory.store.knowledge import people, projects
from memory.store.money import budgets
from memory.store.money.budgets import Spender
from memory.store.tables import audit, link_codes
from tests.conftest import SetClock
from tests.flows.atwork import TEST
from tests.flows.bench import Bench, Talk, person

SLACK = Identity(platform="slack", workspace="T1", user_id="U-ana", display="ana")
DISCORD = Identity(platform="discord", workspace="G1", user_id="77", display="anna")
DIRECT = DISCORD.model_copy(update={"workspace": "@me"})
BO = Identity(platform="slack", workspace="T1", user_id="U-bo", display="bo")
HERE = {
    "slack": ThreadRef(platform="slack", workspace="T1", channel="D1"),
    "discord": ThreadRef(platform="discord", workspace="@me", channel="9"),
}


class Room:
    """People and their acts, through the gate."""

    def __init__(self, ready: Bench) -> None:
        self.ready = ready
        self.count = 0

    def actor(self, who: Identity) -> Actor:
        self.count += 1
        return Actor(identity=who, door=Door.API, event=f"link {self.count}")

    async def code(self, who: Identity) -> str:
        desk = self.ready.services
        given = await perform(desk, self.actor(who), TEST, ask_code, AskCode(private=True))
        return given.code

    async def types(
        self, who: Identity, code: str, *, sure: bool = True, private: bool = True
    ) -> Linking:
        given = TypeCode(code=code, private=private, sure=sure)
        done = await perform(self.ready.services, self.actor(who), TEST, type_code, given)
        return done.outcome

    async def links(self, first: Identity, second: Identity) -> None:
        assert await self.types(second, await self.code(first)) is Linking.LINKED

    async def parts(self, who: Identity, account: str = "", *, forget: bool = False) -> None:
        given = Unlink(account=account, forget=forget)
        await perform(self.ready.services, self.actor(who), TEST, unlink, given)

    async def gives(self, who: Identity, whom: Identity, role: Role) -> None:
        given = SetRole(person=whom, role=role)
        await perform(self.ready.services, self.actor(who), TEST, set_role, given)

    async def role(self, who: Identity, standing: Standing | None = None) -> Role:
        desk = self.ready.services
        async with desk.database.transaction() as tx:
            return await role_of(
                tx, desk.settings, TEST, who, at=self.ready.clock.now(), standing=standing
            )

    async def enough(self, requester: Identity, *given: Identity, quorum: int = 1) -> bool:
        async with self.ready.services.database.reading() as connection:
            roles = await projects.roles_of(connection, TEST)
        rules, now = Rules(), self.ready.clock.now()
        demand = Demand(who=Who.APPROVER, count=quorum, effect=EffectClass.PUBLISH)
        about = replace(terms(requester, EffectClass.PUBLISH, roles, rules), demands=(demand,))
        said = approved([(who.key, now) for who in given], about, roles, rules)
        return isinstance(said, Allowed)


async def test_two_accounts_are_one_person_to_whoever_counts_or_compares(talk: Talk) -> None:
    async with talk(owners=("kim",)) as ready:
        room, kim = Room(ready), person("kim")
        for who in (SLACK, DISCORD, BO, kim):
            await room.role(who)
        for who in (SLACK, DISCORD, BO):
            await room.gives(kim, who, Role.APPROVER)
        assert await room.enough(BO, SLACK, DISCORD, quorum=2)
        assert await room.enough(SLACK, DISCORD)
        await room.links(SLACK, DIRECT)  # in direct messages, and one account in every server
        assert not await room.enough(BO, SLACK, DISCORD, quorum=2)
        assert not await room.enough(BO, SLACK, DISCORD, DIRECT, quorum=2)
        assert await room.enough(kim, SLACK, DISCORD, BO, quorum=2)
        assert not await room.enough(kim, SLACK, DISCORD, BO, quorum=3)
        assert not await room.enough(SLACK, DISCORD)
        assert not await room.enough(DISCORD, SLACK)
        assert await room.enough(SLACK, BO)


async def test_one_discord_account_is_one_person_in_every_server(talk: Talk) -> None:
    async with talk(owners=("kim",)) as ready:
        room, there = Room(ready), DISCORD.model_copy(update={"workspace": "G2"})
        for who in (DISCORD, there):
            await room.role(who)
            await room.gives(person("kim"), who, Role.APPROVER)
        assert not await room.enough(DISCORD, there)
        assert not await room.enough(BO, DISCORD, there, quorum=2)


async def test_roles_follow_the_person_and_what_was_given_goes_before_what_newcomers_get(
    talk: Talk,
) -> None:
    async with talk(owners=("kim",)) as ready:
        room, kim = Room(ready), person("kim")
        assert await room.role(SLACK) is Role.MEMBER
        assert await room.role(DISCORD) is Role.MEMBER
        await room.gives(kim, SLACK, Role.APPROVER)
        await room.links(DISCORD, SLACK)
        assert await room.role(DISCORD) is Role.APPROVER
        await room.gives(kim, DISCORD, Role.VIEWER)
        assert await room.role(SLACK) is Role.VIEWER
        await room.gives(kim, DISCORD, Role.OWNER)
        assert await room.role(SLACK) is Role.OWNER
        with pytest.raises(Conflict, match="give up ownership"):
            await room.gives(SLACK, DISCORD, Role.MEMBER)
        await room.parts(SLACK)
        assert (await room.role(SLACK), await room.role(DISCORD)) == (Role.MEMBER, Role.OWNER)


async def test_who_was_made_a_viewer_isn_t_more_by_another_account(talk: Talk) -> None:
    async with talk(owners=("kim",)) as ready:
        room = Room(ready)
        await room.role(SLACK)
        await room.gives(person("kim"), SLACK, Role.VIEWER)
        await room.links(SLACK, DISCORD)
        assert await room.role(DISCORD) is Role.VIEWER


async def test_a_guest_s_account_gives_nothing_and_takes_nothing(talk: Talk) -> None:
    async with talk(owners=("kim",)) as ready:
        room = Room(ready)
        await room.role(DISCORD)
        await room.gives(person("kim"), DISCORD, Role.OWNER)
        await room.role(SLACK, Standing.GUEST)
        await room.links(SLACK, DISCORD)
        assert await room.role(SLACK, Standing.GUEST) is Role.VIEWER
        assert await room.role(DISCORD) is Role.OWNER
        assert not await room.enough(BO, SLACK)
        assert await room.enough(BO, DISCORD)


async def test_a_code_works_once_for_ten_minutes_and_for_whoever_typed_it_first(
    talk: Talk, clock: SetClock
) -> None:
    async with talk() as ready:
        room = Room(ready)
        code = await room.code(SLACK)
        assert await room.types(SLACK, code) is Linking.WRONG  # one's own
        assert await room.types(DISCORD, code, sure=False) is Linking.ASKED
        assert await room.types(BO, code) is Linking.WRONG  # seen over a shoulder
        assert await room.types(DISCORD, code) is Linking.LINKED
        assert await room.types(BO, code) is Linking.WRONG
        assert await room.types(DISCORD, await room.code(SLACK)) is Linking.KNOWN
        old, new = await room.code(SLACK), await room.code(SLACK)
        assert await room.types(BO, old) is Linking.WRONG
        clock.forward(seconds=people.LIFE.total_seconds() - 1)
        assert await room.types(BO, new, sure=False) is Linking.ASKED
        clock.forward(seconds=1)
        assert await room.types(BO, new) is Linking.WRONG


async def test_guessing_stops_after_a_few_tries_also_for_the_right_code(
    talk: Talk, clock: SetClock
) -> None:
    async with talk() as ready:
        room = Room(ready)
        for number in range(people.TRIES):
            assert await room.types(BO, f"AAAA-AAA{number + 2}") is Linking.WRONG
        code = await room.code(SLACK)
        assert await room.types(BO, code) is Linking.OFTEN
        assert await room.types(DISCORD, code) is Linking.LINKED
        with pytest.raises(Conflict, match="wait an hour"):
            await room.code(BO)
        clock.forward(hours=1)
        assert await room.types(SLACK, await room.code(BO)) is Linking.LINKED


async def test_a_code_that_others_could_read_is_void_and_none_is_shown_to_them(talk: Talk) -> None:
    async with talk() as ready:
        room = Room(ready)
        code = await room.code(SLACK)
        assert await room.types(DISCORD, code, private=False) is Linking.SEEN
        assert await room.types(DISCORD, code) is Linking.WRONG
        await ready.say("ana", "link")
        assert "A code is for you alone" in ready.heard()
        await ready.say("ana", "link AAAA-BBB2")
        assert "Others can read this" in ready.heard()
        async with ready.services.database.reading() as connection:
            assert (await connection.execute(sa.select(link_codes))).all() == []


async def test_who_was_one_person_is_never_two_unless_an_admin_says_so(talk: Talk) -> None:
    async with talk(owners=("kim",)) as ready:
        room, kim, admin = Room(ready), person("kim"), person("ana")
        for who in (SLACK, DISCORD, BO):
            await room.role(who)
            await room.gives(kim, who, Role.APPROVER)
        await room.links(SLACK, DISCORD)
        await room.parts(SLACK, "discord")
        assert not await room.enough(BO, SLACK, DISCORD, quorum=2)
        assert not await room.enough(SLACK, DISCORD)
        assert await room.types(DISCORD, await room.code(BO)) is Linking.HELD
        with pytest.raises(NotAllowed, match="Only an admin"):
            await room.parts(BO, SLACK.key)
        with pytest.raises(NotAllowed, match="Only an admin"):
            await room.parts(DISCORD, forget=True)
        with pytest.raises(Conflict, match="isn't linked"):
            await room.parts(DISCORD)
        with pytest.raises(BadInput, match="which of your accounts"):
            await room.parts(SLACK, "discord")
        await room.parts(admin, DIRECT.key, forget=True)
        assert await room.enough(SLACK, DISCORD)
        assert await room.types(DISCORD, await room.code(BO)) is Linking.LINKED
        assert await room.enough(SLACK, DISCORD)
        assert not await room.enough(BO, DISCORD)


async def test_what_one_account_asked_for_the_other_may_change_and_a_budget_holds_for_both(
    talk: Talk, clock: SetClock
) -> None:
    async with talk() as ready:
        room = Room(ready)
        await room.links(SLACK, DISCORD)
        database = ready.services.database
        budget = Budget(
            id="b1", project=TEST, name="ana", scope="person", subject=SLACK.key,
            limit_micro_usd=1_000_000,
        )  # fmt: skip
        async with database.transaction() as tx:
            known = await people.of_person(tx, DISCORD.key)
            await budgets.keep(tx, budget, at=clock.now())
            for who, counted in ((SLACK, 1), (DISCORD, 1), (DIRECT, 1), (BO, 0)):
                spender = Spender(TEST, "files", who.key, "run")
                assert len(await budgets.counting(tx, spender)) == counted
            earlier = await budgets.counting(
                tx,
                Spender(TEST, "files", DISCORD.key, "run"),
                made_before=clock.now() - timedelta(seconds=1),
            )
            assert earlier == ()
        about = About(requester=SLACK.key, people=known)
        assert isinstance(authorise(DISCORD, Role.MEMBER, Right.CHANGE, about), Allowed)
        assert isinstance(authorise(BO, Role.MEMBER, Right.CHANGE, about), Denied)


async def test_in_direct_messages_of_two_platforms(talk: Talk) -> None:
    async with talk(owners=("kim",)) as ready:
        ready.app.platforms.update(dict.fromkeys(HERE, ready.platform))  # type: ignore[attr-defined]  # a dict

        async def says(who: Identity, text: str) -> str:
            fields = {"message": f"{who.platform}{ready.count}", "text": text}
            where = HERE[who.platform]
            await ready.act(kind="message", author=who, thread=where, addressed=True, **fields)
            return ready.heard()

        told = await says(SLACK, "link")
        found = re.search(r"\*\*(\w{4}-\w{4})\*\*", told)
        assert found, told
        assert "not valid" in (await says(SLACK, f"link {found[1]}")).replace("isn't", "not")
        assert "This code is from ana (slack:T1:U-ana)" in await says(DIRECT, f"link {found[1]}")
        button = ready.platform.messages[-1].out.sections[0].buttons[0]
        await ready.act(
            kind="button",
            author=DIRECT,
            thread=HERE["discord"],
            action=button.action,
            message=ready.platform.messages[-1].ref.message,
        )
        assert "one person now" in ready.heard()
        assert "You are also slack:T1:U-ana" in await says(DIRECT, "whoami")
        assert "stands for itself again" in await says(SLACK, "unlink discord")
        assert "You are also" not in await says(DIRECT, "whoami")
        rows = sa.select(audit.c.action).where(audit.c.action.startswith("person."))
        async with ready.services.database.reading() as connection:
            done = (await connection.execute(rows.order_by(audit.c.seq))).scalars().all()
        assert done == [
            "person.code_given", "person.code_wrong", "person.code_asked", "person.code_linked",
            "person.unlinked",
        ]  # fmt: skip


async def test_links_are_kept_by_the_database_not_by_the_process(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with database.transaction() as tx:
        for first, second in ((SLACK, DISCORD), (BO, DISCORD)):
            code = await people.offer(tx, first, at=clock.now())
            taken = await people.take(tx, code, second, at=clock.now())
            assert taken is not None
            assert await people.link(tx, taken, second, at=clock.now())
    async with database.reading() as connection:
        one = await people.of_person(connection, BO.key)
        assert one == await people.everyone(connection)
        assert one.are_one(SLACK.key, BO.key)
        others = await people.accounts_of(connection, SLACK.key)
        assert others == ((DIRECT.key, "anna"), (BO.key, "bo"))
