"""What reading an entry costs: in batches, alone, explained; memory. Our own corpus, half English half Chinese."""

import resource
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from time import process_time

from threadpoolctl import threadpool_limits

from ingest.entry import Entry, Item, Sharing
from scoring.assess import assess
from scoring.category import CATEGORIES
from scoring.explain import explain
from scoring.features import Text, bags, gist
from scoring.locate import locate
from scoring.model import Model, load
from scoring.nearest import nearest
from scoring.sample import Sample, read_samples
from scoring.spans import spans

CORPUS = Path(__file__).parents[2] / "scoring" / "corpus"
BATCH, BATCHES, LEDE = 64, 30, 120
NOW = datetime.now(UTC)


def bench_understand() -> None:
    """Prints a table; one core."""
    with threadpool_limits(limits=1):
        began = process_time()
        model = load()
        entries = _entries()
        assess(entries[:BATCH], model, NOW)
        print(f"\n### Reading an entry: title and {LEDE} characters of the lede, {len(entries)} entries, one core\n")
        print(f"loading and first batch: {process_time() - began:.2f} s\n")
        batches = [entries[i : i + BATCH] for i in range(0, len(entries), BATCH)]
        rates = sorted(len(batch) / _took(partial(assess, batch, model, NOW)) for batch in batches)
        single = sorted(_took(partial(assess, [one], model, NOW)) for one in entries[:600])
        print("| what | figure |\n|---|---|")
        print(f"| batches of {BATCH}: entries/s, median (slowest) | {rates[len(rates) // 2]:,.0f} ({rates[0]:,.0f}) |")
        print(f"| one entry: median, p95 | {single[300] * 1e3:.1f} ms, {single[570] * 1e3:.1f} ms |")
        for name, step in _steps(entries, model).items():
            print(f"| {name} | {step():.2f} ms |")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| peak memory with the model loaded | {peak:.0f} MB |")


def _steps(entries: Sequence[Entry], model: Model) -> dict[str, Callable[[], float]]:
    texts = [Text(entry.item.title, entry.item.text, entry.item.language) for entry in entries]
    made = assess(entries[:BATCH], model, NOW)

    def each(step: Callable[[int], object], count: int) -> Callable[[], float]:
        return lambda: _took(lambda: [step(i) for i in range(count)]) / count * 1e3

    def encode(i: int) -> object:
        return model.encoder.read([gist(text, model.encoder.dense) for text in texts[i * BATCH : (i + 1) * BATCH]])

    return {
        "of it: encoding": lambda: each(encode, BATCHES)() / BATCH,
        "of it: words": each(lambda i: bags([texts[i]]), len(texts)),
        "of it: places": each(lambda i: locate(texts[i].title, texts[i].lede, texts[i].language, ()), len(texts)),
        "explaining all five categories": each(lambda i: explain(texts[i], model, CATEGORIES), 500),
        "two nearest examples and spans": each(
            lambda i: (
                nearest(made[i].vector, model.encoder.name),
                spans(texts[i].title, texts[i].lede, made[i].reasons),
            ),
            BATCH,
        ),
    }


def _took(step: Callable[[], object]) -> float:
    """Processor seconds of a step; wall time would count what else the machine does."""
    began = process_time()
    step()
    return max(process_time() - began, 1e-9)


def _entries() -> list[Entry]:
    """Pairs of an English and a Chinese text, all with a lede."""
    samples = read_samples(CORPUS)
    spoken = {tag: [one for one in samples if one.text.language == tag and one.text.lede] for tag in ("en", "zh")}
    pairs = list(chain.from_iterable(zip(spoken["en"], spoken["zh"], strict=False)))
    return [_entry(pairs[i % len(pairs)]) for i in range(BATCH * BATCHES)]


def _entry(sample: Sample) -> Entry:
    text = sample.text
    item = Item(
        key=sample.key, raw_hash="", title=text.title, text=text.lede[:LEDE], language=text.language, published=NOW
    )
    return Entry("bench", "B", Sharing.CLEAR, NOW, item)


if __name__ == "__main__":
    bench_understand()
