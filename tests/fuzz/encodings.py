"""How often text comes out right, by language, encoding, length and what is declared: `python -m tests.fuzz.encodings`.

The texts are cut into windows and each is put into a small feed. A window counts as right when it comes back to the
letter. Prints the pairs of language and encoding that are not always right, then the sums.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import yaml

from ingest.encoding import decode

TONGUES = Path(__file__).with_name("tongues.yaml")
LENGTHS = (60, 200, 1_000)
WRONG = ("utf-8", "iso-8859-1", "windows-1252")
NAMES = {
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "big5hkscs": "big5-hkscs",
    "cp874": "windows-874",
    "latin-1": "iso-8859-1",
}


def windows(text: str, length: int) -> Iterator[str]:
    """Pieces of that length, half overlapping; the whole where it is shorter."""
    for start in range(0, max(len(text) - length, 0) + 1, length // 2):
        yield text[start : start + length]


def feed(text: str, codec: str, declared: str | None) -> bytes | None:
    """A feed with that title in that encoding, None where it cannot be written."""
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    try:
        body = text.encode(codec)
    except UnicodeEncodeError:
        return None
    return (
        f"{head}<rss><channel><item><title>".encode()
        + body
        + b"</title><link>https://x.example/</link></item></channel></rss>"
    )


def declarations(codec: str) -> Iterator[tuple[str, str | None]]:
    """The right name, none, and wrong ones."""
    yield "right", NAMES.get(codec, codec.replace("_", "-"))
    yield "none", None
    for name in WRONG:
        yield name, name


def trials(lengths: tuple[int, ...] = LENGTHS) -> Iterator[tuple[str, str, int, str, bool]]:
    """Language, encoding, length, what was declared, and whether the text came out right."""
    for tongue, row in yaml.safe_load(TONGUES.read_text(encoding="utf-8")).items():
        for codec in row["codecs"]:
            text = row["text"] if codec != "cp1258" else vietnamese(row["text"])
            for length in lengths:
                for window in windows(text, length):
                    for kind, declared in declarations(codec):
                        if (body := feed(window, codec, declared)) is not None:
                            yield tongue, codec, length, kind, window in decode(body).text


def vietnamese(text: str) -> str:
    """Letters with their tones apart, as Windows-1258 writes them."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        tone = "".join(mark for mark in parts if mark in tones)
        base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones))
        out.append(base + tone)
    return "".join(out)


def main() -> None:
    """Print both tables."""
    pairs: defaultdict[tuple[str, str], defaultdict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    sums: defaultdict[tuple[int, str], list[bool]] = defaultdict(list)
    for tongue, codec, length, kind, is_right in trials():
        pairs[tongue, codec][f"{kind} {length}"].append(is_right)
        sums[length, kind].append(is_right)
    for (tongue, codec), columns in pairs.items():
        wrong = {key: f"{found.count(False)}/{len(found)}" for key, found in columns.items() if not all(found)}
        if wrong:
            print(f"{tongue:8}{codec:14}", "  ".join(f"{key}: {value}" for key, value in wrong.items()))
    print(f"\n{'characters':12}" + "".join(f"{kind:>14}" for kind in ("right", "none", *WRONG)))
    for length in LENGTHS:
        shares = [sums[length, kind] for kind in ("right", "none", *WRONG)]
        print(f"{length:<12}" + "".join(f"{sum(found) / len(found):>14.1%}" for found in shares))


if __name__ == "__main__":
    main()
