"""What the source says of a file of rules, read off its syntax tree: sentences, advice, places, and keys of tables.

A sentence may be written where the fault is found, be held by a name, be one of two, come from a function beside it, or
be handed in by its callers. What stands in a slot is stood in for by X; what cannot be followed is told as UNFOLLOWED.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
X, UNFOLLOWED = "x1", "(cannot be followed)"
# Who takes a sentence, where among how many arguments; the advice comes behind it. So do classes with these two fields.
TELLERS = {"fault": (1, 3), "ConditionError": (0, 2)}
# Who takes a place, and where, by what it tells: a table, the sort of a word, any other spot.
PLACES = {
    "table": ("table", 1),
    "choice": ("sort", 1),
    **dict.fromkeys(("items", "text", "words", "number", "duration"), ("spot", 1)),
    **dict.fromkeys(("read_zone", "read_clock", "read_hours", "read_date"), ("spot", 2)),
}
Function = ast.FunctionDef | None


@dataclass(frozen=True)
class Module:
    """One source file."""

    path: Path
    tree: ast.Module = field(repr=False)

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Every function and method by its name."""
        return {one.name: one for one in ast.walk(self.tree) if isinstance(one, ast.FunctionDef)}

    @cached_property
    def tellers(self) -> dict[str, tuple[int, int]]:
        """Whoever takes a sentence here."""
        found = dict(TELLERS)
        for one in (node for node in self.tree.body if isinstance(node, ast.ClassDef)):
            targets = [each.target for each in one.body if isinstance(each, ast.AnnAssign)]
            fields = [each.id for each in targets if isinstance(each, ast.Name)]
            if {"what", "advice"} <= set(fields):
                found[one.name] = fields.index("what"), len(fields)
        return found

    def calls(self) -> Iterator[tuple[str, ast.Call, Function]]:
        """Every call with the name of what is called and the function in which it stands."""
        for function in self.functions.values():
            for node in ast.walk(function):
                if isinstance(node, ast.Call):
                    yield called(node), node, function

    def texts(self, node: ast.expr, inside: Function, seen: frozenset[str] = frozenset()) -> list[str]:
        """Every text that an expression may be."""
        match node:
            case ast.Constant(value=str() as text):
                return [text]
            case ast.JoinedStr(values=parts):
                return ["".join(str(part.value) if isinstance(part, ast.Constant) else X for part in parts)]
            case ast.IfExp(body=one, orelse=other):
                return [*self.texts(one, inside, seen), *self.texts(other, inside, seen)]
            case ast.Call(func=ast.Attribute(value=text, attr="strip"), args=[]):
                return self.texts(text, inside, seen)
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                return self._answers(self.functions[name], seen)
            case ast.Name(id=name):
                return self._held(name, inside, seen) if f"{inside and inside.name}.{name}" not in seen else []
        return [UNFOLLOWED]

    def _answers(self, function: ast.FunctionDef, seen: frozenset[str]) -> list[str]:
        returns = [one.value for one in ast.walk(function) if isinstance(one, ast.Return) and one.value is not None]
        return [text for one in returns for text in self.texts(one, function, seen)]

    def _held(self, name: str, inside: Function, seen: frozenset[str]) -> list[str]:
        """What a name holds: what it was given here, what callers hand in, or a constant of the module."""
        seen = seen | {f"{inside and inside.name}.{name}"}
        given = [one.value for one in ast.walk(inside or self.tree) if isinstance(one, ast.Assign) and holds(one, name)]
        if given:
            return [text for one in given for text in self.texts(one, inside, seen)]
        if inside is None:
            return [UNFOLLOWED]
        names = [one.arg for one in inside.args.args if one.arg != "self"]
        return self._handed(inside, names.index(name), seen) if name in names else self._held(name, None, seen)

    def _handed(self, function: ast.FunctionDef, at: int, seen: frozenset[str]) -> list[str]:
        handed = [
            (call.args[at], by) for name, call, by in self.calls() if name == function.name and len(call.args) > at
        ]
        return [text for node, by in handed for text in self.texts(node, by, seen)]


def called(call: ast.Call) -> str:
    """The name of what is called."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def holds(assigned: ast.Assign, name: str) -> bool:
    """Whether it gives something to that name."""
    return any(isinstance(one, ast.Name) and one.id == name for one in assigned.targets)


def modules() -> Iterator[Module]:
    """Every source file that reads a file of rules."""
    for path in sorted((*(ROOT / "rules").glob("*.py"), ROOT / "service/desk/senders.py")):
        yield Module(path, ast.parse(path.read_text("utf-8")))


def sentences() -> Iterator[tuple[str, str]]:
    """Every (what | advice, sentence)."""
    for module in modules():
        for name, call, inside in module.calls():
            at, count = module.tellers.get(name, (0, 0))
            if count and len(call.args) == count and not any(passed_on(one) for one in call.args[at:]):
                yield from (("what", text) for text in module.texts(call.args[at], inside))
                yield from (("advice", text) for text in module.texts(call.args[at + 1], inside))


def passed_on(node: ast.expr) -> bool:
    """Whether it is a sentence of another fault, found where that was made."""
    return isinstance(node, ast.Attribute) and node.attr in ("what", "advice")


def places() -> Iterator[tuple[str, str]]:
    """Every (table | sort | spot, words for it)."""
    for module in modules():
        for name, call, inside in module.calls():
            kind, at = PLACES.get(name, ("", 0))
            if kind and len(call.args) > at:
                yield from ((kind, text) for text in module.texts(call.args[at], inside))
            if name == "choices" and len(call.args) > 2:
                yield from (("spot", text) for text in module.texts(call.args[1], inside))
                yield from (("sort", text) for text in module.texts(call.args[2], inside))


def keys() -> set[str]:
    """Every word that a table may have as a key: what is listed, and what is looked up."""
    found = set[str]()
    for module in modules():
        reads = any(name == "table" for name, _, _ in module.calls())
        for node in ast.walk(module.tree) if reads else ():
            match node:
                case ast.Tuple(elts=listed):
                    found |= {
                        one.value for one in listed if isinstance(one, ast.Constant) and isinstance(one.value, str)
                    }
                case ast.Subscript(slice=ast.Constant(value=str() as key)):
                    found.add(key)
                case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str() as key), *_]):
                    found.add(key)
    return found
