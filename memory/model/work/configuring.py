"""Files whose names configure things: settings, version control, CI, builds, rules for agents. Pure.

Whoever writes one decides what is run or believed later, so it's an effect class of its own.
"""

from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Final

from memory.model.base import name_key

PARTS: Final = (
    # hidden files and folders: .git, .env, .github, .gitlab-ci.yml, .cursor, .vscode, .npmrc …
    ".*",
    "hooks", "husky", "githooks",
    # rules for agents, and our own settings
    "agents.md", "claude.md", "gemini.md", "copilot-instructions.md", "skill.md", "llms.txt",
    "orchestra.toml", "mcp.json", "*.code-workspace",
    # builds, containers, CI
    "makefile", "*.mk", "gnumakefile", "justfile", "rakefile", "procfile", "vagrantfile",
    "taskfile.y*ml", "cmakelists.txt", "jenkinsfile", "*dockerfile", "dockerfile.*", "containerfile",
    "compose.y*ml", "docker-compose*.y*ml", "azure-pipelines*.y*ml", "bitbucket-pipelines.yml",
    "cloudbuild.y*ml", "appveyor.yml", "buildspec.y*ml", "netlify.toml", "vercel.json", "fly.toml",
    "codeowners",
    # what a language runs or installs
    "pyproject.toml", "setup.py", "setup.cfg", "tox.ini", "noxfile.py", "conftest.py",
    "sitecustomize.py", "usercustomize.py", "*.pth", "requirements*.txt", "pipfile", "pytest.ini",
    "package.json", "tsconfig*.json", "*.config.js", "*.config.ts", "*.config.mjs", "*.config.cjs",
    "cargo.toml", "build.rs", "go.mod", "go.work", "gemfile", "*.gemspec", "composer.json", "pom.xml",
    "build.gradle*", "settings.gradle*", "mix.exs",
    "*.lock", "*-lock.*", "*.lockb", "go.sum", "npm-shrinkwrap.json",
)  # fmt: skip
"""Patterns (as in a shell) of a file's or folder's name, in lower case."""


def configures(path: str) -> bool:
    """Whether writing the file, or into such a folder, changes how other things work."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    names = [name_key(part) for part in parts if part not in {".", "..", "/"}]
    return any(fnmatchcase(name, pattern) for name in names for pattern in PARTS)
