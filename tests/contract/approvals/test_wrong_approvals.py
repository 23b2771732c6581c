"""Every wrong approval, from every platform, in each way it can be given: none starts anything.

And every right one does, with the same people and the same plan.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from memory.model.base import PlanHash
from memory.model.identity import Identity, Role, Standing
from tests.conftest import SetClock
from tests.contract.approvals.office import OWNER, Office, discord, empty, slack, terminal

PLATFORMS: dict[str, Callable[[str], Identity]] = {
    "slack": slack,
    "discord": lambda name: discord(sum(name.encode())),
    "console": terminal,
}
VIAS = ("reaction", "button", "words")


class Case:
    """Ana's plan that publishes, and bo and kim who may approve it, on one platform."""

    def __init__(self, office: Office, made: Callable[[str], Identity], via: str) -> None:
        self.office, self.via = office, via
        self.ana, self.bo, self.kim, self.cy = map(made, ("ana", "bo", "kim", "cy"))
        self.other = discord(99) if made is slack else slack("other")
        """Another account, on the other platform."""
        self.plan = PlanHash("")

    async def begin(self) -> None:
        await self.office.meet(OWNER, self.ana, self.bo, self.kim, self.cy, self.other)
        for who in (self.bo, self.kim):
            assert await self.office.gives(who, Role.APPROVER)
        self.plan = await self.office.asks(self.ana)

    async def approve(self, *people: Identity, event: str = "") -> None:
        for who in people:
            await self.office.approves(who, self.plan, self.via, event=event)


async def bo_alone(case: Case) -> None:
    await case.approve(case.bo)


async def requester(case: Case) -> None:
    await case.approve(case.ana)


async def requester_who_is_an_approver(case: Case) -> None:
    await case.office.gives(case.ana, Role.APPROVER)
    await case.approve(case.ana)


async def requester_s_other_account(case: Case) -> None:
    await case.office.gives(case.other, Role.APPROVER)
    await case.office.links(case.ana, case.other)
    await case.approve(case.other)


async def requester_s_other_account_linked_only_afterwards(case: Case) -> None:
    await case.office.gives(case.other, Role.APPROVER)
    await case.approve(case.other)
    await case.office.links(case.ana, case.other)


async def requester_s_other_account_after_they_parted(case: Case) -> None:
    await case.office.gives(case.other, Role.APPROVER)
    await case.office.links(case.ana, case.other)
    await case.office.parts_from(case.other)
    await case.approve(case.other)


async def member(case: Case) -> None:
    await case.approve(case.cy)


async def viewer(case: Case) -> None:
    await case.office.gives(case.cy, Role.VIEWER)
    await case.approve(case.cy)


async def stranger(case: Case) -> None:
    await case.approve(slack("stranger"))


async def guest(case: Case) -> None:
    await case.office.meet(case.bo, standing=Standing.GUEST)
    await case.approve(case.bo)


async def role_lost_since(case: Case) -> None:
    await case.approve(case.bo)
    await case.office.gives(case.bo, Role.MEMBER)


async def guest_since(case: Case) -> None:
    await case.approve(case.bo)
    await case.office.meet(case.bo, standing=Standing.EXTERNAL)


async def taken_back(case: Case) -> None:
    await case.approve(case.bo)
    assert await case.office.withdraws(case.bo, case.plan)


async def taken_back_with_the_other_account(case: Case) -> None:
    await case.office.links(case.bo, case.other)
    await case.approve(case.bo)
    assert await case.office.withdraws(case.other, case.plan)


async def refused(case: Case) -> None:
    await case.office.refuses(case.kim, case.plan)
    await case.approve(case.bo)


async def of_the_plan_before(case: Case) -> None:
    await case.approve(case.bo)
    case.plan = await case.office.asks(case.ana, case.plan)


async def late_for_the_plan_before(case: Case) -> None:
    old, case.plan = case.plan, await case.office.asks(case.ana, case.plan)
    await case.office.approves(case.bo, old, case.via)


async def too_late(case: Case) -> None:
    case.office.clock.forward(hours=24 * 400)
    await case.approve(case.bo)


