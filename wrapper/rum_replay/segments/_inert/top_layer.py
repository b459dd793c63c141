"""Modal dialogs and popovers where no script can show them: above everything else, and dialogs with a backdrop.

Source: https://html.spec.whatwg.org/multipage/rendering.html#flow-content-3 (`dialog:modal`, `::backdrop`, `[popover]`)
"""

from __future__ import annotations

__all__ = ["MODAL", "POPOVER", "POPOVER_RULE", "TOP_LAYER", "TOP_LAYER_RULE"]

TOP_LAYER = "data-replay-top-layer"
"""Attribute of what is above everything else, with one of these values."""

MODAL, POPOVER = "modal", "popover"

_MOST = "calc(100% - 6px - 2em)"
_HIGHEST = "z-index:2147483647!important"
POPOVER_RULE = f"@layer rum-replay{{:where([{TOP_LAYER}={POPOVER}]){{display:block;{_HIGHEST}}}}}"
"""What browsers give popovers once they are shown; it yields to the rules of the page."""

TOP_LAYER_RULE = POPOVER_RULE + (
    f"@layer rum-replay{{:where([{TOP_LAYER}={MODAL}])"
    f"{{position:fixed;inset-block:0;overflow:auto;max-width:{_MOST};max-height:{_MOST};visibility:visible;{_HIGHEST};"
    "outline:200vmax solid #0000001a!important;outline-offset:0!important}}"
)
"""The same, and for modal dialogs. The outline is the backdrop."""
