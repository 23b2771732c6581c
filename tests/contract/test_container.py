"""The container files say what the guides promise: bounded, without rights, each role its own keys."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
INSPECT: Final = "docker buildx imagetools inspect --format '{{.Manifest.Digest}}'"
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS: Final = ("orchestra", "worker")
SERVICES: Final = tuple(COMPOSE["services"])


def steps() -> Iterator[tuple[str, str]]:
    """The instructions of the Dockerfile, lines that go on joined."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text())
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            yield name, rest


def sources(service: str) -> dict[str, str]:
    """What is mounted where, with its options."""
    mounts = [mount.split(":", 1) for mount in COMPOSE["services"][service]["volumes"]]
    return {mount[0]: mount[1] for mount in mounts}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_bounded_and_has_no_rights_to_spare(service: str) -> None:
    told = COMPOSE["services"][service]
    assert told["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in told["security_opt"]
    assert 0 < told["pids_limit"] <= 1024
    assert re.fullmatch(r"\d+[mg]", told["mem_limit"])
    assert not {"privileged", "network_mode", "pid", "ipc", "devices", "ports"} & set(told)
    assert not [source for source in sources(service) if "docker.sock" in source]


@pytest.mark.parametrize("service", OURS)
def test_ours_add_no_capability_and_write_to_volumes_alone(service: str) -> None:
    told = COMPOSE["services"][service]
    assert "cap_add" not in told
    assert told["read_only"] is True
    assert all("size=" in place for place in told["tmpfs"])


def test_secrets_are_files_and_each_role_has_its_own() -> None:
    held = {
        service: [source for source in sources(service) if source.startswith("./secrets/")]
        for service in SERVICES
    }
    assert all(len(folders) == 1 for folders in held.values())
    assert len({folders[0] for folders in held.values()}) == len(SERVICES)
    assert all(sources(service)[folders[0]].endswith(":ro") for service, folders in held.items())
    for service in SERVICES:
        for name, value in COMPOSE["services"][service]["environment"].items():
            secret = re.search(r"key|token|password|secret|database", name, re.IGNORECASE)
            assert not secret or value.startswith(("/run/", "/keys/")), name


def test_a_worker_has_neither_the_bots_data_nor_its_chat_tokens() -> None:
    assert not {"data", "./secrets/bot"} & set(sources("worker"))


def test_images_are_held_to_their_bytes_by_arguments() -> None:
    stated = list(steps())
    assert stated[0] == ("ARG", "PYTHON=python:3.13-slim-bookworm")
    assert [rest for name, rest in stated if name == "FROM"] == ["${PYTHON}"]
    for service in OURS:
        argument = COMPOSE["services"][service]["build"]["args"]["PYTHON"]
        assert argument == "${PYTHON_IMAGE:-python:3.13-slim-bookworm}"
    assert COMPOSE["services"]["postgres"]["image"] == "${POSTGRES_IMAGE:-postgres:18}"
    for file in ("Dockerfile", "compose.yaml", "guides/workers.md"):
        assert INSPECT in (DEPLOY / file).read_text(), file


def test_it_runs_as_nobody_in_particular_from_what_is_locked() -> None:
    stated = list(steps())
    names = [name for name, _ in stated]
    assert ("USER", "orchestra") in stated
    assert "RUN" not in names[names.index("USER") :]
    runs = " && ".join(rest for name, rest in stated if name == "RUN")
    assert "bubblewrap" in runs
    assert "-perm /6000 -exec chmod a-s" in runs
    assert "uv sync --frozen" in runs
    assert re.search(r"uv==\d", runs)
    assert not [rest for name, rest in stated if name == "COPY" and rest.split()[0] in {".", "./"}]
    assert not [name for name in names if name == "ADD"]
