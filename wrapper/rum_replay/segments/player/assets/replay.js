"use strict";

// Controls rrweb's player: shows the page at a time, or plays from there.

const SPEEDS = [0.5, 1, 2, 4, 8, 16];
const MARGIN = 12;

// The player creates elements of HTML and SVG. Those of MathML have a prefix.
const MATHML = "http://www.w3.org/1998/Math/MathML", MATHML_PREFIX = "mathml:";

function createMathml(page) {
  const { createElement } = page;
  page.createElement = (name, options) => {
    const lower = String(name).toLowerCase();
    return lower.startsWith(MATHML_PREFIX) ? page.createElementNS(MATHML, lower) : createElement.call(page, name, options);
  };
}

createMathml(document);  // It creates some elements here, before it moves them.

// Bytes of JSON of a page from which on going back undoes what happened, rather than building the page anew.
let largePage = 256 << 10;
// Types of interactions: those at the pointer, and those of fingers, of which the first puts one down.
const POINTING = [0, 1, 2, 7, 9], TOUCHING = [7, 9, 10];
const FAR = 1e12;  // Milliseconds after everything else.

class Player {
  // `onBusy` is called with whether a part of the recording is being decoded, `onProblem` with why it cannot be, or null.
  constructor(recording, chunks, target, { speed, skipInactive, motion, touched, onBusy, onProblem }) {
    this.recording = recording;
    this.chunks = chunks;
    this.target = target;
    this.onBusy = onBusy;
    this.onProblem = onProblem;
    this.playing = this.waiting = false;
    this.pausedAt = 0;
    this.turn = 0;
    this.shown = null;  // The time up to which events are on the page; null while there is no page.
    this.applied = -Infinity;  // That of the last of them.
    this.how = null;  // How it came there.
    this.run = { first: 0, last: -1 };  // The chunks whose events the player has.
    const { start, total } = recording;
    this.beginning = { type: CUSTOM, timestamp: start, data: { tag: "beginning", payload: {} } };
    this.ending = { type: CUSTOM, timestamp: start + total, data: { tag: "end", payload: {} } };
    this.guard = { type: CUSTOM, timestamp: start + total + FAR, data: { tag: "more", payload: {} } };
    this.component = new rrwebPlayer.Player({
      target,
      props: {
        events: [this.beginning, this.guard], speed, skipInactive, speedOption: SPEEDS, autoPlay: false, showController: false,
        width: target.clientWidth, height: target.clientHeight,
        inactivePeriodThreshold: 5000, triggerFocus: false, showWarning: false, pauseAnimation: false,
        useVirtualDom: false,
        mouseTail: { duration: 600, lineCap: "round", lineWidth: 3, strokeStyle: "#4f46e599" },
        insertStyleRules: [
          "* { scroll-behavior: auto !important; overflow-anchor: none !important }",
          // As in `_inert/boxes.py`: elements that are hidden for privacy have their recorded size.
          "@layer rum-replay{:where([data-replay-hidden]){box-sizing:border-box!important;flex-shrink:0!important;" +
            'line-height:normal!important}:where([data-replay-hidden])::before{content:"\\200b"}' +
            ":where([data-replay-hidden]):where(a,abbr,b,bdi,bdo,cite,code,data,del,dfn,em,font,i,ins,kbd,label,mark,output," +
            "q,s,samp,small,span,strong,sub,sup,time,u,var,:not(:defined)){display:inline-block}}",
          // As in `_inert/boxes.py`: style sheets can size images that are not in the recording.
          "@layer rum-replay{:where([data-replay-unsized])" +
            "{--replay-inline:inline-block;display:inline-block;contain:layout;flex-shrink:0;min-width:0;min-height:0}}",
          // As in `_inert/selectors.py`: browsers draw a frame around what has the focus.
          "@layer rum-replay{:where([data-replay-focus=visible]){outline:auto 1px -webkit-focus-ring-color}}",
          // As in `_inert/boxes.py`: where scripts are disabled, browsers show controls that the page did not.
          ":is(audio,video):not([controls])::-webkit-media-controls{display:none!important}",
          // Browsers do not list what moves in there, so nothing could pause it: it is as after its end.
          "@supports selector(::details-content) { ::details-content { transition: none !important; animation: none !important } }",
          "[data-replay-missing], [data-replay-hidden] { background: repeating-linear-gradient(45deg, #8882 0 6px, #8884 6px 12px) }",
        ],
      },
    });
    this.replayer = this.component.getReplayer();
    this.frame = this.replayer.iframe;
    createMathml(this.frame.contentDocument);
    this.frame.title = "Recorded page";
    this.frame.inert = true;  // The recorded page is only to look at.
    noteShadowRoots(this.frame.contentWindow.Element.prototype);
    noteTopLayer(this.frame.contentWindow);
    this.motion = new Motion(this.replayer, motion, (time) => this.before(time));
    this.history = new PageHistory(this.replayer, (time) => this.sizeOfPage(this.chunks.at(time + 0.001)) >= largePage);
    this.replayer.hoverElements = hover;
    if (touched) this.replayer.mouse.classList.add("touch-device");
    this.replayer.on("resize", () => this.fit());
  }

