"""Faults of a file of rules as commands print them: `mine.yaml:12: what is wrong, and what to do`."""

import sys
from collections.abc import Iterable

import typer

from rules.document import DocumentError
from service.locale.catalogue import Catalogue
from service.locale.file_fault import fault_told


def faults_told(faults: Iterable[DocumentError], lang: str) -> typer.Exit:
    """Every fault on a line of its own, in a language; how to leave."""
    words = Catalogue()
    for fault in faults:
        print(_line(fault, words, lang), file=sys.stderr)
    return typer.Exit(2)


def _line(fault: DocumentError, words: Catalogue, lang: str) -> str:
    """The file and the line stand before it in every language: editors and terminals go there."""
    told = fault_told(words, fault.what, fault.advice, lang)
    return f"{fault.file}:{fault.line}: {''.join(told)}" if told is not None else str(fault)
