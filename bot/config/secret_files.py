"""Secrets as files: a folder in which each file's name is a variable and its content the value.

That is how Docker and Kubernetes hand out secrets (`/run/secrets/SLACK_BOT_TOKEN`), so that they are in
no environment, which every child inherits and `docker inspect` shows.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from memory.model.errors import Misconfigured

FOLDER: Final = "ORCHESTRA_SECRETS"
MOST_BYTES: Final = 100_000


def with_secret_files(env: Mapping[str, str]) -> Mapping[str, str]:
    """The environment with the files of the folder that ORCHESTRA_SECRETS names; they go first.

    Raises Misconfigured where the folder or a file can't be read.
    """
    named = env.get(FOLDER, "").strip()
    if not named:
        return env
    try:
        files = [path for path in sorted(Path(named).iterdir()) if path.is_file()]
        found = {path.name: _content(path) for path in files if not path.name.startswith(".")}
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(
            "The secrets in {folder} can't be read: {reason}. ORCHESTRA_SECRETS names a folder with "
            "a file for each variable.",
            folder=named,
            reason=getattr(error, "strerror", "") or "not text",
        ) from error
    return {**env, **found}


def _content(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MOST_BYTES).decode().strip()
