"""The restraint of a guideline in words: what is told later instead of at once, and why."""

from datetime import timedelta

from rules.level import Level
from rules.quiet_rule import Inhibition, RestraintRule
from service.locale.catalogue import Catalogue


def restraint_told(rule: RestraintRule, catalogue: Catalogue, lang: str) -> list[tuple[str, str]]:
    """Each rule as (what, why) in a language; the why is "" where the one of the whole section holds."""
    told = [(_inhibit(one, catalogue, lang), one.why.of(lang)) for one in rule.inhibit]
    for key, spans in (("cooldown", rule.cooldown), ("update", rule.update)):
        told += [(_level(f"quiet.rule.{key}", level, span, catalogue, lang), "") for level, span in spans.items()]
    storm = {"alerts": rule.storm.alerts, "within": catalogue.exact_span(rule.storm.within, lang)}
    told.append((catalogue.say("quiet.rule.storm", lang, **storm, digest=catalogue.exact_span(rule.digest, lang)), ""))
    told.append((catalogue.say("quiet.rule.budget", lang, **rule.budget), rule.why.of(lang)))
    return told


def _inhibit(one: Inhibition, catalogue: Catalogue, lang: str) -> str:
    joint = catalogue.say("notify.list_joint", lang)
    span = catalogue.say("quiet.rule.open", lang)
    if one.span is not None:
        span = catalogue.say("quiet.rule.for", lang, span=catalogue.exact_span(one.span, lang))
    values = {
        "by": one.by.roman,
        "mutes": joint.join(level.roman for level in one.mutes),
        "same": joint.join(catalogue.say(f"quiet.same.{key}", lang) for key in one.same),
        "span": span,
    }
    return catalogue.say("quiet.rule.inhibit", lang, **values)


def _level(key: str, level: Level, span: timedelta, catalogue: Catalogue, lang: str) -> str:
    return catalogue.say(key, lang, level=level.roman, span=catalogue.exact_span(span, lang))
