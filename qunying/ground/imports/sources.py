"""One file as importers see it: lines, records or bytes, with encoding, delimiter and packing seen through."""

from __future__ import annotations

import io
import json
import re
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.utils.translation import gettext as _

from qunying.kit.archives import BROKEN, Folder, damaged, data_files
from qunying.kit.encodings import detect_encoding
from qunying.kit.errors import QunyingError
from qunying.kit.jsons import json_values
from qunying.kit.streams import MOST_LINE_BYTES, GuardedStream, buffered, check_archive, is_zip
from qunying.kit.tables import csv_rows, jsonl_header, jsonl_rows, named_rows, sheet_names, sniff_delimiter, xlsx_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from qunying.kit.tables import BadRow, TableRow

_HEAD = 64 * 1024
_BLOCK = 256 * 1024
_FIRST_LINES = 50
_JSON_LIST = re.compile(rb"\[\s*(?:\{|$)")


class Source:
    """A file on disk under the name people gave it; every reading begins at its start."""

    def __init__(self, path: Path, *, name: str = "", options: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.name = name or path.name
        self.options = options or {}
        self._stream: GuardedStream | None = None

    @property
    def fraction(self) -> float:
        """How much of the file the latest reading has passed, between 0 and 1."""
        return self._stream.fraction if self._stream is not None and not self._stream.closed else 0.0

    @cached_property
    def head(self) -> bytes:
        """The first 64 kB, unpacked."""
        with self._guarded(most_line=None) as stream:
            return buffered(stream).read(_HEAD)

    @cached_property
    def shape(self) -> str:
        """xlsx, zip (several files), xml, json, jsonl or text, by its first bytes."""
        if is_zip(self.head):
            return "xlsx" if data_files(self.path) is None else "zip"
        start = self.head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if start.startswith((b"<?xml", b"<slack", b"<!DOCTYPE")):
            return "xml"
        if start.startswith(b"{"):
            return "jsonl" if _is_object(start.split(b"\n", 1)[0]) else "json"
        return "json" if _JSON_LIST.match(start) else "text"

    @cached_property
    def folder(self) -> Folder:
        """The files of an archive, where the shape is zip."""
        return Folder(self.path, name=self.name)

    @cached_property
    def encoding(self) -> str:
        """The option “encoding” (QunyingError where there is none of that name), or what the bytes look like."""
        given = self.options.get("encoding", "")
        try:
            b"a".decode(given or "utf-8", "ignore")
        except LookupError:
            raise QunyingError(
                _("“%(name)s” is not an encoding. Write utf-8, gb18030 or utf-16.") % {"name": given}
            ) from None
        return given or detect_encoding(self._blocks())

    def _guarded(self, *, most_line: int | None) -> GuardedStream:
        return GuardedStream(self.path, name=self.name, most_line=most_line)

    def _blocks(self) -> Iterator[bytes]:
        with self._guarded(most_line=None) as stream:
            while block := stream.read(_BLOCK):
                yield block

    @cached_property
    def first_lines(self) -> list[str]:
        """The first lines of the head, without their ends."""
        if self.shape == "zip":
            return self.folder.names[:_FIRST_LINES]
        text = self.head.decode(self.encoding, "replace")
        return [line.rstrip("\r") for line in text.split("\n")[:_FIRST_LINES]]

    def lines(self) -> Iterator[str]:
        """Lines without their ends; bytes that are none of the encoding come as lone surrogates."""
        for line in self.text():
            yield line.rstrip("\r\n")

    def text(self) -> io.TextIOWrapper:
        """The decoded text, from its start, with line ends as they are."""
        return self._decoded(self._guarded(most_line=MOST_LINE_BYTES))

    def _decoded(self, guarded: GuardedStream) -> io.TextIOWrapper:
        stream = self._buffered(guarded)
        # In UTF-16 a broken unit is two bytes, which cannot be escaped one by one.
        errors = "replace" if self.encoding.startswith("utf-16") else "surrogateescape"
        return io.TextIOWrapper(stream, self.encoding, errors, newline="")

    def binary(self) -> BinaryIO:
        """The unpacked bytes, from their start, with lines of any length."""
        return cast("BinaryIO", self._buffered(self._guarded(most_line=None)))

    def json(self, *arrays: str, file: str = "") -> Iterator[tuple[str, Any]]:
        """The values of a JSON file (or of one file of the folder) with their paths; see `json_values`.

        Raises QunyingError where it stops being JSON.
        """
        text = self.folder.text(file) if file else self._decoded(self._guarded(most_line=None))
        with text:
            try:
                yield from json_values(text, arrays=arrays)
            except ValueError as error:
                raise QunyingError(
                    _("“%(name)s” stops being readable JSON part of the way: perhaps it was cut off. Export it again.")
                    % {"name": f"{self.name}/{file}" if file else self.name}
                ) from error
            except BROKEN as error:
                raise damaged(self.name) from error

    def check(self) -> None:
        """Read everything once; raises QunyingError for damage, endless lines and bombs, so that nothing is begun."""
        if self.shape == "zip":
            self.folder.check()
        elif self.shape != "xlsx":
            limit = None if self.shape in {"xml", "json"} else MOST_LINE_BYTES
            with self._guarded(most_line=limit) as stream:
                while stream.read(_BLOCK):
                    pass

    def _buffered(self, stream: GuardedStream) -> io.BufferedReader:
        self._stream = stream
        return buffered(stream)

    @cached_property
    def delimiter(self) -> str:
        """The option “delimiter” (tab for a tabulator), or what cuts the first lines most evenly."""
        given = self.options.get("delimiter", "")
        return {"tab": "\t", "\\t": "\t"}.get(given, given) or sniff_delimiter(
            [f"{line}\n" for line in self.first_lines]
        )

    @cached_property
    def header(self) -> list[str]:
        """The column names, or the keys of the first objects of a JSONL file."""
        return self._table()[0]

    def records(self, *, spare: int = 0) -> Iterator[TableRow | BadRow]:
        """Rows of a table, or objects of a JSONL file, by column name; rows may be `spare` cells too long."""
        return self._table(spare)[1]

    def _table(self, spare: int = 0) -> tuple[list[str], Iterator[TableRow | BadRow]]:
        if self.shape == "jsonl":
            return jsonl_header(islice(self.text(), _FIRST_LINES)), jsonl_rows(self.text())
        if self.shape == "xlsx":
            return named_rows(self._sheet(), spare=spare)
        return named_rows(csv_rows(self.text(), delimiter=self.delimiter), spare=spare)

    def _sheet(self) -> Iterator[tuple[int, list[str]] | BadRow]:
        check_archive(self.path, name=self.name)
        wanted = self.options.get("sheet", "")
        try:
            known = sheet_names(self.path)
            if not wanted or wanted in known:
                yield from xlsx_rows(self.path, sheet=wanted)
                return
        except ValueError as error:
            raise QunyingError(
                _("“%(name)s” cannot be opened as a workbook. Save it as XLSX again.") % {"name": self.name}
            ) from error
        raise QunyingError(
            _("“%(name)s” has no sheet “%(sheet)s”. Those it has: %(known)s.")
            % {"name": self.name, "sheet": wanted, "known": ", ".join(known)}
        )


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
