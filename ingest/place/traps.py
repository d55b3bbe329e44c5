"""Names of towns that are words, people or other things first of all: our own lists, asked by folded key."""

from collections.abc import Callable
from functools import cached_property

from ingest.place import forms, sources
from ingest.place.gazetteer import Kind


class Traps:
    """`key` folds a name as the table does."""

    def __init__(self, key: Callable[[str], str]) -> None:
        lists = sources.additions("traps")
        self.never, self.unsure, self.weak, self.strong = [
            {key(name) for name in lists[part]} for part in ("never", "unsure", "weak", "strong")
        ]
        self.never |= set(sources.additions("china")["CN"]["with_suffix"].split())

    def doubt(self, key: str) -> Kind | None:
        """The kind of a name that is something else too."""
        return Kind.UNSURE if key in self.unsure else Kind.WEAK if key in self.weak else None

    def leaves_out(self, key: str, *, small: bool) -> bool:
        """Whether a name is better not known. `small` Russian towns are looked up, and so compared, without ending."""
        if not key or key in self.never:
            return True
        if not small or not "\u0400" <= key[0] <= "\u04ff" or " " in key:
            return False
        stem = forms.russian_stem(key)
        return len(stem) < 4 or stem in self._stems

    @cached_property
    def _stems(self) -> set[str]:
        russian = [name for name in self.never if "\u0400" <= name[:1] <= "\u04ff"]
        return {*russian, *map(forms.russian_stem, russian)}
