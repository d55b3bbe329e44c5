"""Which encoding bytes are in, by the letters that they would make: each language has letters of its own.

For every encoding that a language comes in, the mean log-likelihood of the letters beyond ASCII is set against chance.
Letters common in a language weigh by their rank (Zipf), and what it never writes speaks against it. Between Latin
alphabets, the small words that stand beside them count too.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from math import log

from ingest.tongues import LATIN, OTHERS, SIGNS, Tongue

UNCOMMON = {"mac_roman": 4.0, "mac_latin2": 4.0, "mac_turkish": 4.0, "mac_cyrillic": 2.0, "cp866": 2.0, "cp1258": 2.0}
MULTIBYTE = {"gb18030": 7000, "big5hkscs": 7000, "cp932": 7000, "euc_jp": 7000, "cp949": 7000}
ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
SMALL_WORD = re.compile(rb"(?<![\x80-\xffA-Za-z&])[A-Za-z]{1,8}(?![\x80-\xffA-Za-z;])")
TAG = re.compile(rb"<[^<>]{0,500}>")
SAMPLE = 20_000
LETTER = 0.9  # share of a language's letters that stand in its row; of Chinese and the like, FEW
FEW = 0.3
CAPITAL = 1.5  # a capital is that much rarer, in units of log-likelihood
WORD = 1.0  # what a small word tells, in the same units
WORDS = 12  # more of them than that tell no more
ODD = -4.0
UNLIKELY = -0.5  # short texts of thousands of characters score little above chance
PLENTY = 20
CLEARLY = 0.5  # by how much another encoding must be likelier than the declared one, a letter
SURELY = 8.0  # and in all, between Latin alphabets, which share most of their letters
SINGLE = frozenset(codec for tongue in LATIN for codec in tongue.codecs)


def guess(body: bytes) -> str | None:
    """The likeliest encoding of bytes that are not UTF-8, None when no language fits."""
    score, codec = max(_scores(*_sampled(body)), key=lambda pair: pair[0])
    return codec if score > UNLIKELY else None


def is_latin(body: bytes) -> bool:
    """True when the bytes beyond ASCII stand alone, as the letters of Latin alphabets do."""
    return _sampled(body)[1]


def likelier(body: bytes, declared: str) -> str | None:
    """The encoding that the bytes are in far more likely than in the declared one, None when there is none."""
    sample, alone, words = _sampled(body)
    count = _beyond(sample)
    if count < PLENTY and not alone:
        return None
    scores = list(_scores(sample, alone, words))
    told = max((score for score, codec in scores if codec == declared), default=None)
    score, codec = max(scores, key=lambda pair: pair[0])
    if score <= UNLIKELY or told is None:
        return codec if score > UNLIKELY and declared in SINGLE and not alone else None
    is_sure = score - told > CLEARLY and (not alone or (score - told) * count > SURELY)
    return codec if is_sure else None


def _sampled(body: bytes) -> tuple[bytes, bool, Mapping[str, int]]:
    """The bytes beyond ASCII with what stands between them, whether they stand alone, and how often each word does."""
    body = body[: SAMPLE * 4]
    sample = re.sub(rb"[\x00-\x7f]{3,}", b" ", body)[:SAMPLE]
    alone = len(ALONE.findall(sample)) * 2 >= _beyond(sample)
    found = SMALL_WORD.findall(TAG.sub(b" ", body)) if alone else []
    return sample, alone, Counter(word.decode("ascii").lower() for word in found)


def _beyond(sample: bytes) -> int:
    return len(sample) - len(sample.translate(None, bytes(range(0x80, 0x100))))


def _scores(sample: bytes, alone: bool, words: Mapping[str, int]) -> Iterator[tuple[float, str]]:
    """The score of each language under each of its encodings."""
    counts: dict[str, Counter[str]] = {}
    for tongue in LATIN if alone else OTHERS:
        told = WORD * min(sum(words.get(word, 0) for word in tongue.words.split()), WORDS)
        for codec in tongue.codecs:
            if codec not in counts:
                counts[codec] = Counter(sample.decode(codec, "replace"))
            yield _likeness(counts[codec], tongue, codec, told - UNCOMMON.get(codec, 0.0)), codec


def _likeness(counts: Mapping[str, int], tongue: Tongue, codec: str, gain: float) -> float:
    gains, rare = _gains(tongue.letters, MULTIBYTE.get(codec, 128))
    total = 0
    for char, count in counts.items():
        if char > "\x7f":
            total += count
            gain += count * (ODD if _is_odd(char) else _gain(char, gains, rare))
    return gain / total if total else 0.0


def _gain(char: str, gains: Mapping[str, float], rare: float) -> float:
    return gains[char] if char in gains else max(gains.get(char.lower(), rare) - CAPITAL, rare)


@cache
def _gains(letters: str, size: int) -> tuple[Mapping[str, float], float]:
    """How much likelier than by chance each letter is, and what is none of them."""
    share = FEW if size in MULTIBYTE.values() else LETTER
    known = letters + "".join(sign for sign in SIGNS if sign not in letters)
    weights = {letter: 1 / (rank + 8) for rank, letter in enumerate(known)}
    scale = share * size / sum(weights.values())
    rare = log((1 - share) * size / (size - len(known)))
    return {letter: log(weight * scale) for letter, weight in weights.items()}, rare


def _is_odd(char: str) -> bool:
    """What no text has: broken, private or control characters."""
    return char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or char < "\xa0"
