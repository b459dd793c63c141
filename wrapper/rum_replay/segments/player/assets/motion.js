"use strict";

// Animations and transitions of the recorded page: at any time of the recording they are where they were then.
//
// Browsers start them when they see an element or class for the first time, so after a seek all would just begin. The
// last seconds before the time are therefore replayed record by record, and what begins at a record has its time. For
// what was there before, the latest record that added the element, or something around it, or that changed its class
// or style counts. What began with a snapshot began at an unknown time: it has ended, or, if it never ends, begins then.

const MUTATION = 0, SHEETS = [8, 13, 15], VISIBLE = [MUTATION, 4, 5, ...SHEETS];
const MOST_STEPS = 60;  // In which the last seconds are replayed: each takes some milliseconds.
const MOST_ADVANCED = 100;  // Animations that are moved at each of them, since transitions may begin where they are.

class Motion {
  // `longest` is how many milliseconds before a time are replayed; 0 if nothing on the page ever moves.
  constructor(replayer, longest) {
    this.replayer = replayer;
    this.longest = longest;
    this.running = new Map();  // Animations: how long each has run, and until when that was.
    this.ended = new WeakSet();
    this.isSeeking = this.isPlaying = false;
    this.now = this.lastEnd = -Infinity;
    this.shadows = new Set();
    if (!longest) return;
    this.noteShadows(replayer.iframe.contentWindow.Element.prototype);
    const cast = replayer.getCastFn, apply = replayer.applyIncremental;
    replayer.getCastFn = (event, isSync) => {
      const made = cast(event, isSync);
      return isSync ? () => this.step(event, made) : made;
    };
    // While it seeks, the player changes a copy of the page, of which the browser sees only the end.
    replayer.applyIncremental = (event, isSync) =>
      apply.call(replayer, event, isSync && !(this.hasBegun && VISIBLE.includes(event.data.source)));
    replayer.on("fullsnapshot-rebuilded", () => this.restart());
  }

  // Documents do not list the animations in shadow trees.
  noteShadows(prototype) {
    const { attachShadow } = prototype, { shadows } = this;
    prototype.attachShadow = function (options) {
      const root = attachShadow.call(this, options);
      shadows.add(root);
      return root;
    };
  }

  // What follows the scroll position rather than the time does so here too.
  animations() {
    const page = this.replayer.iframe.contentDocument;
    const found = page?.getAnimations() ?? [];
    for (const root of this.shadows) {
      if (root.isConnected) found.push(...root.getAnimations());
      else this.shadows.delete(root);
    }
    return found.filter((animation) => animation.timeline === page.timeline);
  }

  get events() {
    return this.replayer.service.state.context.events;
  }

  // Around each seek to a time, in milliseconds of Unix time.
  begin(time) {
    if (!this.longest) return;
    this.stop(this.now);
    if (time < this.now) this.startOver(time);
    Object.assign(this, { isSeeking: true, hasBegun: false, until: time, from: this.firstStep(time) });
  }

  // Where nothing else changed since, the player would leave the page as it is when it goes back.
  startOver(time) {
    this.now = -Infinity;
    if (!this.running.size && this.lastEnd <= time) return;
    this.replayer.service.state.context.lastPlayedEvent = null;
    this.replayer.emitter.emit("play-back");
  }

  end() {
    if (!this.isSeeking) return;
    if (!this.hasBegun) this.observe(null, Math.max(this.from, this.now));
    this.observe(this.now);
    this.advance(this.until);
    this.isSeeking = this.hasBegun = false;
  }

  play() {
    this.isPlaying = this.longest > 0;
  }

  // Once per frame while it plays; a change of speed and new animations are found here.
  tick(time) {
    if (!this.isPlaying) return;
    // What is new began with the last record, since the last frame.
    const last = this.replayer.service.state.context.lastPlayedEvent?.timestamp ?? time;
    this.observe(Math.max(this.now, Math.min(last, time)));
    this.now = time;
    const { speed } = this.replayer.speedService.state.context.timer;
    for (const [animation, state] of this.running) {
      const isHeld = this.isHeld(animation);
      if (animation.playbackRate !== speed) animation.playbackRate = speed;
      if (isHeld && animation.playState === "running") animation.pause();
      if (!isHeld && animation.playState === "paused") animation.play();
      if (!isHeld) state.time += time - state.until;
      state.until = time;
    }
  }

  stop(time) {
    if (!this.isPlaying) return;
    this.isPlaying = false;
    this.observe(time);
    for (const animation of this.running.keys()) animation.pause();
    this.advance(time);
  }

