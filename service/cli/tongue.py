"""Which language commands speak: English, or Chinese where the terminal is set to it, as by `LANG=zh_CN.UTF-8`."""

import os

from service.errors import WatchfireError

ASKED = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set holds, as for all programs


def tongue() -> str:
    """`zh` or `en`."""
    wish = next((os.environ[name] for name in ASKED if os.environ.get(name)), "")
    return "zh" if wish.lower().startswith("zh") else "en"


def in_tongue(error: WatchfireError) -> str:
    """An error in the language of the terminal: what happened, and what to do."""
    if tongue() == "en":
        return str(error)
    # The catalogue costs 0.2 s, and only who reads Chinese has a use for it here.
    from service.locale.catalogue import Catalogue  # noqa: PLC0415
    from service.locale.refusal import refusal  # noqa: PLC0415

    told = refusal(Catalogue(), error.what, error.advice, "zh")
    return "".join(told) if told is not None else str(error)
