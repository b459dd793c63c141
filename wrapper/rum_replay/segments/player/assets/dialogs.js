"use strict";

// Modal dialogs of the recorded page: without the focus, which stays in the page of the player, and as they were once
// changes are undone, since only attributes are then as they were.

const MODE = "rr_open_mode";
const shownDialogs = new Set();  // Dialogs that were modal.

function noteDialogs(prototype) {
  for (const name of ["show", "showModal"]) {
    const show = prototype[name];
    prototype[name] = function () {
      const focused = document.activeElement;
      show.call(this);
      if (name === "showModal") shownDialogs.add(this);
      if (document.activeElement !== focused) focused.focus({ preventScroll: true });
    };
  }
  // Without its attribute, a dialog would still be modal, with its backdrop wherever the page also draws closed ones.
  const { removeAttribute } = prototype;
  prototype.removeAttribute = function (name) {
    if (name === "open" && this.matches(":modal")) this.close();
    removeAttribute.call(this, name);
  };
}

// The page is new.
function forgetDialogs() {
  for (const dialog of shownDialogs) if (!dialog.isConnected) shownDialogs.delete(dialog);
}

function restoreDialogs() {
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
