"""The built-in tools that burn time and memory. They work in processes of their own."""

from executor.agents.data_chart import DataChart
from executor.agents.data_export import DataExport
from executor.agents.data_profile import DESCRIBE, DataProfile
from executor.agents.data_query import DataQuery
from executor.agents.report_render import ReportRender
from executor.agents.report_write import ReportWrite
from executor.agents.text_summarise import TextSummarise
from executor.port import Agent
from memory.model.timing.clock import Clock


def burning(clock: Clock) -> dict[str, Agent]:
    """Each by its name."""
    agents: list[Agent] = [
        DataQuery(),
        DataProfile(),
        DataProfile(DESCRIBE),
        DataChart(),
        DataExport(),
        ReportWrite(clock),
        ReportRender(),
        TextSummarise(),
    ]
    return {agent.spec.name: agent for agent in agents}
