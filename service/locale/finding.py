"""What the check of a roster found, in words."""

from rules.roster_check import Fault, Finding
from service.locale.catalogue import Catalogue


def finding_text(finding: Finding, words: Catalogue, lang: str) -> str:
    """One finding as a sentence."""
    values = dict(finding.values)
    if finding.fault is Fault.NO_RUNG:
        values["rung"] = words.say(f"roster.rung.{values['rung']}", lang)
    if finding.start is not None and finding.end is not None:
        values |= {"start": words.moment(finding.start, lang), "end": words.moment(finding.end, lang)}
    told = words.say(f"roster.finding.{finding.fault.value}", lang, **values)
    more = values.get("more")
    gap = "" if lang == "zh" else " "  # a Chinese full stop brings its own
    return f"{told}{gap}{words.say('roster.finding.gaps_more', lang, more=more)}" if more else told
