"use strict";

// Animations and transitions of the recorded page: at any time of the recording they are where they were then.
//
// Browsers start them when they see an element or class for the first time, so after a seek all would just begin. The
// last seconds before the time are therefore replayed record by record, and what begins at a record has its time. When
// the others began is looked for in the records; see `beginnings.js`.

const MUTATION = 0, SHEETS = [8, 13, 15], VISIBLE = [MUTATION, 4, 5, ...SHEETS];
const MOST_STEPS = 60;  // In which the last seconds are replayed.
const MOST_TIME = 50;  // Milliseconds for them: to list animations takes browsers long if there are thousands.
const MOST_ADVANCED = 100;  // Animations that are moved at each of them, since transitions may begin where they are.
let slowListing = 10;  // Milliseconds to list animations, from which on ended ones are held apart; see `holdEnded`.

// Documents do not list the animations in shadow trees. Those that the player builds while it seeks, it builds here.
const shadowRoots = new Set();

function noteShadowRoots(prototype) {
  const { attachShadow } = prototype;
  prototype.attachShadow = function (options) {
    const root = attachShadow.call(this, options);
    shadowRoots.add(root);
    shadowRoots.listener?.(root);
    return root;
  };
}

noteShadowRoots(Element.prototype);

class Motion {
  // `longest` is how many milliseconds before a time are replayed; 0 if nothing on the page ever moves.
  // `before` gives, for the time of a snapshot, that of the recorded one, and what began between the two.
  constructor(replayer, longest, before) {
    this.replayer = replayer;
    this.beginnings = new Beginnings(replayer, before);
    this.longest = longest;
    this.running = new Map();  // Animations: how long each has run, and until when that was.
    this.ended = new WeakMap();  // Animations, and when they began.
    this.isSeeking = this.isPlaying = false;
    this.now = this.lastEnd = -Infinity;
    this.listed = [];
    this.held = new Map();  // Animations that have ended, and those that have their effects instead.
    this.costs = [];  // How long it took to list animations, in milliseconds.
    this.spent = 0;  // For that, since the last seek began.
    this.nextTick = 0;
    this.finished = new Map();  // What lasts longer than `longest` and has ended, and when.
    if (!longest) return;
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

  // What follows the scroll position rather than the time does so here too.
  animations() {
    const page = this.replayer.iframe.contentDocument, begun = performance.now();
    for (const [animation, { holder }] of this.held) {
      if (animation.playState !== "idle") continue;  // Its element or style is still there.
      holder.cancel();
      this.held.delete(animation);
    }
    const found = page?.getAnimations() ?? [];
    for (const root of shadowRoots) {
      if (root.isConnected) found.push(...root.getAnimations());
      else shadowRoots.delete(root);
    }
    this.costs = [performance.now() - begun, ...this.costs.slice(0, 4)];
    this.spent += this.costs[0];
    this.listed = found.filter((animation) => animation.timeline === page.timeline);
    return this.listed;
  }

  // Browsers list animations of styles in the order of their elements, which takes long if there are thousands. Of those
  // that have ended but still show their end, plain animations get the effects, because they need no such order. They
  // have precedence over those of styles, so of an element only what no other one follows is held.
  holdEnded() {
    if (!this.held.size && this.costs[0] < slowListing) return;
    const places = new Map();
    for (const animation of this.listed) {
      if (animation.transitionProperty !== undefined) continue;  // They yield to all others.
      const { target } = animation.effect;
      const canBeHeld = animation.animationName !== undefined && this.ended.has(animation);
      places.set(target, canBeHeld ? [...places.get(target) ?? [], animation] : null);
    }
    for (const [target, all] of places) {
      for (const animation of all ?? []) {
        const { effect } = animation;
        animation.effect = null;
        const holder = new Animation(effect, animation.timeline);
        holder.finish();
        this.ended.set(holder, -Infinity);
        this.held.set(animation, { holder, target });
      }
    }
  }

  release(animation) {
    if (!this.held.has(animation)) return;
    const { holder } = this.held.get(animation), { effect } = holder;
    holder.cancel();
    animation.effect = effect;
    this.held.delete(animation);
  }

  // Gives the effects back at elements where something else begins.
  releaseAt(elements) {
    for (const [animation, { target }] of this.held) {
      if (!elements.has(target)) continue;
      this.release(animation);
      this.listed = [];  // It is no longer true.
    }
  }

  releaseAll() {
    for (const { holder } of this.held.values()) holder.cancel();
    this.held.clear();
    this.listed = [];
  }

  // Around each seek to a time, in milliseconds of Unix time.
  begin(time) {
    if (!this.longest) return;
    this.stop(this.now);
    Object.assign(this, { isSeeking: true, hasBegun: false, spent: 0, until: time, from: this.firstStep(time) });
  }

  // Whether the page looks the same at a time as at any later one up to now, if no record changed it in between.
  isStill(time) {
    return !this.running.size && this.lastEnd <= time;
  }

  // What was done since a time is undone: everything is where it was then.
  rewind(time) {
    if (!this.longest) return;
    this.stop(this.now);
    for (const [animation, { at, endTime }] of this.finished) {
      if (animation.playState === "idle") this.finished.delete(animation);
      if (at <= time || animation.playState === "idle") continue;
      this.release(animation);
      animation.pause();
      this.running.set(animation, { time: endTime, until: at, isPaused: true });
      this.finished.delete(animation);
      this.ended.delete(animation);
    }
    for (const [animation, state] of this.running) {
      if (animation.playState === "idle") this.running.delete(animation);
      if (!state.isHeld) state.time = Math.max(0, state.time - (state.until - time));
      state.until = time;
    }
    this.now = time;
  }

  // The page is built anew, from a snapshot before everything that was shown.
  startOver() {
    this.now = -Infinity;
    this.costs = [];
  }

  end() {
    if (!this.isSeeking) return;
    if (this.hasBegun) this.observe(this.now, this.now, true);
    else this.observe(null, Math.max(this.from, this.now), true);
    this.advance(this.until);
    this.holdEnded();
    this.isSeeking = this.hasBegun = false;
  }

  play() {
    this.isPlaying = this.longest > 0;
  }

  // Once per frame while it plays; a change of speed and new animations are found here.
  tick(time) {
    if (!this.isPlaying || performance.now() < this.nextTick) return;
    // What is new began with the last record, since the last frame.
    const last = this.replayer.service.state.context.lastPlayedEvent?.timestamp ?? time;
    this.observe(Math.max(this.now, Math.min(last, time)));
    this.now = time;
    const cost = Math.min(...this.costs);
    this.nextTick = cost > 2 ? performance.now() + 10 * cost : 0;
    const { speed } = this.replayer.speedService.state.context.timer;
    for (const [animation, state] of this.running) {
      if (animation.playbackRate !== speed) animation.playbackRate = speed;
      if (state.isHeld !== state.isPaused) {
        if (state.isHeld) animation.pause();
        else animation.play();
        state.isPaused = state.isHeld;
      }
      if (!state.isHeld) state.time += time - state.until;
      state.until = time;
    }
  }

  stop(time) {
    if (!this.isPlaying) return;
    this.isPlaying = false;
    this.observe(time, time, true);
    for (const [animation, state] of this.running) {
      if (!state.isPaused) animation.pause();
      state.isPaused = true;
    }
    this.advance(time);
    this.holdEnded();
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
      if (event.timestamp > this.now && this.spent < 2 * MOST_TIME) {
        this.observe(this.now);
        if (this.running.size <= MOST_ADVANCED) this.advance(event.timestamp);
        this.now = event.timestamp;
      }
    }
    if (event.type === FULL_SNAPSHOT) this.now = event.timestamp;
    apply();
  }

