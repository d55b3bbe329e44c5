"""How well entries were joined: `python -m tests.scoring.joined GOLD.jsonl [ANSWERS.jsonl] [--pairs PAIRS.jsonl]`, and
of the real headlines that measure: `python -m tests.scoring.joined --outside FOLDER`.

Without answers the gold file is put through `watchfire join`'s stream first. Said are B-cubed precision, recall and F1,
the same of pairs, and over-merging two ways: the share of entries that ended in an event most of whose entries tell of
another happening (ties count), and, where a file of labelled pairs is given, the share of its different pairs that
were put together.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scoring.joint.outside import read_outside
from scoring.model import load
from service.cli.join import Stream, read_line


class Score(NamedTuple):
    """All run 0-1."""

    precision: float  # B-cubed
    recall: float
    f1: float
    pair_precision: float
    pair_recall: float
    pair_f1: float
    overmerged: float  # share of entries in an event that is mostly another's


def score(answers: Mapping[str, str], gold: Mapping[str, str]) -> Score:
    """Both: entry → event."""
    found, told = _groups({key: answers[key] for key in gold}), _groups(gold)
    shared = {key: len(found[answers[key]] & told[gold[key]]) for key in gold}
    precision = sum(shared[key] / len(found[answers[key]]) for key in gold) / len(gold)
    recall = sum(shared[key] / len(told[gold[key]]) for key in gold) / len(gold)
    right = sum(count - 1 for count in shared.values()) / 2
    joined = sum(len(group) * (len(group) - 1) for group in found.values()) / 2
    wanted = sum(len(group) * (len(group) - 1) for group in told.values()) / 2
    pair_precision, pair_recall = right / joined if joined else 1.0, right / wanted if wanted else 1.0
    strays = sum(_strays(group, gold) for group in found.values())
    return Score(
        precision,
        recall,
        _f1(precision, recall),
        pair_precision,
        pair_recall,
        _f1(pair_precision, pair_recall),
        strays / len(gold),
    )


def pairs_right(answers: Mapping[str, str], pairs: Sequence[Mapping[str, Any]]) -> tuple[float, float, float]:
    """Of labelled pairs: share right, share of the same that were found, share of the different that were joined."""
    said = [(bool(pair["same"]), answers[pair["a"]] == answers[pair["b"]]) for pair in pairs]
    same, different = [got for want, got in said if want], [got for want, got in said if not want]
    right = sum(want == got for want, got in said) / len(said)
    return right, sum(same) / max(len(same), 1), sum(different) / max(len(different), 1)


def joined_by_us(path: Path) -> dict[str, str]:
    """What the shipped joiner makes of a file of told happenings, read by the model in use."""
    return joined_lines(path.read_bytes().splitlines())


def joined_lines(lines: Sequence[bytes]) -> dict[str, str]:
    """The same of lines."""
    stream, answers = Stream(load()), {}
    for i in range(0, len(lines), 64):
        for answer in stream.answers([read_line(raw) for raw in lines[i : i + 64]]):
            answers[answer["id"]] = answer["event"]
    return answers


def _groups(events: Mapping[str, str]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for key, event in events.items():
        groups[event].add(key)
    return groups


def _strays(group: set[str], gold: Mapping[str, str]) -> int:
    return len(group) - max(Counter(gold[key] for key in group).values())


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def measure_outside(folder: Path) -> None:
    """Print the figures of each stretch of real headlines that nothing learns from."""
    for stretch in read_outside(folder, measuring=True):
        rows = [{**row, "id": f"{i}"} for i, row in enumerate(stretch)]
        gold = {row["id"]: row["event"] for row in rows}
        shown = ({key: value for key, value in row.items() if key != "event"} for row in rows)
        tell(gold, joined_lines([json.dumps(row).encode() for row in shown]))


def tell(gold: Mapping[str, str], answers: Mapping[str, str]) -> None:
    """Print the figures of one set."""
    found = score(answers, gold)
    print(f"{len(gold)} entries, {len(set(gold.values()))} happenings, {len(set(answers.values()))} events made")
    print(f"B-cubed  precision {found.precision:.3f}  recall {found.recall:.3f}  F1 {found.f1:.3f}")
    print(f"pairs    precision {found.pair_precision:.3f}  recall {found.pair_recall:.3f}  F1 {found.pair_f1:.3f}")
    print(f"over-merged entries {found.overmerged:.3f}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, nargs="?")
    parser.add_argument("answers", type=Path, nargs="?")
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--outside", type=Path, help="folder with others' headlines")
    asked = parser.parse_args(arguments)
    if asked.outside:
        measure_outside(asked.outside)
    if asked.gold is None:
        return
    gold = {str(row["id"]): str(row["event"]) for row in _rows(asked.gold)}
    answers = {row["id"]: row["event"] for row in _rows(asked.answers)} if asked.answers else joined_by_us(asked.gold)
    tell(gold, answers)
    if asked.pairs:
        right, same, different = pairs_right(answers, _rows(asked.pairs))
        print(
            f"labelled pairs: right {right:.3f}, of the same joined {same:.3f}, of the different joined {different:.3f}"
        )


if __name__ == "__main__":
    main()
