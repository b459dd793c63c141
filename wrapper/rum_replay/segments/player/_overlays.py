"""What was shown above the page or enlarged, as far as records show it, for the player's notes.

Of a `<dialog>`, the attribute `open` is recorded, but not whether it was opened by `showModal()`: see `Dialogs`. Of
popovers, nothing says when they were shown; that somebody used one, or the button that shows it, or what the page says
of it, does. Pinch zoom is recorded as the scale of the visual viewport.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..dom import AttributeSet, Effect, Node, NodeAdded, Page, TopLayerSet, VisualViewportSet
from ..dom._nodes import ELEMENT

__all__ = ["Overlays"]

MODAL = (
    "<dialog> that opened after a click, or that was the next thing used: it is shown above everything else and a "
    "backdrop, as nearly all pages open them; it is not recorded whether it was"
)
DIALOGS = (
    "<dialog> that was open by itself, or beside which something was used: it is shown in its place in the page; it is "
    "not recorded whether it was above everything else"
)
USED_POPOVERS = (
    "popovers that somebody opened or used: they are shown while a pointer or the focus is in them, after a click on "
    "their button, or while attributes or styles of the page say that they are open; when else is not recorded"
)
OTHER_POPOVERS = "elements that may be shown as popovers: they are hidden, since it is not recorded whether they were"
ZOOM = "pinch zoom, or another scale of the visual viewport: the whole page is shown, not the enlarged part"

_SMALLEST_ZOOM = 0.01
_MAX_POPOVERS = 10_000


class Overlays:
    """Follows one view."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._notes = Counter[str]()
        self._popovers: set[int] = set()
        self._used: set[int] = set()
        self._open: dict[int, bool] = {}
        """By the ids of dialogs that are open, whether they count as modal: pages may set the attribute again."""
        self._is_zoomed = False

    def notes(self) -> Counter[str]:
        """What cannot be shown as it was: a description of each kind, and how many."""
        self._end_page()
        return self._notes

    def start(self, nodes: Iterable[Node]) -> None:
        """A full snapshot replaced the page."""
        self._end_page()
        for node in nodes:
            self._note_node(node)

    def note_effects(self, effects: Iterable[Effect]) -> None:
        """Note what a record did to the page."""
        for effect in effects:
            if type(effect) is NodeAdded:
                self._note_node(effect.node)
            elif type(effect) is AttributeSet:
                if effect.value is not None and effect.name in ("open", "popover"):
                    self._note_attribute(effect.id, effect.name)
                elif effect.name == "open":
                    self._open.pop(effect.id, None)
            elif type(effect) is TopLayerSet:
                self._note_top_layer(effect)
            elif type(effect) is VisualViewportSet:
                is_zoomed = abs(effect.viewport.scale - 1) > _SMALLEST_ZOOM
                self._notes[ZOOM] += is_zoomed and not self._is_zoomed
                self._is_zoomed = is_zoomed

    def _note_node(self, node: Node) -> None:
        if node.kind is not ELEMENT:
            return
        attributes = node.attributes
        if node.name == "dialog" and "open" in attributes:
            self._note_open(node)
        if "popover" in attributes and len(self._popovers) < _MAX_POPOVERS:
            self._popovers.add(node.id)
            if node.in_top_layer:
                self._used.add(node.id)

    def _note_attribute(self, id: int, name: str) -> None:
        node = self._page.nodes.get(id)
        if node is None:
            return
        if name == "popover" and len(self._popovers) < _MAX_POPOVERS:
            self._popovers.add(id)
        elif name == "open" and node.name == "dialog":
            self._note_open(node)

    def _note_top_layer(self, effect: TopLayerSet) -> None:
        if effect.is_in and effect.id in self._popovers:
            self._used.add(effect.id)
        elif self._open.get(effect.id, effect.is_in) is not effect.is_in:  # It, or something beside it, was used.
            self._open[effect.id] = effect.is_in
            self._notes[MODAL if effect.is_in else DIALOGS] += 1
            self._notes[DIALOGS if effect.is_in else MODAL] -= 1

    def _note_open(self, dialog: Node) -> None:
        if dialog.id not in self._open:
            self._open[dialog.id] = dialog.in_top_layer
            self._notes[MODAL if dialog.in_top_layer else DIALOGS] += 1

    def _end_page(self) -> None:
        used = self._used & self._popovers
        self._notes[USED_POPOVERS] += len(used)
        self._notes[OTHER_POPOVERS] += len(self._popovers - used)
        self._popovers.clear()
        self._open.clear()
        self._used.clear()
