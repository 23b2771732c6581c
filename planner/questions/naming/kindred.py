"""Which readings tell a person the same: the same rows with more or fewer columns, or things by key or by name. Pure."""

from planner.questions.semantics import Role
from planner.questions.spec import Field, Group, Join, Order, QuerySpec
from planner.questions.words.terms import Vocabulary, names_rows


def told_alike(spec: QuerySpec, vocabulary: Vocabulary) -> str:
    """A text that readings share which tell a person the same."""
    spec = _of_row(spec)
    if not spec.measures:
        if spec.distinct:
            return spec.model_copy(update={"said": (), "noun": ""}).model_dump_json()
        update = {"columns": (), "joins": (), "said": (), "noun": "", "order": spec.order[:1]}
        return spec.model_copy(update=update).model_dump_json()
    groups = tuple(dict.fromkeys(_thing(group, spec, vocabulary) for group in spec.groups))
    order = tuple(o for o in spec.order if o.by in {measure.name for measure in spec.measures})
    update = {"groups": (), "joins": (), "order": order, "said": (), "noun": ""}
    return f"{spec.model_copy(update=update).model_dump_json()} {groups}"


def _of_row(spec: QuerySpec) -> QuerySpec:
    """The row with the highest value, where only the highest value is asked for."""
    alone = spec.measures[0] if len(spec.measures) == 1 and not spec.groups else None
    if alone is None or alone.function not in {"max", "min"} or alone.only or alone.per is not None:
        return spec
    if not isinstance(alone.of, Field) or spec.having or spec.windows:
        return spec
    order = (Order(by=alone.of, descending=alone.function == "max"),)
    return spec.model_copy(update={"measures": (), "order": order, "limit": 1, "ties": True})


def _thing(group: Group, spec: QuerySpec, vocabulary: Vocabulary) -> str:
    """The other file where rows are put together by what a row of it is, else the group itself."""
    plain = group.grain is None and group.width is None
    files = [join.file for join in spec.joins if plain and _is_row(group, join, vocabulary)]
    return f"row of {files[0]}" if files else group.model_dump_json(exclude={"name"})


def _is_row(group: Group, join: Join, vocabulary: Vocabulary) -> bool:
    """Whether the column is the key or the name of the joined file's row."""
    if group.field == join.left:
        return True
    ref = vocabulary.ref(group.field)
    if ref is None or group.field.file != join.file:
        return False
    return ref.name == join.right or names_rows(ref) or ref.role is Role.NAME
