"""Text of thirty languages comes out right: always when declared, and undeclared when there is enough of it."""

from tests.fuzz.encodings import trials


def test_a_right_declaration_is_always_believed() -> None:
    wrong = {(tongue, codec) for tongue, codec, _, kind, is_right in trials((60,)) if kind == "right" and not is_right}

    assert wrong == set()


def test_longer_texts_need_no_declaration_and_stand_a_wrong_one() -> None:
    wrong = {(tongue, codec, kind) for tongue, codec, _, kind, is_right in trials((1_000,)) if not is_right}

    assert wrong == set()
