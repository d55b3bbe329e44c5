"""The closer look: what the shipped one says of pairs, what it changes in joining, and joining without it."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from scoring.joint import closer as rooms
from scoring.joint.closer import Closer, in_a_row, load, shown
from scoring.joint.joiner import SURE, UNLIKELY, Joiner
from scoring.joint.traits import Word
from scoring.joint.weights import load as load_joint
from scoring.model import LIGHT
from scoring.model import load as load_model
from scoring.pieces import BEGIN, END, PiecesError
from service.cli import join
from service.record import remembered as memory
from service.store.engine import Store
from tests.joining.test_joiner import FERRY, some

TOLD = FERRY.vector


class Said(Closer):
    """Says the same of every pair, and keeps what it was asked."""

    def __init__(self, odds: float) -> None:
        super().__init__(b"", np.zeros(0, dtype=np.float32))
        self.says, self.asked = odds, list[tuple[str, str]]()

    def odds(self, pairs: Sequence[tuple[str, str]]) -> list[float] | None:
        self.asked += pairs
        return [self.says] * len(pairs)


@pytest.fixture
def kept() -> Iterator[None]:
    """The one closer look of this process is read anew, and again afterwards."""
    load.cache_clear()
    yield
    load.cache_clear()


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        (
            "Two dead as landslide buries bus on mountain road near Quito",
            "厄瓜多尔首都附近山体滑坡掩埋客车 已致两人死亡",
            "厄瓜多尔一煤矿发生爆炸 两人死亡",
        ),
        (
            "Central bank of Zambia raises rate to 16%",
            "赞比亚央行加息至16%",
            "加纳央行行长辞职",
        ),
        (
            "Rebels seize the airport at Kindu",
            "Prise de l'aéroport de Kindu par la rébellion",
            "Rebels push towards Bukavu, residents flee",
        ),
    ],
)
def test_a_telling_is_likelier_than_what_is_merely_alike(one: str, same: str, other: str) -> None:
    shipped = load()
    assert shipped is not None
    odds = shipped.odds([(one, same), (one, other)])
    assert odds is not None
    assert odds[0] > odds[1] + 1.0


def test_an_answer_is_the_same_in_any_company() -> None:
    shipped = load()
    assert shipped is not None
    pairs = [("A bridge falls in Genoa", "热那亚一桥梁坍塌"), ("Rates rise", "Los tipos suben"), ("a", "b")]
    assert shipped.odds(pairs) == [odds for pair in pairs for odds in shipped.odds([pair]) or ()]
    assert shipped.odds(pairs[::-1]) == (shipped.odds(pairs) or [])[::-1]


def test_two_texts_are_one_row_with_one_beginning() -> None:
    one, other = shown("Ferry sinks off Basilan"), shown("渡轮沉没")
    row = in_a_row(one, other)
    assert row.count(BEGIN) == 1
    assert row[0] == BEGIN
    assert row.count(END) == 2
    assert len(shown("very " * 90)) == rooms.MOST


def doubtful(says: float) -> tuple[Joiner, Said]:
    """A ferry that may be told again, as far as features say."""
    closer = Said(says)
    joiner = Joiner(load_joint(), closer=closer)
    joiner.add("ferry", some("first", vector=TOLD, text="Ferry sinks"))
    return joiner, closer


AGAIN = some("again", 30, words={}, leads=(7,), numbers={}, text="渡轮沉没")


def test_what_is_doubtful_is_settled_by_the_closer_look() -> None:
    plain = Joiner(load_joint())
    plain.add("ferry", some("first", vector=TOLD, text="Ferry sinks"))
    assert UNLIKELY < plain.ranked(AGAIN)[0][0] < SURE
    joiner, closer = doubtful(8.0)
    assert (found := joiner.find(AGAIN)) is not None
    assert found.event == "ferry"
    assert closer.asked == [("Ferry sinks", "渡轮沉没")]
    joiner, closer = doubtful(-8.0)
    assert joiner.find(AGAIN) is None


def test_what_is_sure_or_without_a_text_is_not_asked() -> None:
    joiner, closer = doubtful(-8.0)
    assert joiner.find(some("again", 1, vector=TOLD, text="Ferry sinks again")) is not None  # sure
    far = some("far", 1, leads=(9,), words={9: Word(1.0, 1.0, 0.9)}, sounds={8: (0.9, True)}, numbers={},
               things={6: Word(1.0, 1.0, 0.8)}, subtypes=frozenset(("unrest",)), text="Marchers")  # fmt: skip
    assert joiner.ranked(far)[0][0] < UNLIKELY
    joiner.find(some("bare", 30, words={}, leads=(7,), numbers={}))
    assert closer.asked == []


def test_without_its_packages_joining_goes_on_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(_graph: bytes) -> None:
        raise PiecesError("The package onnxruntime is not installed: run `pip install onnxruntime`.")

    monkeypatch.setattr(rooms, "opened_graph", missing)
    closer = Closer(b"", np.zeros(384, dtype=np.float32))
    with caplog.at_level(logging.WARNING):
        assert closer.odds([("a", "b")]) is None
        assert closer.odds([("a", "b")]) is None
    assert [record.message for record in caplog.records] == [
        "Joining goes on without its closer look, and a little worse: "
        "The package onnxruntime is not installed: run `pip install onnxruntime`."
    ]
    joiner = Joiner(load_joint(), closer=closer)
    joiner.add("ferry", some("first", vector=TOLD, text="Ferry sinks"))
    plain = Joiner(load_joint())
    plain.add("ferry", some("first", vector=TOLD, text="Ferry sinks"))
    assert joiner.ranked(AGAIN) == plain.ranked(AGAIN)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("content", [None, b"", b"no archive at all", b"PK\x03\x04 cut off"])
def test_a_missing_or_damaged_file_is_told_and_gone_without(
    content: bytes | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "closer.npz"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(rooms, "FILE", file)
    assert load() is None
    assert "joining goes on without it" in caplog.text


@pytest.mark.usefixtures("kept")
def test_who_joins_lightly_never_opens_it(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened() -> None:
        raise AssertionError("the closer look was opened")

    for door in (join, memory):
        monkeypatch.setattr(door, "load_closer", opened)
    join.Stream(load_model(LIGHT), closely=False)
    with sqlite_store.read() as session:
        memory.remembered(session, closely=False)
        with pytest.raises(AssertionError):
            memory.remembered(session, closely=True)
    with pytest.raises(AssertionError):
        join.Stream(load_model(LIGHT))