  get offset() {
    const offset = this.playing && !this.waiting ? this.replayer.getCurrentTime() : this.pausedAt;
    return Math.min(Math.max(offset, 0), this.recording.total);
  }

  get context() {
    return this.replayer.service.state.context;
  }

  // For a snapshot or checkpoint at a time: when the page began, and since when its elements are as they are.
  before(time) {
    const number = this.chunks.at(time + 0.001);
    return { snapshot: this.chunks.facts[this.chunks.snapshotOf(number)].start, began: this.chunks.get(number).began };
  }

  sizeOfPage(number) {
    return this.chunks.facts[number].baseSize;
  }

  play() {
    const from = this.offset;
    this.playing = true;
    // As after a seek, what happened in this millisecond is on the page already.
    if (!this.waiting) this.go(from >= this.recording.total ? 0 : Math.min(from + 1, this.recording.total));
  }

  pause() {
    this.pausedAt = this.offset;
    this.playing = false;
    if (this.waiting) return;
    this.hold();
    this.restoreScroll(this.pausedAt);
  }

  finish() {
    this.pausedAt = this.recording.total;
    this.playing = false;
    this.applied = this.ending.timestamp;
    this.shown = this.applied + 0.5;
    this.motion.stop(this.recording.start + this.pausedAt);
  }

  seek(offset) {
    this.pausedAt = Math.min(Math.max(offset, 0), this.recording.total);
    // The player applies only earlier events; those at this time must be visible too. A whole millisecond would be too
    // much: if a snapshot begins there, the player starts with it and shows nothing of what was before.
    return this.go(Math.min(this.pausedAt + 0.5, this.recording.total));
  }

  // Shows the page at an offset, and plays from there if it is playing: at once if the chunks are decoded. The last
  // call wins, however long others take. Where it cannot be shown, it is paused at another offset.
  async go(offset, otherwise = this.pausedAt) {
    const turn = ++this.turn;
    this.hold();
    const time = this.recording.start + offset;
    const { first, last } = this.plan(time);
    if (!this.chunks.has(first, last)) {
      this.waiting = true;
      this.onBusy(true);
      try {
        await this.chunks.load(first, last);
      } catch (error) {
        if (turn !== this.turn) return;
        // Where another chunk is damaged, there may be a way without it.
        if (!this.chunks.damaged.has(last)) return this.go(offset, otherwise);
        this.pausedAt = otherwise;
        this.playing = false;
        this.waiting = false;
        this.onBusy(false);
        this.onProblem(error);
        return;
      }
      if (turn !== this.turn) return;
    }
    if (this.waiting) {
      this.waiting = false;
      this.onBusy(false);
    }
    this.onProblem(null);
    this.show(time);
  }

  // Stops where it is, if it plays.
  hold() {
    if (!this.replayer.service.state.matches("playing")) return;
    const now = this.replayer.getCurrentTime();
    const { lastPlayedEvent } = this.context;
    if (lastPlayedEvent) {
      // Of moves of the pointer, the first position counts: what comes between that and the last may be to come.
      const delay = lastPlayedEvent.data.positions?.[0]?.timeOffset ?? 0;
      this.applied = Math.max(this.applied, Math.min(lastPlayedEvent.timestamp + delay, this.recording.start + now));
    }
    this.shown = Math.max(this.shown, this.recording.start + now);
    this.replayer.pause();
    this.motion.stop(this.recording.start + this.offset);
  }

  // Which chunks are needed to show a time, and how: `go on` with what happened since, `undo` what happened from
  // `back` on, or `build` the page from the start of the first chunk.
  plan(time) {
    const { chunks, motion, history } = this;
    const last = chunks.at(time), snapshot = chunks.snapshotOf(last);
    const from = chunks.at(time - motion.longest);
    const first = Math.max(snapshot, from, chunks.damagedBefore(last) + 1);
    const build = { how: "build", first, last };
    if (this.shown === null) return build;
    const shown = chunks.at(this.shown);
    if (chunks.snapshotOf(shown) !== snapshot || chunks.damagedBefore(last) >= Math.min(shown, first)) return build;
    const most = 2 * this.sizeOfPage(first) + chunks.between(first, last);
    if (time >= this.shown || (this.applied < time && motion.isStill(time))) {
      return chunks.between(shown, last) <= most ? { how: "go on", first: Math.min(shown, first), last } : build;
    }
    const back = Math.min(time, Math.max(time - motion.longest, history.since + 0.001));
    if (history.reaches(back) && chunks.between(last, shown) <= 2 * most) return { how: "undo", back, first, last };
    return build;
  }

  show(time) {
    const { how, back, first, last } = this.plan(time);
    this.how = how;
    const { replayer, motion, history } = this;
    if (how === "undo") {
      motion.rewind(back);
      history.undo(back);
      this.applied = -Infinity;
    }
    this.take(first, last);
    if (how === "build") {
      this.context.lastPlayedEvent = null;
      motion.startOver();
      replayer.emitter.emit("play-back");
    } else {
      if (how === "undo") this.applied = this.lastBefore(back);
      this.context.lastPlayedEvent = { ...this.beginning, timestamp: this.applied };
    }
    this.placePointer(time);
    const offset = time - this.recording.start;
    motion.begin(time);
    if (this.playing) replayer.play(offset);
    else replayer.pause(offset);
    motion.end();
    history.applyScrolls();
    this.shown = time;
    this.applied = this.lastBefore(time);
    if (this.playing) this.follow();
    this.restoreScroll(offset);
  }

