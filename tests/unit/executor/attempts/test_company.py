"""Who works beside whom: a suspect of deaths works alone."""

import asyncio

from executor.company import Company


async def test_one_alone_waits_for_the_others_and_new_ones_for_it() -> None:
    company, order = Company(), list[str]()
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def beside(name: str) -> None:
        async with company.beside_others():
            order.append(f"{name} begins")
            begun.set()
            await go_on.wait()
            order.append(f"{name} ends")

    async def alone(name: str) -> None:
        async with company.alone():
            order.append(f"{name} begins")
            await asyncio.sleep(0)
            order.append(f"{name} ends")

    async with asyncio.TaskGroup() as group:
        group.create_task(beside("first"))
        await begun.wait()
        for name in ("suspect", "other suspect"):
            group.create_task(alone(name))
        await asyncio.sleep(0)
        group.create_task(beside("second"))
        await asyncio.sleep(0)
        assert order == ["first begins"]
        go_on.set()
    suspects = [
        f"{name} {what}" for name in ("suspect", "other suspect") for what in ("begins", "ends")
    ]
    assert order == ["first begins", "first ends", *suspects, "second begins", "second ends"]


async def test_who_gives_up_waiting_to_be_alone_holds_up_nobody() -> None:
    company = Company()
    async with company.beside_others():
        waits = asyncio.ensure_future(company.alone().__aenter__())
        await asyncio.sleep(0)
        waits.cancel()
        await asyncio.wait([waits])
    async with asyncio.timeout(5), company.beside_others():
        pass
