"""Modal dialogs where no script can show them: above everything else, and a backdrop around them.

Source: https://html.spec.whatwg.org/multipage/rendering.html#flow-content-3 (`dialog:modal` and `::backdrop`)
"""

from __future__ import annotations

__all__ = ["MODAL", "MODAL_RULE"]

MODAL = "data-replay-modal"
"""Attribute of dialogs that are modal."""

_MOST = "calc(100% - 6px - 2em)"
MODAL_RULE = (
    f"@layer rum-replay{{:where([{MODAL}])"
    f"{{position:fixed;inset-block:0;overflow:auto;max-width:{_MOST};max-height:{_MOST};visibility:visible;"
    "z-index:2147483647!important;outline:200vmax solid #0000001a!important;outline-offset:0!important}}"
)
"""What browsers give modal dialogs; it yields to the rules of the page. The outline is the backdrop."""
