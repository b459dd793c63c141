"""A page as HTML that is inert: it runs nothing, requests nothing and navigates nowhere.

Whatever a recording contains, only tags and attributes that are written here come out, because text and values are
escaped and names are checked. What elements, attributes and style sheets may contain is decided in `_inert`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from html import escape
from itertools import chain

import attrs

from ...._arguments import check_instance
from ...._errors import SegmentError
from ... import _inert as inert
from .._css.matching import scope_of
from .._dictionaries import MAX_LENGTH
from .._form_fields import written_value
from .._nodes import CDATA, DOCTYPE, DOCUMENT, ELEMENT, SHADOW_ROOT, TEXT, Node, walk
from .._page import Page, focus_marks
from .._style_sheets import StyleSheet
from .drawings import Drawings
from .inert_attributes import (
    WITH_SUBSTITUTES,
    inert_attributes,
    is_unsized,
    place_in_top_layer,
    rule_for,
    style_with_size,
)
from .nesting import Nesting, written_name
from .plugins import is_plugin_box, shows_fallback

__all__ = ["Markup", "to_html"]

_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "source", "track", "wbr"})
_DROPS_FIRST_LINE_FEED = frozenset({"listing", "pre", "textarea"})
# Within <svg>, the parser reads tags and character references in the text of a <style>.
# Escaped already or not; other escapes are passed over, since a backslash may be escaped itself.
_MARKUP_IN_CSS = re.compile(r"\\[\s\S]|<(?=[A-Za-z/!?])|&(?=[#A-Za-z])")
_UNCERTAIN = "data-replay-uncertain"
_OURS = f' {inert.OURS} style="display:none!important"'
"""Attributes of styles that are no elements of the recording."""

_MOVING = ("animation", "starting-style", "transition")
_ENDED = (
    f"@layer rum-replay{{*,*::before,*::after{{{inert.BY_SCROLLING}:initial;animation-delay:0s!important;"
    f"animation-duration:var({inert.BY_SCROLLING},0s)!important;animation-timeline:auto!important;"
    "animation-play-state:paused!important;"
    "transition:none!important}}"
)
"""Markup shows one moment: everything that moves looks as after its end, also what never ends and what moves while it
comes into view; but what moves as far as something is scrolled looks as if nothing was scrolled."""


def to_html(of: Page | Node) -> str:
    """Markup of a page, or of a node with everything below it; at any depth. Empty for a page without a snapshot.

    The markup is inert. Scripts, plugins, `<meta>` and the like are empty `<template>` elements, frames are empty, and
    images, sounds, fonts and style sheets are there only if the recording contains them, as text or as data URLs.
    Links to other pages lead to `about:blank`, and forms submit nothing; the addresses are in `Node.attributes`.

    Canvases show the images that were uploaded beside the segments. What moves looks as after its end, also
    what never ends. Form fields have the values they held, shadow roots are declarative ones
    (`<template shadowrootmode>`), recorded style sheets replace links to them, elements hidden for privacy have the
    size they had. HTML has no way to say how far elements were scrolled. Where records are missing, the page is a
    guess, and its root element has an attribute `data-replay-uncertain` that says since when and why.

    Where scripts put into an element what HTML's parser would not keep there, such as a `<div>` in a `<p>`, it is
    written as `<replay-p>`, and style sheets select and display it as a `<p>`.

    Raises SegmentError if the markup is longer than 64 Mi characters, which a recording of a few bytes can ask for by
    repeating a string; FileError or SegmentError if an image cannot be read again.
    """
    check_instance("of", of, (Page, Node), "a Page or Node")
    if isinstance(of, Node):
        return Markup().of(of)
    uncertain = None if of.uncertain_because is None else f"since {of.uncertain_since}: {of.uncertain_because}"
    return "" if of.root is None else Markup(uncertain=uncertain, marks=focus_marks(of, with_mouse=True)).of(of.root)


def _unchanged(css: str) -> str:
    return css


@attrs.define
class Markup:
    """Writes nodes as inert HTML."""

    restyle: Callable[[str], str] = _unchanged
    """Changes inert CSS further."""

    mark: str | None = None
    """Name of an attribute for elements whose content the recording does not contain."""

    uncertain: str | None = None
    """Since when and why the page is a guess, for an attribute of its root element."""

    styled: Mapping[Node, str] = attrs.field(factory=dict["Node", str])
    """Elements that get an attribute of this name, without a value, and a rule of `styles`."""

    styles: Mapping[str, str] = attrs.field(factory=dict[str, str])
    """Rules in the first cascade layer, for each such attribute."""

    marks: Mapping[Node, Mapping[str, str]] = attrs.field(factory=dict["Node", "Mapping[str, str]"])
    """Further attributes of elements."""

    is_in_frame: bool = False
    """Whether the markup is for a frame; in a frame, other frames are empty."""

    _rules: dict[Node | None, str] = attrs.field(init=False, factory=dict["Node | None", str])
    """Rules of our own that are not written yet, for each shadow root and, under None, for the document."""

    _drawings: Drawings = attrs.field(init=False, factory=Drawings)
    _nesting: Nesting = attrs.field(init=False, factory=Nesting)
    _inert_css: Callable[..., str] = attrs.field(init=False, default=inert.css)
    _selected: frozenset[str] = attrs.field(init=False, default=frozenset())
    """Attributes that style sheets ask for."""

    _with_ours: set[Node | None] = attrs.field(init=False, factory=set["Node | None"])
    """Shadow roots at whose end there are styles that are no elements of the recording; None for the document."""

    def of(self, root: Node) -> str:
        """The markup of a node and everything below it. Raises SegmentError if it is longer than 64 Mi characters."""
        pieces: list[str] = []
        length = 0
        self._nesting = Nesting.of(root)
        self._inert_css = partial(
            inert.css,
            renamed=self._nesting.names(),
            hovered=inert.HOVERED if any(inert.HOVER in one for one in self.marks.values()) else "",
        )
        self._selected = frozenset(chain.from_iterable(map(inert.selected_in, _styles_in(root))))
        self._rules = self._own_rules(root)
        shadow_roots = (node for node in walk(root) if node.kind is SHADOW_ROOT)
        self._with_ours = {one for one in shadow_roots if one.style_sheets or self._rules.get(one)}
        if root.kind is DOCUMENT and root.style_sheets:
            self._with_ours.add(None)  # Parsers put what follows the body at its end.
        for piece in chain(self._pieces(root), self._own_style(None)):
            pieces.append(piece)
            length += len(piece)
            if length > MAX_LENGTH:
                raise _too_long()
        return "".join(pieces)

    def _own_rules(self, root: Node) -> dict[Node | None, str]:
        """The rules of our own, which do not depend on what the page is like, for each document and shadow root."""
        rules = defaultdict[Node | None, str](str, _rules_of(root))
        renamed = self._nesting.renamed
        for scope, names in _by_scope(((node, written_name(node)) for node in renamed), root).items():
            rules[scope] += inert.in_first_layer(inert.style_rules(names))
        for scope in scopes_of(self._nesting.unrendered & renamed, root):
            rules[scope] += inert.in_first_layer(f"[{inert.UNRENDERED}]{{display:none!important}}")
        for scope, names in _by_scope(self.styled.items(), root).items():
            rules[scope] += inert.in_first_layer("".join(self.styles[name] for name in sorted(names)))
        focused = (node for node, marks in self.marks.items() if marks.get(inert.FOCUS) == inert.FOCUS_VISIBLE)
        for scope in scopes_of(focused, root):
            rules[scope] += inert.in_first_layer(inert.FOCUS_RULE)
        if _moves(root):
            for scope in (None, *(node for node in walk(root) if node.kind is SHADOW_ROOT)):
                rules[scope] += _ENDED
        return rules

    def _own_style(self, scope: Node | None) -> Iterator[str]:
        """Rules of our own, once for each document and shadow root that needs some."""
        if rules := self._rules.pop(scope, ""):
            yield f"<style>{rules}</style>" if scope is None else f"<style{_OURS}>{rules}</style>"

    def _pieces(self, root: Node) -> Iterator[str]:
        waiting: list[Node | str] = [root]
        while waiting:
            one = waiting.pop()
            if isinstance(one, str):
                yield one
            elif one.kind is ELEMENT:
                waiting.extend(reversed(self._element(one)))
            elif one.kind is SHADOW_ROOT:
                yield '<template shadowrootmode="open">'
                # Last, where `:first-child` and `+` do not see them; `:last-child` and the like are rewritten.
                ours = [*self._own_style(one), *self._styles(one.style_sheets, scope=one, own=_OURS)]
                waiting.extend(reversed([*one.children, *ours, "</template>"]))
            elif one.kind is DOCTYPE:
                yield _doctype(one)
            elif one.kind in (TEXT, CDATA):
                yield escape(one.text, quote=False)
            else:
                waiting.extend(reversed(one.children))

    def _element(self, node: Node) -> list[Node | str]:
        """Its tags and everything between them."""
        is_box = is_plugin_box(node)
        is_fallback = shows_fallback(node)
        name = inert.element_name(node.name, is_svg=node.is_svg)
        name = inert.BOX if is_box else inert.FALLBACK if is_fallback else name
        kind = name.lower()
        if kind == "style":
            sheets = node.style_sheets or (StyleSheet("".join(child.text for child in node.children)),)
            return list(self._styles(sheets, node.attributes.get("media"), scope=scope_of(node)))
        if kind == "link" and node.style_sheets:
            return list(self._styles(node.style_sheets, node.attributes.get("media"), scope=scope_of(node)))
        if kind == "link" or (inert.is_left_out(node.name) and not (is_box or is_fallback)):
            # Within <head> no rule cares.
            is_in_head = node.parent is not None and node.parent.name == "head"
            return [] if is_in_head else [f"<{inert.PLACEHOLDER}></{inert.PLACEHOLDER}>"]
        if node in self._nesting.unwrapped:
            return [child for child in node.children if child.kind is ELEMENT]
        # Those in a <template>, whose content nobody looks at, included.
        if node in self._nesting.renamed or kind in inert.RAW:
            name = inert.new_name(kind)
        page = self._inner_page(node) if inert.is_frame(name) else ""
        marks = "".join(f' {mark}="{value}"' for mark, value in self.marks.get(node, {}).items())
        opening = f"<{name}{''.join(self._attributes(node, kind, is_box=is_box))}{marks}{page}>"
        if name in _VOID and not node.is_svg:
            return [opening]
        return [opening, *self._content(node, name), f"</{name}>"]

    def _content(self, node: Node, name: str) -> list[Node | str]:
        """What is between the tags of an element that is written by a name."""
        content: list[Node | str] = []
        if node.shadow_root is not None:
            content.append(node.shadow_root)
        if node.name == "textarea" and node.value is not None:
            content.append(escape(node.value, quote=False))
        elif name == "head":
            content = ['<meta charset="utf-8">', *self._own_style(None)]
            content += (child for child in node.children if child.kind is ELEMENT)
        elif not inert.is_frame(name):
            content.extend(node.children)
        if content and name in _DROPS_FIRST_LINE_FEED:
            content.insert(0, "\n")
        if node.parent is not None and node.parent.kind is DOCUMENT:
            content.extend(self._styles(node.parent.style_sheets, own=_OURS))
        return content

    def _inner_page(self, frame: Node) -> str:
        """The page of a web view on a mobile screen, as attributes; those of browsers are not recorded."""
        page = frame.first_child
        if page is None or page.kind is not DOCUMENT or self.is_in_frame:
            return ""
        # Lengths that are relative to the viewport are relative to the frame.
        inner = Markup(mark=self.mark, is_in_frame=True)
        inner._drawings = self._drawings
        return f' sandbox="" srcdoc="{escape(inner.of(page))}"'

    def _attributes(self, node: Node, kind: str, *, is_box: bool) -> Iterator[str]:
        attributes = dict(node.attributes)
        if kind == "input" and (value := written_value(node)) is not None:
            attributes["value"] = value
        if node.checked is not None:
            state = "selected" if kind == "option" else "checked"
            attributes.pop(state, None)
            if node.checked:
                attributes[state] = ""
        if node.size is not None:
            attributes["style"] = style_with_size(node)
        written = inert_attributes(node, attributes, is_box=is_box, selected=self._selected)
        is_canvas = kind == "canvas" and not node.is_svg
        drawing = self._drawings.style(node) if is_canvas else ""
        if drawing and "style" not in written:
            yield f' style="{escape(drawing)}"'
        for name, value in written.items():
            style = ";".join(filter(None, [drawing, self.restyle(value)])) if name.lower() == "style" else value
            yield f' {name}="{escape(style)}"'
        yield from self._marks(node, is_canvas=is_canvas)

    def _marks(self, node: Node, *, is_canvas: bool) -> Iterator[str]:
        """Attributes of ours."""
        if self.uncertain is not None and (node.parent is None or node.parent.kind is DOCUMENT):
            yield f' {_UNCERTAIN}="{escape(self.uncertain)}"'
        if self.mark is not None and self._lacks_content(node, is_canvas=is_canvas):
            yield f' {self.mark}=""'
        if is_unsized(node):
            yield f' {inert.UNSIZED}=""'
        if node.in_top_layer:
            place = place_in_top_layer(node)
            is_host = place == inert.POPOVER and node.shadow_root is not None
            yield f' {inert.TOP_LAYER}="{inert.POPOVER_HOST if is_host else place}"'
        if node.size is not None:
            yield f' {inert.HIDDEN}=""'
        if node in self._nesting.unrendered:
            yield f' {inert.UNRENDERED}=""'
        if node in self.styled:
            yield f' {self.styled[node]}=""'

    def _lacks_content(self, node: Node, *, is_canvas: bool) -> bool:
        if is_canvas:
            return self._drawings.lacks(node)
        is_lacking = node.image_resource is not None or node.name == "mobile-placeholder"
        return is_lacking or (inert.lacks_content(node.name, node.attributes) and not shows_fallback(node))

    def _styles(
        self,
        sheets: Iterable[StyleSheet],
        media: str | None = None,
        *,
        scope: Node | None = None,
        own: str = "",
    ) -> Iterator[str]:
        """Style sheets in a document or shadow root; `own` is attributes of the elements that are made for them."""
        has_ours = scope in self._with_ours
        for sheet in sheets:
            if not sheet.disabled:
                if sheet.length > MAX_LENGTH:
                    raise _too_long()
                query = inert.media(", ".join(sheet.media) or media or "")
                css = self.restyle(self._inert_css(sheet.text, has_ours=has_ours))
                css = _MARKUP_IN_CSS.sub(_css_escape, inert.before_layers(css) if has_ours else css)
                yield f'<style{own} media="{escape(query)}">{css}</style>' if query else f"<style{own}>{css}</style>"


def _rules_of(root: Node) -> dict[Node | None, str]:
    needed = defaultdict[str, list[Node]](list)
    for node in walk(root):
        if node.in_top_layer:
            needed[inert.TOP_LAYER_RULE].append(node)
        if (node.size is not None or node.name in WITH_SUBSTITUTES) and (rule := rule_for(node)) is not None:
            if rule is inert.MEDIA_RULE and ("controls" in node.attributes or node.size is not None):
                continue
            needed[rule].append(node)
    rules: dict[Node | None, str] = {}
    for rule, nodes in needed.items():
        for scope in scopes_of(nodes, root):
            rules[scope] = rules.get(scope, "") + rule
    for host in needed[inert.TOP_LAYER_RULE]:
        if host.shadow_root is not None:
            rules[host.shadow_root] = rules.get(host.shadow_root, "") + inert.HOST_RULE
    return rules


def scopes_of(nodes: Iterable[Node], root: Node) -> set[Node | None]:
    """The shadow roots that nodes below a root are in; None for those that are in none."""
    return set(_by_scope(((node, "") for node in nodes), root))


def _by_scope(named: Iterable[tuple[Node, str]], root: Node) -> dict[Node | None, set[str]]:
    """The shadow roots that nodes below a root are in, each with the names that are given with these."""
    scopes: dict[Node | None, set[str]] = {}
    known: dict[Node, Node | None] = {root: root if root.kind is SHADOW_ROOT else None}
    for node, name in named:
        path: list[Node] = []
        while node not in known and node.kind is not SHADOW_ROOT and node.parent is not None:
            path.append(node)
            node = node.parent  # noqa: PLW2901 - up to one that is known
        scope = known.setdefault(node, node if node.kind is SHADOW_ROOT else None)
        known.update(dict.fromkeys(path, scope))
        scopes.setdefault(scope, set()).add(name)
    return scopes


def _moves(root: Node) -> bool:
    """Whether a style or style sheet in it moves anything by itself."""
    styles = (node.attributes.get("style") for node in walk(root))
    return any(map(_has_movement, chain(filter(None, styles), _styles_in(root))))


def _styles_in(root: Node) -> Iterator[str]:
    """The texts of the style sheets below a node, each once."""
    known: set[StyleSheet] = set()  # Components often share theirs.
    for node in walk(root):
        if node.kind is TEXT and node.parent is not None and node.parent.name == "style":
            yield node.text
        for sheet in node.style_sheets:
            if sheet not in known:
                known.add(sheet)
                if sheet.length <= MAX_LENGTH:
                    yield sheet.text


def _has_movement(css: str) -> bool:
    lower = css.lower()  # Far quicker than a regular expression.
    return any(word in lower for word in _MOVING)


def _too_long() -> SegmentError:
    return SegmentError(f"the page is longer than {MAX_LENGTH:,} characters as HTML; write parts of it")


def _css_escape(character: re.Match[str]) -> str:
    """The same character, written so that no parser takes it for the start of anything."""
    found = character.group()[-1]
    return f"\\{ord(found):x} " if found in "<&" else character.group()


def _doctype(node: Node) -> str:
    name = node.name if inert.is_name(node.name) else "html"
    public_id, system_id = (re.sub(r'[">]', "", node.attributes.get(key, "")) for key in ("publicId", "systemId"))
    if public_id:
        return f'<!DOCTYPE {name} PUBLIC "{public_id}"' + (f' "{system_id}">' if system_id else ">")
    return f'<!DOCTYPE {name} SYSTEM "{system_id}">' if system_id else f"<!DOCTYPE {name}>"
