"""[agents.*] and [mcp.*]: presets, secrets by name, and who may set them."""

from pathlib import Path

import pytest

from bot.config.settings import Settings, load
from memory.model.agents.spec import AgentLimits, AgentRecovery, EffectClass
from memory.model.errors import Misconfigured

KEY = "sk-very-secret"


def settings(folder: Path, text: str, **env: str) -> Settings:
    path = folder / "orchestra.toml"
    path.write_text(text)
    return load(config=path, workspace=folder, environ={"HOME": str(folder), **env})


def test_known_programs_need_only_their_name(tmp_path: Path) -> None:
    (tmp_path / ".codex").mkdir()
    found = settings(tmp_path, "[agents.Codex]\n[agents.claude-code]\n[agents.gemini-cli]")
    codex, claude, gemini = found.external.programs
    assert (codex.name, codex.title, codex.command[0]) == ("codex", "Codex", "codex")
    assert codex.writes == (tmp_path / ".codex",)
    assert codex.env["HOME"] == str(tmp_path)
    assert (claude.command[0], claude.writes) == ("claude", ())
    assert gemini.command[0] == "gemini"


def test_with_a_key_the_login_is_not_shown_to_it(tmp_path: Path) -> None:
    (tmp_path / ".codex").mkdir()
    found = settings(tmp_path, "[agents.codex]", OPENAI_API_KEY=KEY)
    codex = found.external.programs[0]
    assert codex.writes == ()
    assert codex.secrets["OPENAI_API_KEY"].get_secret_value() == KEY
    assert KEY in found.secrets()
    assert KEY not in repr(found)


def test_every_kind_is_built_from_its_table(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        """
        [agents.mine]
        command = ["mine", "--do", "{instruction}"]
        secrets = ["MINE"]
        env = { MODE = "fast" }
        write = false
        network = false
        memory_mb = 100
        free = true
        [agents.hook]
        url = "https://hook.example/run"
        signing_env = "SIGN"
        effect = "publish"
        output = "json"
        [mcp.github]
        url = "https://mcp.example/"
        bearer_env = "TOKEN"
        effects = { create_issue = "publish" }
        [mcp.files]
        command = ["files-server", "."]
        """,
        MINE="m", SIGN="s", TOKEN="t",
    ).external  # fmt: skip
    mine, hook, (github, files) = found.programs[0], found.hooks[0], found.servers
    assert (mine.writable, mine.network, mine.free) == (False, False, True)
    assert (mine.env, mine.memory_bytes) == ({"MODE": "fast"}, 100_000_000)
    assert (hook.secret.get_secret_value(), hook.effect) == ("s", EffectClass.PUBLISH)
    assert github.headers["Authorization"].get_secret_value() == "Bearer t"
    assert github.effects == {"create_issue": EffectClass.PUBLISH}
    assert files.command == ("files-server", ".")
    assert {secret.get_secret_value() for secret in found.every_secret()} >= {"m", "s", "t"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[agents.x]", "unless its name is one of codex"),
        ('[agents.x]\ncommand = ["a"]\nurl = "https://a.example"', "not both"),
        ('[agents.x]\ncommand = ["a"]\nsecrets = ["GONE"]', "takes GONE from the environment"),
        ('[agents.x]\ncomand = ["a"]', "Did you mean `command`"),
        ("[mcp.x]", "needs either a command or a url"),
        ('[mcp."a.b"]\nurl = "https://a.example"', "letters, digits"),
        ('[mcp.x]\nurl = "ftp://a"', "url"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(Misconfigured, match=told):
        settings(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        '[agents.x]\ncommand = ["sh", "-c", "evil"]',
        "[agents.codex]",
        '[agents.x]\nurl = "http://127.0.0.1:1/"',
        '[mcp.x]\ncommand = ["evil"]',
    ],
)
def test_a_file_found_with_other_files_runs_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "orchestra.toml").write_text(text)
    with pytest.raises(Misconfigured, match="If you want that, start with --config"):
        load(workspace=tmp_path, environ={"HOME": str(tmp_path)})
    assert load(config=tmp_path / "orchestra.toml", workspace=tmp_path, environ={}).external


