"""One process that parses document after document and tells what went wrong."""

import resource
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from time import process_time

from tests.fuzz.mutate import document
from tests.fuzz.promise import parse
from tests.fuzz.shrink import shrunk

SLOW = 2.0  # processor seconds
GROWTH = 100  # MB that the peak may rise after the warm-up
WARM_UP = 500  # documents
UNIT = 2**20 if sys.platform == "darwin" else 2**10  # ru_maxrss counts bytes there, KB elsewhere


@dataclass(slots=True)
class Tally:
    """What a stretch of documents came to. `memory` is (number, peak MB) by and by."""

    done: int = 0
    read: int = 0
    slowest: float = 0.0
    slowest_number: int = -1
    failures: list[tuple[int, str]] = field(default_factory=list)
    memory: list[tuple[int, float]] = field(default_factory=list)


def peak() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / UNIT


def work(seed: int, numbers: range, folder: Path, pipe: Connection) -> None:
    """Parse the documents of these numbers; send each number before its turn, and the tally at the end."""
    tally = Tally()
    floor = 0.0
    for number in numbers:
        pipe.send(number)
        body = document(seed, number)
        before = peak()
        for why in _look(body, number, tally):
            tally.failures.append((number, why))
            keep(folder, seed, number, _smallest(body, why), why)
        floor = peak() if tally.done <= WARM_UP else max(floor, before)  # making a document takes memory too
        if peak() > floor + GROWTH:
            tally.failures.append((number, f"memory {peak() - floor:.0f} MB"))
            keep(folder, seed, number, body, "memory")
        if tally.done % WARM_UP == 0:
            tally.memory.append((number, peak()))
    pipe.send(tally)


def _look(body: bytes, number: int, tally: Tally) -> Iterator[str]:
    begun = process_time()
    why = failure(body, tally)
    took = process_time() - begun
    tally.done += 1
    if took > tally.slowest:
        tally.slowest, tally.slowest_number = took, number
    if why:
        yield why
    if took > SLOW:
        yield f"slow {took:.1f} s"


def failure(body: bytes, tally: Tally | None = None) -> str:
    """What went wrong and where, "" when all went well."""
    try:
        was_read = parse(body)
    except Exception as error:  # any kind is a finding
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(last.filename).name}:{last.name}"
    if tally:
        tally.read += was_read
    return ""


def _smallest(body: bytes, why: str) -> bytes:
    return body if why.startswith("slow") else shrunk(body, lambda part: failure(part) == why)


def keep(folder: Path, seed: int, number: int, body: bytes, why: str) -> None:
    """Write a failing document down."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{seed}-{number}-{why.split()[0]}").write_bytes(body)
