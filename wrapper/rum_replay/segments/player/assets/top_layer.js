"use strict";

// Modal dialogs and popovers of the recorded page: without the focus, which stays in the page of the player, and as they
// were once changes are undone, since only attributes are then as they were.

const MODE = "rr_open_mode", LAYER = "data-replay-top-layer";
const shownDialogs = new Set(), shownPopovers = new Set();  // Those that were shown.

function noteTopLayer({ Element, HTMLDialogElement, HTMLElement }) {
  const keepFocus = (prototype, name) => {
    const show = prototype[name];
    prototype[name] = function (...options) {
      const focused = document.activeElement;
      show.apply(this, options);
      if (name === "showModal") shownDialogs.add(this);
      if (document.activeElement !== focused) focused.focus({ preventScroll: true });
    };
  };
  keepFocus(HTMLDialogElement.prototype, "show");
  keepFocus(HTMLDialogElement.prototype, "showModal");
  if (HTMLElement.prototype.showPopover) keepFocus(HTMLElement.prototype, "showPopover");
  const { setAttribute, removeAttribute } = Element.prototype;
  Element.prototype.setAttribute = function (name, value) {
    setAttribute.call(this, name, value);
    if (name !== LAYER || value !== "popover") return;
    shownPopovers.add(this);
    restorePopover(this);
  };
  Element.prototype.removeAttribute = function (name) {
    // Without its attribute, a dialog would still be modal, with its backdrop wherever the page also draws closed ones.
    if (name === "open" && this instanceof HTMLDialogElement && this.matches(":modal")) this.close();
    removeAttribute.call(this, name);
    if (name === LAYER) restorePopover(this);
  };
}

function restorePopover(element) {
  if (!element.showPopover || element.popover === null) return;
  const isShown = element.getAttribute(LAYER) === "popover";
  if (element.matches(":popover-open") === isShown) return;
  if (!isShown) element.hidePopover();
  else if (element.isConnected) element.showPopover({ source: buttonOf(element) });
}

// Others stay open that its button is in.
function buttonOf(popover) {
  const id = CSS.escape(popover.getAttribute("id") ?? "");
  return popover.getRootNode().querySelector(`[popovertarget="${id}"], [commandfor="${id}"]`) ?? undefined;
}

function restoreTopLayer() {
  for (const popover of shownPopovers) {
    if (popover.isConnected) restorePopover(popover);
  }
  for (const dialog of shownDialogs) {
    if (!dialog.isConnected) continue;
    const isModal = dialog.hasAttribute("open") && dialog.getAttribute(MODE) === "modal";
    if (dialog.matches(":modal") === isModal) continue;
    const open = dialog.getAttribute("open");
    dialog.close();
    if (isModal) dialog.showModal();
    else if (open !== null) dialog.setAttribute("open", open);
  }
}

// The page is new.
function startTopLayer() {
  for (const shown of [shownDialogs, shownPopovers]) {
    for (const one of shown) if (!one.isConnected) shown.delete(one);
  }
  restoreTopLayer();
}
