"""What the seeded desk shows: invented outlets, people and happenings in real countries, in six languages."""

from dataclasses import dataclass, field

from ingest.trouble import HttpError
from rules.decision import Action
from scoring.assessment import Reason, ReasonKind

K = ReasonKind
NO_ANSWER = str(HttpError("step.example", 503))
NO_NAME = "The name ledger.example cannot be found; check the address and the network."


@dataclass(frozen=True)
class Told:
    """One report: source key, language, title, text, minutes ago."""

    source: str
    language: str
    title: str
    text: str
    ago: int
    status: str = "actual"
    latest: bool = True
    link: str | None = "https://example.org/story"


@dataclass(frozen=True)
class Story:
    """One alert and what it rests on. `steps` are what people did; `before` a level that it had at first."""

    level: int
    countries: tuple[str, ...]
    categories: tuple[str, ...]
    subtypes: tuple[str, ...]
    owners: tuple[str, ...]
    told: tuple[Told, ...]
    reasons: tuple[Reason, ...]
    clause: str
    score: float
    unconfirmed: bool = False
    before: int | None = None
    action: Action = Action.OPEN
    steps: tuple[tuple[str, str], ...] = field(default=())
    deadline: int = 15


SOURCES = (
    # key, name, address, country, language, reliability, minutes since it answered (None: never), error
    ("sahel-lantern", "Sahel Lantern (demo)", "https://lantern.example/rss", "NE", "fr", "B", 3, None),
    ("river-post", "River Post (demo)", "https://river.example/feed.xml", "NE", "en", "C", 4, None),
    ("yunfan", "云帆晚报（演示）", "https://yunfan.example/atom.xml", None, "zh", "B", 2, None),
    ("al-fanar", "صحيفة المنارة (تجريبية)", "https://fanar.example/rss", "EG", "ar", "C", 6, None),
    ("costa-diario", "Diario de la Costa (demo)", "https://costa.example/feed.json", "PE", "es", "C", 5, None),
    ("quake-office", "Office of Tremors (demo)", "https://tremors.example/cap.xml", None, "en", "A", 1, None),
    (
        "stepnoy",
        "Степной вестник (демо)",
        "https://step.example/rss",
        "KZ",
        "ru",
        "D",
        400,
        NO_ANSWER,
    ),
    ("ledger", "The Paper Ledger (demo)", "https://ledger.example/feed", None, "en", "B", None, NO_NAME),
)

COUP = Story(
    level=1,
    countries=("NE",),
    categories=("political", "security"),
    subtypes=("coup",),
    owners=("central-lead", "africa-lead", "security-adviser"),
    told=(
        Told(
            "river-post",
            "en",
            "Gunfire near the presidential palace in Niamey, state television off the air",
            "Residents of the Plateau quarter reported sustained gunfire before dawn. State television stopped "
            "broadcasting at 04:10. Troops closed the bridge and the airport road; two employees of a Chinese "
            "construction company are reported among those stopped at a checkpoint.",
            42,
        ),
        Told(
            "sahel-lantern",
            "fr",
            "Niger : des militaires annoncent la dissolution du gouvernement, couvre-feu dès 19 heures",
            "Dans une déclaration lue à la télévision, un groupe d'officiers annonce la suspension de la constitution. "
            "Au moins 12 morts selon une source hospitalière. Les frontières sont fermées jusqu'à nouvel ordre.",
            21,
        ),
        Told(
            "yunfan",
            "zh",
            "尼日尔军人宣布解散政府，首都实施宵禁",
            "当地时间今晨，一批军官在国家电视台宣布中止宪法并解散政府，首都尼亚美自19时起实施宵禁，机场与边境口岸关闭。"
            "医院方面称至少12人死亡。一家中资企业的两名员工在检查站被拦下，企业正与使馆保持联系。",
            12,
        ),
    ),
    reasons=(
        Reason(K.SEVERITY, "grade.score", "88", weight=1.0),
        Reason(K.SEVERITY, "grade.factors", "0.90 · 1.00 · 0.82", weight=1.0),
        Reason(K.SEVERITY, "grade.threshold", "70", weight=1.0),
        Reason(K.CONCERN, "grade.concern", "1.2", weight=1.0),
        Reason(K.CERTAINTY, "grade.confirmed", "3", weight=1.0),
        Reason(K.SEVERITY, "severity.dead", "12", "Au moins 12 morts", 0.8),
        Reason(K.SEVERITY, "severity.curfew", "", "couvre-feu", 0.6),
        Reason(K.CONCERN, "concern.companies", "", "中资企业", 0.7),
        Reason(K.SUBTYPE, "subtype.words", "coup", "dissolution du gouvernement", 0.9),
        Reason(K.COUNTRY, "country.named", "NE", "Niamey", 0.9),
    ),
    clause="POL-1",
    score=88.0,
    before=2,
    action=Action.RAISE,
)

