"""The audit chain as such: what a row's hash is, and what a walk along the rows finds wrong."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from memory.model.audit import Anchor, AnchorFault, BrokenAnchor, BrokenRow, Fault
from memory.model.base import canonical_json, sha256
from memory.privacy.seals import Check, Seals, Unsealed

GENESIS: Final = "0" * 64
BEGAN: Final = "audit.sealed"
"""The row that says where sealing began in a chain that is older."""

_HASHED = ("project_id", "actor", "action", "object", "ids", "at")
_FAULTS: Final = {
    Check.FORGED: Fault.FORGED,
    Check.UNKNOWN_KEY: Fault.UNKNOWN_KEY,
    Check.MISSING: Fault.UNSEALED,
}

Row = Mapping[str, Any]


def hash_of(row: Row, previous: str) -> str:
    """The hash of a row behind the one with the hash `previous`."""
    at: datetime = row["at"]
    content = {name: row[name] for name in _HASHED}
    fields = {**content, "at": at.isoformat(timespec="microseconds"), "previous": previous}
    return sha256(canonical_json(fields))


def row_seal(seals: Seals | Unsealed, hashed: str) -> str:
    """The seal of the row with this hash."""
    return seals.seal("audit", {"hash": hashed})


def sealed_anchor(seals: Seals | Unsealed, anchor: Anchor) -> Anchor:
    """The anchor with its seal."""
    return anchor.model_copy(update={"seal": seals.seal("anchor", _anchored(anchor))})


class Walk:
    """Where a walk along the chain, from its first row, stands."""

    def __init__(self, seals: Seals | Unsealed, anchors: Sequence[Anchor]) -> None:
        self.previous, self.count, self.sealed = GENESIS, 0, 0
        self._seals, self._ahead = seals, anchors
        self._anchors = {anchor.seq: anchor for anchor in anchors}
        self._last: BrokenRow | None = None

    def wrong_before(self) -> BrokenAnchor | None:
        """An anchor that nobody with the key made."""
        for anchor in self._ahead:
            found = self._seals.check("anchor", _anchored(anchor), anchor.seal)
            if found is not Check.HOLDS:
                return BrokenAnchor(anchor, AnchorFault.FORGED)
        return None

    def wrong(self, row: Row) -> BrokenRow | BrokenAnchor | None:
        """What is wrong with the next row, None if nothing is."""
        fault = self._fault(row)
        if fault is not None:
            return _broken(row, fault)
        anchor = self._anchors.pop(row["seq"], None)
        if anchor is not None and anchor.hash != row["hash"]:
            return BrokenAnchor(anchor, AnchorFault.DIFFERS)
        self.previous, self.count = row["hash"], self.count + 1
        self.sealed += bool(row["seal"])
        self._last = _broken(row, Fault.UNSEALED)
        return None

    def wrong_at_end(self) -> BrokenRow | BrokenAnchor | None:
        """What only shows when every row was seen."""
        for anchor in self._anchors.values():
            return BrokenAnchor(anchor, AnchorFault.GONE)
        return self._last if isinstance(self._seals, Seals) and not self.sealed else None

    def _fault(self, row: Row) -> Fault | None:
        if row["previous"] != self.previous:
            return Fault.PREVIOUS_HASH
        if row["hash"] != hash_of(row, self.previous):
            return Fault.OWN_HASH
        if not row["seal"] and not self.sealed:
            return None  # from before sealing began, which a later row has to say
        found = self._seals.check("audit", {"hash": row["hash"]}, row["seal"])
        if found is not Check.HOLDS:
            return _FAULTS[found]
        begins = self.sealed or self.count == 0 or row["action"] == BEGAN
        return None if begins else Fault.BEGINNING


def _anchored(anchor: Anchor) -> Mapping[str, object]:
    return {"seq": anchor.seq, "hash": anchor.hash, "at": anchor.at}


def _broken(row: Row, fault: Fault) -> BrokenRow:
    return BrokenRow(row["seq"], row["action"], row["at"], fault)
