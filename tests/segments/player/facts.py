"""The content of a page regardless of fonts: its texts, form fields and scroll positions in document order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .replay_page import ReplayPage

# The ids of elements whose content is masked or not recorded.
MASKED = ("secret", "masked", "pw")
_SKIPPED = ("head", "script", "style", "noscript", "iframe", "audio", "canvas", "textarea")

_OF_FRAME = """(page, [masked, skipped]) => {
  const facts = [];
  const walk = node => {
    if (node.nodeType === 3) { if (node.data.trim()) facts.push(node.data.trim()); return; }
    if (node.nodeType !== 1 || masked.includes(node.id) || node.hasAttribute("data-replay-hidden")) return;
    const name = node.localName;
    if (["input", "textarea", "select"].includes(name)) {
      facts.push([name, node.value, ["checkbox", "radio"].includes(node.type) ? node.checked : null]);
    }
    if (node.scrollTop && name !== "html") facts.push(["scroll", Math.round(node.scrollTop)]);
    if (skipped.includes(name)) return;
    node.shadowRoot?.childNodes.forEach(walk);
    node.childNodes.forEach(walk);
  };
  walk(page.documentElement);
  return [[page.defaultView.scrollX, page.defaultView.scrollY], ...facts];
}"""


def shown(page: ReplayPage) -> list[Any]:
    """The content of the page that the player shows."""
    facts: list[Any] = page.in_frame(_OF_FRAME, MASKED, _SKIPPED)
    return facts


def live(tree: dict[str, Any]) -> list[Any]:
    """The content of the page during the recording, from a `tree-*.json`."""
    return [tree["scroll"], *_of_node(tree["tree"])]


def _of_node(node: Any) -> Iterator[Any]:
    if isinstance(node, str):
        if node.strip():
            yield node.strip()
        return
    attributes = node.get("a", {})
    if attributes.get("id") in MASKED:
        return
    if node["n"] in ("input", "textarea", "select"):
        yield [node["n"], node["value"], node.get("checked")]
    if node.get("scroll", [0, 0])[1]:
        yield ["scroll", node["scroll"][1]]
    if node["n"] in _SKIPPED:
        return
    for child in [*node.get("shadow", {}).get("c", ()), *node.get("c", ())]:
        yield from _of_node(child)