STORIES = (
    Story(
        level=4,
        countries=("KZ",),
        categories=("financial",),
        subtypes=("currency",),
        owners=("europe-central-asia-lead",),
        told=(Told("stepnoy", "ru", "Тенге ослаб до минимума за полгода на фоне спроса на валюту", "Курс…", 900),),
        reasons=(Reason(K.CATEGORY, "category.words", "financial", "ослаб до минимума", 0.4),),
        clause="FIN-2",
        score=19.0,
        steps=(("resolve", ""),),
        deadline=1440,
    ),
    Story(
        level=3,
        countries=("PE", "CL"),
        categories=("reputational", "political"),
        subtypes=("community_opposition",),
        owners=("americas-lead", "government-affairs"),
        told=(
            Told(
                "costa-diario",
                "es",
                "Comunidades bloquean la carretera a la mina Piedra Clara y exigen nuevas consultas",
                "El bloqueo comenzó el lunes; los dirigentes piden la suspensión del proyecto.",
                300,
            ),
        ),
        reasons=(
            Reason(K.SEVERITY, "severity.cut_off", "", "bloquean la carretera", 0.5),
            Reason(K.CATEGORY, "category.words", "reputational", "exigen nuevas consultas", 0.4),
        ),
        clause="REP-3",
        score=41.0,
        steps=(("acknowledge", ""),),
        deadline=240,
    ),
    Story(
        level=3,
        countries=("EG",),
        categories=("financial",),
        subtypes=("capital_control",),
        owners=("middle-east-north-africa-lead", "finance-officer", "central-lead"),
        told=(
            Told(
                "al-fanar",
                "ar",
                "البنك المركزي يفرض حدا أقصى جديدا لتحويلات الشركات إلى الخارج",
                "أعلن البنك المركزي أن التحويلات فوق الحد تحتاج إلى موافقة مسبقة اعتبارا من يوم الأحد المقبل.",
                130,
            ),
        ),
        reasons=(
            Reason(K.CERTAINTY, "certainty.attributed", "", "أعلن البنك المركزي", 0.6),
            Reason(K.SUBTYPE, "subtype.words", "capital_control", "حدا أقصى", 0.6),
        ),
        clause="FIN-1",
        score=52.0,
        unconfirmed=True,
        deadline=240,
    ),
    Story(
        level=2,
        countries=("ID",),
        categories=("security",),
        subtypes=("natural_hazard",),
        owners=("central-lead", "asia-pacific-lead"),
        told=(
            Told(
                "quake-office",
                "en",
                "M 6.7 earthquake, 34 km south-west of Bengkulu, depth 22 km",
                "Strong shaking was felt for about forty seconds. Assessment of damage is under way.",
                55,
            ),
            Told(
                "yunfan",
                "zh",
                "印尼明古鲁附近海域发生6.7级地震，暂无中国公民伤亡报告",
                "震中距海岸约34公里，多处房屋受损，当地已发布海啸注意信息。",
                47,
            ),
        ),
        reasons=(
            Reason(K.SEVERITY, "severity.magnitude", "6.7", "M 6.7", 0.8),
            Reason(K.URGENCY, "urgency.ongoing", "", "is under way", 0.5),
        ),
        clause="SEC-6",
        score=63.0,
        deadline=60,
    ),
    Story(
        level=2,
        countries=("CM",),
        categories=("security",),
        subtypes=("kidnapping",),
        owners=("central-lead", "africa-lead"),
        told=(
            Told(
                "river-post",
                "en",
                "Unverified: gunmen said to have taken two engineers from a road camp in the Far North",
                "A single message that cannot be confirmed speaks of two engineers taken from a camp near Kousséri.",
                26,
            ),
        ),
        reasons=(
            Reason(K.SEVERITY, "grade.floor", "0.8", weight=1.0),
            Reason(K.CERTAINTY, "grade.unconfirmed", "1", weight=1.0),
            Reason(K.SEVERITY, "severity.taken", "2", "taken two engineers", 0.8),
            Reason(K.CERTAINTY, "certainty.hedged", "", "said to have", 0.5),
        ),
        clause="SEC-4",
        score=58.0,
        unconfirmed=True,
        deadline=20,
    ),
    Story(
        level=4,
        countries=("FR", "DE", "IT", "ES"),
        categories=("legal",),
        subtypes=("regulation",),
        owners=("europe-central-asia-lead",),
        told=(
            Told(
                "ledger",
                "en",
                "Draft rule would widen screening of foreign investment in ports and grids from next spring",
                "The draft is open for comment for six weeks.",
                190,
            ),
        ),
        reasons=(Reason(K.CATEGORY, "category.words", "legal", "screening of foreign investment", 0.5),),
        clause="LEG-2",
        score=22.0,
        deadline=1440,
    ),
    Story(
        level=3,
        countries=("AR",),
        categories=("political",),
        subtypes=("protest_strike",),
        owners=("americas-lead", "government-affairs"),
        told=(Told("costa-diario", "es", "Desmienten el llamado a huelga general en los puertos", "Desmentido.", 620),),
        reasons=(Reason(K.CERTAINTY, "certainty.denied", "", "Desmienten", 0.8),),
        clause="POL-5",
        score=30.0,
        action=Action.WITHDRAW,
        before=3,
        deadline=240,
    ),
    COUP,
)

ARRIVAL = Story(
    level=2,
    countries=("PK",),
    categories=("security",),
    subtypes=("terrorism",),
    owners=("central-lead", "asia-pacific-lead"),
    told=(Told("river-post", "en", "Blast near a bus terminal in Quetta, several injured", "Several injured.", 0),),
    reasons=(Reason(K.SEVERITY, "severity.injured", "7", "several injured", 0.5),),
    clause="SEC-2",
    score=61.0,
    deadline=30,
)

HOSTILE = Story(
    level=2,
    countries=("NE",),
    categories=("security",),
    subtypes=(),
    owners=("central-lead",),
    told=(
        Told(
            "river-post",
            'en"><script>alert(1)</script>',
            '\u202e<img src=x onerror="alert(1)">\u202c</title><script>document.title="owned"</script>' + "W" * 10_000,
            "<b>bold</b>\u200b\n\n" + "text " * 3000,
            1,
            link="javascript:alert(1)",
        ),
    ),
    reasons=(Reason(K.SEVERITY, "severity.dead", "<i>3</i>", "<b>bold</b>", 0.5),),
    clause="<u>SEC</u>",
    score=60.0,
)
