// How weights are changed: typed, walked over with the keys, painted. Part of kernel.js.

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
const ZERO = { value: 0, label: "0" };

/** A number or a fraction, with a decimal comma or point; NaN for anything else. */
function weightOf(text) {
  const plain = text.replace(/−/g, "-").replace(/,/g, ".").split("/").map((part) => part.trim());
  if (plain.length > 2 || !plain.every((part) => NUMBER.test(part))) return NaN;
  return Math.fround(Number(plain[0]) / Number(plain[1] ?? 1)) + 0; // −0 is 0
}

const isWeight = ({ header }, value) => Math.abs(value) <= header.most;

/** What was typed, as it is shown until the server writes it: true minus, no leading plus. */
const tidy = (text) => text.trim().replace(/-/g, "−").replace(/^\+/, "");

function setWeight({ state }, i, { value, label }) {
  state.weights[i] = value;
  state.labels[i] = label;
  state.wrong.delete(i);
}

// ---------------------------------------------------------------- typing

function makeTypable(view, input, i) {
  const { state } = view;
  input.oninput = () => {
    state.draft = i;
  };
  input.onfocus = () => {
    state.at = i;
    input.select();
    show(view);
  };
  input.onblur = () => {
    if (!view.inputs.includes(input)) return; // taken away, not left
    take(view, i);
    say(view);
  };
  input.onkeydown = (event) => onKey(view, event, i);
}

/** Take what is typed in a field as the weight; what is no number stays, and is said. */
function take(view, i) {
  const { state, inputs } = view;
  if (state.draft !== i) return;
  state.draft = null;
  const text = inputs[i].value.trim();
  if (text === state.labels[i] || !text) state.wrong.delete(i);
  else if (isWeight(view, weightOf(text))) {
    const value = weightOf(text);
    const isNew = value !== state.weights[i];
    setWeight(view, i, { value, label: tidy(text) });
    if (isNew) report(view);
  } else state.wrong.set(i, text);
  show(view);
}

function takeBrush(view) {
  const { state: { brush }, value: field } = view;
  const value = weightOf(field.value);
  if (isWeight(view, value)) Object.assign(brush, { value, label: tidy(field.value), wrong: null });
  else brush.wrong = field.value.trim();
  field.setAttribute("aria-invalid", String(brush.wrong !== null));
  say(view);
}

/** What is wrong, and what the cell that has the focus holds. */
function say(view) {
  const { state, header: { words, most }, inputs } = view;
  const [wrong] = state.wrong;
  if (wrong) {
    const [i, text] = wrong;
    const isLarge = Math.abs(weightOf(text)) > most;
    const told = { cell: cellName(view, i), text: text.slice(0, 20), most: words.most };
    view.refusal.textContent = fill(isLarge ? words.too_large : words.refused, told);
  } else if (state.brush.wrong !== null) {
    const told = { text: state.brush.wrong.slice(0, 20), value: state.brush.label };
    view.refusal.textContent = fill(words.brush_refused, told);
  } else view.refusal.textContent = "";
  const i = inputs.findIndex((input) => input.matches(":focus"));
  if (i < 0) view.says.textContent = state.tool ? words.painting : words.says;
  else view.says.textContent = fill(words.here, { cell: cellName(view, i), value: exactly(view, i) });
}

/** "1/9 = 0.1111", "−2": a weight with the decimals behind its fraction. */
function exactly({ state, number }, i) {
  const label = state.labels[i];
  return label.includes("/") ? `${label} = ${number(state.weights[i])}` : label;
}

