"""Money in whole micro-USD (law 11) and how it is written for people."""

from typing import NewType

MicroUsd = NewType("MicroUsd", int)

USD = 1_000_000


def show_money(amount: int) -> str:
    """`$0.13`, `$0.0042` below a cent, `$0.000001` at the least, `$0` for nothing."""
    if amount == 0:
        return "$0"
    dollars = amount / USD
    if abs(dollars) < 0.00005:
        return f"${dollars:.6f}".rstrip("0")
    if abs(dollars) < 0.01:
        return f"${dollars:.4f}".rstrip("0")
    return f"${dollars:,.2f}"


def show_range(low: int, high: int) -> str:
    """`$0.11–0.24`, or one figure where both show alike."""
    first, last = show_money(low), show_money(high)
    return first if first == last else f"{first}–{last.removeprefix('$')}"