async def approved_and_too_late(case: Case) -> None:
    await case.approve(case.bo)
    case.office.clock.forward(hours=24 * 400)


async def twice_by_one(case: Case) -> None:
    await case.approve(case.bo, case.bo)


async def once_sent_twice(case: Case) -> None:
    await case.approve(case.bo, event="the same")
    await case.approve(case.bo, event="the same")


async def by_both_accounts_of_one(case: Case) -> None:
    await case.office.gives(case.other, Role.APPROVER)
    await case.office.links(case.bo, case.other)
    await case.approve(case.bo, case.other)


async def by_both_accounts_of_one_who_parted(case: Case) -> None:
    await case.office.gives(case.other, Role.APPROVER)
    await case.office.links(case.bo, case.other)
    await case.office.parts_from(case.bo)
    await case.office.gives(case.bo, Role.APPROVER)
    await case.approve(case.bo, case.other)


async def with_one_who_may_not(case: Case) -> None:
    await case.approve(case.bo, case.cy)


async def with_the_requester(case: Case) -> None:
    await case.office.gives(case.ana, Role.OWNER)
    await case.approve(case.bo, case.ana)


async def by_bo_s_other_account(case: Case) -> None:
    await case.office.links(case.bo, case.other)
    await case.approve(case.other)


async def by_two(case: Case) -> None:
    await case.approve(case.bo, case.kim)


async def by_two_after_a_restart(case: Case) -> None:
    await case.approve(case.bo)
    await case.office.restart()
    await case.approve(case.kim)


async def by_two_with_other_accounts(case: Case) -> None:
    await case.office.links(case.bo, case.other)
    await case.approve(case.other, case.kim)


async def given_again(case: Case) -> None:
    await case.approve(case.bo)
    await case.office.withdraws(case.bo, case.plan)
    await case.approve(case.bo, case.kim)


Does = Callable[[Case], Awaitable[None]]
WRONG: list[tuple[int, Does]] = [
    *((1, does) for does in (
        requester, requester_who_is_an_approver, requester_s_other_account,
        requester_s_other_account_linked_only_afterwards, requester_s_other_account_after_they_parted,
        member, viewer, stranger, guest, role_lost_since, guest_since, taken_back,
        taken_back_with_the_other_account, refused, of_the_plan_before, late_for_the_plan_before,
        too_late, approved_and_too_late,
    )),
    *((2, does) for does in (
        bo_alone, twice_by_one, once_sent_twice, by_both_accounts_of_one,
        by_both_accounts_of_one_who_parted, with_one_who_may_not, with_the_requester,
        by_bo_s_other_account,
    )),
    *((3, does) for does in (by_two, by_two_with_other_accounts)),
]  # fmt: skip
RIGHT: list[tuple[int, Does]] = [
    (1, bo_alone), (1, by_bo_s_other_account), (1, once_sent_twice), (1, by_two),
    (2, by_two), (2, by_two_after_a_restart), (2, by_two_with_other_accounts), (2, given_again),
]  # fmt: skip


def starts(folder: Path, quorum: int, platform: str, via: str, does: Does) -> bool:
    """Whether the executor starts the plan after that, and lets its effect happen."""
    shutil.copytree(empty(), folder / "data")

    async def tried() -> bool:
        office = Office(folder / "data", SetClock(), quorum)
        case = Case(office, PLATFORMS[platform], via)
        try:
            await case.begin()
            await does(case)
            return await office.starts(case.plan)
        finally:
            await office.database.close()

    return asyncio.run(tried())


def named(value: object) -> str:
    return getattr(value, "__name__", str(value))


@pytest.mark.parametrize("via", VIAS)
@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(("quorum", "does"), WRONG, ids=named)
def test_a_wrong_approval_starts_nothing(
    tmp_path: Path, quorum: int, does: Does, platform: str, via: str
) -> None:
    assert not starts(tmp_path, quorum, platform, via, does)


@pytest.mark.parametrize("via", VIAS)
@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(("quorum", "does"), RIGHT, ids=named)
def test_a_right_approval_does(
    tmp_path: Path, quorum: int, does: Does, platform: str, via: str
) -> None:
    assert starts(tmp_path, quorum, platform, via, does)
