"""Clauses that are one question stay together; what asks something of its own has its own answer."""

from pathlib import Path

import pytest

from planner.offline.drafter import plan_offline
from tests.unit.planner.world import ask, describe

FILES = {
    "dogs.csv": "tag,dog,breed,owner,kg\n1,Rex,pug,Ann,9\n2,Bo,pug,Cy,8\n3,Max,collie,Ann,21\n",
    "stays.csv": "stay,tag,day,pen,nightly\n1,1,2025-03-01,A1,20\n2,2,2025-04-02,B1,22\n3,3,2025-04-09,A1,25\n",
}


@pytest.mark.parametrize(
    ("words", "queries"),
    [
        ("how many dogs are there? average kg by breed?", 2),
        ("how many dogs are there? also which pen is used most?", 2),
        ("average nightly per pen, highest first?", 1),
        ("collies, how many stays", 1),
        ("total nightly by month, then average kg by breed", 2),
        ("only dogs over 8 kg, then count them by breed", 1),
        ("nightly each month", 1),
    ],
)
def test_a_question_has_an_answer(tmp_path: Path, words: str, queries: int) -> None:
    for name, rows in FILES.items():
        (tmp_path / name).write_text(rows)
    draft = plan_offline(ask(words, describe(tmp_path, *FILES)))
    assert [task.type for task in draft.tasks] == ["data.query"] * queries, draft.declined
