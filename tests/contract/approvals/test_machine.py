"""Whatever people do, in whatever order: no effect without live approvals of that plan by enough of them.

The expectation is kept here in the plainest words: who ever was one person with whom, who is now,
what was given to which account, and which accounts approved which plan.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from memory.model.base import PlanHash
from memory.model.identity import Identity, Role, Standing
from tests.conftest import SetClock
from tests.contract.approvals.office import OWNER, Office, discord, empty, slack

ACCOUNTS = (slack("ana"), slack("bo"), slack("cy"), slack("di"), discord(1), discord(2), discord(3))
KEYS = [who.key for who in ACCOUNTS]
WHO = st.sampled_from(ACCOUNTS)
PLAN = st.integers(0, 3)
DECIDERS = {Role.OWNER, Role.APPROVER}
T = TypeVar("T")


class Groups:
    """Which accounts are together."""

    def __init__(self) -> None:
        self.groups = [{key} for key in KEYS]

    def of(self, key: str) -> set[str]:
        return next(group for group in self.groups if key in group)

    def join(self, *keys: str) -> None:
        joined = set().union(*(self.of(key) for key in keys))
        self.groups = [group for group in self.groups if not group & joined] + [joined]

    def part(self, key: str) -> None:
        self.of(key).discard(key)
        self.groups = [group for group in self.groups if group] + [{key}]


class Approvals(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="orchestra-approvals-"))
        shutil.copytree(empty(), self.folder, dirs_exist_ok=True)
        self.now, self.ever = Groups(), Groups()
        self.roles = dict.fromkeys(KEYS, Role.MEMBER)
        self.guests: set[str] = set()
        self.plans: list[tuple[PlanHash, Identity]] = []
        self.approved: dict[PlanHash, set[str]] = {}
        self.closed: set[PlanHash] = set()
        self.happened: list[PlanHash] = []

    def do(self, doing: Awaitable[T]) -> T:
        async def done() -> T:
            return await doing

        return self.loop.run(done())

    @initialize(quorum=st.sampled_from((1, 2, 2, 3)), who=WHO)
    def begin(self, quorum: int, who: Identity) -> None:
        async def made(worker: str) -> Office:
            return Office(self.folder, clock, quorum, worker=worker)

        clock = SetClock()
        self.office, self.other = self.do(made("one")), self.do(made("two"))
        self.do(self.office.meet(OWNER, *ACCOUNTS))
        self.asks(who)

    def teardown(self) -> None:
        if hasattr(self, "office"):
            for worker in (self.office, self.other):
                self.do(worker.database.close())
        self.loop.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @rule(who=WHO)
    def asks(self, who: Identity) -> None:
        """A plan, or another in its place: approvals of the old one are worth nothing for it."""
        old = self.plans[-1][0] if self.plans else None
        plan = self.do(self.office.asks(who, old))
        if old is not None and old not in self.happened:
            self.closed.add(old)
        self.plans.append((plan, who))
        self.approved[plan] = set()

    @rule(
        who=WHO,
        back=PLAN,
        via=st.sampled_from(("reaction", "button", "words")),
        twice=st.booleans(),
    )
    def approves(self, who: Identity, back: int, via: str, twice: bool) -> None:
        """Of this plan, or late of an older one; the same event may come twice."""
        plan, _ = self.plan(back)
        event = f"once {self.office.worker} {self.office.events}"
        if self.do(self.office.approves(who, plan, via, event=event)):
            self.approved[plan].add(who.key)
        if twice:
            self.do(self.office.approves(who, plan, via, event=event))

    @rule(who=WHO, back=PLAN)
    def withdraws(self, who: Identity, back: int) -> None:
        plan, _ = self.plan(back)
        if self.do(self.office.withdraws(who, plan)):
            self.approved[plan] -= self.now.of(who.key)

    @rule(who=WHO, back=PLAN)
    def refuses(self, who: Identity, back: int) -> None:
        self.do(self.office.refuses(who, self.plan(back)[0]))

    @rule(whom=WHO, role=st.sampled_from((Role.APPROVER, Role.APPROVER, *Role)))
    def gives(self, whom: Identity, role: Role) -> None:
        if self.do(self.office.gives(whom, role)):
            for key in self.now.of(whom.key):
                self.roles[key] = Role.VIEWER if role is Role.VIEWER else Role.MEMBER
            self.roles[whom.key] = role

    @rule(who=WHO, guest=st.booleans())
    def is_guest(self, who: Identity, guest: bool) -> None:
        standing = Standing.GUEST if guest else Standing.MEMBER
        self.do(self.office.meet(who, standing=standing))
        (self.guests.add if guest else self.guests.discard)(who.key)

    @rule(first=WHO, second=WHO)
    def links(self, first: Identity, second: Identity) -> None:
        if first != second and self.do(self.office.links(first, second)):
            self.now.join(first.key, second.key)
            self.ever.join(first.key, second.key)

    @rule(who=WHO)
    def parts(self, who: Identity) -> None:
        if self.do(self.office.parts_from(who)):
            self.now.part(who.key)

    @rule()
    def restarts(self) -> None:
        self.do(self.office.restart())

    @rule()
    def the_other_worker_is_next(self) -> None:
        """Two work on one database, each with nothing but what is stored there."""
        self.office, self.other = self.other, self.office

    @rule(back=PLAN)
    def starts(self, back: int) -> None:
        plan, _ = self.plan(back)
        if self.do(self.office.starts(plan)):
            assert plan not in self.closed
            self.must_be_right(plan)
            self.happened.append(plan)

    @precondition(lambda self: self.happened)
    @rule()
    def goes_on(self) -> None:
        """The next effect of a run under way, with everybody as they are by now."""
        plan = self.happened[-1]
        if self.do(self.office.effects(plan)):
            self.must_be_right(plan)

    @invariant()
    def nothing_else_happens(self) -> None:
        for plan, _ in getattr(self, "plans", ()):
            if plan in self.closed:
                assert not self.do(self.office.effects(plan))

    def plan(self, back: int) -> tuple[PlanHash, Identity]:
        return self.plans[max(len(self.plans) - 1 - back, 0)]

    def must_be_right(self, plan: PlanHash) -> None:
        requester = next(who.key for known, who in self.plans if known == plan)
        people = [
            self.ever.of(key)
            for key in self.approved[plan]
            if self.may_decide(key) and requester not in self.ever.of(key)
        ]
        counted = {frozenset(group) for group in people}
        assert len(counted) >= self.office.quorum, (counted, self.approved[plan], self.roles)

    def may_decide(self, key: str) -> bool:
        if key in self.guests:
            return False
        mine = self.now.of(key) - self.guests
        return any(self.roles[each] in DECIDERS for each in mine)


Approvals.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestApprovals = Approvals.TestCase
