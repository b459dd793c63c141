"""Bodies as readable YAML values: JSON as a structure, text as text, anything else as base64. No byte is lost."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

__all__ = ["BODY_FIELDS", "decode_body", "encode_body"]

BODY_FIELDS = frozenset({"json", "json_style", "text", "base64"})

# A deeper structure is no easier to read than its text, and recursion approaches Python's limit.
_MAX_DEPTH = 40
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LAYOUTS: dict[str, dict[str, Any]] = {
    "compact": {"separators": (",", ":")},
    "spaced": {"separators": (", ", ": ")},
    "indent-2": {"indent": 2},
    "indent-4": {"indent": 4},
}
_DEFAULT_STYLE = "compact"


def encode_body(body: bytes) -> dict[str, Any]:
    """The fields that represent a body; empty for an empty body.

    JSON becomes `json:` if encoding that structure again gives the same bytes; `json_style:` names the encoding unless
    it is the usual compact one. JSON written in any other way (numbers such as `1.10`, duplicate keys, unusual spaces
    or escapes) becomes `text:`, like all other UTF-8 without control characters.
    """
    if not body:
        return {}
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _as_base64(body)
    if _CONTROL.search(text):
        return _as_base64(body)
    return _as_json(text) or {"text": text}


def decode_body(fields: Mapping[str, Any]) -> bytes:
    """The bytes that the fields represent; raises ValueError or TypeError for invalid fields."""
    given = [name for name in ("json", "text", "base64") if name in fields]
    if len(given) > 1:
        raise ValueError(f"{' and '.join(given)} exclude each other")
    if "json_style" in fields and given != ["json"]:
        raise ValueError("json_style needs json")
    if not given:
        return b""
    value = fields[given[0]]
    if given == ["json"]:
        return _dumped(value, fields.get("json_style", _DEFAULT_STYLE)).encode("utf-8")
    if not isinstance(value, str):
        raise TypeError(f"{given[0]} must be text, not {value!r}")
    if given == ["text"]:
        return value.encode("utf-8")
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except binascii.Error as error:
        raise ValueError(f"base64 is damaged: {error}") from error


def _as_base64(body: bytes) -> dict[str, Any]:
    # On one line, so that no line break interrupts an encoded credential when the finished file is searched.
    return {"base64": base64.b64encode(body).decode("ascii")}


def _as_json(text: str) -> dict[str, Any] | None:
    """The structure and the style that reproduce this text; None if no style does."""
    if not text.startswith(("{", "[")):
        return None  # a lone number or string is clearer as text
    try:
        value = json.loads(text)
        if _deeper_than(value, _MAX_DEPTH):
            return None
        for style in _styles_like(text):
            written = _dumped(value, style)
            if written == text and _is_unicode(value, style):
                return {"json": value} if style == _DEFAULT_STYLE else {"json_style": style, "json": value}
    except (ValueError, RecursionError):
        return None
    return None


def _styles_like(text: str) -> list[str]:
    newline = " newline" if text.endswith("\n") else ""
    return [f"{layout}{ascii_only}{newline}" for layout in _LAYOUTS for ascii_only in ("", " ascii")]


def _dumped(value: Any, style: object) -> str:
    layout, *words = style.split() if isinstance(style, str) else [""]
    if layout not in _LAYOUTS or not {"ascii", "newline"}.issuperset(words):
        raise ValueError(f"json_style must be one of {', '.join(_LAYOUTS)}, with 'ascii' or 'newline', not {style!r}")
    written = json.dumps(value, ensure_ascii="ascii" in words, **_LAYOUTS[layout])
    return f"{written}\n" if "newline" in words else written


def _is_unicode(value: Any, style: str) -> bool:
    """False for half of a surrogate pair, which JSON can escape but UTF-8 cannot encode."""
    try:
        _dumped(value, style.replace(" ascii", "")).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _deeper_than(value: Any, levels: int) -> bool:
    if isinstance(value, dict):
        children: Iterable[Any] = cast("dict[str, Any]", value).values()
    elif isinstance(value, list):
        children = cast("Iterable[Any]", value)
    else:
        return False
    return not levels or any(_deeper_than(child, levels - 1) for child in children)
