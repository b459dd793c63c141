"use strict";

// What events changed on the page that is shown, so that the player can go back without building it anew.
//
// A page with thousands of elements takes browsers a second to build and to lay out. To go back, its last changes are
// undone instead, as browsers report them. What cannot be undone exactly clears the history, and the page is built.

const INPUT = 5, RESIZE = 4, RULE = 8, ADOPTED = 15;
const LATE = 1_000;  // Milliseconds after a scroll position in which mutations may make room for it, or move it.
const MOST_CHANGES = 50_000;  // That are kept; each may hold a part of the page that was removed.

const STATE = ["checked", "selected", "value"];
const XLINK = "http://www.w3.org/1999/xlink";  // The only one that the player uses.

const prefixed = (namespace, name) => (namespace === XLINK ? `xlink:${name}` : name);

class PageHistory {
  // `isLarge` says of the time of a snapshot whether its page is so large that going back is worth a history.
  constructor(replayer, isLarge) {
    this.replayer = replayer;
    this.isLarge = isLarge;
    this.isOn = false;
    this.observer = new MutationObserver(() => {});
    this.scrolls = new Map();  // By id: where elements were scrolled to since the page was built.
    this.pending = new Map();  // By id: where they are to be scrolled to, at once, since each time computes the layout.
    this.clear(-Infinity);
    const { applyIncremental } = replayer;
    replayer.applyIncremental = (event, isSync) => this.apply(event, isSync, applyIncremental);
    shadowRoots.listener = (root) => { if (this.isOn) this.observe(root); };
    replayer.on("fullsnapshot-rebuilded", ({ timestamp }) => this.restart(timestamp));
  }

  // Whether everything since a time can be undone.
  reaches(time) {
    return this.isOn && this.since < time;
  }

  clear(since) {
    this.since = since;
    this.entries = [];
    this.count = 0;
  }

  // The page is new.
  restart(time) {
    this.scrolls.clear();
    this.pending.clear();
    startTopLayer();
    this.changedSheets = new WeakSet();
    this.hasChangedSheets = false;
    this.observer.disconnect();
    this.clear(time);
    this.isOn = this.isLarge(time);
    if (!this.isOn) return;
    this.observe(this.replayer.iframe.contentDocument);
    for (const root of shadowRoots) {
      if (root.isConnected) this.observe(root);
      else shadowRoots.delete(root);
    }
  }

  observe(root) {
    this.observer.observe(root, {
      subtree: true, childList: true,
      attributes: true, attributeOldValue: true, characterData: true, characterDataOldValue: true,
    });
  }

  apply(event, isSync, applyIncremental) {
    const { data, timestamp } = event;
    if (data.source === SCROLL) this.noteScroll(data, timestamp);
    if (data.source === SCROLL && isSync) {
      this.pending.set(data.id, data);
      return;
    }
    this.change(event, isSync, applyIncremental);
    if (!isSync) this.scrollLate(event);
  }

  change(event, isSync, applyIncremental) {
    const { replayer } = this;
    const { data, timestamp } = event;
    const restyled = data.source === MUTATION ? this.withOwnStyle(data) : [];
    if (!this.isOn) {
      applyIncremental.call(replayer, event, isSync);
      return;
    }
    this.observer.takeRecords();  // Of the pointer, which is no part of the page.
    const undo = this.undoOf(data, restyled);
    applyIncremental.call(replayer, event, isSync);
    if (undo === null || !this.keep(timestamp, this.observer.takeRecords(), undo)) this.clear(timestamp);
  }

  // The player writes new CSS of an element to what it knows of the element, which may be part of a snapshot.
  withOwnStyle({ attributes: changed }) {
    const mirror = this.replayer.getMirror();
    const restyled = [];
    for (const { id, attributes } of changed) {
      const node = "_cssText" in attributes ? mirror.getNode(id) : null;
      if (!node) continue;
      const known = mirror.getMeta(node);
      restyled.push([node, known]);
      mirror.add(node, { ...known, attributes: { ...known.attributes } });
    }
    return restyled;
  }

  restyle(restyled) {
    for (const [node, known] of restyled) this.replayer.getMirror().add(node, known);
  }