  step(event, apply) {
    if (this.isSeeking && event.timestamp > this.from) {
      if (!this.hasBegun) {
        this.replayer.emitter.emit("flush");
        const start = Math.max(this.from, this.now);
        this.observe(null, start);
        this.now = start;
        this.hasBegun = true;
      }
      if (event.timestamp > this.now) {
        this.observe(this.now);
        if (this.running.size <= MOST_ADVANCED) this.advance(event.timestamp);
        this.now = event.timestamp;
      }
    }
    if (event.type === FULL_SNAPSHOT) this.now = event.timestamp;
    apply();
  }

  restart() {
    this.running.clear();
    this.lastEnd = -Infinity;
    if (this.hasBegun || this.isPlaying) this.observe(null, this.now);
  }

  // The time after which changes are replayed one by one.
  firstStep(time) {
    let first = time, steps = 0;
    for (let number = this.indexAt(time) - 1; number >= 0; number -= 1) {
      const { type, timestamp, data } = this.events[number];
      if (timestamp <= time - this.longest || steps === MOST_STEPS) break;
      if (type === FULL_SNAPSHOT || (type === INCREMENTAL && VISIBLE.includes(data.source) && timestamp < first)) {
        first = timestamp;
        steps += 1;
      }
      if (type === FULL_SNAPSHOT) break;
    }
    return steps === MOST_STEPS ? first : time - this.longest;
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

  // Takes over what the browser has started: at a time, or, if that is null, at an unknown one before `until`.
  observe(start, until = start) {
    const unknown = [];
    for (const animation of this.animations()) {
      if (this.running.has(animation) || this.ended.has(animation)) continue;
      const state = { time: 0, until };
      this.running.set(animation, state);
      if (start === null && animation.playState !== "paused") unknown.push([animation, state]);
      animation.pause();
    }
    if (unknown.length) this.estimate(unknown, until);
  }

  estimate(unknown, until) {
    const snapshot = this.waitFor(unknown, until);
    for (const [animation, state] of unknown) {
      const { endTime } = animation.effect.getComputedTiming();
      if (state.start !== undefined) state.time = until - state.start;
      else state.time = endTime === Infinity ? until - snapshot : endTime;
    }
  }

  // Looks for the records that animations began with, backwards to the last snapshot, whose time is returned.
  waitFor(unknown, until) {
    const waiting = new Map();  // Ids of nodes: what waits for a record about them.
    let left = 0;
    const mirror = this.replayer.getMirror();
    for (const [animation, state] of unknown) {
      const { endTime } = animation.effect.getComputedTiming();
      if (endTime <= this.until - until) continue;  // It has ended by then, whenever it began.
      left += 1;
      state.own = mirror.getId(animation.effect.target);
      for (let node = animation.effect.target; node; node = node.parentNode ?? node.host) {
        const id = mirror.getId(node);
        if (!waiting.has(id)) waiting.set(id, []);
        waiting.get(id).push(state);
      }
    }
    const found = (states, timestamp) => {
      for (const state of states ?? []) {
        if (state.start !== undefined) continue;
        state.start = timestamp;
        left -= 1;
      }
    };
    for (let number = this.indexAt(until + 0.001) - 1; number >= 0; number -= 1) {
      const { type, timestamp, data } = this.events[number];
      if (type === FULL_SNAPSHOT) return timestamp;
      if (!left || type !== INCREMENTAL || data.source !== MUTATION) continue;
      for (const { node } of data.adds) found(waiting.get(node.id), timestamp);
      for (const { id, attributes } of data.attributes) {
        if ("class" in attributes || "style" in attributes) found(waiting.get(id)?.filter((state) => state.own === id), timestamp);
      }
    }
    return until;
  }

  // Whether the page itself pauses an animation: once a script has paused one, its own state no longer says so.
  isHeld({ animationName, effect }) {
    if (animationName === undefined) return false;  // a transition
    const style = effect.target.ownerDocument.defaultView.getComputedStyle(effect.target, effect.pseudoElement);
    const states = style.animationPlayState.split(", ");
    return states[style.animationName.split(", ").indexOf(animationName) % states.length] === "paused";
  }

  // Lets time pass; what the page itself has paused stays where it is.
  advance(time) {
    this.now = time;
    for (const [animation, state] of this.running) {
      if (animation.playState === "idle") {
        this.running.delete(animation);
        continue;
      }
      if (!this.isHeld(animation)) {
        state.time += time - state.until;
        const { endTime } = animation.effect.getComputedTiming();
        if (state.time < endTime) animation.currentTime = state.time;
        else {
          this.lastEnd = Math.max(this.lastEnd, time - (state.time - endTime));
          animation.finish();
          this.running.delete(animation);
          this.ended.add(animation);
        }
      }
      state.until = time;
    }
  }
}
