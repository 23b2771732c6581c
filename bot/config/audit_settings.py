"""[audit]: where the keys that seal approvals are, and where the end of the audit log is noted."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from memory.model.base import Model

KEYS_NAME = "seal.keys"


class AuditTable(Model):
    """[audit] as it's written."""

    seal_keys: str = ""
    anchor_file: str = ""
    anchor_url: str = Field(default="", pattern=r"^(https?://.+)?$")


class AuditSettings(Model):
    """`seal_keys` None: a file in the data folder. The anchors go nowhere where both are empty."""

    seal_keys: Path | None = None
    anchor_file: Path | None = None
    anchor_url: str = ""

    @property
    def kept(self) -> tuple[Path, ...]:
        """What no program that is started may see."""
        return tuple(path for path in (self.seal_keys, self.anchor_file) if path)

    def keys_in(self, data: Path) -> Path:
        """The file of keys, for this data folder."""
        return self.seal_keys or data / KEYS_NAME


def audit_of(table: AuditTable, env: Mapping[str, str], base: Path) -> AuditSettings:
    """The settings; paths are from the folder of the settings file, the environment goes first."""
    keys = env.get("ORCHESTRA_SEAL_KEYS", "").strip() or table.seal_keys
    return AuditSettings(
        seal_keys=_path(base, keys),
        anchor_file=_path(base, table.anchor_file),
        anchor_url=table.anchor_url,
    )


def _path(base: Path, named: str) -> Path | None:
    return (base / Path(named).expanduser()).resolve() if named else None
