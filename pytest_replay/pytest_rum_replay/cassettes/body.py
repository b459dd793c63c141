"""Bodies as readable YAML values: JSON as structure, text as text, the rest as base64; the very bytes come back."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

__all__ = ["BODY_FIELDS", "decode_body", "encode_body"]

BODY_FIELDS = frozenset({"json", "json_style", "text", "base64"})

# Beyond this a structure is no easier to read than its text, and recursion gets near Python's limit.
_DEEPEST = 40
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LAYOUTS: dict[str, dict[str, Any]] = {
    "compact": {"separators": (",", ":")},
    "spaced": {"separators": (", ", ": ")},
    "indent-2": {"indent": 2},
    "indent-4": {"indent": 4},
}
_USUAL = "compact"


def encode_body(body: bytes) -> dict[str, Any]:
    """The fields that stand for a body; none for an empty one.

    JSON becomes `json:` where writing that structure down again gives the same bytes; `json_style:` says how, unless
    it is the usual compact form. JSON written in any other way (numbers such as `1.10`, a key twice, unusual spaces
    or escapes) stays `text:`, as does all other UTF-8 without control characters.
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
    """The bytes that the fields stand for; raises ValueError or TypeError for fields that cannot be."""
    given = [name for name in ("json", "text", "base64") if name in fields]
    if len(given) > 1:
        raise ValueError(f"{' and '.join(given)} exclude each other")
    if "json_style" in fields and given != ["json"]:
        raise ValueError("json_style needs json")
    if not given:
        return b""
    value = fields[given[0]]
    if given == ["json"]:
        return _dumped(value, fields.get("json_style", _USUAL)).encode("utf-8")
    if not isinstance(value, str):
        raise TypeError(f"{given[0]} must be text, not {value!r}")
    if given == ["text"]:
        return value.encode("utf-8")
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except binascii.Error as error:
        raise ValueError(f"base64 is damaged: {error}") from error


def _as_base64(body: bytes) -> dict[str, Any]:
    # In one line, so that a search of the finished file for encoded credentials meets no line break.
    return {"base64": base64.b64encode(body).decode("ascii")}


def _as_json(text: str) -> dict[str, Any] | None:
    """The structure with the style that gives back this text; None where there is none."""
    if not text.startswith(("{", "[")):
        return None  # a lone number or string is clearer as the text that it is
    try:
        value = json.loads(text)
        if _deeper_than(value, _DEEPEST):
            return None
        for style in _styles_like(text):
            written = _dumped(value, style)
            if written == text and _is_unicode(value, style):
                return {"json": value} if style == _USUAL else {"json_style": style, "json": value}
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
    """False for half of a surrogate pair, which JSON can escape and UTF-8 cannot hold."""
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
