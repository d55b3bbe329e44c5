"""Models of a house on both databases: wanted by a person, made by a worker, put to use forward and back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from scoring.sample import TrainingError
from service.desk.corrections import Wanted, undo_correction
from service.desk.lesson import Apart, Interrupted, Lesson, Made
from service.desk.models import ModelInUse, file_of, overview, serving, shipped_name, use_model
from service.desk.training import Trainer, ask_training, make_model, train_due
from service.errors import Conflict, Invalid, NotFound, Refused, SetupError
from service.store.engine import Store
from service.store.models import model_history
from service.store.scope import Role
from service.store.tables import AssessmentRow, Training
from tests.learning.teaching import teacher
from tests.learning.test_corrections import correct, entry_called, operator
from tests.walk.scene import CALM, COUP, Scene, model, scene


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as playing:
        playing.feed("herald", [COUP, CALM])
        playing.go()
        yield playing


def training(play: Scene) -> Training:
    with play.house.store.read() as session:
        return session.exec(select(Training)).one()


def test_from_a_wish_to_use_and_back(play: Scene) -> None:
    eyes, shipped = operator(play), shipped_name()
    correct(play, "calm", Wanted(["legal"], [], 2, ["NE"]), "Local rules.")
    row = ask_training(play.house, eyes)
    assert ask_training(play.house, eyes).id == row.id, "one wish at a time"
    seen: list[Lesson] = []
    made = train_due(play.house, "worker", teacher(seen=seen))
    assert made is not None
    assert train_due(play.house, "worker", teacher()) is None
    (sample,) = seen[0].corrections
    assert (sample.labels, sample.severity, sample.countries) == (("legal",), 2, ("NE",))
    assert sample.text.title == CALM.title
    assert (training(play).state, training(play).model) == ("done", made.name)
    assert (made.state, made.parent, made.corrections, made.made_by) == ("candidate", shipped, 1, "operator")
    assert serving(play.house).name == shipped, "a worker puts nothing to use"
    assert use_model(play.house, eyes, made.name).name == made.name
    correct(play, "coup", Wanted([]))
    second = make_model(play.house, "operator", teacher())
    assert second.parent == made.name
    use_model(play.house, eyes, second.name)
    states = {one.name: one.state for one in overview(play.house, eyes).models}
    assert states == {second.name: "in_use", made.name: "retired"}
    assert use_model(play.house, eyes, made.name).name == made.name
    assert use_model(play.house, eyes, shipped).name == shipped
    assert {one.state for one in overview(play.house, eyes).models} == {"retired"}
    with play.house.store.read() as session:
        deeds = [line.action for line in model_history(session, eyes)]
    assert deeds == [*["model.use"] * 2, "model.use", "model.make", "model.use", "model.make", "model.ask"]


def test_running_workers_take_it_up_with_the_next_batch(play: Scene) -> None:
    correct(play, "calm", Wanted(["legal"]))
    made = make_model(play.house, "operator", teacher())
    in_use = ModelInUse(play.house.settings, play.house.store)
    walk = replace(play.walk, model=in_use)
    object.__setattr__(play, "walk", walk)
    assert in_use().name == shipped_name()
    use_model(play.house, operator(play), made.name)
    play.feed("tribune", [COUP])
    play.go()
    with play.house.store.read() as session:
        assert made.name in session.exec(select(AssessmentRow.model)).all()
    file_of(play.house.settings, made.name).unlink()
    use_model(play.house, operator(play), shipped_name())
    assert in_use().name == shipped_name()


def test_a_model_that_cannot_be_loaded_leaves_the_old_one_at_work(
    play: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    correct(play, "calm", Wanted(["legal"]))
    made = make_model(play.house, "operator", teacher())
    in_use = ModelInUse(play.house.settings, play.house.store)
    in_use()
    use_model(play.house, operator(play), made.name)
    file_of(play.house.settings, made.name).write_bytes(b"torn")
    assert [in_use().name for _ in range(3)] == [shipped_name()] * 3
    assert caplog.text.count("stays in use here") == 1
    with pytest.raises(SetupError, match="damaged"):
        ModelInUse(play.house.settings, play.house.store)()


def test_a_loser_is_used_only_by_somebody_who_insists(play: Scene) -> None:
    correct(play, "calm", Wanted(["legal"]))
    made = make_model(play.house, "operator", teacher(better=False))
    assert made.state == "refused"
    with pytest.raises(Conflict, match="no better"):
        use_model(play.house, operator(play), made.name)
    assert use_model(play.house, operator(play), made.name, anyway=True).name == made.name


def test_a_contest_against_another_model_is_no_contest(play: Scene) -> None:
    correct(play, "calm", Wanted(["legal"]))
    first = make_model(play.house, "operator", teacher())
    second = make_model(play.house, "operator", teacher(step=0.002))
    use_model(play.house, operator(play), first.name)
    with pytest.raises(Conflict, match="held against"):
        use_model(play.house, operator(play), second.name)


def test_who_may_and_what_is_not_there(play: Scene) -> None:
    eyes = operator(play)
    with pytest.raises(Invalid, match="no correction"):
        ask_training(play.house, eyes)
    with pytest.raises(NotFound):
        use_model(play.house, eyes, "watchfire-00000000")
    for one in (replace(eyes, role=Role.ANALYST), replace(eyes, home=False)):
        with pytest.raises(Refused):
            ask_training(play.house, one)
        with pytest.raises(Refused):
            use_model(play.house, one, shipped_name())
    with pytest.raises(Refused):
        overview(play.house, replace(eyes, home=False))


def test_a_training_that_fails_says_why_and_one_that_is_interrupted_stays_wanted(play: Scene) -> None:
    def fails(_lesson: Lesson) -> Made:
        raise TrainingError("There is nothing to learn.")

    def breaks(_lesson: Lesson) -> Made:
        raise Interrupted("killed")

    correct(play, "calm", Wanted(["legal"]))
    ask_training(play.house, operator(play))
    assert train_due(play.house, "one", breaks) is None
    assert (training(play).state, training(play).lease_by) == ("waiting", None)
    assert train_due(play.house, "one", fails) is None
    assert (training(play).state, training(play).error) == ("failed", "There is nothing to learn.")


def test_what_was_taken_back_teaches_nothing(play: Scene) -> None:
    correct(play, "calm", Wanted(["legal"]))
    undo_correction(play.house, operator(play), entry_called(play, "calm"))
    with pytest.raises(Invalid, match="no correction"):
        make_model(play.house, "operator", teacher())


def test_a_teacher_apart_says_what_went_wrong_and_can_be_stopped(sqlite_store: Store, tmp_path: Path) -> None:
    lesson = Lesson(tmp_path / "none.npz", (), tmp_path, tmp_path, "2026-03-01")
    with pytest.raises(Exception, match="is missing"):
        Apart()(lesson)
    stopped = Apart()
    stopped.stop()
    with pytest.raises(Interrupted):
        stopped(lesson)
    with scene(sqlite_store, tmp_path, model()) as play:
        assert Trainer(play.house, "worker")() is None
