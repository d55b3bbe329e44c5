"""The restraint of a guideline in words: what is told later instead of at once, and why."""

from datetime import timedelta

from rules.calm import Inhibition, RestraintRule
from rules.level import Level
from service.locale.catalogue import Catalogue


def restraint_told(rule: RestraintRule, catalogue: Catalogue, lang: str) -> list[tuple[str, str]]:
    """Each rule as (what, why) in a language; the why is "" where the one of the whole section holds."""
    told = [(_inhibit(one, catalogue, lang), one.why.of(lang)) for one in rule.inhibit]
    for key, spans in (("cooldown", rule.cooldown), ("update", rule.update)):
        told += [(_level(f"quiet.rule.{key}", level, span, catalogue, lang), "") for level, span in spans.items()]
    storm = {"alerts": rule.storm.alerts, "within": _span(rule.storm.within, catalogue, lang)}
    told.append((catalogue.say("quiet.rule.storm", lang, **storm, digest=_span(rule.digest, catalogue, lang)), ""))
    told.append((catalogue.say("quiet.rule.budget", lang, **rule.budget), rule.why.of(lang)))
    return told


def _inhibit(one: Inhibition, catalogue: Catalogue, lang: str) -> str:
    joint = catalogue.say("notify.list_joint", lang)
    span = catalogue.say("quiet.rule.open", lang)
    if one.span is not None:
        span = catalogue.say("quiet.rule.for", lang, span=_span(one.span, catalogue, lang))
    values = {
        "by": one.by.roman,
        "mutes": joint.join(level.roman for level in one.mutes),
        "same": joint.join(catalogue.say(f"quiet.same.{key}", lang) for key in one.same),
        "span": span,
    }
    return catalogue.say("quiet.rule.inhibit", lang, **values)


def _level(key: str, level: Level, span: timedelta, catalogue: Catalogue, lang: str) -> str:
    return catalogue.say(key, lang, level=level.roman, span=_span(span, catalogue, lang))


def _span(span: timedelta, catalogue: Catalogue, lang: str) -> str:
    """Exactly, in days, hours or minutes: `36 h` is not two days."""
    minutes = span // timedelta(minutes=1)
    for unit, length, least in (("d", 1440, 2880), ("h", 60, 60)):
        if minutes >= least and minutes % length == 0:
            return catalogue.say(f"rules.span.{unit}", lang, value=minutes // length)
    return catalogue.say("rules.span.min", lang, value=minutes)
