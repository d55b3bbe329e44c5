"""What a crisis changes, as the guideline says it, in a sentence or two: for its page, its print and the terminal."""

from rules.guideline import Guideline
from service.locale.catalogue import Catalogue


def posture_told(guideline: Guideline, catalogue: Catalogue, lang: str) -> str:
    """Factors, rhythm of reports, the roster's tag, how a crisis begins and how it ends."""
    rule, joint = guideline.crisis, catalogue.say("web.joint.sentence", lang)
    enter = [
        catalogue.say("posture.guide_enter", lang, level=one.level.roman, span=catalogue.exact_span(one.lasts, lang))
        for one in rule.enter
    ]
    if not enter:
        enter = [catalogue.say("posture.guide_never", lang)]
    if rule.roster:
        enter.insert(0, catalogue.say("posture.guide_roster", lang, tag=rule.roster))
    every = catalogue.exact_span(rule.report_every, lang) if rule.report_every is not None else None
    key = "posture.guide_about" if every is not None else "posture.guide_about_free"
    return catalogue.say(
        key,
        lang,
        thresholds=f"{rule.thresholds:g}",
        acknowledge=f"{rule.acknowledge:g}",
        polling=f"{rule.polling:g}",
        every=every or "",
        enter=joint.join(enter),
        lapses=catalogue.say("posture.guide_lapses" if rule.lapses else "posture.guide_asks", lang),
    )
