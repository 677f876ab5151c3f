"""Files are kept once by digest, for the eyes of the process alone; what nothing reads is refused."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from qunying.ground.files.models import StoredFile
from qunying.ground.files.queries import get_file_for
from qunying.ground.files.services import path_of, store_file
from qunying.kit.errors import NotFoundError, QunyingError
from tests.support.imports import TESTS, bring

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_the_same_content_lies_on_disk_once() -> None:
    one, two = bring("a.csv", "x,y\n"), bring("b.csv", "x,y\n")
    assert (one.name, two.name, one.digest) == ("a.csv", "b.csv", sha256(b"x,y\n").hexdigest())
    assert path_of(one) == path_of(two)
    assert path_of(one).read_bytes() == b"x,y\n"
    assert path_of(one).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7", "is a PDF file"),
        (b"\x89PNG\r\n", "is a PNG file"),
        (b"MZ\x90", "is a EXE file"),
        (b"PK\x03\x04 nothing", "damaged archive"),
    ],
)
def test_what_nothing_reads_is_refused_and_not_kept(content: bytes, reason: str) -> None:
    with pytest.raises(QunyingError, match=reason):
        bring("a.csv", content)
    assert StoredFile.objects.count() == 0
    assert list(settings.UPLOADS.iterdir()) == []


def test_a_file_too_large_is_refused_while_it_comes() -> None:
    with pytest.raises(QunyingError, match="larger than 1 MB"):
        store_file(BytesIO(b"x" * 2_000_001), name="a", purpose="import", by=TESTS, most=1_000_000)
    assert list(settings.UPLOADS.iterdir()) == []


def test_a_file_outside_ones_unit_does_not_exist(units: Units, specialist: Staff, outsider: Staff) -> None:
    stored = store_file(BytesIO(b"x"), name="a", purpose="import", by=specialist, unit=units.shop)
    assert (get_file_for(specialist, stored.pk), stored.owner) == (stored, specialist)
    with pytest.raises(NotFoundError):
        get_file_for(outsider, stored.pk)
