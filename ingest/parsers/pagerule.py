"""How the items of a page without a feed are found: a rule, declared in a few lines of YAML or JSON.

form: html                      # or json; html without it
item: ul.list > li              # CSS selector of one item; JSON: JMESPath to the list
title: a@title || a             # selector, selector@attribute, @attribute or . (the item); || tries the next
link: a@href
date: span.date
date_format: "%Y年%m月%d日"       # strptime; only for dates that are not read without it
zone: Asia/Shanghai             # IANA zone of dates that carry none
language: zh
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import jmespath
from cssselect import HTMLTranslator, SelectorError
from lxml import etree

FORMS = ("html", "json")
OR = "||"
LONGEST = 300
NEEDED = ("item", "title")
PATHS = ("item", "title", "link", "date", "text", "level", "country")


class RuleError(ValueError):
    """A rule that cannot work; `str(error)` is one sentence that names the field."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands within an item: an XPath ("." is the item itself), and an attribute when not the text."""

    xpath: Any
    attribute: str | None


@dataclass(frozen=True, slots=True)
class PageRule:
    """What `rule_of` makes of a mapping. Fields as in the module's example; "" is not declared.

    `level` finds the words of an advice level, `country` a country's name or code; both are seldom needed.
    """

    item: str
    title: str
    link: str = ""
    date: str = ""
    text: str = ""
    level: str = ""
    country: str = ""
    form: str = "html"
    date_format: str = ""
    zone: str = ""
    language: str = ""

    def as_mapping(self) -> dict[str, str]:
        """The rule as it would be declared, without the fields that say nothing."""
        said = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        return {name: text for name, text in said.items() if text and (name, text) != ("form", "html")}


@lru_cache(maxsize=256)
def items_path(rule: PageRule) -> Any:
    """The compiled path to the items: an XPath, or a JMESPath."""
    return _xpath(rule.item) if rule.form == "html" else jmespath.compile(rule.item)


@lru_cache(maxsize=256)
def places(rule: PageRule) -> Mapping[str, Any]:
    """Compiled paths within an item, by field, for the fields that are declared."""
    declared = {name: text for name in PATHS[1:] if (text := getattr(rule, name))}
    if rule.form == "json":
        return {name: jmespath.compile(text) for name, text in declared.items()}
    return {name: tuple(_place(part) for part in text.split(OR)) for name, text in declared.items()}


def rule_of(declared: Mapping[str, Any]) -> PageRule:
    """The rule that a mapping declares. RuleError names the field that is missing, unknown or cannot be read."""
    known = {field.name for field in fields(PageRule)}
    for name, text in declared.items():
        if name not in known:
            raise RuleError(f"{name}: no field of a page's rule; the fields are {', '.join(sorted(known))}.")
        if not isinstance(text, str) or len(text) > LONGEST:
            raise RuleError(f"{name}: must be a text of at most {LONGEST} characters.")
    texts = {str(name): str(text).strip() for name, text in declared.items()}
    for name in NEEDED:
        if not texts.get(name):
            raise RuleError(f"{name}: is missing; say where to find it.")
    rule = PageRule(**texts)
    _check(rule)
    return rule


def _check(rule: PageRule) -> None:
    if rule.form not in FORMS:
        raise RuleError(f"form: must be html or json, not {rule.form}.")
    for name in PATHS:
        _check_path(rule.form, name, getattr(rule, name))
    if rule.date_format and not _is_format(rule.date_format):
        raise RuleError("date_format: is no date format; write it like %Y-%m-%d or %d.%m.%Y.")
    if rule.zone and not _is_zone(rule.zone):
        raise RuleError(f"zone: {rule.zone} is no time zone; write it like Asia/Shanghai.")


def _check_path(form: str, name: str, text: str) -> None:
    if form == "json":
        try:
            jmespath.compile(text or "@")
        except (jmespath.exceptions.JMESPathError, ValueError, RecursionError) as error:
            raise RuleError(f"{name}: is no JMESPath; write it like data.items[*] or date.published.") from error
        return
    try:
        for part in text.split(OR) if text else ():
            _ = _xpath(part) if name == "item" else _place(part)
    except (SelectorError, etree.XPathError, ValueError, RecursionError) as error:
        raise RuleError(f"{name}: is no CSS selector; write it like ul.list > li or a@href.") from error


def _is_format(text: str) -> bool:
    try:
        datetime.strptime(datetime(2004, 3, 15, 13, 5).strftime(text), text)  # noqa: DTZ001,DTZ007 -- only a trial
    except ValueError:
        return False
    return "%d" in text or "%j" in text


def _is_zone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (KeyError, OSError, ValueError):
        return False
    return True


def _place(text: str) -> Place:
    selector, at, attribute = text.strip().rpartition("@")
    if not at or "]" in attribute or '"' in attribute:  # an @ inside the selector, as in a[href*="@"]
        selector, attribute = text.strip(), ""
    if attribute and not attribute.replace("-", "").replace("_", "").replace(":", "").isalnum():
        raise ValueError(attribute)
    return Place(_xpath(selector) if selector not in ("", ".") else None, attribute or None)


@lru_cache(maxsize=1_024)
def _xpath(selector: str) -> Any:
    return etree.XPath(HTMLTranslator().css_to_xpath(selector.strip(), prefix="descendant::"))
