"""Markdown for services that know no escapes: what could be markup is written with its full-width twin.

DingTalk and WeCom each read a small markdown of their own, without documented escapes; a reader sees `［` as `[`, and
no client takes it for a link, a mention or a tag.
"""

import re

from service.notify.card import Card, Origin

_TWINS = {ord(mark): chr(ord(mark) + 0xFEE0) for mark in "*`[]<>#~\\|@&"}
_EDGE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")  # within a word an underscore is no markup
_LIST = re.compile(r"(?:[-+]|\d+[.)])(?:\s|$)|[-=]+\s*$")


def wide(text: str) -> str:
    """Text that no markdown takes for markup."""
    shown = _EDGE.sub("＿", text.translate(_TWINS))
    return f"\u200b{shown}" if _LIST.match(shown) else shown


def link(text: str, address: str | None) -> str:
    """A link with text from outside; the text alone without an address. `address` comes from `safe_link`."""
    if address is None:
        return wide(text)
    return f"[{wide(text)}]({address})"


def card_lines(card: Card, colour: str, colon: str, *, fact: str, item: str) -> list[str]:
    """A card as lines, the dispensable ones last. `fact` is filled with label, colon and text; `item` begins a line."""
    return [
        f'### <font color="{colour}">{wide(card.head)}</font>',
        f"**{wide(card.title)}**",
        *([wide(card.gloss)] if card.gloss else []),
        wide(card.change),
        *(fact.format(wide(one.label), colon, wide(one.text)) for one in card.facts),
        *([f"**{wide(card.steps_label)}**"] if card.steps else []),
        *(f"{item}{wide(step)}" for step in card.steps),
        *([f"**{wide(card.reasons_label)}**"] if card.reasons else []),
        *(f"{item}{wide(reason)}" for reason in card.reasons),
        *([f"**{wide(card.sources_label)}**"] if card.sources else []),
        *(f"{item}{_source(source)}" for source in card.sources),
    ]


def _source(source: Origin) -> str:
    return f"{wide(source.letter)} · {wide(source.name)} · {link(source.title or source.name, source.link)}"
