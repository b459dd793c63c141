"""The recordings in tests/data, and their segments in every kind of envelope."""

from __future__ import annotations

import base64
import gzip
import io
import json
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from rum_replay import segments

FOLDERS = sorted(path for path in (Path(__file__).parents[1] / "data" / "segments").iterdir() if path.is_dir())
NAMES = [folder.name for folder in FOLDERS]


def segment_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("seg-*.zlib"))


def uploads(folder: Path) -> list[bytes]:
    """The segments as uploaded."""
    return [path.read_bytes() for path in segment_files(folder)]


def events(folder: Path) -> list[dict[str, Any]]:
    """The metadata as uploaded with each segment."""
    return [json.loads(path.read_bytes()) for path in sorted(folder.glob("seg-*.event.json"))]


def documents(folder: Path) -> list[bytes]:
    """The segments as JSON."""
    return [zlib.decompress(upload) for upload in uploads(folder)]


def values(folder: Path) -> list[Any]:
    """All records, as the standard library decodes them."""
    return [record for document in documents(folder) for record in json.loads(document)["records"]]


def found(source: Any, **limits: int) -> list[Any]:
    """All records that the reader finds, in the order of the source, decoded."""
    read = segments.read(source, limits=segments.Limits(**limits))
    return [json.loads(raw) for segment in read for raw in segment.raw_records()]


def deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def multipart(parts: Iterable[bytes], line_end: bytes = b"\r\n") -> bytes:
    head = line_end.join([b"--a+b", b'Content-Disposition: form-data; name="segment"', b"", b""])
    return b"".join(head + part + line_end for part in parts) + b"--a+b--" + line_end


def spliced(packed: list[bytes]) -> bytes:
    """Segments joined as the SDK's flushes allow: without an end of stream or a checksum."""
    return b"\x78\x9c" + b"".join(one[2:-6] for one in packed)


def envelopes(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The same segments in every kind of envelope."""
    packed, texts = uploads(folder), documents(folder)
    joined, text = b"".join(packed), b"".join(texts)
    parsed = [json.loads(one) for one in texts]
    as_base64 = [base64.b64encode(one).decode() for one in packed]
    yield "zlib, several members", joined
    yield "zlib, spliced", spliced(packed)
    yield "zlib, spliced, with a trailer", spliced(packed) + packed[-1][-6:]
    yield "gzip", gzip.compress(text)
    yield "gzip, several members with names", b"".join(_named_gzip(one) for one in texts)
    yield "raw deflate", deflate(text)
    yield "multipart", multipart(packed)
    yield "multipart with bare line feeds", multipart(packed, b"\n")
    yield "multipart of spliced zlib", multipart([spliced(packed[:2]), spliced(packed[2:])])
    yield "multipart of gzip in gzip", gzip.compress(multipart([gzip.compress(one) for one in texts]))
    as_text = [{"request": {"postData": {"text": multipart([one]).decode("latin-1")}}} for one in packed]
    yield "multipart as text in JSON", json.dumps({"log": {"entries": as_text}}).encode()
    yield "multipart as text in JSON, in UTF-8", json.dumps(as_text, ensure_ascii=False, indent=1).encode()
    yield "newline-delimited JSON", text
    yield "concatenated JSON", b"".join(one.strip() for one in texts)
    yield "JSON text sequence", b"".join(b"\x1e" + one for one in texts)
    yield "JSON with a byte order mark", b"\xef\xbb\xbf" + text
    yield "JSON list", b"[" + b",".join(texts) + b"]"
    yield "JSON, indented", json.dumps(parsed, indent=2).encode()
    yield (
        "JSON deep inside",
        json.dumps({"meta": {"n": [1, {}]}, "data": [{"id": "1", "a": {"b": d}} for d in parsed]}).encode(),
    )
    yield "JSON lists named records", json.dumps({"records": [{"records": [d]} for d in parsed]}).encode()
    yield "base64", b"".join(base64.b64encode(one) for one in packed)
    yield "base64 in lines", base64.encodebytes(joined)
    yield "base64 of gzip of base64", base64.b64encode(gzip.compress(base64.b64encode(joined)))
    yield "base64 in JSON", json.dumps({"data": [{"type": "segment", "body": one} for one in as_base64]}).encode()
    yield "base64 of JSON in JSON", json.dumps([base64.b64encode(one).decode() for one in texts]).encode()
    yield (
        "base64 in JSON, slashes escaped, URL-safe, no padding",
        json.dumps([as_base64[0], *(base64.urlsafe_b64encode(one).decode().rstrip("=") for one in packed[1:])])
        .replace("/", r"\/")
        .encode(),
    )
    yield "JSON in a string", json.dumps({"entries": [{"text": one.decode()} for one in texts]}).encode()
    yield "JSON in strings, indented", json.dumps([json.dumps(one, indent="\t") for one in parsed]).encode()
    yield "ZIP", zipped(packed, zipfile.ZIP_STORED)
    yield "ZIP of JSON", zipped(texts, zipfile.ZIP_DEFLATED)
    yield "ZIP written to a pipe", zipped(texts, zipfile.ZIP_DEFLATED, _Pipe())
    yield "ZIP in ZIP", zipped([zipped(packed, zipfile.ZIP_DEFLATED)], zipfile.ZIP_STORED)
    yield "tar", tarred(packed, "w:", tarfile.PAX_FORMAT)
    yield "tar of JSON, packed", tarred(texts, "w:gz", tarfile.GNU_FORMAT)
    yield (
        "the browser extension's object",
        b"".join(
            json.dumps(
                {"records": d["records"], "source": "browser", "records_count": len(d["records"]), "view": d["view"]}
            ).encode()
            for d in parsed
        ),
    )


class _Pipe(io.BytesIO):
    """Takes bytes, and nothing else."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError

    def seek(self, *_: int) -> int:
        raise OSError


def zipped(contents: Iterable[bytes], method: int, file: io.BytesIO | None = None) -> bytes:
    """A ZIP archive with a folder and files in it, and with a comment."""
    file = io.BytesIO() if file is None else file
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("été/", b"")
        for number, content in enumerate(contents):
            archive.writestr(f"été/{number}.json", content)
        archive.comment = b"a comment"
    return file.getvalue()


def tarred(contents: Iterable[bytes], mode: Literal["w:", "w:gz"], format: int) -> bytes:
    """A tar archive with a folder and files in it, whose names need headers of their own."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode, format=format) as archive:
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for number, content in enumerate(contents):
            member = tarfile.TarInfo(f"folder/{'x' * 200}é/{number}.json")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


def _named_gzip(content: bytes) -> bytes:
    whole = gzip.compress(content)
    # FHCRC, FEXTRA, FNAME and FCOMMENT, as RFC 1952 has them.
    head = whole[:3] + b"\x1e" + whole[4:10] + b"\x03\x00xyz" + b"segment.json\0" + b"a comment\0"
    return head + (zlib.crc32(head) & 0xFFFF).to_bytes(2, "little") + whole[10:]
