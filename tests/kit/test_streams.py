"""Opening what people bring: packed, damaged, endless or made to burst."""

from __future__ import annotations

import gzip
import zipfile
from typing import TYPE_CHECKING

import pytest

from qunying.kit import streams
from qunying.kit.errors import QunyingError
from qunying.kit.streams import GuardedStream, buffered, check_archive, is_zip

if TYPE_CHECKING:
    from pathlib import Path


def test_gzip_is_seen_through_and_progress_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"one\ntwo\n"))
    with GuardedStream(path) as stream:
        assert stream.fraction == 0
        reader = buffered(stream)
        assert reader.read() == b"one\ntwo\n"
        assert stream.fraction == 1


def test_a_packed_file_that_stops_halfway_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(bytes(range(256)) * 999)[:-40])
    with pytest.raises(QunyingError, match=r"“a\.gz” is damaged"), GuardedStream(path) as stream:
        buffered(stream).read()


def test_a_line_that_never_ends_is_refused_and_many_short_ones_are_not(tmp_path: Path) -> None:
    endless, plain = tmp_path / "endless", tmp_path / "plain"
    endless.write_bytes(b"x" * (streams.MOST_LINE_BYTES + 300_000))
    plain.write_bytes(b"xyz\n" * 500_000)
    with pytest.raises(QunyingError, match="a line of more than 1024 kB"), GuardedStream(endless) as stream:
        buffered(stream).read()
    with GuardedStream(plain) as stream:
        assert len(buffered(stream).read()) == 2_000_000


def test_a_bomb_is_refused_before_it_bursts(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"0\n" * 60_000_000))
    with pytest.raises(QunyingError, match="more than 200 times its size"), GuardedStream(path) as stream:
        list(iter(lambda: stream.read(1 << 20), b""))


def test_an_archive_is_weighed_without_being_opened(tmp_path: Path) -> None:
    good, bomb, broken = tmp_path / "good", tmp_path / "bomb", tmp_path / "broken"
    with zipfile.ZipFile(good, "w") as archive:
        archive.writestr("a", "x")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(100_000_000))
    broken.write_bytes(good.read_bytes()[:20])
    check_archive(good, name="good.xlsx")
    assert is_zip(good.read_bytes())
    with pytest.raises(QunyingError, match="would unpack to 100 MB"):
        check_archive(bomb, name="bomb.xlsx")
    with pytest.raises(QunyingError, match="damaged archive"):
        check_archive(broken, name="broken.xlsx")