  noteScroll({ id, x, y }, timestamp) {
    if (this.isOn) {
      const before = this.scrolls.get(id);
      this.keep(timestamp, [], () => {
        if (before) this.scrolls.set(id, before);
        else this.scrolls.delete(id);
        this.pending.set(id, before ?? this.firstScroll(id));
      });
    }
    this.scrolls.set(id, { id, x, y });
  }

  firstScroll(id) {
    const attributes = this.replayer.getMirror().getMeta(this.replayer.getMirror().getNode(id))?.attributes;
    return { id, x: attributes?.rr_scrollLeft ?? 0, y: attributes?.rr_scrollTop ?? 0 };
  }

  // SDKs record mutations with a delay, but not scrolling: while it plays, there may be no room yet for a new position.
  // And where the page changes while browsers scroll smoothly, as the player lets them, they end elsewhere.
  scrollLate({ data, timestamp }) {
    if (data.source === SCROLL) {
      this.pending.set(data.id, { ...data, timestamp });
    } else if (data.source === MUTATION && this.pending.size) {
      for (const { id, timestamp: at } of [...this.pending.values()]) if (timestamp >= at + LATE) this.pending.delete(id);
      const waiting = [...this.pending.values()];
      this.applyScrolls();
      for (const scroll of waiting) if (!this.hasRoom(scroll)) this.pending.set(scroll.id, scroll);
    }
  }

  hasRoom({ id, x, y }) {
    const node = this.replayer.getMirror().getNode(id);
    const scroller = node?.scrollingElement ?? node;
    return !scroller?.scrollTo || (Math.abs(x) <= scroller.scrollWidth - scroller.clientWidth + 1
      && Math.abs(y) <= scroller.scrollHeight - scroller.clientHeight + 1);
  }

  applyScrolls() {
    const { replayer } = this;
    const moved = [...this.pending.values()].filter(({ id }) => replayer.getMirror().getNode(id));
    this.pending.clear();
    for (const scroll of moved) replayer.applyScroll(scroll, true);
  }

  keep(timestamp, records, undo) {
    if (!records.every((record) => this.canUndo(record))) return false;
    if (!records.length && !undo) return true;
    this.entries.push({ timestamp, records, undo });
    this.count += records.length + 1;
    if (this.count > MOST_CHANGES) this.forget();
    return true;
  }

  forget() {
    const dropped = this.entries.splice(0, this.entries.length >> 1);
    this.since = dropped.at(-1)?.timestamp ?? this.since;
    this.count = this.entries.reduce((sum, { records }) => sum + records.length + 1, 0);
  }

  canUndo({ target, removedNodes }) {
    if (target.nodeType === Node.DOCUMENT_NODE) return false;
    // A style sheet that scripts changed is lost with its element.
    return !this.hasChangedSheets || ![...removedNodes].some((node) => this.hasChangedSheet(node));
  }

  hasChangedSheet(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return false;
    return this.changedSheets.has(node) || [...node.querySelectorAll("style, link")].some((one) => this.changedSheets.has(one));
  }

  // What undoes an event beyond its changes of the tree; null if that is not known.
  undoOf(data, restyled) {
    const mirror = this.replayer.getMirror();
    const node = mirror.getNode(data.id);
    if (data.source === MUTATION) {
      // The page of a web view replaces that of its frame; and elements keep a shadow root that they once have.
      const isWhole = ({ parentId, node: { type, rootId, isShadow } }) =>
        type === 0 || rootId !== undefined || (isShadow && mirror.getNode(parentId) && !mirror.getNode(parentId).shadowRoot);
      if (data.adds.some(isWhole)) return null;
      const undos = this.fieldsIn(data).map((field) => this.undoOfInput(field));
      return () => {
        this.restyle(restyled);
        for (const undo of undos) undo();
      };
    }
    if (data.source === INPUT) return node ? this.undoOfInput(node) : undefined;
    if (data.source === RESIZE) return this.undoOfSize();
    if (data.source === ADOPTED && node) {
      const place = node.shadowRoot ?? node;
      const sheets = [...place.adoptedStyleSheets ?? []];
      return () => { place.adoptedStyleSheets = sheets; };
    }
    return data.source === RULE && node?.sheet ? this.undoOfRule(node, data) : undefined;
  }

