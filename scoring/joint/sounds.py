"""Names by their sound: `Zelenskiy`, `Зеленский`, `泽连斯基` and `زيلينسكي` have one key.

A key is a name's consonants in seven classes, the first four of them: vowels, h, w and doubled letters are left out,
because no two scripts agree on them. It says little alone (three classes: one name in 340) and much beside a country
and a day; `scoring.joint.traits` weighs it by how rare it is.
"""

import re
from collections.abc import Iterator

from ingest.place.fold import fold
from ingest.place.han import simplified

LENGTH = 4  # consonants of a key: endings of cases and plurals come later
LEAST = 3
_LEAST_LETTERS = 4

_LATIN = {
    "b": "P", "p": "P", "f": "F", "v": "F", "d": "T", "t": "T", "k": "K", "q": "K", "g": "K", "c": "K",
    "j": "S", "s": "S", "z": "S", "m": "N", "n": "N", "l": "L", "r": "L", "x": "S",
}  # fmt: skip
_LATIN_PAIRS = (("tch", "s"), ("sch", "s"), ("dzh", "s"), ("ch", "s"), ("sh", "s"), ("zh", "s"), ("ph", "f"),
                ("kh", "h"), ("th", "t"), ("ts", "s"), ("tz", "s"), ("ce", "se"), ("ci", "si"), ("ck", "k"),
                ("dj", "s"), ("gi", "si"), ("ge", "se"))  # fmt: skip
_CYRILLIC = dict(zip("бпфвдткгжшщчцсзмнлр", "PPFFTTKKSSSSSSSNNLL", strict=True))
_ARABIC = dict(zip("بپفتطدضثذكقغگجچشسصزظژمنلرڤ", "PPFTTTTTTKKKKSSSSSSSSNNLLF", strict=True))
# Characters that news uses for the sounds of foreign names, by what they sound like.
_HAN_SOUNDS = {
    "P": "巴帕布普比皮伯波博珀贝佩鲍保拜派豹毕彼柏",
    "PN": "班潘本彭宾平邦蓬滨庞",
    "F": "弗夫法费菲福佛维沃瓦伏富",
    "FN": "范方芬文丰冯凡",
    "T": "特德塔达多托图杜迪蒂代戴泰岱陶道提铁的底",
    "TN": "坦丹登顿廷丁东敦通唐汤腾滕田",
    "K": "克卡科可库瓜夸基古格加戈哥盖凯高柯噶",
    "KN": "坎肯金冈根甘康昆贡孔京",
    "S": "斯兹茨什希奇西锡萨沙索苏舍谢施史吉贾杰乔朱祖佐扎泽策齐恰切查茶察楚舒瑟塞赛色热日季诸则",
    "SN": "森申辛欣逊桑松尚詹曾珍仁陈津钦琴臣山孙隼善",
    "N": "尼纳娜内奈诺努涅马玛迈麦莫默姆穆米梅美恩安昂翁因英印",
    "NN": "曼门蒙敏明南宁农楠嫩闵",
    "L": "尔勒拉莱雷勃里利丽莉列洛罗鲁卢路吕娄劳赖莉瑞",
    "LN": "蓝兰伦林隆连朗龙琳仑莲",
    "": "阿埃艾奥欧亚雅叶耶伊尤约乌韦威厄哈赫海霍胡华怀休豪",
    "N ": "汉罕洪亨弘旺万杨扬延永云元恒",
}
_HAN = {char: sound.strip() for sound, chars in _HAN_SOUNDS.items() for char in chars}
_HAN_RUN = re.compile(f"[{''.join(_HAN)}·]{{2,}}")
_HAN_NAME = 3  # characters of a name that is not marked by a dot
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ARTICLE = re.compile("^(?:[وفبكل]?ال|لل)(?=...)")


def sound_keys(text: str) -> Iterator[str]:
    """The keys of what may be names in a text, in any of four scripts."""
    for match in _WORD.finditer(text):
        word = match.group()
        if word[0] < "\u0600" and word[0].isupper() and not word.isupper():
            yield from _spaced(word)
        elif "\u0600" <= word[0] <= "\u06ff":
            yield from _key(_sounds(_ARTICLE.sub("", fold(word)), _ARABIC), len(word) - 2)
    if not text.isascii():
        for match in _HAN_RUN.finditer(simplified(text)):
            yield from _han(match.group())


def name_key(name: str) -> str:
    """The key of what is known to be a name, of as few as two consonants; "" where it has less."""
    sounds = ""
    for match in _WORD.finditer(name):
        word = fold(match.group())
        if "\u4e00" <= word[:1] <= "\u9fff":
            part = "".join(_HAN.get(char, "") for char in simplified(match.group()))
        elif "\u0600" <= word[:1] <= "\u06ff":
            part = _sounds(_ARTICLE.sub("", word), _ARABIC)
        else:
            part = _sounds(word, _CYRILLIC) if "\u0400" <= word[:1] <= "\u04ff" else _latin(word)
        for sound in part:
            sounds += "" if sounds.endswith(sound) else sound
    return sounds[:LENGTH] if len(sounds) > 1 else ""


def _spaced(word: str) -> Iterator[str]:
    for part in re.split("['’-]", word):
        key = fold(part)
        if "\u0400" <= key[:1] <= "\u04ff":
            yield from _key(_sounds(key, _CYRILLIC), len(key))
        elif key.isascii():
            yield from _key(_latin(key), len(key))


def _latin(word: str) -> str:
    for written, spoken in _LATIN_PAIRS:
        word = word.replace(written, spoken)
    return _sounds(word, _LATIN)


def _sounds(word: str, table: dict[str, str]) -> str:
    sounds = ""
    for char in word:
        sound = table.get(char, "")
        if sound and not sounds.endswith(sound):
            sounds += sound
    return sounds


def _key(sounds: str, letters: int) -> Iterator[str]:
    if len(sounds) >= LEAST and letters >= _LEAST_LETTERS:
        yield sounds[:LENGTH]


def _han(run: str) -> Iterator[str]:
    """Each place of a run where a name could begin: what stands before it may belong to another word."""
    for part in run.split("·"):
        dotted = len(part) < len(run)
        for start in range(len(part) - (1 if dotted else _HAN_NAME) + 1):
            if start and dotted:
                break
            sounds = ""
            for char in part[start:]:
                for sound in _HAN[char]:
                    if not sounds.endswith(sound):
                        sounds += sound
            yield from _key(sounds, _LEAST_LETTERS)
