"use strict";

// The recording: the events of rrweb's player, and the views, marks and scroll positions in them.

const FULL_SNAPSHOT = 2, INCREMENTAL = 3, CUSTOM = 5, SCROLL = 3;

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

function describe(events) {
  const start = events[0].timestamp;
  const views = [], marks = [], scrolls = [], gaps = [];
  let documentId = null, clicks = [], gap = null;
  for (const event of events) {
    const offset = event.timestamp - start;
    if (event.type === FULL_SNAPSHOT) {
      documentId = event.data.node.id;
      scrolls.push({ offset, ...event.data.initialOffset });
    } else if (event.type === INCREMENTAL && event.data.source === SCROLL && event.data.id === documentId) {
      scrolls.push({ offset, left: event.data.x, top: event.data.y });
    } else if (event.type === CUSTOM && event.data.tag === "signal") {
      clicks[event.data.payload.click].signals.push(event.data.payload);
    } else if (event.type === CUSTOM) {
      if (gap && ENDS_OF_GAPS.includes(event.data.tag)) {
        gaps.push({ ...gap, end: offset });
        gap = null;
      }
      if (NOT_MARKED.includes(event.data.tag)) continue;
      const mark = describeMark(event.data, offset, start);
      if (mark.kind === "view") clicks = [];
      if (mark.kind === "click") clicks.push(mark);
      if (event.data.tag === "gap") gap ??= { offset, label: mark.label, reason: event.data.payload.reason };
      (mark.kind === "view" ? views : marks).push(mark);
    }
  }
  marks.sort((one, other) => one.offset - other.offset);
  return { start, total: events[events.length - 1].timestamp - start, views, marks, scrolls, gaps };
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
