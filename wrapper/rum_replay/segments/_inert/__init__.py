"""What recorded markup may contain so that it is inert: it runs nothing, requests nothing and navigates nowhere.

This is the one policy of all outputs that show a recorded page: `to_html`, the player and heatmaps. It works on names,
values and CSS text, and knows nothing of the DOM.
"""

from .boxes import (
    BOX,
    FALLBACK,
    MEDIA_RULE,
    SIZING,
    UNSIZED,
    UNSIZED_RULE,
    box_attributes,
    canvas_style,
    changed_substitute,
    is_box,
    is_unsized,
    substitute,
)
from .circumstances import BY_SCROLLING, media
from .markup import (
    PLACEHOLDER,
    attribute,
    attributes,
    element_name,
    has_content,
    is_frame,
    is_left_out,
    lacks_content,
    shows_content_of,
)
from .names import SUBSTITUTE_FOR, is_attribute_name, is_name, local_name
from .recorded import ADDABLE, ADDED, SELECTED, added, recorded_attributes, recorded_name, selected_in
from .renames import RAW, UNRENDERED, before_layers, in_first_layer, new_name, style_rules
from .selectors import FOCUS, FOCUS_VISIBLE, FOCUS_WITHIN, HOVER, HOVERED, HOVERED_IN_PLAYER, OURS
from .styles import css, css_piece, incomplete_rules, left_out
from .top_layer import HOST_RULE, MODAL, POPOVER, POPOVER_HOST, TOP_LAYER, TOP_LAYER_RULE

__all__ = [
    "ADDABLE",
    "ADDED",
    "BOX",
    "BY_SCROLLING",
    "FALLBACK",
    "FOCUS",
    "FOCUS_VISIBLE",
    "FOCUS_WITHIN",
    "HOST_RULE",
    "HOVER",
    "HOVERED",
    "HOVERED_IN_PLAYER",
    "MEDIA_RULE",
    "MODAL",
    "OURS",
    "PLACEHOLDER",
    "POPOVER",
    "POPOVER_HOST",
    "RAW",
    "SELECTED",
    "SIZING",
    "SUBSTITUTE_FOR",
    "TOP_LAYER",
    "TOP_LAYER_RULE",
    "UNRENDERED",
    "UNSIZED",
    "UNSIZED_RULE",
    "added",
    "attribute",
    "attributes",
    "before_layers",
    "box_attributes",
    "canvas_style",
    "changed_substitute",
    "css",
    "css_piece",
    "element_name",
    "has_content",
    "in_first_layer",
    "incomplete_rules",
    "is_attribute_name",
    "is_box",
    "is_frame",
    "is_left_out",
    "is_name",
    "is_unsized",
    "lacks_content",
    "left_out",
    "local_name",
    "media",
    "new_name",
    "recorded_attributes",
    "recorded_name",
    "selected_in",
    "shows_content_of",
    "style_rules",
    "substitute",
]
