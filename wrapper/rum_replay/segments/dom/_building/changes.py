"""Change records and snapshots of format 1: operations on a string table, on style sheets, and on nodes without ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, cast

from ... import records
from ...records import Change, StringOrIndex, VisualViewport
from .._effects import VisualViewportSet
from .._style_sheets import StyleSheet
from .additions import Additions
from .document import Document
from .node_states import set_checked, set_playing, set_scroll, set_value

__all__ = ["Changes"]

_SELECTED, _INDETERMINATE = 0, 2
_PLAYING = 0


class Changes:
    """Applies changes to a document; holds the string table and the style sheets that they refer to by number."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._strings: list[str] = []
        self._sheets: dict[int, StyleSheet] = {}
        self._next_sheet = 0
        self.have_unknown = False
        """Whether any since the last full snapshot were of an unknown kind, and may have added nodes."""
        self._additions = Additions(document, self._strings, self._string)
        self._operations: dict[type[Change], Callable[[Any], None]] = {
            records.AddStrings: self._add_strings,
            records.AddNodes: self._add_nodes,
            records.RemoveNodes: self._remove_nodes,
            records.SetAttributes: self._set_attributes,
            records.SetTexts: self._set_texts,
            records.SetSizes: self._set_sizes,
            records.SetScrollPositions: self._set_scroll_positions,
            records.AttachStyleSheets: self._attach_style_sheets,
            records.SetMediaStates: self._set_media_states,
            records.SetVisualViewports: self._set_visual_viewports,
            records.AddRoleStrings: self._add_role_strings,
            records.SetInputValues: self._set_input_values,
            records.SetInputSelections: self._set_input_selections,
            records.ClearStrings: self._clear_strings,
            records.SetImageContents: self._set_image_contents,
            records.UnknownChange: self._unknown,
        }

    def clear(self) -> None:
        """Start over, as each full snapshot does."""
        self._sheets.clear()
        self._next_sheet = 0
        self.have_unknown = False
        self._clear_strings()

    def apply(self, changes: tuple[Change, ...]) -> None:
        """Apply the changes of a record in order."""
        sheet_ids: Iterator[int] | None = None
        for change in changes:
            if isinstance(change, records.AddStyleSheets):
                sheet_ids = sheet_ids or self._sheet_ids(changes)
                self._add_style_sheets(change, sheet_ids)
            else:
                self._operations[type(change)](change)

    def _string(self, string: StringOrIndex) -> str | None:
        """The string itself; None, and a problem, if the string table has no such index."""
        # By the exact type, which is faster, since this runs several times for each node.
        if type(string) is int:
            strings, document = self._strings, self._document
            if 0 <= string < len(strings):
                found = strings[string]
                length = len(found)
                if length <= document.repeats_left:
                    document.repeats_left -= length
                    return found
                return found if document.may_repeat(length) else None
            document.note_problem("an index that is not in the string table")
            return None
        return string.string if isinstance(string, records.RoleString) else cast("str", string)

    def _add_strings(self, change: records.AddStrings) -> None:
        self._strings.extend(change.strings)

    def _add_role_strings(self, change: records.AddRoleStrings) -> None:
        for _, strings in change.strings:
            self._strings.extend(strings)

    def _clear_strings(self, _: records.ClearStrings | None = None) -> None:
        self._strings.clear()
        self._additions.clear()

    def _add_nodes(self, change: records.AddNodes) -> None:
        self._additions.add(change.nodes)

    def _remove_nodes(self, change: records.RemoveNodes) -> None:
        for node_id in change.ids:
            self._document.remove_recorded(node_id)

    def _set_attributes(self, change: records.SetAttributes) -> None:
        for node_id, attributes in change.nodes:
            node = self._document.node(node_id)
            if node is None:
                continue
            for attribute in attributes:
                name = self._string(attribute[0])
                value = self._string(attribute[1]) if len(attribute) > 1 else None
                if name is not None and (value is not None or len(attribute) == 1):
                    self._document.set_attribute(node, name, value)

    def _set_texts(self, change: records.SetTexts) -> None:
        for node_id, text in change.texts:
            if (node := self._document.node(node_id)) is not None and (string := self._string(text)) is not None:
                self._document.set_text(node, string)

    def _set_sizes(self, change: records.SetSizes) -> None:
        for node_id, width, height in change.sizes:
            if (node := self._document.node(node_id)) is not None:
                self._document.set_size(node, width, height)

    def _set_scroll_positions(self, change: records.SetScrollPositions) -> None:
        for node_id, left, top in change.positions:
            set_scroll(self._document, node_id, left, top)

    def _sheet_ids(self, changes: tuple[Change, ...]) -> Iterator[int]:
        """The ids of the style sheets that a record adds.

        SDKs (read up to 7.16.2) write a sheet that several shadow roots share once for each of them, by one id. So the
        sheets of a record are those that it attaches, in the same order, if the ids are such as SDKs give: known ones,
        or the next.
        """
        added = [sheet for change in changes if isinstance(change, records.AddStyleSheets) for sheet in change.sheets]
        attaching = [change for change in changes if isinstance(change, records.AttachStyleSheets)]
        attached = [sheet_id for change in attaching for _, ids in change.nodes for sheet_id in ids]
        following, written = self._next_sheet, dict[int, records.StyleSheetAddition]()
        for sheet_id, sheet in zip(attached, added, strict=False):
            following += sheet_id == following
            if not 0 <= sheet_id < following or written.setdefault(sheet_id, sheet) != sheet:
                break
        else:
            if len(attached) == len(added):
                return iter(attached)
        return count(self._next_sheet)

    def _add_style_sheets(self, change: records.AddStyleSheets, ids: Iterator[int]) -> None:
        for sheet, sheet_id in zip(change.sheets, ids, strict=False):
            rules: str | list[str]
            if isinstance(sheet.rules, tuple):
                rules = [self._string(rule) or "" for rule in sheet.rules]
            else:
                rules = self._string(sheet.rules) or ""
            added = StyleSheet(rules, [self._string(query) or "" for query in sheet.media], sheet.disabled)
            known = self._sheets.get(sheet_id)
            if known is None or not known.equals(added):
                self._sheets[sheet_id] = added
            self._next_sheet = max(self._next_sheet, sheet_id + 1)

    def _attach_style_sheets(self, change: records.AttachStyleSheets) -> None:
        for node_id, ids in change.nodes:
            if (node := self._document.node(node_id)) is None:
                continue
            sheets = [self._sheets[sheet_id] for sheet_id in ids if sheet_id in self._sheets]
            if len(sheets) < len(ids):
                self._document.note_problem("a style sheet that does not exist", len(ids) - len(sheets))
            if self._document.may_repeat(sum(sheet.length for sheet in sheets)):
                self._document.set_style_sheets(node, tuple(sheets))

    def _set_media_states(self, change: records.SetMediaStates) -> None:
        for node_id, state in change.states:
            set_playing(self._document, node_id, state == _PLAYING)

    def _set_visual_viewports(self, change: records.SetVisualViewports) -> None:
        for offset_left, offset_top, page_left, page_top, width, height, scale in change.viewports:
            viewport = VisualViewport(
                offset_left=offset_left,
                offset_top=offset_top,
                page_left=page_left,
                page_top=page_top,
                width=width,
                height=height,
                scale=scale,
            )
            self._document.effects.append(VisualViewportSet(viewport))

    def _set_input_values(self, change: records.SetInputValues) -> None:
        for node_id, value in change.values:
            if (string := self._string(value)) is not None:
                set_value(self._document, node_id, string)

    def _set_input_selections(self, change: records.SetInputSelections) -> None:
        for state, ids in change.selections:
            for node_id in ids:
                set_checked(self._document, node_id, state == _SELECTED, state == _INDETERMINATE)

    def _set_image_contents(self, change: records.SetImageContents) -> None:
        for node_id, resource in change.contents:
            if (node := self._document.node(node_id)) is not None and (string := self._string(resource)) is not None:
                self._document.set_image(node, string)

    def _unknown(self, _: records.UnknownChange) -> None:
        self.have_unknown = True
        self._document.note_problem("a change of an unknown kind")
