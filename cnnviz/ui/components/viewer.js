// The sliding window: what it covers, what it is multiplied with, what comes out. Serves
// convolution and pooling. It holds the whole trace, so moving the window asks no server; only a
// pinned cell is reported. The total shown is the value that was sent.

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".root");
  const { header, arrays } = unpack(data);
  const state = states.get(parentElement) ?? { cell: header.cell, playing: 0 };
  const isNew = !states.has(parentElement);
  states.set(parentElement, state);
  const view = (state.view = Object.assign(state.view ?? {}, makeView(root, header, arrays, state)));
  view.pin = (cell) => {
    state.pinned = cell;
    clearTimeout(state.reporting); // walking with the arrow keys is reported where it ends
    state.reporting = setTimeout(() => setStateValue("cell", cell), 200);
  };
  if (isNew) state.pinned = header.pinned ? header.cell : null;
  state.cell = state.cell.map((n, axis) => Math.min(n, view.output.shape[axis + 1] - 1));
  if (state.pinned && String(state.pinned) !== String(state.cell)) view.pin(state.cell);
  mount(state, root, () => dress(view), () => paintAll(view));
  return () => {
    cancelAnimationFrame(state.playing);
    state.observer.disconnect();
    states.delete(parentElement);
  };
}

/** Everything the drawing functions share: arrays, formats, colours. */
function makeView(root, header, arrays, state) {
  const palette = paletteOf(root, header.palettes);
  const peak = (array) => Math.max(...extremes(array.raw).map(Math.abs)) / array.unit || 1;
  const signed = signedScale(palette.map_low, palette.neutral, palette.map_high);
  const tint = (array, isPixels) => {
    if (isPixels) return (value) => Array(3).fill(Math.round(value * 255));
    const limit = peak(array);
    return (value) => signed(value / limit);
  };
  return {
    root, header, state, palette, peak, tint,
    input: arrays.input, weight: arrays.weight, output: arrays.output, before: arrays.before,
    number: numberFormat(header.locale, header.digits),
    weightTint: signedScale(palette.weight_low, palette.neutral, palette.weight_high),
  };
}

function extremes(raw) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of raw) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

const at = (array, channel, row, col) => {
  const [, rows, cols] = array.shape;
  return array.raw[(channel * rows + row) * cols + col] / array.unit;
};

/** Corner of the window in the padded input for an output cell. */
const cornerOf = ({ header }, [row, col]) => [row * header.stride[0], col * header.stride[1]];

/** Rows × columns of taps under the window, as cells of the padded input. */
function taps({ header, state }) {
  const [top, left] = cornerOf({ header }, state.cell);
  const cells = [];
  for (let i = 0; i < header.kernel_size[0]; i++)
    for (let j = 0; j < header.kernel_size[1]; j++)
      cells.push([top + i * header.dilation[0], left + j * header.dilation[1]]);
  return cells;
}

// ---------------------------------------------------------------- building

/** The panels of an operation are built once; what new data change in them is said anew. */
function dress(view) {
  const parts = `${view.header.op} ${Boolean(view.before)}`;
  if (view.state.parts !== parts) build(view);
  view.state.parts = parts;
  const { words } = view.header;
  for (const [name, { title, shape, canvas }] of Object.entries(view.panels)) {
    title.textContent = words[name];
    shape.textContent = words[`${name}_shape`];
    canvas.setAttribute("aria-label", words[`${name}_label`]);
  }
  view.enlarge.title = words.enlarge;
  view.enlarge.setAttribute("aria-label", words.enlarge);
  addLegends(view);
  showPlay(view);
}

function build(view) {
  const { root, header } = view;
  root.replaceChildren();
  const panels = element("div", `panels ${header.op}`);
  view.panels = {};
  const add = (name, isBig) => {
    const card = element("section", `card ${isBig ? "big" : "small"} ${name}`);
    const [title, shape] = [element("h2"), element("p", "shape")];
    const canvas = element("canvas");
    const scale = element("div");
    card.append(title, shape, canvas, scale);
    panels.append(card);
    view.panels[name] = { card, title, shape, canvas, scale };
  };
  const sign = (text) => panels.append(element("span", "sign", text));
  if (view.before) {
    add("before", true);
    sign("→");
  }
  add("input", true);
  sign("→");
  add("window", false);
  if (view.weight) {
    sign("∗");
    add("kernel", false);
  }
  sign(view.weight ? "=" : "→");
  add("output", true);
  root.append(panels, sumCard(view));
  makeOperable(view);
}