  restart() {
    this.releaseAll();
    this.costs = [];
    this.running.clear();
    this.finished.clear();
    this.lastEnd = -Infinity;
    if (this.hasBegun || this.isPlaying) this.observe(null, this.now);
    if (this.isPlaying) this.advance(this.now);
  }

  // The time after which changes are replayed one by one.
  firstStep(time) {
    // Animations are listed before the first of them and after the last, too.
    const affordable = this.costs.length ? Math.floor(MOST_TIME / Math.min(...this.costs)) - 2 : MOST_STEPS;
    const most = Math.min(MOST_STEPS, Math.max(0, affordable));
    let first = time, steps = 0;
    const { events } = this.beginnings;
    for (let number = this.beginnings.indexAt(time) - 1; number >= 0; number -= 1) {
      const { type, timestamp, data } = events[number];
      if (timestamp <= time - this.longest || steps >= most) break;
      if (type === FULL_SNAPSHOT || (type === INCREMENTAL && VISIBLE.includes(data.source) && timestamp < first)) {
        first = timestamp;
        steps += 1;
      }
      if (type === FULL_SNAPSHOT) break;
    }
    return steps >= most ? first : time - this.longest;
  }

  // Takes over what the browser has started: at a time, or, if that is null, at an unknown one before `until`. Looks
  // also at what runs already before that is advanced, because each change makes browsers compute styles again.
  observe(start, until = start, isAdvancedNext = this.running.size <= MOST_ADVANCED) {
    const fresh = [], lasting = [];
    for (const animation of this.animations()) {
      if (this.running.has(animation)) continue;
      const began = this.ended.get(animation);
      if (began === undefined) fresh.push([animation, { time: 0, until }]);
      // A class or style let it last longer, since it has the same name.
      else if (animation.playState !== "finished") lasting.push([animation, { time: until - began, until }]);
    }
    for (const animation of this.running.keys()) {
      if (animation.playState === "idle") this.running.delete(animation);
    }
    if (isAdvancedNext) this.look(this.running);
    if (fresh.length && this.held.size) this.releaseAt(new Set(fresh.map(([{ effect }]) => effect.target)));
    this.look([...fresh, ...lasting]);
    if (start === null) {
      // Transitions that ended before are listed no more.
      this.lastEnd = Math.max(this.lastEnd, this.beginnings.lastChange(until) + this.longest);
      if (fresh.length) this.beginnings.estimate(fresh, until, this.until);
    }
    for (const [animation, state] of [...fresh, ...lasting]) {
      this.running.set(animation, state);
      if (state.time >= state.endTime && !state.isHeld) continue;  // It will be finished.
      animation.pause();
      if (state.isHeld && state.time) animation.currentTime = state.time;
      state.isPaused = true;
    }
  }

