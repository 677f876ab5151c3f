"""QQ's signatures, with the vector of its documents."""

from __future__ import annotations

import pytest

from qunying.connectors.qq.signing import is_signed, key_of, proof

SECRET = "DG5g3B4j9X2KOErG"
STAMP, TOKEN = "1725442341", "Arq0D5A61EgUu4OxUvOp"
SIGNATURE = (
    "87befc99c42c651b3aac0278e71ada338433ae26fcb24307bdc5ad38c1adc2d0"
    "1bcfcadc0842edac85e85205028a1132afe09280305f13aa6909ffc2d652c706"
)


def test_it_signs_what_the_documents_sign() -> None:
    assert proof(SECRET, token=TOKEN, timestamp=STAMP) == SIGNATURE
    assert is_signed(SECRET, signature=SIGNATURE, timestamp=STAMP, body=TOKEN.encode())


@pytest.mark.parametrize("token", ["", "{}", '{"op":0}', " ", "a" * 65, "ü", "a\n"])
def test_it_signs_nothing_that_could_be_an_event(token: str) -> None:
    assert proof(SECRET, token=token, timestamp=STAMP) == ""


@pytest.mark.parametrize("stamp", ["", "x", '1{"op":0}', "1" * 13, "１"])
def test_it_signs_no_time_that_is_none(stamp: str) -> None:
    assert proof(SECRET, token=TOKEN, timestamp=stamp) == ""


@pytest.mark.parametrize(
    ("secret", "signature", "stamp", "body"),
    [
        (SECRET, SIGNATURE, "1725442342", TOKEN.encode()),
        (SECRET, SIGNATURE, STAMP, b"x"),
        ("another", SIGNATURE, STAMP, TOKEN.encode()),
        ("", SIGNATURE, STAMP, TOKEN.encode()),
        (SECRET, "", STAMP, TOKEN.encode()),
        (SECRET, SIGNATURE[:-2], STAMP, TOKEN.encode()),
        (SECRET, "zz" * 64, STAMP, TOKEN.encode()),
        (SECRET, SIGNATURE, "", STAMP.encode() + TOKEN.encode()),
    ],
)
def test_what_others_signed_is_not_taken(secret: str, signature: str, stamp: str, body: bytes) -> None:
    assert not is_signed(secret, signature=signature, timestamp=stamp, body=body)


def test_a_long_secret_is_cut() -> None:
    key = key_of("a" * 32).private_bytes_raw()
    assert key_of("a" * 40).private_bytes_raw() == key == b"a" * 32
