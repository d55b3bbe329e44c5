"""One training from beginning to end: corrections and the model in use in, a model file and its contest out.

It takes a minute or more of one core, and happens in a process of its own: pages and the walk do not wait for it.
What teaches (`service.desk.teaching`) is imported there alone: its libraries are most of what a start would load.
"""

import gc
import os
import secrets
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from scoring.model import ModelError, load, save
from scoring.sample import Sample, SampleError, TrainingError

NICE = 10  # training gives way to everything else on the machine


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learnt from: the model in use, the house's corrections and the corpus, a folder of labelled text."""

    model: Path
    corrections: tuple[Sample, ...]
    corpus: Path
    folder: Path  # where the new model goes
    made: str  # the day that its card shows


@dataclass(frozen=True, slots=True)
class Made:
    """A model that lies in the folder now, and how it did against its parent."""

    name: str
    parent: str
    card: dict[str, Any]
    contest: dict[str, Any]

    @property
    def better(self) -> bool:
        """Whether it won."""
        return bool(self.contest["better"])


Teacher = Callable[[Lesson], Made]


def keep(lesson: Lesson, fresh: Any, parent: str, contest: dict[str, Any]) -> Made:
    """Write a model under the name that its weights give it."""
    draft = lesson.folder / f".new-{secrets.token_hex(4)}.npz"
    try:
        save(fresh, draft)
        made = load(draft, fresh.encoder)
        for suffix in (".json", ".npz"):  # the card first: weights are there only with it
            draft.with_suffix(suffix).replace(lesson.folder / f"{made.name}{suffix}")
    finally:
        for suffix in (".json", ".npz"):
            draft.with_suffix(suffix).unlink(missing_ok=True)
    return Made(made.name, parent, dict(made.card), contest)


class Interrupted(Exception):
    """Whoever taught was told to stop, or was killed; nothing was made."""


class Apart:
    """A teacher in a process of its own, which gives way to all others, and can be told to stop."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._stopped = False

    def __call__(self, lesson: Lesson) -> Made:
        """Teach and wait for it; what went wrong there is raised here. Interrupted when it ended without an answer."""
        world = get_context("spawn")
        receiver, sender = world.Pipe(duplex=False)
        self._process = world.Process(target=_apart, args=(lesson, sender), daemon=True)
        self._process.start()
        sender.close()
        if self._stopped:
            self.stop()
        try:
            answer: Made | Exception = receiver.recv()
        except EOFError:
            raise Interrupted("The process that trained the model was ended.") from None
        finally:
            receiver.close()
            self._process.join()
            self._process = None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def stop(self) -> None:
        """End what is under way, now."""
        self._stopped = True
        process = self._process
        if process is not None:
            process.terminate()


def _apart(lesson: Lesson, sender: Connection) -> None:
    gc.enable()  # the command line begins without it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: who began it, ends it
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    if hasattr(os, "nice"):
        os.nice(NICE)
    try:
        from service.desk.teaching import teach  # noqa: PLC0415 -- scikit-learn: 1 s that no start should pay

        sender.send(teach(lesson))
    except Exception as error:
        sender.send(_portable(error))


def _portable(error: Exception) -> Exception:
    """An error that can travel: its own kind if that is one of those that the caller knows."""
    known = isinstance(error, TrainingError | SampleError | ModelError | OSError)
    return error if known else RuntimeError(f"{type(error).__name__}: {error}")
