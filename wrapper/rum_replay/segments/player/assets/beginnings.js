"use strict";

// Since when animations run that were there before the records that are replayed one by one.
//
// The latest record that added the element, or something around it, or that changed its class or style counts. What
// began with a snapshot began at an unknown time: it has ended, or, if it never ends, begins then. What the page has
// paused was paused by the latest change of its class or style, or, if it never ends, of those around it as well.

class Beginnings {
  // `before` gives, for the time of a snapshot, that of the recorded one, and what began between the two.
  constructor(replayer, before) {
    this.replayer = replayer;
    this.before = before;
  }

  get events() {
    return this.replayer.service.state.context.events;
  }

  indexAt(time) {
    let low = 0, high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.events[middle].timestamp < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Says how long animations have run by a time, given their states; what ends until another one needs no search.
  estimate(unknown, until, sought) {
    const snapshot = this.find(unknown, until, sought);
    const last = this.lastChange(until);
    for (const [, state] of unknown) {
      const { start, pausedAt, endTime, isHeld } = state;
      if (isHeld && pausedAt === undefined) continue;  // It never ran.
      if (start !== undefined) state.time = (pausedAt ?? until) - start;
      else state.time = endTime === Infinity ? Math.max(0, (pausedAt ?? until) - snapshot) : endTime;
      if (isHeld) state.time = Math.min(state.time, endTime);
      else if (start === undefined) state.endedBy = last + endTime;
    }
  }

  // Looks for the records that animations began with, backwards to the last snapshot, whose time is returned.
  find(unknown, until, sought) {
    const added = new Map(), changed = new Map();  // By id of a node: what waits for a record about it.
    const wait = (map, id, one) => (map.get(id) ?? map.set(id, []).get(id)).push(one);
    let left = 0;
    const mirror = this.replayer.getMirror();
    for (const [{ effect: { target } }, state] of unknown) {
      // It has ended by then, whenever it began; when it did matters only if a class lets it last longer.
      if (unknown.length > MOST_ADVANCED && !state.isHeld && state.endTime <= sought - until) continue;
      left += 1;
      for (let node = target; node; node = node.parentNode ?? node.host) {
        const id = mirror.getId(node), isOwn = node === target;
        wait(added, id, state);
        if (isOwn || (state.isHeld && state.endTime === Infinity)) wait(changed, id, { state, isOwn });
      }
    }
    const begin = (state, timestamp) => {
      if (state.start !== undefined) return;
      state.start = timestamp;
      left -= 1;
    };
    const noteAdded = (id, timestamp) => {
      for (const state of added.get(id) ?? []) begin(state, timestamp);
      added.delete(id);
    };
    const noteChanged = (id, timestamp) => {
      for (const { state, isOwn } of changed.get(id) ?? []) {
        if (state.isHeld && state.pausedAt === undefined && state.start === undefined) state.pausedAt = timestamp;
        else if (isOwn) begin(state, timestamp);
      }
      if (changed.get(id)?.every(({ state }) => state.start !== undefined)) changed.delete(id);
    };
    for (let number = this.indexAt(until + 0.001) - 1; number >= 0; number -= 1) {
      const { type, timestamp, data } = this.events[number];
      if (type === FULL_SNAPSHOT) {
        const { snapshot, began } = this.before(timestamp);
        const known = [[added, began.added, noteAdded], [changed, began.styled, noteChanged]].flatMap(([map, times, note]) =>
          [...map.keys()].filter((id) => times.has(id)).map((id) => [times.get(id), note, id]));
        for (const [time, note, id] of known.sort(([one], [other]) => other - one)) note(id, time);
        return snapshot;
      }
      if (!left || type !== INCREMENTAL || data.source !== MUTATION) continue;
      for (const { id, attributes } of data.attributes) {
        if ("class" in attributes || "style" in attributes) noteChanged(id, timestamp);
      }
      for (const { node } of data.adds) noteAdded(node.id, timestamp);
    }
    return until;
  }

  // The time of the last record up to a time with which anything may have begun.
  lastChange(until) {
    for (let number = this.indexAt(until + 0.001) - 1; number >= 0; number -= 1) {
      const { type, timestamp, data } = this.events[number];
      if (type === FULL_SNAPSHOT || (type === INCREMENTAL && VISIBLE.includes(data.source))) return timestamp;
    }
    return until;
  }
}
