"""Modal dialogs and popovers where no script can show them: above everything else, and dialogs with a backdrop.

Source: https://html.spec.whatwg.org/multipage/rendering.html#flow-content-3 (`dialog:modal`, `::backdrop`, `[popover]`)
"""

from __future__ import annotations

__all__ = ["HOST_RULE", "MODAL", "POPOVER", "POPOVER_HOST", "TOP_LAYER", "TOP_LAYER_RULE"]

TOP_LAYER = "data-replay-top-layer"
"""Attribute of what is above everything else, with one of these values."""

MODAL, POPOVER = "modal", "popover"
POPOVER_HOST = f"{POPOVER}-host"
"""A popover with a shadow root, whose styles yield to what we say outside of it, but not to what we say in it."""

_MOST = "calc(100% - 6px - 2em)"
_HIGHEST = "z-index:2147483647!important"
HOST_RULE = f"@layer rum-replay{{:host([{TOP_LAYER}={POPOVER_HOST}]){{display:block}}}}"
TOP_LAYER_RULE = (
    # What browsers give popovers once they are shown; it yields to the rules of the page.
    f"@layer rum-replay{{:where([{TOP_LAYER}={POPOVER}]){{display:block}}:where([{TOP_LAYER}|={POPOVER}]){{{_HIGHEST}}}"
    # The outline is the backdrop. No modal dialog is in the flow, whatever rules of the page say: browsers place what
    # they say is `relative` in the page, from whose top they are shown here.
    f":where([{TOP_LAYER}={MODAL}])"
    f"{{position:fixed!important;inset-block:0;overflow:auto;max-width:{_MOST};max-height:{_MOST};visibility:visible;{_HIGHEST};"
    "outline:200vmax solid #0000001a!important;outline-offset:0!important}}"
)
