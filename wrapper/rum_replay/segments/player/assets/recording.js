"use strict";

// The recording: the chunks of each timeline, which are decoded when they are needed, and the views and marks on it.

const FULL_SNAPSHOT = 2, INCREMENTAL = 3, CUSTOM = 5, SCROLL = 3, INTERACTION = 2;
let mostDecoded = 64 << 20;  // Bytes of JSON of which the events are kept: those that were used last.

// From a gap on, the page is a guess, up to one of these.
const ENDS_OF_GAPS = ["gap_end", "view", "end"];
const NOT_MARKED = ["gap_end", "end"];

function bytes(line) {
  const text = atob(line);
  const decoded = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) decoded[index] = text.charCodeAt(index);
  return decoded;
}

async function unpack(element) {
  const lines = element.textContent.trim().split("\n");
  const stream = new Blob(lines.map(bytes)).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

// The chunks of a timeline. `facts` are those of `ChunkFacts` in `_chunks.py`.
class Chunks {
  constructor(elements, facts) {
    this.elements = elements;
    this.facts = facts.map(([start, isSnapshot, used, baseSize, size]) => ({ start, isSnapshot, used, baseSize, size }));
    this.decoded = new Map();  // By number; the one that was used last is the last one.
    this.pending = new Map();
    this.damaged = new Set();
    this.decodedSize = 0;
  }

  get last() {
    return this.facts.length - 1;
  }

  // The number of the chunk with the last events before a time.
  at(time) {
    return Math.max(0, this.facts.findLastIndex(({ start }) => start < time));
  }

  // The number of the chunk with the full snapshot that a chunk goes on from.
  snapshotOf(number) {
    let first = number;
    while (!this.facts[first].isSnapshot) first -= 1;
    return first;
  }

  // The bytes of events from the start of a chunk to that of another one.
  between(first, end) {
    let size = 0;
    for (let number = first; number < end; number += 1) size += this.facts[number].size;
    return size;
  }

  // When somebody is first active after a chunk.
  usedAfter(number) {
    return this.facts.slice(number + 1).find(({ used }) => used !== null)?.used;
  }

  // The number of the last damaged chunk before another one, as far as that is known; -1 if there is none.
  damagedBefore(end) {
    return Math.max(-1, ...[...this.damaged].filter((number) => number < end));
  }

  get(number) {
    const chunk = this.decoded.get(number);
    if (chunk) {
      this.decoded.delete(number);
      this.decoded.set(number, chunk);
    }
    return chunk;
  }

  has(first, last) {
    for (let number = first; number <= last; number += 1) if (!this.decoded.has(number)) return false;
    return true;
  }

  async load(first, last) {
    const numbers = Array.from({ length: last - first + 1 }, (_, number) => first + number);
    await Promise.all(numbers.map((number) => this.loadOne(number)));
    this.forget(first, last);
  }

  loadOne(number) {
    if (this.decoded.has(number)) return null;
    if (!this.pending.has(number)) {
      this.pending.set(number, this.decode(number).finally(() => this.pending.delete(number)));
    }
    return this.pending.get(number);
  }

  async decode(number) {
    const events = await unpack(this.elements[number]).catch(() => {
      this.damaged.add(number);
      throw new Error("a part of it is damaged. Write this page again from the recording.");
    });
    const hasBase = events[0]?.data.tag === "base";
    const { events: base, began } = hasBase ? events.shift().data.payload : { events: [], began: {} };
    const { start, baseSize, size } = this.facts[number];
    for (const event of base) event.timestamp = start;  // Some are positions of the pointer, from before.
    const since = { added: new Map(began.added), styled: new Map(began.styled) };
    this.decoded.set(number, { base, events, began: since, scrolls: scrollsIn([...base, ...events]) });
    this.decodedSize += baseSize + size;
  }

  forget(first, last) {
    for (const number of this.decoded.keys()) {
      if (this.decodedSize <= mostDecoded) return;
      if (first <= number && number <= last) continue;
      this.decoded.delete(number);
      this.decodedSize -= this.facts[number].baseSize + this.facts[number].size;
    }
  }
}

// Where the document is scrolled to, and since when.
function scrollsIn(events) {
  const scrolls = [];
  let documentId = null;
  for (const { type, timestamp, data } of events) {
    if (type === FULL_SNAPSHOT) {
      documentId = data.node.id;
      scrolls.push({ timestamp, ...data.initialOffset });
    } else if (type === INCREMENTAL && data.source === SCROLL && data.id === documentId) {
      scrolls.push({ timestamp, left: data.x, top: data.y });
    }
  }
  return scrolls;
}

// The views and marks of a timeline, from its events of our own.
function describe(events) {
  const start = events[0].timestamp;
  const views = [], marks = [], gaps = [];
  let clicks = [], gap = null;
  for (const { timestamp, data } of events) {
    const offset = timestamp - start;
    if (data.tag === "signal") {
      clicks[data.payload.click].signals.push(data.payload);
      continue;
    }
    if (gap && ENDS_OF_GAPS.includes(data.tag)) {
      gaps.push({ ...gap, end: offset });
      gap = null;
    }
    if (NOT_MARKED.includes(data.tag)) continue;
    const mark = describeMark(data, offset, start);
    if (mark.kind === "view") clicks = [];
    if (mark.kind === "click") clicks.push(mark);
    if (data.tag === "gap") gap ??= { offset, label: mark.label, reason: data.payload.reason };
    (mark.kind === "view" ? views : marks).push(mark);
  }
  marks.sort((one, other) => one.offset - other.offset);
  return { start, total: events[events.length - 1].timestamp - start, views, marks, gaps };
}

function describeMark({ tag, payload }, offset, start) {
  if (tag === "view") return { kind: "view", offset, label: payload.url || payload.id || "a view", id: payload.id };
  if (tag === "gap") {
    return { kind: "trouble", offset, label: `${payload.reason}: up to the next full snapshot, the page may differ` };
  }
  if (tag === "frustration") {
    return { kind: "trouble", offset: Math.max(0, payload.time - start), label: `${payload.target} (recorded by the SDK)` };
  }
  return { kind: tag, offset, label: payload.target, signals: [] };
}

const describeSignal = ({ kind, clicks }) => (kind === "rage_click" ? `rage click: ${clicks} clicks` : "dead click");

const lastBefore = (items, offset) => items.findLast((item) => item.offset < offset);
