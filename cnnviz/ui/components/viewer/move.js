// Steps, playing forwards and backwards, and the controls for them. Part of viewer.js.

const SPEEDS = [2, 8, 30]; // cells a second

/** The window over another cell; the same cell is not painted again, unless `isAnew`. */
function move(view, cell, { isAnew = false } = {}) {
  const { state } = view;
  if (!isAnew && !state.focus && view.painted === String(cell)) return;
  state.cell = cell;
  state.focus = null;
  paintMoving(view);
}

/** Like `move`, and a pinned cell comes along. */
function moveOn(view, cell) {
  if (view.state.pinned) view.pin(cell);
  move(view, cell, { isAnew: true });
}

function indexOf(view) {
  return view.state.cell[0] * view.output.shape[2] + view.state.cell[1];
}

function goTo(view, index) {
  const [, rows, cols] = view.output.shape;
  const inside = (index + rows * cols) % (rows * cols);
  moveOn(view, [Math.floor(inside / cols), inside % cols]);
}

const step = (view, by) => goTo(view, indexOf(view) + by);
const direction = ({ state }) => (state.isReversed ? -1 : 1);

function onKey(view, event) {
  const { state } = view;
  const next = walk(event, state.cell, view.output.shape.slice(1));
  if (next) return moveOn(view, next);
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
function togglePlay(view) {
  const { state } = view;
  if (state.pinned) view.pin(null);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return step(view, direction(view));
  if (state.playing) stop(view);
  else play(view);
  nameTools(view);
}

function play(view) {
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

function stop({ state }) {
  cancelAnimationFrame(state.playing);
  state.playing = 0;
}

function toggleReverse(view) {
  view.state.isReversed = !view.state.isReversed;
  nameTools(view);
}

// ---------------------------------------------------------------- controls

function toolsOf(view) {
  const tools = element("div", "tools");
  const add = (name, onclick) => {
    const button = element("button", name);
    button.type = "button";
    button.dataset.focus = name;
    button.onclick = onclick;
    tools.append(button);
    return button;
  };
  view.tools = {
    back: add("back", () => step(view, -1)),
    play: add("play", () => togglePlay(view)),
    forth: add("forth", () => step(view, 1)),
    reverse: add("reverse", () => toggleReverse(view)),
  };
  view.speed = element("select", "speed");
  view.speed.dataset.focus = "speed";
  view.speed.onchange = () => (view.state.speed = Number(view.speed.value));
  view.scrub = element("input", "scrub");
  Object.assign(view.scrub, { type: "range", min: 0, step: 1 });
  view.scrub.dataset.focus = "scrub";
  view.scrub.oninput = () => goTo(view, Number(view.scrub.value));
  view.place = element("span", "place");
  view.place.setAttribute("aria-hidden", "true");
  view.enlarge = enlargeButton(view.root, "");
  tools.append(view.speed, view.scrub, view.place, view.enlarge);
  return tools;
}

/** Every control's name in the reader's language, and what it shows now. */
function nameTools(view) {
  const { header: { words }, state, tools, output } = view;
  const isPlaying = Boolean(state.playing);
  const signs = {
    back: "‹", forth: "›", reverse: "⇄", play: isPlaying ? "❚❚" : state.isReversed ? "◀" : "▶",
  };
  for (const [name, button] of Object.entries({ ...tools, enlarge: view.enlarge })) {
    const label = name === "play" && isPlaying ? words.pause : words[name];
    button.setAttribute("aria-label", label);
    button.title = label;
    if (signs[name]) button.textContent = signs[name];
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

function showPlace(view) {
  const { scrub, place, header, state } = view;
  const [row, col] = state.cell;
  scrub.value = indexOf(view);
  scrub.setAttribute("aria-valuetext", fill(header.words.place, { row, col }));
  place.textContent = `${view.number(indexOf(view) + 1)} / ${view.number(Number(scrub.max) + 1)}`;
}