  // Puts the pointer where it was, also if that was on an earlier page: the player only looks at this one.
  placePointer(time) {
    const { replayer } = this, { events } = this.context;
    const before = this.motion.beginnings.indexAt(time) - 1;
    const last = (matches) => {
      let number = before;
      while (number >= 0 && !(events[number].type === INCREMENTAL && matches(events[number].data))) number -= 1;
      return events[number]?.data;
    };
    const data = last(({ source, type, positions, id }) =>
      positions?.length || (source === INTERACTION && id !== -1 && POINTING.includes(type)));
    const { x = 0, y = 0, id } = data?.positions?.at(-1) ?? data ?? {};
    Object.assign(replayer.mouse.style, data ? { left: `${x}px`, top: `${y}px` } : { left: "", top: "" });
    replayer.mousePos = data ? { x, y, id, debugData: data } : null;
    replayer.touchActive = last(({ source, type }) => source === INTERACTION && TOUCHING.includes(type))?.type === TOUCHING[0];
  }

  // The time of the last event before a time.
  lastBefore(time) {
    return this.context.events[this.motion.beginnings.indexAt(time) - 1]?.timestamp ?? this.recording.start;
  }

  // Gives the events of chunks to the player, and instead of those that follow when somebody was active again, because
  // the player can skip what is before.
  take(first, last) {
    const { events } = this.context;
    events.length = 0;
    events.push(this.beginning);
    for (let number = first; number <= last; number += 1) {
      const chunk = this.chunks.get(number);
      if (number === first) for (const event of chunk.base) events.push(event);
      for (const event of chunk.events) events.push(event);
    }
    this.run = { first, last };
    for (const event of this.rest(last)) events.push(event);
  }

  rest(last) {
    const used = this.chunks.usedAfter(last);
    const next = { type: INCREMENTAL, timestamp: used, data: { source: INTERACTION, id: -1 } };
    return [...(used === undefined ? [] : [next]), last === this.chunks.last ? this.ending : this.guard];
  }

  // Goes on playing: once per frame, animations are moved, and what comes next is decoded.
  follow() {
    const turn = this.turn;
    this.motion.play();
    const tick = () => {
      if (!this.playing || turn !== this.turn) return;
      this.motion.tick(this.recording.start + this.offset);
      this.goOn(turn);
      requestAnimationFrame(tick);
    };
    tick();
  }

  goOn(turn) {
    const next = this.run.last + 1;
    if (next > this.chunks.last) return;
    const { offset } = this;
    const end = this.chunks.facts[next].start - this.recording.start;
    if (offset > end) {
      this.pausedAt = offset;
      this.go(offset, end);
    } else if (this.asked !== next) {
      this.asked = next;
      this.chunks.load(next, next).then(() => {
        this.asked = null;
        if (this.playing && turn === this.turn && this.run.last + 1 === next) this.append(next);
      }, () => {});  // It is asked for again, and said, when it is needed.
    }
  }

  append(number) {
    const { events } = this.context;
    events.splice(events.indexOf(this.guard), 1);
    for (const event of [...this.chunks.get(number).events, ...this.rest(number)]) {
      this.replayer.service.send({ type: "ADD_EVENT", payload: { event } });
    }
    this.run.last = number;
  }

  // The player scrolls smoothly, and before mutations that were recorded later, when the page may be too short.
  restoreScroll(offset) {
    const time = this.recording.start + offset;
    const { scrolls } = this.chunks.get(this.chunks.at(time)) ?? { scrolls: [] };
    const scroll = scrolls.findLast(({ timestamp }) => timestamp < time);
    const apply = () => this.frame.contentWindow?.scrollTo({ left: scroll.left, top: scroll.top, behavior: "instant" });
    if (scroll) {
      apply();
      requestAnimationFrame(apply);
    }
  }

  set(config) {
    this.pausedAt = this.offset;
    const isPlaying = this.playing && !this.waiting;
    if (isPlaying) this.hold();
    // Both, because the component resets the replayer to its own state whenever it is rendered.
    this.component.$set(config);
    this.replayer.setConfig(config);
    if (isPlaying) this.go(this.pausedAt);
  }

  // As large as there is room for, but not larger than the original; on whole pixels, so that text is not blurred.
  fit() {
    const even = (room, size) => room - (room > size ? (room - size) % 2 : 0);
    const width = even(this.target.clientWidth - 2 * MARGIN, this.frame.offsetWidth);
    const height = even(this.target.clientHeight - 2 * MARGIN, this.frame.offsetHeight);
    this.component.$set({ width, height });
    this.component.triggerResize();
  }

  destroy() {
    this.turn += 1;
    this.history.observer.disconnect();
    this.replayer.destroy();
    this.component.$destroy();
  }
}
