"use strict";

// The page around the player: controls, timeline, lists and keyboard.

const MAX_LISTED = 2000;
const UNPACKING = "Unpacking the recording …";
const byId = (id) => document.getElementById(id);
const index = JSON.parse(byId("index").textContent);
const allMarks = document.querySelectorAll("script.marks");
const allChunks = [...document.querySelectorAll("script.recording")];

const ui = Object.fromEntries(
  ["address", "events", "fullscreen", "help", "marks", "message", "moment", "next", "notes", "play", "position", "previous",
    "session", "skip", "skipping", "speed", "stage", "time", "timeline", "uncertain", "view", "views"].map((id) => [id, byId(id)]),
);
let player = null;
let loads = 0;
let lists = [];  // The entries of the list of events: of each view, and of the events in it.
let current = [];  // Those of this moment.

function clock(offset) {
  const seconds = Math.floor(offset / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const end = `${String(minutes).padStart(hours ? 2 : 1, "0")}:${String(rest).padStart(2, "0")}`;
  return hours ? `${hours}:${end}` : end;
}

function moment(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "" : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// A text that is cut where there is no room for it, and whole in a tooltip.
function showWhole(place, text) {
  if (place.title !== text) Object.assign(place, { dir: "auto", textContent: text, title: text });
}

function shortAddress(address) {
  const parsed = URL.canParse(address) ? new URL(address) : null;
  return parsed && parsed.host ? parsed.pathname + parsed.search : address;
}

const kindOf = (signal) => signal.kind.replace("_", "-");

function listed(mark) {
  const title = mark.kind === "view" ? shortAddress(mark.label) : `${mark.kind === "trouble" ? "" : `${mark.kind} `}${mark.label}`;
  const signals = (mark.signals ?? []).map((signal) =>
    element("span", { className: `signal ${kindOf(signal)}`, textContent: describeSignal(signal) }));
  const button = element("button", { type: "button", title: mark.label, className: mark.kind === "view" ? "view-title" : "" },
    element("time", { textContent: clock(mark.offset) }),
    element("span", { className: `dot ${mark.kind}` }),
    element("span", { className: "label", dir: "auto", textContent: title }), ...signals);
  button.addEventListener("click", () => seek(mark.offset));
  return button;
}

function showLists({ views, marks, gaps, total }) {
  let end = 0;  // Both are in order, and filtering for each view would be quadratic.
  lists = views.map((view, number) => {
    const until = views[number + 1]?.offset ?? Infinity;
    const begin = end;
    while (end < marks.length && marks[end].offset < until) end += 1;
    const own = marks.slice(begin, end);
    const entries = own.slice(0, MAX_LISTED).map((mark) => ({ offset: mark.offset, entry: listed(mark) }));
    const items = entries.map(({ entry }) => element("li", {}, entry));
    if (own.length > MAX_LISTED) {
      const entry = element("li", { className: "more", textContent: `and ${own.length - MAX_LISTED} more on the timeline` });
      entries.push({ offset: own[MAX_LISTED].offset, entry });
      items.push(entry);
    }
    const title = listed(view);
    return { view, title, entries, item: element("li", {}, title, element("ol", {}, ...items)) };
  });
  current = [];
  ui.views.replaceChildren(...lists.map(({ item }) => item));
  showMarks([...marks, ...views], gaps, total);
}

function showMarks(marks, gaps, total) {
  const places = new Map();
  for (const mark of marks) {
    const place = total ? Math.round(mark.offset / total * 1000) / 10 : 0;
    places.set(`${mark.kind} ${place}`, { kind: mark.kind, label: mark.label, place });
    for (const signal of mark.signals ?? []) {
      places.set(`${signal.kind} ${place}`, { kind: kindOf(signal), label: `${describeSignal(signal)}, ${mark.label}`, place });
    }
  }
  const share = (offset) => (total ? offset / total * 100 : 0);
  const spans = gaps.map(({ offset, end, label }) => {
    const made = element("i", { className: "gap", title: label });
    Object.assign(made.style, { left: `${share(offset)}%`, width: `${share(end - offset)}%` });
    return made;
  });
  ui.marks.replaceChildren(...spans, ...[...places.values()].map(({ kind, label, place }) => {
    const made = element("i", { className: kind, title: label });
    made.style.left = `${place}%`;
    return made;
  }));
}

function refresh() {
  const { recording, offset, playing } = player;
  const text = `${clock(offset)} / ${clock(recording.total)}`;
  const now = moment(recording.start + offset);
  ui.position.value = String(Math.round(offset));
  ui.position.setAttribute("aria-valuetext", text);
  ui.time.textContent = text;
  if (ui.moment.textContent !== now) ui.moment.textContent = now;
  ui.play.classList.toggle("playing", playing);
  ui.play.setAttribute("aria-label", playing ? "Pause" : "Play");
  const shown = lists.findLast(({ view }) => view.offset < offset + 1) ?? lists[0];
  // The player shows what happened up to this millisecond. Several events may have happened at one time.
  const last = lastBefore(shown.entries, offset + 1)?.offset;
  const entries = shown.entries.filter((one) => one.offset === last).map(({ entry }) => entry);
  markCurrent([shown.title, ...entries]);
  showWhole(ui.address, shown.view.label);
  showWhole(ui.view, shown.view.id ? `View ${shown.view.id}` : "");
  const gap = recording.gaps.find((one) => one.offset < offset && (offset < one.end || one.end === recording.total));
  showWhole(ui.uncertain, gap ? `The page is a guess: ${gap.reason}` : "");
}

function markCurrent(entries) {
  if (entries.length === current.length && entries.every((entry, number) => entry === current[number])) return;
  for (const entry of current) entry.removeAttribute("aria-current");
  entries.forEach((entry, number) => entry.setAttribute("aria-current", number ? "true" : "page"));
  current = entries;
  revealCurrent();
}

// Scrolls only the list: `scrollIntoView` would move the page too, away from the picture.
function revealCurrent() {
  if (!current.length) return;
  const [title, ...entries] = current;
  const list = ui.events.getBoundingClientRect();
  const top = list.top + ui.events.clientTop;
  const first = (entries[0] ?? title.parentElement).getBoundingClientRect();
  const last = (entries.at(-1) ?? title).getBoundingClientRect();
  const above = first.top - top - (entries.length ? title.offsetHeight : 0);  // The title of a view covers the top.
  const below = last.bottom - list.bottom;
  if (above < 0) ui.events.scrollTop += above;
  else if (below > 0) ui.events.scrollTop += Math.min(above, below);
}

function follow(of) {
  if (of !== player) return;
  refresh();
  if (of.playing) requestAnimationFrame(() => follow(of));
}

function toggle() {
  if (player.playing) player.pause();
  else player.play();
  follow(player);
}

function seek(offset) {
  player.seek(offset);
  refresh();
}

function step(items, direction) {
  const { offset } = player;
  const offsets = items.map((item) => item.offset).sort((one, other) => one - other);
  const target = direction > 0 ? offsets.find((one) => one > offset + 1) : offsets.findLast((one) => one < offset - 500);
  seek(target ?? (direction > 0 ? player.recording.total : 0));
}

const stepEvent = (direction) => step([...player.recording.marks, ...player.recording.views], direction);

function changeSpeed(direction) {
  const number = Math.min(Math.max(ui.speed.selectedIndex + direction, 0), SPEEDS.length - 1);
  ui.speed.selectedIndex = number;
  player.set({ speed: SPEEDS[number] });
}

function toggleSkip() {
  ui.skip.checked = !ui.skip.checked;
  player.set({ skipInactive: ui.skip.checked });
}

function toggleFullscreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}

const keys = {
  " ": toggle,
  k: toggle,
  ArrowLeft: (event) => seek(player.offset - (event.shiftKey ? 1000 : 5000)),
  ArrowRight: (event) => seek(player.offset + (event.shiftKey ? 1000 : 5000)),
  Home: () => seek(0),
  End: () => seek(player.recording.total),
  p: () => stepEvent(-1),
  n: () => stepEvent(1),
  "[": () => step(player.recording.views, -1),
  "]": () => step(player.recording.views, 1),
  "-": () => changeSpeed(-1),
  "+": () => changeSpeed(1),
  s: toggleSkip,
  f: toggleFullscreen,
  "?": () => ui.help.showModal(),
};

function onKey(event) {
  const { target } = event;
  const isShown = target.getClientRects().length > 0;  // What was closed has the focus until the page is drawn again.
  const ownKeys = isShown && (target.matches("select") || (event.key === " " && target.matches("button, summary, [type=checkbox]")));
  if (!player || ownKeys || ui.help.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (Object.hasOwn(keys, event.key)) {
    event.preventDefault();
    keys[event.key](event);
  }
}

const TIME = /^(?:npt:)?(?:(\d{1,9}(?:\.\d*)?)|(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d(?:\.\d*)?))(?:,|$)/;

// The moment that the address names, as in media fragments: `#t=12.5` in seconds or `#t=1:02.5`, of the first timeline
// or with `&timeline=2` of another one; nothing for any other address.
function linked() {
  const given = new URLSearchParams(location.hash.slice(1));
  const number = given.get("timeline") ?? "1";
  const time = TIME.exec(given.get("t") ?? "");
  if (!time || !/^[1-9]\d{0,5}$/.test(number) || !index.timelines[number - 1]) return null;
  const [alone, hours, minutes, seconds] = time.slice(1).map((part) => Number(part ?? 0));
  return { number: number - 1, offset: alone * 1000 + ((hours * 60 + minutes) * 60 + seconds) * 1000 };
}

function followLink() {
  const target = linked();
  if (!target) return;
  if (player && Number(ui.timeline.value) === target.number) {
    seek(target.offset);
  } else {
    ui.timeline.value = String(target.number);
    load(target.number, target.offset).catch(fail);
  }
}

async function load(number, offset = 0) {
  const turn = ++loads;
  const old = player;
  player = null;
  old?.destroy();
  ui.stage.replaceChildren(ui.message);
  showMessage(UNPACKING);
  const { chunks: facts, motion, touched, session } = index.timelines[number];
  const first = index.timelines.slice(0, number).reduce((sum, { chunks }) => sum + chunks.length, 0);
  const recording = describe(await unpack(allMarks[number]));
  if (turn !== loads) return;  // Another one was chosen meanwhile.
  const chunks = new Chunks(allChunks.slice(first, first + facts.length), facts);
  const made = new Player(recording, chunks, ui.stage, {
    speed: Number(ui.speed.value), skipInactive: ui.skip.checked, motion, touched,
    onBusy: (isBusy) => { if (made === player) showBusy(isBusy); },
    onProblem: (error) => { if (made === player) showProblem(error); },
  });
  player = made;
  made.replayer.on("finish", () => {
    made.finish();
    follow(made);
  });
  made.replayer.on("skip-start", ({ speed }) => { ui.skipping.textContent = `skipping at ${speed}×`; });
  made.replayer.on("skip-end", () => { ui.skipping.textContent = ""; });
  ui.position.max = String(Math.round(recording.total));
  showWhole(ui.session, `Session ${session ?? "without an id"}`);
  showLists(recording);
  const shown = made.seek(offset);
  refresh();
  await shown;
  if (turn !== loads) return;
  for (const control of [ui.position, ui.play, ui.previous, ui.next, ui.speed, ui.skip]) control.disabled = false;
}

function showMessage(text, role = "status") {
  ui.message.hidden = text === null;
  ui.message.setAttribute("role", role);
  ui.message.textContent = text ?? "";
}

// Decoding mostly takes less than a frame or two, for which nothing needs to be said.
function showBusy(isBusy) {
  ui.stage.setAttribute("aria-busy", String(isBusy));
  if (isBusy) setTimeout(() => { if (player?.waiting) showMessage(UNPACKING); }, 300);
}

function showProblem(error) {
  showMessage(error && `This moment of the recording cannot be shown: ${error.message}`, error ? "alert" : "status");
  if (error) follow(player);
}

function fail(error) {
  showMessage(`This browser cannot play the recording: ${error.message}`, "alert");
  ui.stage.replaceChildren(ui.message);
}

function begin() {
  const heading = document.querySelector("h1");
  showWhole(heading, heading.textContent);
  ui.speed.append(...SPEEDS.map((speed) => new Option(`${speed}×`, String(speed), speed === 1, speed === 1)));
  index.timelines.forEach(({ session, start }, number) => {
    ui.timeline.append(new Option(`${number + 1}: ${moment(start)} · ${session ?? "no id"}`, String(number)));
  });
  byId("timeline-choice").hidden = index.timelines.length < 2;
  if (index.notes.length) {
    ui.notes.hidden = false;
    ui.notes.querySelector("summary").textContent = `${index.notes.length} ${index.notes.length === 1 ? "note" : "notes"}`;
    ui.notes.querySelector("ul").append(...index.notes.map((note) => element("li", { dir: "auto", textContent: note })));
  }
  ui.timeline.addEventListener("change", () => load(Number(ui.timeline.value)).catch(fail));
  ui.play.addEventListener("click", toggle);
  ui.previous.addEventListener("click", () => stepEvent(-1));
  ui.next.addEventListener("click", () => stepEvent(1));
  ui.position.addEventListener("input", () => seek(Number(ui.position.value)));
  ui.speed.addEventListener("change", () => player.set({ speed: Number(ui.speed.value) }));
  ui.skip.addEventListener("change", () => player.set({ skipInactive: ui.skip.checked }));
  ui.fullscreen.addEventListener("click", toggleFullscreen);
  byId("help-button").addEventListener("click", () => ui.help.showModal());
  document.addEventListener("keydown", onKey);
  ui.fullscreen.hidden = !document.fullscreenEnabled;
  new ResizeObserver(() => player?.fit()).observe(ui.stage);
  new ResizeObserver(revealCurrent).observe(ui.events);
  // The player sets its own size shortly after this event.
  document.addEventListener("fullscreenchange", () => setTimeout(() => player?.fit(), 100));
  addEventListener("hashchange", followLink);
  const { number, offset } = linked() ?? { number: 0, offset: 0 };
  ui.timeline.value = String(number);
  load(number, offset).catch(fail);
}

begin();