function addLegends(view) {
  const { palette, panels, number, header } = view;
  const scale = (array, low, high) => {
    const limit = number(view.peak(array) * header.unit);
    return legend(`−${limit}`, `+${limit}`, [low, palette.neutral, high]);
  };
  const mapLegend = (array) => scale(array, palette.map_low, palette.map_high);
  const pixelLegend = () => legend("0", number(header.unit), ["#000", "#fff"]);
  panels.input.scale.replaceChildren(header.is_picture ? pixelLegend() : mapLegend(view.input));
  panels.output.scale.replaceChildren(mapLegend(view.output));
  panels.before?.scale.replaceChildren(mapLegend(view.before));
  if (panels.kernel) {
    const limit = number(view.peak(view.weight));
    const colours = [palette.weight_low, palette.neutral, palette.weight_high];
    panels.kernel.scale.replaceChildren(legend(`−${limit}`, `+${limit}`, colours));
  }
}

function sumCard(view) {
  const card = element("section", "card sum");
  view.sum = element("p", "terms");
  view.says = element("p", "says");
  view.says.setAttribute("aria-live", "polite");
  const tools = element("div", "tools");
  view.play = element("button", "play", "▶");
  view.play.type = "button";
  view.enlarge = enlargeButton(view.root, "");
  tools.append(view.play, view.enlarge);
  card.append(tools, view.sum, view.says);
  return card;
}

function makeOperable(view) {
  const { panels, state } = view;
  const { canvas } = panels.output;
  canvas.tabIndex = 0;
  canvas.dataset.focus = "output";
  view.play.dataset.focus = "play";
  for (const [name, { canvas: other }] of Object.entries(panels)) {
    other.setAttribute("role", name === "output" ? "application" : "img");
  }
  const cellUnder = (event) => {
    const box = canvas.getBoundingClientRect();
    const [, rows, cols] = view.output.shape;
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
    const col = Math.floor(((event.clientX - box.left) / box.width) * cols);
    return [clamp(row, rows), clamp(col, cols)];
  };
  canvas.onpointermove = (event) => state.pinned || move(view, cellUnder(event));
  canvas.onclick = (event) => {
    const cell = cellUnder(event);
    const isSame = state.pinned && String(state.pinned) === String(cell);
    move(view, cell);
    view.pin(isSame ? null : cell);
    paintMoving(view);
  };
  panels.input.canvas.onpointermove = (event) => state.pinned || move(view, cellOver(view, event));
  canvas.onkeydown = (event) => onKey(view, event);
  view.play.onclick = () => togglePlay(view);
}

const clamp = (n, size) => Math.max(0, Math.min(size - 1, n));

/** The output cell whose window is centred nearest to the input pixel under the pointer. */
function cellOver(view, event) {
  const { header, input, output } = view;
  const box = view.panels.input.canvas.getBoundingClientRect();
  const part = [
    (event.clientY - box.top) / box.height,
    (event.clientX - box.left) / box.width,
  ];
  return part.map((share, axis) => {
    const extent = header.dilation[axis] * (header.kernel_size[axis] - 1) + 1;
    const pixel = Math.floor(share * input.shape[axis + 1]);
    const cell = Math.round((pixel - (extent - 1) / 2) / header.stride[axis]);
    return clamp(cell, output.shape[axis + 1]);
  });
}

// ---------------------------------------------------------------- moving

