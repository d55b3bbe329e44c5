"""The contact sheet: all pictures of a gallery on one page, to be opened from the disk."""

from collections.abc import Iterable
from html import escape
from itertools import groupby
from pathlib import Path

STYLE = """body{font:14px system-ui;margin:24px;background:#eee;color:#222}h2{margin:32px 0 8px}
div{display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start}figure{margin:0}figcaption{color:#666;font-size:12px}
img{width:280px;max-height:420px;object-fit:cover;object-position:top;border:1px solid #bbb;background:#fff}"""


def write_sheet(folder: Path, pictures: Iterable[tuple[str, str]]) -> Path:
    """Write `index.html` over pictures told as (page, form), kept as `page--form.png` in the folder."""
    rows = [
        f'<h2 id="{escape(page)}">{escape(page)}</h2><div>{"".join(_figure(page, form) for _, form in forms)}</div>'
        for page, forms in groupby(sorted(pictures), key=lambda pair: pair[0])
    ]
    sheet = folder / "index.html"
    sheet.write_text(f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style>{"".join(rows)}', "utf-8")
    return sheet


def _figure(page: str, form: str) -> str:
    file, words = escape(file_name(page, form)), escape(form)
    link = f'<a href="{file}"><img src="{file}" alt="{words}" loading="lazy"></a>'
    return f"<figure>{link}<figcaption>{words}</figcaption></figure>"


def file_name(page: str, form: str) -> str:
    """What a picture is called."""
    return f"{page}--{form}.png"
