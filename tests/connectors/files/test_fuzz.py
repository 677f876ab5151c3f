"""Every format, spoilt in every way: what is right goes in with a report on the rest, or nothing goes in at all."""

from __future__ import annotations

import gzip
import random
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from qunying.ground.events.models import Event
from qunying.ground.files.services import path_of
from qunying.ground.imports.context import Context
from qunying.ground.imports.importers import all_importers, importer_named
from qunying.ground.imports.models import ImportRun
from qunying.ground.imports.sources import Source
from qunying.ground.imports.steps import CHUNK
from qunying.ground.jobs.models import Job
from qunying.kit.errors import QunyingError
from qunying.kit.limits import MOST_TEXT
from tests.ground.imports.test_detect import SAMPLES
from tests.support.exports import zipped
from tests.support.imports import TESTS, bring, import_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.ground.files.models import StoredFile
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
NAMES = sorted(SAMPLES)


def sample(name: str) -> tuple[str, bytes]:
    file_name, content = SAMPLES[name]
    return file_name, content.encode() if isinstance(content, str) else content


def read_through(stored: StoredFile, name: str, community: Community) -> None:
    """Read outside of any job, which would try a fault again: an importer ends in rows or in a sentence."""
    importer, source = importer_named(name), Source(path_of(stored), name=stored.name)
    try:
        if importer.sniff(source):
            list(importer.read(source, Context(community=community, by=TESTS, dry_run=True)))
    except QunyingError as refused:
        if not str(refused).strip():
            raise


def spoilt(name: str, how: str, community: Community) -> None:
    """Bring a spoilt sample; where it is refused, nothing is half there."""
    file_name, content = sample(name)
    for number, data in enumerate(HOWS[how](content, random.Random(f"{name} {how}"))):
        before = Event.objects.count()
        try:
            stored = bring(f"{number} {file_name}", data)
            read_through(stored, name, community)
            result = import_files(stored, name, community)
        except QunyingError as refused:
            if "stopped" in str(refused):  # a fault of ours that was tried again until it was given up
                raise
            assert Event.objects.count() == before
        else:
            assert result["rejected"] < result["rows"]
            assert Event.objects.count() - before == result["stored"]


def truncated(content: bytes, chance: random.Random) -> Iterator[bytes]:
    for _time in range(4):
        yield content[: chance.randrange(1, len(content))]


def wrongly_encoded(content: bytes, _chance: random.Random) -> Iterator[bytes]:
    text = content.decode("utf-8", "replace")
    yield text.encode("utf-16-be", "replace")
    yield text.encode("big5", "replace")
    yield text.encode("gb18030", "replace")[1:]
    yield content.replace("的".encode(), b"\xff").replace(b"e", b"\xe4")


def absurdly_dated(content: bytes, _chance: random.Random) -> Iterator[bytes]:
    for year in (b"0001", b"9999", b"2999", b"0000"):
        yield re.sub(rb"(?:2024|1997)", year, content)
    yield re.sub(rb"1714\d{6}", b"99999999999999999999", content)
    yield re.sub(rb"1714\d{6}", b"-62135596800", content)


def with_an_endless_line(content: bytes, _chance: random.Random) -> Iterator[bytes]:
    yield content + "花".encode() * 1_000_000
    yield content + b"x" * 1_000_000
    yield content.replace(b"hi", b"x" * (MOST_TEXT + 1)).replace("早".encode(), b"x" * (MOST_TEXT + 1))


def of_noise(content: bytes, chance: random.Random) -> Iterator[bytes]:
    noise = chance.randbytes(3000)
    yield content[:200] + noise
    yield noise + content
    yield content[: len(content) // 2] + b"\x00" * 500 + content[len(content) // 2 :]


def nested(content: bytes, _chance: random.Random) -> Iterator[bytes]:
    yield gzip.compress(gzip.compress(content))
    yield gzip.compress(zipped({"a.txt": content}))
    yield zipped({"a.txt": zipped({"b.txt": content})})
    yield zipped({"inner.zip": zipped({"b.txt": content})})
    yield zipped({"a.txt": gzip.compress(content)})


@cache
def bombs() -> tuple[bytes, bytes]:
    """What unpacks to far more than 64 MB, as ZIP and as gzip."""
    plain = b"0\n" * 36_000_000
    return zipped({"a.txt": plain}), gzip.compress(plain, 1)


def of_bombs(content: bytes, _chance: random.Random) -> Iterator[bytes]:
    yield bombs()[0]
    # An archive may lie about how much is in it.
    lying = zipped({"a.txt": content + b"0\n" * 400_000})
    yield lying.replace((len(content) + 800_000).to_bytes(4, "little"), (50).to_bytes(4, "little"))


HOWS = {
    "truncated": truncated,
    "wrongly encoded": wrongly_encoded,
    "absurdly dated": absurdly_dated,
    "with an endless line": with_an_endless_line,
    "of noise": of_noise,
    "nested": nested,
    "a bomb": of_bombs,
}


@pytest.mark.parametrize("how", sorted(HOWS))
@pytest.mark.parametrize("name", NAMES)
def test_a_spoilt_file_goes_in_rightly_or_not_at_all(name: str, how: str, community: Community) -> None:
    spoilt(name, how, community)


@pytest.mark.parametrize("name", NAMES)
def test_an_archive_in_an_archive_and_a_bomb_are_refused_before_anything_begins(
    name: str, community: Community
) -> None:
    _file_name, content = sample(name)
    for data in (*nested(content, random.Random(0)), *bombs()):
        with pytest.raises(QunyingError):
            import_files(bring("x.bin", data), name, community)
    assert (Event.objects.count(), ImportRun.objects.count(), Job.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("name", NAMES)
def test_a_second_import_stores_nothing(name: str, community: Community) -> None:
    file_name, content = sample(name)
    first = import_files(bring(file_name, content), name, community)
    second = import_files(bring(file_name, content), name, community)
    assert (second["stored"], second["members_new"]) == (0, 0)
    assert first["stored"] == second["duplicates"] > 0


def test_every_format_is_spoilt_here() -> None:
    assert [importer.name for importer in all_importers()] == NAMES


def test_a_file_damaged_at_its_end_stores_nothing_of_its_beginning(community: Community) -> None:
    lines = "".join(f"[10:{n % 60:02}] <mei> {n}\n" for n in range(3 * CHUNK))
    with pytest.raises(QunyingError, match="a line of more than 1024 kB"):
        import_files(bring("2024-05-01.txt", lines + "x" * 2_000_000), "irc", community)
    with pytest.raises(QunyingError, match="is damaged"):
        import_files(bring("2024-05-01.txt", gzip.compress(lines.encode())[:-9]), "irc", community)
    assert (Event.objects.count(), ImportRun.objects.count()) == (0, 0)