function move(view, cell) {
  view.state.cell = cell;
  paintMoving(view);
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function onKey(view, event) {
  const [, rows, cols] = view.output.shape;
  const [row, col] = view.state.cell;
  let next = null;
  if (event.key in STEPS) {
    const [down, right] = STEPS[event.key];
    next = [clamp(row + down, rows), clamp(col + right, cols)];
  } else if (event.key === "Home") next = event.ctrlKey ? [0, 0] : [row, 0];
  else if (event.key === "End") next = event.ctrlKey ? [rows - 1, cols - 1] : [row, cols - 1];
  else if (event.key === " ") togglePlay(view);
  else if (event.key === "Enter") view.pin(view.state.pinned ? null : [row, col]);
  else if (event.key === "Escape" && view.state.pinned) view.pin(null);
  else return;
  event.preventDefault();
  if (next && view.state.pinned) view.pin(next);
  if (next) move(view, next);
  else paintMoving(view);
}

function step(view) {
  const [, rows, cols] = view.output.shape;
  const next = (view.state.cell[0] * cols + view.state.cell[1] + 1) % (rows * cols);
  move(view, [Math.floor(next / cols), next % cols]);
}

/** Play eight cells a second; where reduced motion is asked for, one cell a press. */
function togglePlay(view) {
  const { state } = view;
  if (state.pinned) view.pin(null);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return step(view);
  if (state.playing) {
    cancelAnimationFrame(state.playing);
    state.playing = 0;
    return showPlay(view);
  }
  let last = 0;
  const tick = (now) => {
    if (now - last >= 125) {
      last = now;
      state.step();
    }
    state.playing = requestAnimationFrame(tick);
  };
  state.playing = requestAnimationFrame(tick);
  showPlay(view);
}

function showPlay(view) {
  view.state.step = () => step(view); // the view of the newest data
  const isPlaying = Boolean(view.state.playing);
  view.play.textContent = isPlaying ? "⏸" : "▶";
  view.play.setAttribute("aria-label", view.header.words[isPlaying ? "pause" : "play"]);
  view.play.title = view.header.words[isPlaying ? "pause" : "play"];
  view.says.setAttribute("aria-live", isPlaying ? "off" : "polite");
}

// ---------------------------------------------------------------- words

function tell(view) {
  const { header, state, sum, says, output } = view;
  const values = patchOf(view);
  const total = at(output, 0, ...state.cell);
  const products = view.weight ? values.map((value, i) => value * view.weight.raw[i]) : values;
  Object.assign(sum.dataset, {
    row: state.cell[0], col: state.cell[1], total, products: JSON.stringify(products),
  });
  sum.tabIndex = values.length > 30 ? 0 : -1; // long sums scroll
  sum.replaceChildren(...(view.weight ? weighted(view, values) : pooled(view, values)));
  const result = element("strong", "", view.number(total * header.unit));
  sum.append(element("span", "sign", " = "), result);
  const [top, left] = cornerOf(view, state.cell);
  const first = [top - header.pads[0][0], left - header.pads[1][0]];
  const extent = [0, 1].map((n) => header.dilation[n] * (header.kernel_size[n] - 1));
  says.textContent = fill(header.words.says, {
    row: state.cell[0], col: state.cell[1], value: view.number(total * header.unit),
    top: first[0], bottom: first[0] + extent[0], left: first[1], right: first[1] + extent[1],
  });
}

function weighted(view, values) {
  const { header, weight } = view;
  const parts = [];
  values.forEach((value, i) => {
    if (i) parts.push(element("span", "sign", " + "));
    const label = header.weight_labels[i];
    const wrapped = /^[−]|\//.test(label) ? `(${label})` : label;
    const term = element("span", weight.raw[i] * value ? "term" : "term nil");
    term.append(element("b", "", view.number(value * header.unit)), `·${wrapped}`);
    parts.push(term);
  });
  parts.push(
    element("span", "sign", " + "),
    element("span", "term", `${header.words.bias} ${view.number(header.bias * header.unit)}`),
  );
  return parts;
}

function pooled(view, values) {
  const terms = values.map((value) => view.number(value * view.header.unit));
  const isMax = view.header.op === "max";
  const parts = [element("span", "sign", isMax ? "max(" : "(")];
  terms.forEach((term, i) => {
    if (i) parts.push(element("span", "sign", isMax ? "; " : " + "));
    parts.push(element("b", "term", term));
  });
  return [...parts, element("span", "sign", isMax ? ")" : `) / ${values.length}`)];
}
