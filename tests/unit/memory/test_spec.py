"""An agent's description: what is left open takes no room, so that older data reads the same."""

from memory.model.agents.spec import AgentKind, AgentSpec, Parameter
from memory.model.base import AgentName

PARAMETER = Parameter(name="path", description="The file", type="path")
SPEC = AgentSpec(
    name=AgentName("a"), kind=AgentKind.TOOL, title="A", description="", task_types=("a",),
    parameters=(PARAMETER,),
)  # fmt: skip


def test_what_a_description_leaves_open_is_not_written_down() -> None:
    written = SPEC.model_dump(mode="json")
    assert not {"words", "file_rule", "usual_s", "limits", "recovery"} & written.keys()
    assert not {"takes", "endings", "sample"} & written["parameters"][0].keys()
    assert AgentSpec.model_validate(written) == SPEC


def test_what_a_description_says_is_written_down_and_read_again() -> None:
    parameter = PARAMETER.model_copy(
        update={"takes": ("file",), "endings": (".png",), "sample": "a.png"}
    )
    full = SPEC.model_copy(
        update={
            "words": ("chart",),
            "file_rule": "A chart is a PNG file",
            "usual_s": (0.5, 3.0),
            "parameters": (parameter,),
        }
    )
    assert AgentSpec.model_validate_json(full.model_dump_json()) == full
