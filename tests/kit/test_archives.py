"""Zip archives as folders: weighed, seen through where they hold one text, refused where they hide another."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from qunying.kit import archives
from qunying.kit.archives import Folder, check_archive, data_files, packed_folder
from qunying.kit.errors import QunyingError
from qunying.kit.streams import GuardedStream, buffered
from tests.support.exports import zipped

if TYPE_CHECKING:
    from pathlib import Path


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_one_text_in_an_archive_is_read_as_if_it_lay_there(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", zipped({"_chat.txt": "hi\n" * 5, "photo.jpg": b"\xff", "__MACOSX/x.txt": "x"}))
    with GuardedStream(path) as stream:
        assert buffered(stream).read() == b"hi\n" * 5


@pytest.mark.parametrize(
    "inner",
    [zipped({"b.txt": "x"}), gzip.compress(b"x")],
    ids=["zip", "gzip"],  # both hold the time they were made, and every worker must collect the same names
)
def test_an_archive_in_an_archive_is_refused(inner: bytes, tmp_path: Path) -> None:
    packed = written(tmp_path / "a.zip", zipped({"a.txt": inner}))
    twice = written(tmp_path / "a.gz", gzip.compress(inner))
    for path in (packed, twice):
        with pytest.raises(QunyingError, match="an archive within an archive"), GuardedStream(path) as stream:
            buffered(stream).read()
    with pytest.raises(QunyingError, match="an archive within an archive"):
        Folder(packed, name="a.zip").check()


def test_a_workbook_is_no_folder(tmp_path: Path) -> None:
    assert data_files(written(tmp_path / "a", zipped({"xl/workbook.xml": "<x/>", "b.txt": "x"}))) is None
    assert data_files(written(tmp_path / "b", zipped({"b.txt": "x", "a.json": "[]", "c.png": b"x"}))) == [
        "a.json",
        "b.txt",
    ]


def test_an_archive_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    honest = zipped({"a.txt": "0\n" * 400_000})
    lying = written(tmp_path / "a.zip", honest.replace((800_000).to_bytes(4, "little"), (50).to_bytes(4, "little")))
    with pytest.raises(QunyingError, match="is damaged"), GuardedStream(lying) as stream:
        buffered(stream).read()
    with pytest.raises(QunyingError, match="is damaged"):
        Folder(lying, name="a.zip").check()


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_ARCHIVE_FILES", 2)
    path = written(tmp_path / "a.zip", zipped({f"{n}.txt": "x" for n in range(3)}))
    with pytest.raises(QunyingError, match="holds 3 files and is refused"):
        check_archive(path, name="a.zip")


def test_a_folder_packed_twice_is_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "general").mkdir()
    written(tmp_path / "users.json", b"[]")
    written(tmp_path / "general" / "2024-05-01.json", b"[]")
    written(tmp_path / "photo.png", b"x")
    (tmp_path / "link.txt").symlink_to(tmp_path / "photo.png")
    with packed_folder(tmp_path) as first, packed_folder(tmp_path) as second:
        data = first.read()
        assert data == second.read()
    packed = tmp_path / "packed"
    assert Folder(written(packed, data), name="x").names == ["general/2024-05-01.json", "users.json"]


def test_a_folder_with_nothing_to_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QunyingError, match="holds 0 text files"), packed_folder(tmp_path):
        pass


def test_names_that_windows_wrote_in_gbk_are_read(tmp_path: Path) -> None:
    packed = zipped({"AAAAAA.txt": "hi", "群.txt": "hi", "plain.txt": "hi"})
    path = written(tmp_path / "a.zip", packed.replace(b"AAAAAA", "花友会".encode("gb18030")))
    folder = Folder(path, name="a.zip")
    assert {folder.readable(name) for name in folder.names} == {"花友会.txt", "群.txt", "plain.txt"}
