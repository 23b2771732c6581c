"""The one way to run git: plumbing only, without hooks, filters, prompts or anybody's settings."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from executor.egress import process
from memory.model.errors import OrchestraError

TIMEOUT_S: Final = 30.0
LIMIT: Final = 64_000_000
"""The largest file whose former content is given back."""

# A repository may say in its settings what to run on this and that; none of it is run here.
_ALONE: Final = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "log.showSignature=false"),  # it would run the `gpg.program` of the settings
)
_NAMES: Final = {
    "GIT_AUTHOR_NAME": "Orchestra",
    "GIT_AUTHOR_EMAIL": "orchestra@localhost",
    "GIT_COMMITTER_NAME": "Orchestra",
    "GIT_COMMITTER_EMAIL": "orchestra@localhost",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",  # what a partial clone lacks is not fetched
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
    "PATH": os.defpath,
}


class GitTrouble(OrchestraError):
    """git did not do what it was told; `detail` has its words."""

    code = "git"


class Git:
    """git in one folder. `index` is a file of its own, so that nobody's staging is touched."""

    def __init__(self, folder: Path, *, index: Path | None = None) -> None:
        self.folder = folder
        self._env: Mapping[str, str] = _NAMES | ({"GIT_INDEX_FILE": str(index)} if index else {})

    async def data(self, *words: str, given: bytes = b"") -> bytes:
        """What the command writes. Raises GitTrouble where it fails."""
        done = await process.run(
            ("git", *_ALONE, *words),
            cwd=self.folder,
            env=self._env,
            timeout_s=TIMEOUT_S,
            given=given,
            limit=LIMIT,
            title="git",
        )
        if done.code or done.cut:
            reason = done.err.decode(errors="replace").strip()
            raise GitTrouble("The project's git repository refused.", detail=reason[:500])
        return done.out

    async def text(self, *words: str, given: bytes = b"") -> str:
        """The same as text, without the newline at its end."""
        return (await self.data(*words, given=given)).decode(errors="replace").rstrip("\n")

    async def found(self, *words: str) -> str:
        """The same, or "" where it fails: for questions whose answer may be no."""
        try:
            return await self.text(*words)
        except GitTrouble:
            return ""


def repository(root: Path) -> bool:
    """Whether the folder lies in a git repository, as far as can be seen without asking git."""
    return any((folder / ".git").exists() for folder in (root, *root.parents))
