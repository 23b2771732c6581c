"""A room that a test enters."""


async def said(number: int, *, twice: bool) -> int:
    """Something to wait for."""
    return number * 2 if twice else number