  // The form fields whose state depends on attributes that change.
  fieldsIn({ attributes: changed }) {
    return changed.filter(({ attributes }) => STATE.some((name) => name in attributes))
      .map(({ id }) => this.replayer.getMirror().getNode(id))
      .map((node) => (node?.localName === "option" ? node.closest("select") : node))
      .filter((node) => node && "value" in node);
  }

  undoOfInput(node) {
    // What is checked unchecks the others.
    const fields = node.type === "radio" ? [...node.getRootNode().querySelectorAll("input[type=radio]")] : [node];
    const states = fields.map((one) => [one, one.checked, one.value, [...one.options ?? []].map(({ selected }) => selected)]);
    return () => {
      for (const [field, checked, value, selected] of states) {
        if ("checked" in field) field.checked = checked;
        if (field.options) selected.forEach((is, number) => { field.options[number].selected = is; });
        else if (field.type !== "radio") field.value = value;
      }
    };
  }

  undoOfSize() {
    const { iframe, emitter } = this.replayer;
    const [width, height] = ["width", "height"].map((name) => Number(iframe.getAttribute(name)));
    return () => emitter.emit("resize", { width, height });
  }

  undoOfRule(node, { adds, removes }) {
    this.changedSheets.add(node);
    this.hasChangedSheets = true;
    const [rule, ...others] = adds ?? removes;
    const path = [rule.index].flat(), place = path.pop();
    const owner = path.reduce((one, index) => one?.cssRules?.[index], node.sheet);
    if (others.length || !owner?.cssRules) return null;
    const { length } = owner.cssRules, text = owner.cssRules[place]?.cssText;
    return () => {
      if (owner.cssRules.length > length) owner.deleteRule(Math.min(place, length));
      else if (owner.cssRules.length < length) owner.insertRule(text, place);
    };
  }

  // Undoes everything from a time on.
  undo(time) {
    this.observer.takeRecords();
    while (this.entries.at(-1)?.timestamp >= time) {
      const { records, undo } = this.entries.pop();
      this.count -= records.length + 1;
      for (const record of records.reverse()) this.undoRecord(record);
      undo?.();
    }
    restoreTopLayer();
    this.observer.takeRecords();
  }

  undoRecord({ type, target, addedNodes, removedNodes, nextSibling, attributeName, attributeNamespace, oldValue }) {
    if (type === "characterData") {
      target.data = oldValue;
    } else if (type === "attributes") {
      const value = attributeName === "class" ? this.withPointer(target, oldValue) : oldValue;
      if (attributeNamespace && value === null) target.removeAttributeNS(attributeNamespace, attributeName);
      else if (attributeNamespace) target.setAttributeNS(attributeNamespace, prefixed(attributeNamespace, attributeName), value);
      else if (value === null) target.removeAttribute(attributeName);
      else target.setAttribute(attributeName, value);
    } else {
      for (const node of addedNodes) {
        this.replayer.getMirror().removeNodeFromMap(node);
        node.remove();
      }
      for (const node of removedNodes) {
        target.insertBefore(node, nextSibling);
        this.restore(node);
      }
    }
  }

  // The player marks what the pointer is on by a class.
  withPointer(element, value) {
    const others = (value ?? "").split(/\s+/).filter((name) => name !== ":hover");
    if (element.classList.contains(":hover")) return [...others, ":hover"].join(" ");
    return value?.includes(":hover") ? others.join(" ") : value;
  }

  // Elements lose their scroll position when they are removed.
  restore(node) {
    const mirror = this.replayer.getMirror(), meta = mirror.getMeta(node);
    if (meta) {
      mirror.add(node, meta);
      const scroll = this.scrolls.get(meta.id) ?? (meta.attributes?.rr_scrollTop !== undefined ? this.firstScroll(meta.id) : null);
      if (scroll) this.pending.set(meta.id, scroll);
    }
    for (const child of [...node.shadowRoot?.childNodes ?? [], ...node.childNodes]) this.restore(child);
  }
}
