"""How this process searches for garbage: seldom, since entries come by the thousand and are none; and never among what
stays to the end, which would cost the page that somebody waits for a quarter of a second.
"""

import gc

SELDOM = (20_000, 20, 20)  # objects made, then searches of the young and of the middling, before the next deeper one


def search_seldom() -> None:
    """From now on, with what is imported set aside."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(*SELDOM)


def settle() -> None:
    """Set aside what a house holds at its start, once what is garbage of the start is gone."""
    gc.collect()
    gc.freeze()
