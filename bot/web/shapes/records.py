"""Settings with their reasons, and how work went, as the API gives them."""

import math
from typing import Literal

from bot.language.catalogue import Locale
from bot.queries.about.here import Effective, Setting
from bot.queries.web.records import Went
from bot.web.shapes.agents import AgentLately, lately
from memory.model.authority import Right
from memory.model.base import AgentName, Model
from memory.model.identity import Role
from planner.evaluation.calibration import Coverage


class SettingLine(Model):
    """A setting as it holds here, and why."""

    name: str
    value: str
    source: Literal["environment", "settings file", "default"]
    why: str


class Settings(Model):
    """What holds in the project, and what you may do in it."""

    project: str
    file: str
    role: Role
    rights: tuple[Right, ...]
    stopped: bool
    items: tuple[SettingLine, ...]


class Verified(Model):
    """Whether the audit chain holds."""

    intact: bool
    text: str


class DayLine(Model):
    """The runs that began on a day."""

    day: str
    runs: int
    succeeded: int
    failed: int
    cancelled: int
    cost_micro_usd: int


class Operations(Model):
    """How runs went. Nulls where none ended."""

    runs: int
    succeeded: int
    failed: int
    cancelled: int
    failure_rate: float | None
    median_seconds: float | None
    p95_seconds: float | None
    by_day: tuple[DayLine, ...]


class Forecasts(Model):
    """How many per cent of runs stayed inside their forecasts; null where nothing can be said."""

    runs: int
    cost_inside: float | None
    time_inside: float | None


class Analytics(Model):
    """What the stored rows say, and nothing else."""

    days: int
    operations: Operations
    forecasts: Forecasts
    agents: tuple[AgentLately, ...]
    cost_micro_usd: int


def settings_shape(_: Locale, found: Effective) -> Settings:
    """What holds here."""
    return Settings(
        project=found.project,
        file=found.file,
        role=found.role,
        rights=found.rights,
        stopped=found.stopped,
        items=tuple(_setting(_, setting, found.file) for setting in found.settings),
    )


def analytics_shape(found: Went, days: int, titles: dict[AgentName, str]) -> Analytics:
    """How the runs of these days went."""
    counts = {
        name: sum(getattr(day, name) for day in found.days)
        for name in ("runs", "succeeded", "failed", "cancelled", "cost_micro_usd")
    }
    ended = counts["succeeded"] + counts["failed"]
    return Analytics(
        days=days,
        operations=Operations(
            runs=counts["runs"], succeeded=counts["succeeded"], failed=counts["failed"],
            cancelled=counts["cancelled"],
            failure_rate=counts["failed"] / ended if ended else None,
            median_seconds=_quantile(found.seconds, 0.5),
            p95_seconds=_quantile(found.seconds, 0.95),
            by_day=tuple(DayLine.model_validate(day, from_attributes=True) for day in found.days),
        ),
        forecasts=Forecasts(
            runs=found.calibration.runs,
            cost_inside=_inside(found.calibration.cost),
            time_inside=_inside(found.calibration.duration),
        ),
        agents=tuple(lately(row, titles) for row in found.agents),
        cost_micro_usd=counts["cost_micro_usd"],
    )  # fmt: skip


def _quantile(ordered: tuple[float, ...], share: float) -> float | None:
    """By the nearest rank."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None


def _inside(found: Coverage | None) -> float | None:
    return found.inside if found else None


def _setting(_: Locale, setting: Setting, file: str) -> SettingLine:
    match setting.source:
        case "environment":
            why = _("It's set in the environment, which goes before the settings file.")
        case "settings file":
            why = _("It's set in {file}.").format(file=file or "orchestra.toml")
        case "default":
            why = _(
                "Nobody set it, so it's the usual; `{name}` in orchestra.toml changes it."
            ).format(name=setting.name)
    return SettingLine(name=setting.name, value=setting.value, source=setting.source, why=why)
