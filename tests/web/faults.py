"""What a page tells of a faulty file."""

from lxml import html


def faults_of(page: str, listed: str) -> list[str]:
    """The faults of a list of this class, as they are read; none is marked as in another language than the page's."""
    items = html.fromstring(page).xpath(f"//*[contains(concat(' ', @class, ' '), ' {listed} ')]/li")
    assert not [one for item in items for one in item.xpath(".//@lang")]
    return [" ".join(item.text_content().split()) for item in items]
