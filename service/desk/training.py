"""Having a model made from the house's corrections: asked for by a person, made by a worker, kept with its contest."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from scoring.category import Category
from scoring.features import Text
from scoring.model import ModelError
from scoring.sample import Sample, SampleError, TrainingError
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.desk.lesson import Apart, Interrupted, Lesson, Made, Teacher
from service.desk.models import serving
from service.errors import Invalid, SetupError
from service.log import logger
from service.store.corrections import all_in_force, count_in_force
from service.store.log import write_log
from service.store.models import claim_training, end_training, get_model, waiting_training
from service.store.scope import Scope
from service.store.tables import ModelRow, Training

CORPUS = Path(sys.modules["scoring"].__path__[0]) / "corpus"
NOTHING = "There is no correction to learn from."
ADVICE = "Correct a few entries first, on the page Learning."
log = logger(__name__)


def ask_training(premises: Premises, scope: Scope) -> Training:
    """Want a model made by the next worker that is free; while one is wanted already, that is the one.

    Invalid when nothing has been corrected.
    """
    demand(scope, Permission.MODELS)
    now = premises.clock()
    with premises.store.write() as session:
        row = waiting_training(session)
        if row is not None:
            return row
        if not count_in_force(session):
            raise Invalid(NOTHING, ADVICE)
        row = Training(asked_at=now, asked_by=scope.actor)
        session.add(row)
        session.flush()
        leave_line(session, scope, now, "model.ask", row.id)
    return row


class Trainer:
    """A worker's part in it: called at every tick, and told when to stop."""

    def __init__(self, premises: Premises, by: str) -> None:
        self._premises, self._by, self._teacher = premises, by, Apart()

    def __call__(self) -> object:
        """Make the model that is wanted, if one is."""
        return train_due(self._premises, self._by, self._teacher)

    def stop(self) -> None:
        """Leave what is under way to another worker, or to the next start."""
        self._teacher.stop()


def train_due(premises: Premises, by: str, teacher: Teacher) -> ModelRow | None:
    """Make the model that is wanted, if one is. It is kept as a candidate or as refused; a person puts it to use."""
    with premises.store.read() as session:
        if waiting_training(session) is None:
            return None  # nearly always: nothing is locked for it
    with premises.store.write() as session:
        wanted = claim_training(session, premises.clock(), by)
    if wanted is None:
        return None
    try:
        row = make_model(premises, wanted.asked_by, teacher)
    except Interrupted:
        log.info("the training was interrupted; it stays wanted")
        _let_go(premises, wanted, by)
        return None
    except Exception as error:
        said = str(error) if isinstance(error, SetupError | Invalid) else f"{type(error).__name__}: {error}"
        log.exception("no model could be made from the corrections", exc_info=error)
        _end(premises, wanted, by, error=said[:500])
        return None
    _end(premises, wanted, by, model=row.name)
    return row


def _let_go(premises: Premises, wanted: Training, by: str) -> None:
    with premises.store.write() as session:
        row = session.get(Training, wanted.id)
        if row is not None and row.lease_by == by:
            row.lease_until = row.lease_by = None
            session.add(row)


def _end(premises: Premises, wanted: Training, by: str, *, model: str | None = None, error: str | None = None) -> None:
    with premises.store.write() as session:
        row = session.get(Training, wanted.id)
        if row is not None and row.lease_by == by:
            end_training(row, premises.clock(), model=model, error=error)
            session.add(row)


def make_model(premises: Premises, actor: str, teacher: Teacher, corpus: Path = CORPUS) -> ModelRow:
    """A model from the corrections in force, with its contest; Invalid when they teach nothing."""
    now = premises.clock()
    lesson = lesson_of(premises, now, corpus)
    try:
        made = teacher(lesson)
    except (TrainingError, SampleError, ModelError) as error:
        raise Invalid(str(error)) from error
    except OSError as error:
        raise SetupError(f"The new model cannot be written: {error.strerror}.", "Check the data folder.") from error
    with premises.store.write() as session:
        return _kept(session, made, len(lesson.corrections), actor, now)


def lesson_of(premises: Premises, now: datetime, corpus: Path = CORPUS) -> Lesson:
    """What there is to learn today."""
    with premises.store.read() as session:
        corrections = tuple(_samples(session))
    if not corrections:
        raise Invalid(NOTHING, ADVICE)
    folder = premises.settings.data / "models"
    return Lesson(serving(premises).path, corrections, corpus, folder, now.date().isoformat())


def _samples(session: Session) -> Iterator[Sample]:
    """The corrections as labelled text; of several for the very same words, the newest."""
    found = {}
    for row, entry, _ in all_in_force(session):
        text = Text(entry.title, entry.text, entry.language)
        found[text] = Sample(
            key=f"entry-{entry.id}",  # the same word on the same entry is nothing new
            text=text,
            labels=tuple(Category(key) for key in row.after["labels"]),
            subtypes=tuple(row.after["subtypes"]),
            severity=row.after["severity"],
            countries=tuple(row.after["countries"]),
        )
    yield from found.values()


def _kept(session: Session, made: Made, corrections: int, actor: str, now: datetime) -> ModelRow:
    known = get_model(session, made.name)
    if known is not None:  # the same corrections teach the same
        return known
    row = ModelRow(
        name=made.name,
        parent=made.parent,
        made_at=now,
        made_by=actor,
        corrections=corrections,
        contest=made.contest,
        card=made.card,
        state="candidate" if made.better else "refused",
    )
    session.add(row)
    write_log(
        session,
        at=now,
        actor=actor,
        action="model.make",
        subject="model",
        subject_id=made.name,
        detail={"parent": made.parent, "corrections": corrections, "better": made.better},
    )
    session.flush()
    return row
