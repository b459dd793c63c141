"use strict";

// What the mouse is on in the recorded page has a class, which style sheets ask for, and so does all that is around it as
// it is laid out, through slots and shadow roots.

const HOVERED = ":hover";
const hovered = [];

function hover(node) {
  for (const one of hovered.splice(0)) one.classList.remove(HOVERED);
  for (let one = node; one; one = one.assignedSlot ?? one.parentElement ?? one.getRootNode().host) {
    if (!one.classList) continue;
    one.classList.add(HOVERED);
    hovered.push(one);
  }
}
