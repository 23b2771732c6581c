"""The folders that settings name, or that are the usual ones."""

from collections.abc import Mapping
from pathlib import Path

from memory.model.base import sha256
from memory.model.errors import Misconfigured


def workspace_of(folder: Path) -> Path:
    """The folder to work in. Raises Misconfigured where there's none."""
    resolved = folder.expanduser().resolve()
    if not resolved.is_dir():
        raise Misconfigured(
            "There's no folder {folder}. Create it, or choose another with --workspace.",
            folder=folder,
        )
    return resolved


def usual_data(env: Mapping[str, str]) -> Path:
    """Where data is kept if nothing says otherwise."""
    home = env.get("XDG_DATA_HOME", "").strip()
    return (Path(home) if home else Path.home() / ".local" / "share") / "orchestra"


def own_data(usual: Path, workspace: Path, *, per_workspace: bool) -> Path:
    """The usual folder, or the workspace's own in it."""
    if not per_workspace:
        return usual
    return usual / "chat" / f"{workspace.name or 'root'}-{sha256(str(workspace).encode())[:8]}"
