"""The counts in the card of the corpus: `python -m scoring.corpus_card` writes them into scoring/corpus/README.md."""

from collections import Counter
from collections.abc import Mapping, Sequence

from scoring.category import CATEGORIES, SUBTYPES
from scoring.sample import CORPUS, Sample, read_samples

BEGIN, END = "<!-- counts -->\n", "\n<!-- end of counts -->"


def table(samples: Sequence[Sample]) -> str:
    """Markdown: rows by language and label, then by sub-type and severity."""
    spoken = Counter(sample.text.language or "" for sample in samples)
    groups = {"all": list(samples)}
    groups |= {key: [s for s in samples if s.text.language == key] for key, _ in sorted(spoken.items(), key=_rank)}
    heads = ("rows", "fixed test set", *CATEGORIES, "none", "with a lede")
    lines = [f"| language | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    lines += [f"| {key} | {' | '.join(_cells(rows))} |" for key, rows in groups.items()]
    kinds = Counter(kind for sample in samples for kind in sample.subtypes)
    grades = Counter(str(sample.severity) for sample in samples)
    return "\n".join(
        [*lines, "", f"Sub-types: {_listed(kinds, SUBTYPES)}.", "", f"Severity: {_listed(grades, '01234')}."]
    )


def _rank(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _cells(rows: Sequence[Sample]) -> list[str]:
    tags = Counter(label for sample in rows for label in sample.labels)
    counts = [len(rows), sum(sample.fixed for sample in rows), *(tags[category] for category in CATEGORIES)]
    return [f"{n:,}" for n in (*counts, sum(not s.labels for s in rows), sum(bool(s.text.lede) for s in rows))]


def _listed(counts: Mapping[str, int], order: Sequence[str] | Mapping[str, object]) -> str:
    return ", ".join(f"{key} {counts.get(key, 0):,}" for key in order)


def main() -> None:
    """Put the counts of the corpus into its card."""
    card = CORPUS / "README.md"
    before, _, rest = card.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    card.write_text(f"{before}{BEGIN}{table(read_samples(CORPUS))}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