// ---------------------------------------------------------------- keys

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function onKey(view, event, i) {
  const { state, inputs } = view;
  if (event.key.length === 1) event.stopPropagation(); // a letter is no shortcut of the page
  const next = nextCell(view, event, i);
  if (next !== null) inputs[next].focus();
  else if (event.key === "Enter") {
    take(view, i);
    inputs[i].select();
  } else if (event.key === "Escape" && (state.draft === i || state.wrong.has(i))) {
    state.draft = null;
    state.wrong.delete(i);
    show(view);
  } else if (event.key === " " && state.tool) {
    state.draft = null;
    const ink = state.tool === "eraser" ? ZERO : state.brush;
    const isNew = state.weights[i] !== ink.value;
    setWeight(view, i, ink);
    if (isNew) report(view);
    show(view);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Where a key leads, or null where it moves the caret in the text, or nothing. */
function nextCell(view, event, i) {
  if (event.shiftKey || event.altKey || event.metaKey) return null;
  const [plane, row, col] = placeOf(view, i);
  const [, rows, cols] = view.state.shape;
  const { selectionStart: from, selectionEnd: to, value } = event.target;
  const isWhole = from === 0 && to === value.length;
  if (["ArrowLeft", "Home"].includes(event.key) && to !== 0 && !isWhole) return null;
  if (["ArrowRight", "End"].includes(event.key) && from !== value.length && !isWhole) return null;
  const index = (r, c) => (plane * rows + r) * cols + c;
  if (event.key === "Home") return index(event.ctrlKey ? 0 : row, 0);
  if (event.key === "End") return index(event.ctrlKey ? rows - 1 : row, cols - 1);
  if (!(event.key in MOVES)) return null;
  const [down, right] = MOVES[event.key];
  const clamp = (n, size) => Math.max(0, Math.min(size - 1, n));
  return index(clamp(row + down, rows), clamp(col + right, cols));
}

// ---------------------------------------------------------------- painting

/** Mouse, pen or finger over a board; the right button and a pen's eraser paint zeros. */
function makePaintable(view, board, plane) {
  const { state } = view;
  board.onmousedown = (event) => state.tool && event.preventDefault(); // no text is selected
  board.oncontextmenu = (event) => state.tool && event.preventDefault();
  board.onpointerdown = (event) => {
    if (!state.tool || ![0, 2, 5].includes(event.button)) return;
    event.preventDefault();
    const isZero = state.tool === "eraser" || event.button !== 0;
    const ink = isZero ? ZERO : { ...state.brush };
    cellUnder(view, board, plane, event)?.focus({ preventScroll: true });
    board.setPointerCapture(event.pointerId);
    state.stroke = { plane, ink, last: spotOf(view, board, event), isChanged: false };
    strokeTo(view, state.stroke.last);
  };
  board.onpointermove = (event) => {
    if (state.stroke?.plane !== plane) return;
    if (!event.buttons) return endStroke(view); // released where we could not see it
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) strokeTo(view, spotOf(view, board, each));
  };
  board.onpointerup = board.onpointercancel = () => endStroke(view);
}

/** Where the pointer is on a board, in cells. */
function spotOf({ state: { shape: [, rows, cols] } }, board, event) {
  const box = board.getBoundingClientRect();
  return [
    ((event.clientY - box.top) / box.height) * rows,
    ((event.clientX - box.left) / box.width) * cols,
  ];
}

function indexOf({ state: { shape: [, rows, cols] } }, plane, [y, x]) {
  const [row, col] = [Math.floor(y), Math.floor(x)];
  const isInside = row >= 0 && row < rows && col >= 0 && col < cols;
  return isInside ? (plane * rows + row) * cols + col : null;
}

const cellUnder = (view, board, plane, event) =>
  view.inputs[indexOf(view, plane, spotOf(view, board, event))];

/** Every cell between the last place and this one: a fast stroke leaves no holes. */
function strokeTo(view, spot) {
  const { stroke } = view.state;
  const way = spot.map((n, axis) => n - stroke.last[axis]);
  const steps = Math.max(1, Math.ceil(4 * Math.max(...way.map(Math.abs))));
  for (let step = 0; step <= steps; step++) {
    const here = stroke.last.map((n, axis) => n + (way[axis] * step) / steps);
    const i = indexOf(view, stroke.plane, here);
    if (i === null) continue;
    stroke.isChanged ||= view.state.weights[i] !== stroke.ink.value;
    setWeight(view, i, stroke.ink);
  }
  stroke.last = spot;
  show(view);
}

function endStroke(view) {
  const { stroke } = view.state;
  view.state.stroke = null;
  if (!stroke) return;
  if (stroke.isChanged) return report(view);
  receive(view); // what came meanwhile
  show(view);
}
