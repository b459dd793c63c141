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

class Player {
  constructor(events, recording, target, { speed, skipInactive, motion }) {
    this.recording = recording;
    this.target = target;
    this.playing = false;
    this.pausedAt = 0;
    this.component = new rrwebPlayer.Player({
      target,
      props: {
        events, speed, skipInactive, speedOption: SPEEDS, autoPlay: false, showController: false,
        width: target.clientWidth, height: target.clientHeight,
        inactivePeriodThreshold: 5000, triggerFocus: false, showWarning: false, pauseAnimation: false,
        mouseTail: { duration: 600, lineCap: "round", lineWidth: 3, strokeStyle: "#4f46e599" },
        insertStyleRules: [
          "* { scroll-behavior: auto !important }",
          ":where(a, abbr, b, code, em, i, label, small, span, strong)[data-replay-hidden] { display: inline-block }",
          // As in `_inert/boxes.py`: style sheets can size images that are not in the recording.
          "@layer rum-replay{:where([data-replay-unsized])" +
            "{display:inline-block;contain:layout;flex-shrink:0;min-width:0;min-height:0}}",
          // As in `_inert/boxes.py`: where scripts are disabled, browsers show controls that the page did not.
          ":is(audio,video):not([controls])::-webkit-media-controls{display:none!important}",
          "[data-replay-missing], [data-replay-hidden] { background: repeating-linear-gradient(45deg, #8882 0 6px, #8884 6px 12px) }",
        ],
      },
    });
    this.replayer = this.component.getReplayer();
    this.frame = this.replayer.iframe;
    createMathml(this.frame.contentDocument);
    this.frame.title = "Recorded page";
    this.frame.inert = true;  // The recorded page is only to look at.
    this.motion = new Motion(this.replayer, motion);
    this.replayer.on("resize", () => this.fit());
  }

  get offset() {
    const offset = this.playing ? this.replayer.getCurrentTime() : this.pausedAt;
    return Math.min(Math.max(offset, 0), this.recording.total);
  }

  play() {
    const from = this.offset;
    // As after a seek, what happened in this millisecond is on the page already.
    this.start(from >= this.recording.total ? 0 : Math.min(from + 1, this.recording.total));
  }

  start(offset) {
    this.playing = true;
    this.motion.begin(this.recording.start + offset);
    this.replayer.play(offset);
    this.motion.end();
    this.motion.play();
    const tick = () => {
      if (!this.playing) return;
      this.motion.tick(this.recording.start + this.offset);
      requestAnimationFrame(tick);
    };
    tick();
  }

  pause() {
    this.pausedAt = this.offset;
    this.playing = false;
    this.replayer.pause();
    this.motion.stop(this.recording.start + this.pausedAt);
    this.restoreScroll(this.pausedAt);
  }

  finish() {
    this.pausedAt = this.recording.total;
    this.playing = false;
    this.motion.stop(this.recording.start + this.pausedAt);
  }

  seek(offset) {
    const { total } = this.recording;
    this.pausedAt = Math.min(Math.max(offset, 0), total);
    // The player applies only earlier events; those at this time must be visible too. A whole millisecond would be too
    // much: if a snapshot begins there, the player starts with it and shows nothing of what was before.
    const until = Math.min(this.pausedAt + 0.5, total);
    this.motion.begin(this.recording.start + until);
    this.replayer.pause(until);
    this.motion.end();
    this.restoreScroll(until);
    if (this.playing) this.start(until);
  }

  // The player scrolls smoothly, and before mutations that were recorded later, when the page may be too short.
  restoreScroll(offset) {
    const scroll = lastBefore(this.recording.scrolls, offset);
    const apply = () => this.frame.contentWindow?.scrollTo({ left: scroll.left, top: scroll.top, behavior: "instant" });
    if (scroll) {
      apply();
      requestAnimationFrame(apply);
    }
  }

  set(config) {
    const { playing } = this;
    if (playing) {
      this.replayer.pause();
      this.motion.stop(this.recording.start + this.offset);
    }
    // Both, because the component resets the replayer to its own state whenever it is rendered.
    this.component.$set(config);
    this.replayer.setConfig(config);
    if (playing) this.start(this.offset);
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
    this.replayer.destroy();
    this.component.$destroy();
  }
}
