"""The attributes that the player gives elements, and notes of what they cannot show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from .. import _inert as inert
from ..dom import Node
from ..dom._css.missing_sheets import missing_sheets
from ..dom._form_fields import written_value
from ..dom._markup.doctypes import LayoutMode, layout_mode
from ..dom._markup.drawings import Drawings
from ..dom._markup.inert_attributes import inert_attributes, is_unsized, place_in_top_layer, rule_for, style_with_size
from ..dom._markup.plugins import is_plugin_box, shows_fallback
from ..dom._nodes import DOCUMENT
from ._names import Traits, as_kept, has_sheet, style_text
from ._style_notes import StyleNotes

__all__ = ["Attributes"]

_NOT_RECORDED = "data-replay-missing"
_DRAWING = "drawings on a <canvas>, which are not in the recording"
_OF_APP = "content that the app does not record, as placeholders"
_UNSIZED = "images of unknown size: as style sheets size them, or else as images that failed to load"
_XHTML = "http://www.w3.org/1999/xhtml"


class Attributes:
    """Attributes of new elements, and changes of those that the player has."""

    def __init__(self, drawings: Drawings) -> None:
        self.notes: Counter[str] = Counter()
        """Everything that could not be shown: a description of each kind, and how many."""
        self.with_rules: list[Node] = []
        """Elements that need a rule of ours, see `rule_for`, and were converted since this was cleared."""
        self.marks: dict[int, dict[str, str]] = {}
        """Further attributes that elements have in the player, by their ids."""
        self.plugins: set[int] = set()
        """The ids of all objects and embeds."""
        self._boxes: set[int] = set()
        self._fallbacks: set[int] = set()
        """Objects that are built with what is in them."""
        self._drawings = drawings
        self._undrawn: set[int] = set()
        self._style_notes = StyleNotes()
        self._is_again = False

    @contextmanager
    def again(self) -> Generator[None]:
        """Within this, elements have the attributes that the player has by now, and nothing is noted."""
        notes, with_rules, undrawn = self.notes, self.with_rules, set(self._undrawn)
        self.notes, self.with_rules, self._is_again = Counter(), [], True
        try:
            yield
        finally:
            self.notes, self.with_rules, self._is_again = notes, with_rules, False
            self._undrawn = undrawn

    def start(self) -> None:
        """The page is another one."""
        self.count_canvases()
        self.marks = {}
        self._boxes.clear()
        self._fallbacks.clear()
        self.plugins.clear()
        self.with_rules.clear()

    def built_as(self, plugin: Node) -> str | None:
        """The name of the element in place of a plugin; None if there is none, or for another element."""
        return inert.BOX if plugin.id in self._boxes else inert.FALLBACK if plugin.id in self._fallbacks else None

    def is_outdated(self, plugin: Node) -> bool:
        """Whether a plugin is built as a box, or as what is in it, and would now be built in another way."""
        is_box, is_fallback = plugin.id in self._boxes, plugin.id in self._fallbacks
        return (is_box, is_fallback) != (is_plugin_box(plugin), shows_fallback(plugin))

    def note_plugin(self, node: Node) -> None:
        """A plugin is built; in which way, is decided here."""
        if self._is_again:
            return
        self.plugins.add(node.id)
        for ids, is_one in ((self._boxes, is_plugin_box(node)), (self._fallbacks, shows_fallback(node))):
            if is_one:
                ids.add(node.id)
            else:
                ids.discard(node.id)

    def of(self, node: Node, traits: Traits) -> dict[str, Any]:
        """The attributes of a new element."""
        recorded = node.attributes
        if node.size is not None:
            recorded = {**recorded, "style": style_with_size(node)}
        written = inert_attributes(node, recorded, is_box=node.id in self._boxes)
        attributes: dict[str, Any] = (
            written if node.is_svg else {name.lower(): value for name, value in written.items()}
        )
        if node.name == "html" and node.parent is not None:
            attributes |= _namespace(node, node.parent)
        if "style" in attributes:
            self.notes += self._style_notes.of_attribute(attributes["style"])
        if node.id in self.marks:
            attributes |= self.marks[node.id]
        if traits.may_need_note or node.image_resource is not None:
            self._add_content(node, attributes)
        has_state = node.value is not None or node.checked or node.scroll is not None or node.size is not None
        if has_state or node.style_sheets or node.in_top_layer or node.name == "option":
            self._add_state(node, attributes)
        return attributes

    def _add_content(self, node: Node, attributes: dict[str, Any]) -> None:
        """What is shown in the place of content, and notes of content that is not there."""
        is_without = self._is_again and inert.is_left_out(node.name) and node.id not in self._boxes  # See `attribute`.
        is_without = is_without or node.id in self._fallbacks
        if inert.lacks_content(node.name, node.attributes) and not is_without:
            attributes[_NOT_RECORDED] = ""
            self.notes[
                f"<{inert.local_name(node.name)}> whose content comes from a server and is not in the recording"
            ] += 1
        elif node.name == "mobile-placeholder":
            attributes[_NOT_RECORDED] = ""
            self.notes[_OF_APP] += 1
        elif _is_canvas(node):
            attributes |= {name: value for name, value in self.drawing(node).items() if value is not None}
        elif node.image_resource is not None:  # SDKs know only canvases with one.
            attributes[_NOT_RECORDED] = ""
            self._drawings.missing.add(node.image_resource)
        if rule_for(node) is not None:
            self.with_rules.append(node)
        if is_unsized(node):
            attributes[inert.UNSIZED] = ""
            self.notes[_UNSIZED] += 1
        if missing := missing_sheets(node):
            self.notes["style sheets that are not in the recording"] += missing

    def _add_state(self, node: Node, attributes: dict[str, Any]) -> None:
        value = written_value(node)
        if value is not None and node.attributes.get("type", "").lower() != "file" and node.name != "select":
            attributes["value"] = value
        if node.checked:
            attributes["selected" if node.name == "option" else "checked"] = ""
        if node.scroll is not None:
            attributes |= {"rr_scrollLeft": node.scroll.left, "rr_scrollTop": node.scroll.top}
        if node.size is not None:
            attributes[inert.HIDDEN] = ""
            self.notes["elements that are hidden for privacy"] += 1
        if node.in_top_layer:
            attributes |= self.top_layer(node, is_in=True)
        if has_sheet(node):
            attributes["_cssText"] = css = style_text(node.style_sheets)
            self.note_css(css)

    def changed(self, element: Node, name: str, value: str | None) -> dict[str, Any]:
        """The attributes to set for an attribute that was set or removed; None removes one."""
        if name == "style" and element.size is not None:
            value = style_with_size(element)
        built_as = self.built_as(element)
        changes: dict[str, Any] = {as_kept(element, name): inert.attribute(built_as or element.name, name, value)}
        if built_as == inert.BOX:
            # The style of a box has what other attributes say.
            recorded = {**element.attributes, "style": style_with_size(element)}
            changes["style"] = inert.box_attributes(element.name, recorded).get("style")
        if name in inert.SELECTED and (built_as is not None or not inert.is_left_out(element.name)):
            recorded = {} if value is None else {name: value}
            kept = {key: one for key, one in changes.items() if one is not None}
            changes[inert.recorded_name(name)] = None
            changes |= inert.recorded_attributes(recorded, kept)
        if _is_canvas(element) and name in ("height", "style", "width"):
            changes |= self.drawing(element)
        if inert.shows_content_of(element.name, name) and (
            built_as == inert.BOX or not inert.is_left_out(element.name)
        ):
            changes[_NOT_RECORDED] = "" if inert.lacks_content(element.name, element.attributes) else None
        if name in inert.SIZING and not element.is_svg:
            changes |= (shown := inert.changed_substitute(element.name, element.attributes, _parent_name(element)))
            if shown:
                changes[inert.ADDED] = "" if inert.added(element.attributes, shown) else None
            if is_unsized(element):
                self.with_rules.append(element)
        return changes

    def drawing(self, canvas: Node) -> dict[str, Any]:
        """The attributes to set for a canvas, whose style has what it shows and how large it is."""
        own = self._drawings.style(canvas)
        style = inert.attribute(canvas.name, "style", style_with_size(canvas))
        lacks = self._drawings.lacks(canvas)
        if canvas.image_resource is None:
            self._undrawn.add(canvas.id)
        else:
            self._undrawn.discard(canvas.id)
        return {"style": f"{own};{style}" if style else own, _NOT_RECORDED: "" if lacks else None}

    def count_canvases(self) -> None:
        """Note the canvases for which no image was recorded, up to here."""
        if self._undrawn:
            self.notes[_DRAWING] += len(self._undrawn)
        self._undrawn.clear()

    def note_css(self, css: str) -> None:
        """Note what a style sheet lacks."""
        self.notes += self._style_notes.of_sheet(css)

    def top_layer(self, node: Node, *, is_in: bool) -> dict[str, Any]:
        """The attributes to set for a dialog or popover that is in the top layer, or no longer."""
        place = place_in_top_layer(node) if is_in else None
        mode = "modal" if place == inert.MODAL else "non-modal" if "open" in node.attributes else None
        return {"rr_open_mode": mode, inert.TOP_LAYER: place} if node.name == "dialog" else {inert.TOP_LAYER: place}

    def size(self, element: Node) -> dict[str, Any]:
        """The attributes to set for an element that is hidden for privacy.

        The style is whole, because the player reads CSS in another way than browsers to add parts to it.
        """
        self.with_rules.append(element)
        return {**self.changed(element, "style", None), inert.HIDDEN: ""}


def _is_canvas(node: Node) -> bool:
    return node.name == "canvas" and not node.is_svg


def _parent_name(node: Node) -> str:
    return "" if node.parent is None else node.parent.name


def _namespace(html: Node, document: Node) -> dict[str, Any]:
    """The attribute by which the player tells modes other than the standard one apart."""
    mode = layout_mode(document) if document.kind is DOCUMENT else LayoutMode.STANDARD
    if mode is LayoutMode.LIMITED_QUIRKS:
        return {"xmlns": _XHTML}
    return {"xmlns": ""} if mode is LayoutMode.QUIRKS and "xmlns" in html.attributes else {}
