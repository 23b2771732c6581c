"""What a query gave when it was tried before anything was planned: enough to tell readings apart."""

from collections.abc import Callable, Sequence

from memory.model.base import Model


class Ran(Model):
    """The outcome of a query that was tried. No row of it is kept.

    `digest` is the same for two outcomes with the same rows, in whatever order of rows and columns; `blank`: there is
    nothing in any row; `zero`: it is one row of noughts.
    """

    rows: int
    digest: str
    blank: bool = False
    zero: bool = False


Trial = Callable[[Sequence[str], Sequence[str]], Sequence[Ran | None]]
"""Tries SELECTs on data files, which it is given first. None for one that failed, or that took too
long to be worth it. Blocking.
"""