def test_the_settings_file_and_the_data_are_kept_from_programs(tmp_path: Path) -> None:
    found = settings(tmp_path, "[agents.codex]")
    assert set(found.external.programs[0].kept) == {tmp_path / "orchestra.toml", found.data}


def test_limits_are_set_for_models_programs_and_webhooks(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        """
        [models.local]
        base_url = "http://127.0.0.1:9/v1"
        model = "m"
        concurrency = 1
        tokens_per_minute = 5000
        [agents.hook]
        url = "https://hook.example/run"
        requests_per_minute = 30
        [agents.mine]
        command = ["mine"]
        concurrency = 2
        """,
    )
    assert found.endpoints[0].limits == AgentLimits(concurrency=1, tokens_per_minute=5000)
    assert found.external.hooks[0].limits == AgentLimits(requests_per_minute=30)
    assert found.external.programs[0].limits == AgentLimits(concurrency=2)


def test_what_is_done_about_failures_is_set_for_models_programs_and_webhooks(
    tmp_path: Path,
) -> None:
    found = settings(
        tmp_path,
        """
        [models.local]
        base_url = "http://127.0.0.1:9/v1"
        model = "m"
        attempts = 2
        backoff_cap_s = 5
        [agents.hook]
        url = "https://hook.example/run"
        breaker_failures = 9
        [agents.mine]
        command = ["mine"]
        breaker_rest_s = 120
        """,
    )
    assert found.endpoints[0].recovery == AgentRecovery(attempts=2, backoff_cap_s=5)
    assert found.external.hooks[0].recovery == AgentRecovery(breaker_failures=9)
    assert found.external.programs[0].recovery == AgentRecovery(breaker_rest_s=120)


def test_checks_by_programs_come_from_the_owner_alone(tmp_path: Path) -> None:
    text = '[checks.tone]\ncommand = ["./tone.sh", "-q"]\ntypes = ["draft"]'
    (tone,) = settings(tmp_path, text).external.checkers
    assert tone.command == (str(tmp_path / "tone.sh"), "-q")
    with pytest.raises(Misconfigured, match="would run or call"):
        load(workspace=tmp_path, environ={"HOME": str(tmp_path)})


def test_a_list_of_hosts_and_credentials_go_by_the_proxy(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        """
        [agents.open]
        command = ["x"]
        [agents.listed]
        command = ["x"]
        network = ["pypi.org"]
        [agents.keyed]
        command = ["x"]
        [agents.keyed.inject."API.Example.com"]
        Authorization = "Bearer env:TOKEN"
        X-Shop = "secret:shop"
        [agents.shut]
        command = ["x"]
        network = false
        [agents.shut.inject."api.example.com"]
        X-Shop = "secret:shop"
        """,
        TOKEN=KEY,
    )
    open_, listed, keyed, shut = found.external.programs
    assert (open_.network, open_.hosts) == (True, None)
    assert (listed.network, listed.hosts) == (False, ("pypi.org",))
    assert (keyed.network, keyed.hosts, shut.hosts) == (False, ("*",), ())
    headers = keyed.inject["api.example.com"]
    assert headers["Authorization"].get_secret_value() == f"Bearer {KEY}"
    assert KEY in found.secrets()
    assert not any("secret:" in secret for secret in found.secrets())


def test_servers_of_tools_take_no_projects_secret(tmp_path: Path) -> None:
    for line in ('env = { K = "secret:shop" }', 'inject."a.b" = { K = "secret:shop" }'):
        with pytest.raises(Misconfigured, match="all projects share a server"):
            settings(tmp_path, f'[mcp.s]\ncommand = ["x"]\n{line}')


def test_secrets_may_be_files_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "TOKEN").write_text(f"{KEY}\n")
    (folder / "..data").mkdir()
    text = '[agents.hook]\nurl = "https://hook.example/"\nbearer_env = "TOKEN"'
    found = settings(tmp_path, text, ORCHESTRA_SECRETS=str(folder), TOKEN="old")
    (hook,) = found.external.hooks
    assert hook.headers["Authorization"].get_secret_value() == f"Bearer {KEY}"
    with pytest.raises(Misconfigured, match="names a folder"):
        settings(tmp_path, text, ORCHESTRA_SECRETS=str(tmp_path / "none"))
