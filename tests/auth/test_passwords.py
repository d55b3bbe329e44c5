"""Passwords and names."""

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from service.auth.names import clean_name, spelled
from service.auth.passwords import check_password, fits, hash_password, is_outdated
from service.auth.tokens import hash_token, hint_of, is_token, new_token
from service.errors import Invalid


def test_a_password_fits_its_hash_and_no_other() -> None:
    stored = hash_password("quiet lamp over water")
    assert stored.startswith("$argon2id$")
    assert fits("quiet lamp over water", stored)
    assert fits("quiet lamp over water".replace("a", "ａ"), stored)  # the same letters from a wide keyboard
    assert not fits("quiet lamp over wine", stored)
    assert not fits("quiet lamp over water", None)
    assert not fits("quiet lamp over water", "no hash at all")


def test_a_hash_of_other_parameters_is_outdated() -> None:
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))
    assert not is_outdated(hash_password("quiet lamp over water"))


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "x" * 300, "genevieve-b"])
def test_passwords_that_would_be_guessed(password: str) -> None:
    with pytest.raises(Invalid):
        check_password(password, "genevieve-bouvier")


@pytest.mark.parametrize("name", ["", "  ", "a" * 61, "an\u202en", "a\x1bb"])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(Invalid):
        clean_name(name)


@given(st.text(max_size=80))
def test_a_name_has_one_spelling(name: str) -> None:
    once = spelled(name)
    assert spelled(once.upper()) == spelled(once.upper().lower())
    assert "\x00" not in once
    once.encode("utf-8")


def test_tokens_are_long_random_and_kept_as_hashes() -> None:
    one, other = new_token("wf_"), new_token("wf_")
    assert one != other
    assert is_token(one)
    assert len(one) >= 46
    assert hint_of(one) == one[:8]
    assert len(hash_token(one)) == 64
    assert not is_token("../../etc/passwd-and-more")
