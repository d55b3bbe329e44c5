"""The model file: there and back, and what is said when it is not right. And what the shipped one can do."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.category import CATEGORIES, SUBTYPES, Category
from scoring.features import Text
from scoring.model import LIGHT, SHIPPED, Model, ModelError, language, load, names, save
from scoring.train import train
from tests.scoring.plain import PlainEncoder, samples

S, P, L, F, R = CATEGORIES


@pytest.fixture(scope="module")
def small() -> Model:
    return train(samples(), PlainEncoder(), hints=())


@pytest.fixture
def stored(small: Model, tmp_path: Path) -> Path:
    save(small, tmp_path / "small.npz")
    return tmp_path / "small.npz"


@pytest.fixture(scope="module")
def shipped() -> Model:
    return load()


def test_there_and_back(small: Model, stored: Path) -> None:
    texts = [sample.text for sample in samples()]
    before, after = small.predict(texts), load(stored, PlainEncoder()).predict(texts)
    assert after.probabilities == pytest.approx(before.probabilities, abs=0.01)
    assert (after.labels == before.labels).mean() > 0.99


def test_the_name_tells_which_weights_they_are(stored: Path) -> None:
    card = json.loads(stored.with_suffix(".json").read_text())
    model = load(stored, PlainEncoder())
    assert model.name == f"watchfire-{card['sha256'][:8]}"
    save(model, stored)
    assert load(stored, PlainEncoder()).name.count("-") == 1


@pytest.mark.parametrize("lost", [".npz", ".json"])
def test_a_missing_file_says_what_to_do(stored: Path, lost: str) -> None:
    stored.with_suffix(lost).unlink()
    with pytest.raises(ModelError, match=r"is missing\. Run `watchfire train`.* WATCHFIRE_MODEL"):
        load(stored, PlainEncoder())


def test_one_wrong_byte_is_noticed(stored: Path) -> None:
    weights = bytearray(stored.read_bytes())
    weights[len(weights) // 2] ^= 1
    stored.write_bytes(bytes(weights))
    with pytest.raises(ModelError, match=r"is damaged or of another make .*hash"):
        load(stored, PlainEncoder())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 99}, "another version"),
        ({"signals": "other"}, "another version"),
        ({"encoder": "other"}, "needs the encoder other"),
        ({"subtypes": []}, "shape"),
        ({"calibrations": ["en"]}, "do not fit"),
        ({"sha256": None}, "hash"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(stored: Path, change: dict[str, object], said: str) -> None:
    card = json.loads(stored.with_suffix(".json").read_text())
    stored.with_suffix(".json").write_text(json.dumps({**card, **change}))
    with pytest.raises(ModelError, match=said):
        load(stored, PlainEncoder())


@pytest.mark.parametrize("content", ["", "[]", "{}", "not JSON", "\udcff"])
def test_a_broken_card_is_refused(stored: Path, content: str) -> None:
    stored.with_suffix(".json").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelError, match="watchfire train"):
        load(stored, PlainEncoder())


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    shutil.copy(SHIPPED.with_suffix(".json"), tmp_path / "model.json")
    (tmp_path / "model.npz").mkdir()
    with pytest.raises(ModelError, match="cannot be read"):
        load(tmp_path / "model.npz")


def test_nothing_in_nothing_out(small: Model) -> None:
    prediction = small.predict([])
    assert len(prediction.probabilities) == len(prediction.subtypes) == len(prediction.vectors) == 0


def test_company_changes_nothing(small: Model) -> None:
    texts = [sample.text for sample in samples()[::7]]
    together = small.predict(texts).probabilities
    assert together == pytest.approx(np.concatenate([small.predict([text]).probabilities for text in texts]), abs=1e-5)


@given(data=st.data())
def test_held_and_open_never_overlap_and_subtypes_have_a_category(shipped: Model, data: st.DataObject) -> None:
    width = len(CATEGORIES) + len(shipped.subtypes) + 1
    z = data.draw(arrays(np.float32, (3, width), elements=st.floats(-50, 50, width=32)))
    prediction = shipped.judge(z, ["en", "zh", "xx"], np.zeros((3, 512), dtype=np.float32))
    assert ((prediction.probabilities >= 0) & (prediction.probabilities <= 1)).all()
    assert not (prediction.labels & prediction.uncertain).any()
    for row in range(3):
        live = {*names(prediction.labels[row]), *names(prediction.uncertain[row])}
        flags = zip(shipped.subtypes, prediction.subtypes[row], strict=True)
        assert {SUBTYPES[key] for key, flag in flags if flag} <= live


@given(data=st.data())
def test_a_higher_score_is_never_less_probable(shipped: Model, data: st.DataObject) -> None:
    width = len(CATEGORIES) + len(shipped.subtypes) + 1
    z = data.draw(arrays(np.float32, (1, width), elements=st.floats(-20, 20, width=32)))
    rows = np.concatenate([z, z + 0.5])
    lower, higher = shipped.judge(rows, ["en", "en"], np.zeros((2, 512), dtype=np.float32)).probabilities
    assert (higher >= lower).all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (Text("尼日尔政变"), "zh"),
        (Text("Coup"), ""),
        (Text("クーデターが発生、首都は混乱"), ""),
        (Text("Coup", language="en-GB"), "en"),
        (Text("政變", language="zh_TW"), "zh"),
        (Text("", "军人宣布接管政权"), "zh"),
    ],
)
def test_the_language_is_the_declared_one_else_read_from_the_script(text: Text, said: str) -> None:
    assert language(text) == said


def test_the_shipped_file_is_small_and_its_card_complete(shipped: Model) -> None:
    assert LIGHT.stat().st_size < 8_000_000
    assert SHIPPED.stat().st_size < 18_000_000
    assert shipped.card["data"]["samples"] > 2000
    assert shipped.card["metrics"]["fixed"]["macro_f1"] > 0.6
    assert set(shipped.card["metrics"]["fixed"]["languages"]) >= {"en", "zh"}


SHARP: list[tuple[str, set[Category]]] = [
    ("Suicide bomber kills 23 at market in northern town", {S}),
    ("Soldiers seize state television and declare the president deposed", {P}),
    ("Treasury puts eleven tanker owners on sanctions list", {L}),
    ("Central bank devalues currency by 40 percent as dollars run out", {F}),
    ("Shoppers boycott sportswear brand over forced labour in its factories", {R}),
    ("首都发生自杀式爆炸 至少12人死亡", {S}),
    ("军方宣布接管政权 总统被软禁", {P}),
    ("美国将六家芯片企业列入实体清单", {L}),
    ("该国宣布主权债务违约 暂停偿付美元债券", {F}),
    ("网民发起抵制 品牌就辱华广告道歉", {R}),
    ("Atentado con coche bomba deja 14 muertos en la capital", {S}),
    ("انقلاب عسكري: الجيش يعلن حل البرلمان وإغلاق الحدود", {P}),
    ("Землетрясение магнитудой 7,1: десятки погибших", {S}),
    ("Veteran striker scores twice as hosts reach cup final", set()),
    ("国家大剧院将上演新编歌剧", set()),
]


def test_the_shipped_model_reads_sharp_headlines(shipped: Model) -> None:
    prediction = shipped.predict([Text(title) for title, _ in SHARP])
    missed = [
        (title, names(row)) for (title, wanted), row in zip(SHARP, prediction.labels, strict=True)
        if not (wanted <= set(names(row)) if wanted else not row.any())
    ]  # fmt: skip
    assert len(missed) <= 1, missed