  // How long animations last, and whether the page itself pauses them: once a script has paused one, its own state no
  // longer says so.
  look(animations) {
    for (const [{ animationName, effect }, state] of animations) {
      state.endTime = effect.getComputedTiming().endTime;
      state.isHeld = false;
      if (animationName === undefined) continue;  // a transition
      const style = effect.target.ownerDocument.defaultView.getComputedStyle(effect.target, effect.pseudoElement);
      const states = style.animationPlayState.split(", ");
      if (states.includes("paused")) {
        state.isHeld = states[style.animationName.split(", ").indexOf(animationName) % states.length] === "paused";
      }
    }
  }

  // Lets time pass; what the page itself has paused stays where it is.
  advance(time) {
    this.now = time;
    for (const [animation, state] of this.running) {
      if (!state.isHeld) {
        state.time += time - state.until;
        if (state.time < state.endTime) animation.currentTime = state.time;
        else {
          this.lastEnd = Math.max(this.lastEnd, state.endedBy ?? time - (state.time - state.endTime));
          animation.finish();
          this.running.delete(animation);
          this.ended.set(animation, time - state.time);
          if (state.endTime > this.longest) {
            this.finished.set(animation, { at: time - (state.time - state.endTime), endTime: state.endTime });
          }
        }
      }
      state.until = time;
    }
  }
}
