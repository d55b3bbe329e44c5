"""What languages are written with, as far as it tells one encoding from another."""

from typing import NamedTuple


class Tongue(NamedTuple):
    """Encodings that a language comes in, its letters beyond ASCII (the commonest first), small words that tell it."""

    codecs: tuple[str, ...]
    letters: str
    words: str = ""


WEST = ("cp1252", "mac_roman")
CENTRE = ("cp1250", "iso8859-2", "mac_latin2")
CYRILLIC = ("cp1251", "koi8-u", "iso8859-5", "cp866", "mac_cyrillic")
SIGNS = "’“”–…«»\u00a0—‘„°€§"  # in any language
LATIN = (
    Tongue(("cp1252",), "£éèïöñ", "the of and to in is for on that with as by at from"),  # English
    Tongue(WEST, "éèàêçôûùîâœëïüÿæ", "le la les des une est pour dans sur qui que avec par plus et du au"),  # French
    Tongue(WEST, "üäößéÜÖÄ", "der die das und ist von mit den dem ein eine auf nicht im zu sich des"),  # German
    Tongue(WEST, "óíáéúñü¿¡ºª", "el la los las del por con una para que se en y su al"),  # Spanish
    Tongue(WEST, "ãçéáíóâêúõàôºª", "o os da do das dos uma para com em que no na e ao por se"),  # Portuguese
    Tongue(WEST, "èàùòéìîó", "il di che la per un della con del i si le nel sono alla"),  # Italian
    Tongue(WEST, "ëéïöüèêç", "de het een van en is op te dat voor met"),  # Dutch, Albanian
    Tongue(WEST, "àéèíóçòúïü·", "el els la les amb per del que i dels una"),  # Catalan
    Tongue(WEST, "åäöéÅÄÖ", "och att det som en har av till med den ja on ei oli de ett"),  # Swedish, Finnish
    Tongue(WEST, "øåæéöäØÅÆ", "og er det til at for en af av med som den har ikke de et"),  # Danish, Norwegian
    Tongue(("cp1252",), "íáðþöóæúéýÍÁÞÖÓ", "og um til var er sem hefur fyrir voru vegna yfir"),  # Icelandic
    Tongue(("cp1252", "cp1257"), "äõüöšžÄÕÜÖ", "ja on ei et oli ning kui see ees"),  # Estonian
    Tongue(CENTRE, "łąęóżśćńźŁŚŻ", "w i z na do nie jest o po od za przez oraz a"),  # Polish
    Tongue(CENTRE, "íáěéýřčžšůúťňďóČŘŠŽÚ", "a v na se je z do o za po jsou byl pro ve u"),  # Czech
    Tongue(CENTRE, "áíčéýžúšľťôňäóďŕĺ", "a v na sa je z do o za po bol pre vo"),  # Slovak
    Tongue(CENTRE, "áéöóőüíúűÁÉÖ", "a az egy hogy nem is volt meg el"),  # Hungarian
    Tongue(CENTRE, "ăîţşâÎŞŢ", "de la din au cu pentru este mai un o pe fost sunt"),  # Romanian
    Tongue(CENTRE, "čšžćđČŠŽĐ", "je u i na se za su da od s iz ni in"),  # Croatian, Slovene, Bosnian
    Tongue(("cp1254", "mac_turkish"), "ıüşğçöİâîû", "ve bir bu da de ile olarak olan dedi iki"),  # Turkish
    Tongue(("cp1257",), "ėšžųįąęčūŠŽĮČ", "ir yra kad su buvo per iki dar"),  # Lithuanian
    Tongue(("cp1257",), "āīēūšņļžģčķĀŠŽ", "ir un par ar no bija uz kas vai"),  # Latvian
    Tongue(
        ("cp1258",), "\u0301\u0300đưôâê\u0323\u0309ăơ\u0303áàéíóúùèìĐ", "trong cho khi sau theo qua ra"
    ),  # Vietnamese
)
OTHERS = (
    Tongue(("gb18030",),
     "的一是在不了有和人这中大为上个国我以要他时来用们到作地于出就分对成会可"
     "主发年动同工能说产经行学法民市部新日月：，。、“”"),
    Tongue(("big5hkscs",),
     "的一是在不了有和人這中大為上個國我以要他時來用們到作地於出就分對成會可"
     "主發年動同工能說產經行學法民市部新日月：，。、「」"),
    Tongue(("cp932", "euc_jp"), "のにはをがとでしたるいれてなもりっかこさられコントスルリアイン日本人年月、。ー・"),
    Tongue(("cp949",), "이의에을는다가은한로를고하지사도인대자기서해어정부시일리전수나보제"),
    Tongue(CYRILLIC, "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"),  # Russian
    Tongue(CYRILLIC, "оанивтіерслкудмпязьбгчйхжїцшюєщфґ"),  # Ukrainian
    Tongue(CYRILLIC, "аоеитнрсвлкпдмзгубячъцжщхйшюфь"),  # Bulgarian
    Tongue(("cp1251", "iso8859-5", "mac_cyrillic"), "аиоенсрјтуклвдмпгзбшчцжхђћњљфџѓќѕ"),  # Serbian, Macedonian
    Tongue(("cp874",), "าน่รกเ้องมยลวดทส์ตะิีัปบคหแพจชขใไโผึืุู็"),
    Tongue(("cp1256", "iso8859-6"), "ايلمونرتبةعدسفهكقحجشطصخضذثءأإآىؤئ،"),  # Arabic
    Tongue(("cp1256",), "اينردهمتبوسشلكکزقفخگعجپچصحطضآثذظغژ،"),  # Persian
    Tongue(("cp1256",), "ايىکكرہےنومتسلںبدپجگئٹچعشخقحزفصڈطآضغھ"),  # Urdu
    Tongue(("cp1253", "iso8859-7"), "αοιετσνηυρπκμλςωάίόέήύώγδθφχβξζψ"),
    Tongue(("cp1255", "iso8859-8"), "יוהלאתרמבשנםדקחפעגצטזסךןףץ"),
    Tongue(("cp1258",), "\u0301\u0300đưôâê\u0323\u0309ăơ\u0303áàéíóúùèìĐ"),  # Vietnamese: letter and tone are two bytes
)  # fmt: skip
