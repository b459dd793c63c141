"""SVG element names with capitals, which recorders up to browser SDK 6 write in lower case.

From the HTML Standard's table of adjusted SVG tag names: https://html.spec.whatwg.org/multipage/parsing.html
"""

from __future__ import annotations

__all__ = ["svg_name"]

_WITH_CAPITALS = """
altGlyph altGlyphDef altGlyphItem animateColor animateMotion animateTransform clipPath feBlend feColorMatrix
feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood
feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
feSpecularLighting feSpotLight feTile feTurbulence foreignObject glyphRef linearGradient radialGradient textPath
"""
_NAMES = {name.lower(): name for name in _WITH_CAPITALS.split()}


def svg_name(name: str) -> str:
    """The name as SVG writes it."""
    return _NAMES.get(name, name)
