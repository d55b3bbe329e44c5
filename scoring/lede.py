"""Where the news in a lede begins: after an agency's photo caption and its dateline.

A caption tells what was before the camera, often at another time and place; it fills the first hundred characters of
many an agency's entry. A credit marks its end. What has no credit is left as it stands.
"""

import re

_PLACE = r"[A-Z][A-Z .,'’/-]{2,40}(?:, [A-Z][A-Za-z.]+(?: [A-Z][a-z]+)?)?"
_DAY = r"(?:,? [A-Z][a-z]{2,8}\.? \d{1,2})?"
_AGENCIES = "AP|Reuters|REUTERS|AFP|Xinhua|UPI|dpa|EFE|ANSA"
_CREDIT = re.compile(
    r".{10,320}?(?:"
    r"REUTERS/\S+(?: (?!The |A )[A-Z][\w'’.-]+)?(?:/(?:File Photo|Illustration|Pool|Handout))?"
    r"|\((?:AP Photo|AFP Photo|Photo by|Photo:|[\w .]+ via AP)[^)]{0,80}\)"
    r"|[（(](?:法新社|路透社|美联社|美聯社|新华社|新華社|彭博社|中新社|档案照片?|檔案圖?片?|网络图片?|取自[^）)]{1,12}"
    r"|[^）)]{0,12}(?:摄|攝|供图|供圖|资料图))[）)]"
    r")\s*",
    re.DOTALL,
)
_DATELINE = re.compile(
    rf"(?:{_PLACE}{_DAY}\s*\((?:{_AGENCIES})\)\s*[-–—]{{1,3}}\s+"
    rf"|{_PLACE}{_DAY}\s+[-–—]{{1,3}}\s+"
    r"|[（(][^）)]{2,16}(?:讯|電|电|訊)[）)]\s*"
    r"|(?:新华社|中新社|中新网|央视网|人民网)[^，。]{1,20}?(?:电|讯)(?:[（(][^）)]{0,20}[）)])?\s*)"
)


def opening(lede: str) -> int:
    """The character at which the news begins; 0 when nothing stands before it, or nothing would be left."""
    start = 0
    for pattern in (_CREDIT, _DATELINE):
        if match := pattern.match(lede, start):
            start = match.end()
    return start if start < len(lede) else 0
