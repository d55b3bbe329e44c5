"""Parse many mutated documents in several processes: `python -m tests.fuzz --count 200000 --seed 1 --seconds 600`.

A document fails when anything but ParseError is raised, a promise of `Item` is broken, it takes more than 2 s of
processor time, hangs, or takes the peak of its process 100 MB above that after the warm-up. Failing documents are
written to a folder, as small as they still fail. Exit 1 when there are any.
"""

import argparse
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import gettempdir
from time import monotonic

from tests.fuzz.mutate import document
from tests.fuzz.worker import Tally, keep, work

HANGS = 30.0  # seconds on the clock, of one document
STRETCH = 5_000  # documents a process, so that each begins with a fresh heap


def stretch(seed: int, folder: Path, end: float, numbers: range) -> Tally:
    """Run one process over these numbers; where it hangs or dies, another goes on behind that document."""
    whole = Tally()
    while numbers and monotonic() < end:
        part, last = _process(seed, folder, numbers)
        _add(whole, part)
        if last is None:
            break
        whole.failures.append((last, "hangs or dies"))
        whole.done += last + 1 - numbers.start
        keep(folder, seed, last, document(seed, last), "hangs")
        numbers = range(last + 1, numbers.stop)
    return whole


def _process(seed: int, folder: Path, numbers: range) -> tuple[Tally, int | None]:
    """The tally, and the number at which the process had to be ended."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(seed, numbers, folder, sender), daemon=True)
    process.start()
    sender.close()
    last = numbers.start
    try:
        while receiver.poll(HANGS):
            message = receiver.recv()
            if isinstance(message, Tally):
                process.join()
                return message, None
            last = message
    except EOFError:
        pass
    process.kill()
    process.join()
    return Tally(), last


def _add(whole: Tally, part: Tally) -> None:
    whole.done += part.done
    whole.read += part.read
    whole.failures += part.failures
    whole.memory += part.memory
    if part.slowest > whole.slowest:
        whole.slowest, whole.slowest_number = part.slowest, part.slowest_number


def _report(whole: Tally, took: float) -> Iterator[str]:
    yield f"{whole.done:,} documents in {took:.0f} s: {whole.read:,} read, {whole.done - whole.read:,} refused"
    yield f"slowest: {whole.slowest:.2f} s of processor time (number {whole.slowest_number})"
    if whole.memory:
        peaks = [peak for _, peak in whole.memory]
        yield f"peak memory of a process: {min(peaks):.0f} to {max(peaks):.0f} MB"
    yield f"failures: {len(whole.failures)}"
    yield from (f"  {number}: {why}" for number, why in sorted(whole.failures)[:50])


def main() -> int:
    """Run, report, and say by the exit code whether all went well."""
    arguments = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    arguments.add_argument("--count", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--start", type=int, default=0, help="number of the first document")
    arguments.add_argument("--seconds", type=float, default=3_600.0, help="begin no further process after these")
    arguments.add_argument("--processes", type=int, default=1)
    arguments.add_argument("--folder", type=Path, default=Path(gettempdir()) / "watchfire-fuzz")
    asked = arguments.parse_args()
    begun = monotonic()
    stop = asked.start + asked.count
    parts = [range(first, min(first + STRETCH, stop)) for first in range(asked.start, stop, STRETCH)]
    whole = Tally()
    with ThreadPoolExecutor(asked.processes) as pool:
        for part in pool.map(partial(stretch, asked.seed, asked.folder, begun + asked.seconds), parts):
            _add(whole, part)
    print("\n".join(_report(whole, monotonic() - begun)))
    return 1 if whole.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
