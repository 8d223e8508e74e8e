// The drawing pad: a soft brush on rows × cols cells. Python receives exactly the bytes that are
// drawn, one a cell, at the end of each stroke. Mouse, touch, pen and keyboard; undo and clear.

const RADIUS = 1.35; // cells; about the width of MNIST's strokes
const MAX_UNDO = 50;

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".root");
  const isNew = !states.has(parentElement);
  const state = states.get(parentElement) ?? { undo: [], isDown: false };
  if (isNew) {
    states.set(parentElement, state);
    state.size = [data.rows, data.cols];
    state.cursor = state.size.map((n) => n / 2);
    state.pixels = decode(data.pixels, data.rows * data.cols);
    state.view = { root, state };
  }
  const { view } = state; // the canvas stays: an answer may come in the middle of a stroke
  Object.assign(view, { data, palette: paletteOf(root, data.palettes) });
  view.send = () => {
    say(view);
    setStateValue("pixels", encode(state.pixels));
  };
  mount(state, root, () => isNew && build(view), () => paint(view));
  name(view);
  say(view);
  return () => {
    state.observer.disconnect();
    states.delete(parentElement);
  };
}

function decode(text, count) {
  const pixels = new Uint8Array(count);
  if (text) pixels.set(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).subarray(0, count));
  return pixels;
}

const encode = (pixels) => btoa(String.fromCharCode(...pixels));

function build(view) {
  const { root, state } = view;
  const canvas = element("canvas");
  canvas.tabIndex = 0;
  canvas.dataset.focus = "pad";
  canvas.setAttribute("role", "application");
  const tools = element("div", "tools");
  const tool = (name, act) => {
    const button = element("button", name);
    button.type = "button";
    button.dataset.focus = name;
    button.onclick = act;
    tools.append(button);
    return button;
  };
  view.canvas = canvas;
  view.undo = tool("undo", () => undo(view));
  view.clear = tool("clear", () => {
    remember(state);
    state.pixels.fill(0);
    finish(view);
  });
  view.says = element("p", "says");
  view.says.setAttribute("aria-live", "polite");
  root.replaceChildren(canvas, tools, view.says);
  listen(view);
}

/** Words in the reader's language, which may have changed. */
function name({ canvas, undo: undoButton, clear, data: { words } }) {
  canvas.setAttribute("aria-label", words.label);
  undoButton.textContent = words.undo;
  clear.textContent = words.clear;
}

function listen(view) {
  const { canvas, state } = view;
  canvas.onpointerdown = (event) => {
    if (event.button) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    remember(state);
    state.last = place(view, event);
    stroke(state, state.last, state.last);
    paint(view);
  };
  canvas.onpointermove = (event) => {
    if (!state.last) return;
    if (!event.buttons) return canvas.onpointerup(); // released where we could not see it
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) {
      const next = place(view, each);
      stroke(state, state.last, next);
      state.last = next;
    }
    paint(view);
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!state.last) return;
    state.last = null;
    finish(view);
  };
  canvas.onkeydown = (event) => onKey(view, event);
  canvas.onfocus = () => paint(view);
  canvas.onblur = () => {
    const wasDown = state.isDown;
    state.isDown = false;
    if (wasDown) finish(view);
    else paint(view);
  };
}

/** Where the pointer is, in cells. */
function place({ canvas, state: { size: [rows, cols] } }, event) {
  const box = canvas.getBoundingClientRect();
  return [
    ((event.clientY - box.top) / box.height) * rows,
    ((event.clientX - box.left) / box.width) * cols,
  ];
}

/** Ink every cell near the segment: full within the radius, fading over one cell. */
function stroke({ pixels, size: [, cols] }, from, to) {
  const [dy, dx] = [to[0] - from[0], to[1] - from[1]];
  const length = dy * dy + dx * dx;
  for (let i = 0; i < pixels.length; i++) {
    const [y, x] = [Math.floor(i / cols) + 0.5 - from[0], (i % cols) + 0.5 - from[1]];
    const share = length ? Math.max(0, Math.min(1, (y * dy + x * dx) / length)) : 0;
    const distance = Math.hypot(y - share * dy, x - share * dx);
    const ink = Math.max(0, Math.min(1, RADIUS + 0.5 - distance));
    pixels[i] = Math.max(pixels[i], Math.round(255 * ink));
  }
}

function remember(state) {
  state.undo.push(state.pixels.slice());
  if (state.undo.length > MAX_UNDO) state.undo.shift();
}

function undo(view) {
  const before = view.state.undo.pop();
  if (!before) return;
  view.state.pixels = before;
  finish(view);
}

function finish(view) {
  paint(view);
  view.send();
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Arrows move a cursor; the space bar puts the pen down and lifts it. */
function onKey(view, event) {
  const { state } = view;
  if (event.key in MOVES) {
    const from = state.cursor.map((n) => n + 0.5);
    state.cursor = state.cursor.map((n, axis) =>
      Math.max(0, Math.min(state.size[axis] - 1, n + MOVES[event.key][axis])));
    if (state.isDown) stroke(state, from, state.cursor.map((n) => n + 0.5));
    paint(view);
    say(view);
  } else if (event.key === " ") {
    state.isDown = !state.isDown;
    if (state.isDown) {
      remember(state);
      const here = state.cursor.map((n) => n + 0.5);
      stroke(state, here, here);
      paint(view);
      say(view);
    } else finish(view);
  } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) undo(view);
  else if (event.key === "Delete" || event.key === "Backspace") view.clear.click();
  else return;
  event.preventDefault();
}

function paint({ root, data, canvas, state, palette }) {
  if (!root.clientWidth) return;
  const [rows, cols] = state.size;
  const cell = fitCells(canvas, rows, cols, Math.min(root.clientWidth, data.side));
  const context = canvas.getContext("2d");
  const small = bitmap(rows, cols, (i) => Array(3).fill(state.pixels[i]));
  blowUp(context, small, 0, 0, canvas.width, canvas.height);
  context.strokeStyle = "#8883";
  context.lineWidth = 1;
  context.beginPath();
  for (let n = data.grid; n < cols; n += data.grid) {
    context.moveTo(n * cell + 0.5, 0);
    context.lineTo(n * cell + 0.5, canvas.height);
  }
  for (let n = data.grid; n < rows; n += data.grid) {
    context.moveTo(0, n * cell + 0.5);
    context.lineTo(canvas.width, n * cell + 0.5);
  }
  context.stroke();
  if (!canvas.matches(":focus-visible")) return;
  context.strokeStyle = palette.accent;
  context.lineWidth = state.isDown ? 4 : 2;
  context.strokeRect(state.cursor[1] * cell, state.cursor[0] * cell, cell, cell);
}

function say({ data, state, says, undo: undoButton, clear }) {
  const inked = state.pixels.reduce((count, value) => count + (value > 0), 0);
  undoButton.disabled = !state.undo.length;
  clear.disabled = !inked;
  says.textContent = inked
    ? fill(data.words[state.isDown ? "drawing" : "inked"], {
        count: inked, row: state.cursor[0], col: state.cursor[1] })
    : data.words.empty;
  says.dataset.inked = inked;
}
