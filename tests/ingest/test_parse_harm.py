"""Documents built to do harm: read or refused by a process that may take 30 s and 1.5 GB, far more than it takes."""

import gzip
import resource
import subprocess
import sys

import pytest

CPU, MEMORY = 30, 1_500 * 2**20
READ = """
import resource, sys
from datetime import datetime, UTC
from ingest.parse import ParseError, parse_document
resource.setrlimit(resource.RLIMIT_CPU, ({cpu}, {cpu}))
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
try:
    print(len(parse_document(sys.stdin.buffer.read(), now=datetime(2026, 8, 21, tzinfo=UTC)).items))
except ParseError as error:
    print("refused:", error)
"""


def rss(items: str) -> str:
    return f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'


def item(title: str, text: str = "") -> str:
    return f"<item><title>{title}</title><description>{text}</description></item>"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCUMENTS: dict[str, str | bytes] = {
    "billion laughs": f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]><rss><channel><title>&l9;</title></channel></rss>',
    "quadratic": f'<!DOCTYPE r [<!ENTITY a "{"x" * 190}">]>' + rss(item("&a;" * 400_000)),
    "outside": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss("<item><title>A&x;</title></item>"),
    "deep XML": "<rss>" * 300_000,
    "deep JSON": "[" * 1_000_000,
    "deep JSON objects": '{"a":' * 300_000,
    "deep HTML": rss("<item><title>A</title><description><![CDATA[" + "<div>" * 200_000 + "]]></description></item>"),
    "deep HTML, escaped": rss("<item><title>A</title><description>" + "&lt;b&gt;" * 200_000 + "</description></item>"),
    "bomb": gzip.compress(bytes(200_000_000), 9),
    "bomb in a bomb": gzip.compress(gzip.compress(bytes(100_000_000))),
    "attributes": "<rss " + " ".join(f'a{n}="x"' for n in range(150_000)) + "><channel/></rss>",
    "namespaces": "<rss " + " ".join(f'xmlns:a{n}="x"' for n in range(5_000)) + "><channel/></rss>",
    "empty items": rss("<item/>" * 200_000),
    "marks on a letter": rss(item("A", "a" + "\u0301\u0316" * 400_000)),
    "a great number": '{"items": [{"title": "A", "id": ' + "9" * 2_000_000 + "}]}",
    "great figures": rss("<item><title>A</title><pubDate>" + "1:" * 500_000 + "</pubDate></item>"),
    "half-open tags": "<" * 2_000_000,
    "comments": "<!-- -->" * 300_000 + "<rss/>",
    "half-open comments": "<rss>" + "<!--" * 300_000,
    "blanks in a doctype": "<!DOCTYPE" + " " * 2_000_000 + "x",
    "one long tag": rss(item("A", "<![CDATA[" + "<b>" * 600 + "<" + "a" * 190_000 + "]]>")),
    "blanks in links": rss("<item><title>A</title><link>x" + " " * 3_900 + "y</link></item>") * 200,
    "table of commas": "title,link,date\n" + "," * 2_000_000,
    "long table": "title,link,date\n" + "a,b,2026-01-01\n" * 300_000,
    "odd instructions": "<?xml version='1.0'?>" + "<?<?" * 300_000,
    "broken items": rss("<item><title>&x</title><p><b></p></b></item>" * 10_000),
    "many authors": rss("<item><title>A</title>" + "<author>a</author>" * 50_000 + "</item>"),
    "high bytes": b"\xff" * 3_000_000,
}  # fmt: skip


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_AS"), reason="needs limits of the operating system")
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_harmful_document_comes_to_an_end(kind: str) -> None:
    body = DOCUMENTS[kind]
    done = subprocess.run(
        [sys.executable, "-c", READ.format(cpu=CPU, memory=MEMORY)],
        input=body if isinstance(body, bytes) else body.encode(),
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-300:]
    assert done.stdout.strip()
    assert b"root:" not in done.stdout
