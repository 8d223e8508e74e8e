// Steps, playing forwards and backwards, and the controls for them.

import { walk } from "../lib/keys.js";
import { button, element, enlargeButton, isCalm, labelled, silent } from "../lib/nodes.js";
import { paintMoving } from "./paint.js";
import { indexOf } from "./words.js";

/** @typedef {import("./viewer.js").View} View */

const SPEEDS = [2, 8, 30]; // cells a second

/** The window over another cell; the same cell is not painted again, unless `isAnew`. */
export function move(/** @type {View} */ view, cell, { isAnew = false } = {}) {
  const { state } = view;
  if (!isAnew && !state.focus && view.painted === String(cell)) return;
  state.cell = cell;
  state.focus = null;
  paintMoving(view);
}

/** Like `move`, and a pinned cell comes along. */
function moveOn(/** @type {View} */ view, cell) {
  if (view.state.pinned) view.pin(cell);
  move(view, cell, { isAnew: true });
}

function goTo(/** @type {View} */ view, index) {
  const [, rows, cols] = view.output.shape;
  const inside = (index + rows * cols) % (rows * cols);
  moveOn(view, [Math.floor(inside / cols), inside % cols]);
}

const step = (/** @type {View} */ view, by) => goTo(view, indexOf(view) + by);
const direction = (/** @type {View} */ { state }) => (state.isReversed ? -1 : 1);

export function onKey(/** @type {View} */ view, event) {
  const { state } = view;
  const next = walk(event, state.cell, view.output.shape.slice(1));
  if (next) {
    event.preventDefault();
    return moveOn(view, next);
  }
  const { key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === " ") togglePlay(view);
  else if (key === ",") step(view, -1);
  else if (key === ".") step(view, 1);
  else if (key === "r" || key === "R") toggleReverse(view);
  else if (key === "Enter") view.pin(state.pinned ? null : state.cell);
  else if (key === "Escape" && state.pinned) view.pin(null);
  else return;
  event.preventDefault();
  if (key === "Enter" || key === "Escape") move(view, state.cell, { isAnew: true });
}

/** Play; where reduced motion is asked for, one cell a press. */
function togglePlay(/** @type {View} */ view) {
  const { state } = view;
  if (state.pinned) view.pin(null);
  if (isCalm()) return step(view, direction(view));
  if (state.playing) halt(view);
  else play(view);
  nameTools(view);
}

function play(/** @type {View} */ view) {
  const { state } = view;
  let last = performance.now();
  const tick = (now) => {
    const pause = 1000 / SPEEDS[state.speed];
    if (now - last >= pause - 2) {
      last = Math.max(last + pause, now - pause);
      step(view, direction(view));
    }
    state.playing = requestAnimationFrame(tick);
  };
  state.playing = requestAnimationFrame(tick);
}

export function halt(/** @type {View} */ { state }) {
  cancelAnimationFrame(state.playing);
  state.playing = 0;
}

function toggleReverse(/** @type {View} */ view) {
  view.state.isReversed = !view.state.isReversed;
  nameTools(view);
}

// ---------------------------------------------------------------- controls

export function toolsOf(/** @type {View} */ view) {
  const tools = element("div", "tools");
  view.tools = {
    back: button("back", "", () => step(view, -1)),
    play: button("play", "", () => togglePlay(view)),
    forth: button("forth", "", () => step(view, 1)),
    reverse: button("reverse", "", () => toggleReverse(view)),
  };
  view.speed = element("select", "speed");
  view.speed.dataset.focus = "speed";
  view.speed.onchange = () => (view.state.speed = Number(view.speed.value));
  view.scrub = element("input", "scrub");
  Object.assign(view.scrub, { type: "range", min: 0, step: 1 });
  view.scrub.dataset.focus = "scrub";
  view.scrub.oninput = () => goTo(view, Number(view.scrub.value));
  view.place = silent("place", "");
  view.enlarge = enlargeButton(view.root, "");
  tools.append(...Object.values(view.tools), view.speed, view.scrub, view.place, view.enlarge);
  return tools;
}

/** Every control's name in the reader's language, and what it shows now. */
export function nameTools(/** @type {View} */ view) {
  const { header: { words }, state, tools, output } = view;
  const isPlaying = Boolean(state.playing);
  const signs = {
    back: "‹", forth: "›", reverse: "⇄", play: isPlaying ? "❚❚" : state.isReversed ? "◀" : "▶",
  };
  for (const [name, tool] of Object.entries({ ...tools, enlarge: view.enlarge })) {
    labelled(tool, name === "play" && isPlaying ? words.pause : words[name]);
    if (signs[name]) tool.textContent = signs[name];
  }
  tools.reverse.setAttribute("aria-pressed", Boolean(state.isReversed));
  const options = words.speeds.map((word, n) => Object.assign(element("option", "", word), { value: n }));
  view.speed.replaceChildren(...options);
  view.speed.value = state.speed;
  view.speed.setAttribute("aria-label", words.speed);
  view.scrub.setAttribute("aria-label", words.scrub);
  view.scrub.max = output.shape[1] * output.shape[2] - 1;
  view.spoken.setAttribute("aria-live", isPlaying ? "off" : "polite");
}
