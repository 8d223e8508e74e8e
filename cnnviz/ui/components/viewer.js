// The sliding window: what it covers, what it is multiplied with, what comes out. Serves
// convolution and pooling. It holds the whole trace, so moving the window asks no server; only a
// pinned cell is reported. The total shown is the value that was sent.

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".root");
  const { header, arrays } = unpack(data);
  const state = states.get(parentElement) ?? { cell: header.cell, playing: 0 };
  const isNew = !states.has(parentElement);
  states.set(parentElement, state);
  const view = makeView(root, header, arrays, state);
  view.pin = (cell) => {
    state.pinned = cell;
    setStateValue("cell", cell);
  };
  if (isNew) state.pinned = header.pinned ? header.cell : null;
  state.cell = state.cell.map((n, axis) => Math.min(n, view.output.shape[axis + 1] - 1));
  keepFocus(parentElement, () => build(view));
  onResize(state, root, () => paintAll(view));
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
  const tint = (array) => {
    if (array.unit === 255) return (value) => Array(3).fill(Math.round(value * 255));
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
function taps({ header, input, state }) {
  const [top, left] = cornerOf({ header }, state.cell);
  const cells = [];
  for (let i = 0; i < header.kernel_size[0]; i++)
    for (let j = 0; j < header.kernel_size[1]; j++)
      cells.push([top + i * header.dilation[0], left + j * header.dilation[1]]);
  return cells.filter(([r, c]) => r < input.shape[1] && c < input.shape[2]);
}

// ---------------------------------------------------------------- building

function build(view) {
  const { root, header } = view;
  const { words } = header;
  root.replaceChildren();
  const panels = element("div", `panels ${header.op}`);
  view.panels = {};
  const add = (name, title, shape, isBig) => {
    const card = element("section", `card ${isBig ? "big" : "small"} ${name}`);
    const canvas = element("canvas");
    card.append(element("h3", "", title), element("p", "shape", shape), canvas);
    panels.append(card);
    view.panels[name] = { card, canvas };
  };
  const sign = (text) => panels.append(element("span", "sign", text));
  if (view.before) {
    add("before", words.before, words.before_shape, true);
    sign("→");
  }
  add("input", words.input, words.input_shape, true);
  sign("→");
  add("window", words.window, words.window_shape, false);
  if (view.weight) {
    sign("∗");
    add("kernel", words.kernel, words.kernel_shape, false);
  }
  sign(view.weight ? "=" : "→");
  add("output", words.output, words.output_shape, true);
  addLegends(view);
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
  const legendOf = (array) => (array.unit === 255 ? pixelLegend() : mapLegend(array));
  panels.input.card.append(legendOf(view.input));
  panels.output.card.append(mapLegend(view.output));
  panels.before?.card.append(legendOf(view.before));
  if (panels.kernel) {
    const limit = number(view.peak(view.weight));
    const colours = [palette.weight_low, palette.neutral, palette.weight_high];
    panels.kernel.card.append(legend(`−${limit}`, `+${limit}`, colours));
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
  tools.append(view.play, enlargeButton(view.root, view.header.words.enlarge));
  card.append(tools, view.sum, view.says);
  return card;
}

function makeOperable(view) {
  const { panels, header, state } = view;
  const { canvas } = panels.output;
  canvas.tabIndex = 0;
  canvas.dataset.focus = "output";
  view.play.dataset.focus = "play";
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", header.words.output_label);
  for (const [name, { canvas: other }] of Object.entries(panels)) {
    if (name === "output") continue;
    other.setAttribute("role", "img");
    other.setAttribute("aria-label", header.words[`${name}_label`]);
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
  showPlay(view);
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
  if (next && view.state.pinned) view.state.pinned = next;
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
  state.pinned = null;
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
}

// ---------------------------------------------------------------- painting

function paintAll(view) {
  const { panels, input, output, before } = view;
  for (const [name, array] of Object.entries({ before, input, output })) {
    if (!array) continue;
    const panel = panels[name];
    const [, rows, cols] = array.shape;
    const room = panel.card.clientWidth - 2 * parseFloat(getComputedStyle(panel.card).paddingLeft);
    panel.cell = fitCells(panel.canvas, rows, cols, Math.min(room, 460 * (rows > cols ? cols / rows : 1)));
    panel.still = stillPicture(view, name, array, panel);
  }
  paintMoving(view);
}

/** Pixels, grid and padding of a big panel, painted once for all positions of the window. */
function stillPicture(view, name, array, { canvas, cell }) {
  const still = document.createElement("canvas");
  [still.width, still.height] = [canvas.width, canvas.height];
  const context = still.getContext("2d");
  const [channels, rows, cols] = array.shape;
  const tint = view.tint(array);
  const colour = (i) => {
    const value = (c) => array.raw[c * rows * cols + i] / array.unit;
    if (channels === 3) return [0, 1, 2].map((c) => Math.round(255 * value(c)));
    return tint(value(0));
  };
  blowUp(context, bitmap(rows, cols, colour), 0, 0, still.width, still.height);
  if (name === "input") hatchPadding(view, context, still, cell);
  const ratio = window.devicePixelRatio || 1;
  if (cell >= 7 * ratio) grid(context, rows, cols, cell, view.palette.grid);
  if (cell >= 30 * ratio) numbersOn(view, context, array, cell, colour);
  return still;
}

function hatchPadding({ header, palette }, context, still, cell) {
  const [[top, bottom], [left, right]] = header.pads;
  const [w, h] = [still.width, still.height];
  context.save();
  context.beginPath();
  context.rect(0, 0, w, h);
  context.rect(left * cell, top * cell, w - (left + right) * cell, h - (top + bottom) * cell);
  context.clip("evenodd");
  context.fillStyle = palette.neutral;
  context.globalAlpha = header.shows_border ? 0.35 : 1;
  context.fillRect(0, 0, w, h);
  context.globalAlpha = 1;
  context.strokeStyle = palette.hatch;
  context.lineWidth = Math.max(1, cell / 12);
  const gap = Math.max(5, cell / 2);
  context.beginPath();
  for (let x = -h; x < w; x += gap) {
    context.moveTo(x, h);
    context.lineTo(x + h, 0);
  }
  context.stroke();
  context.restore();
}

function grid(context, rows, cols, cell, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (let r = 0; r <= rows; r++) {
    context.moveTo(0, Math.round(r * cell) + 0.5);
    context.lineTo(cols * cell, Math.round(r * cell) + 0.5);
  }
  for (let c = 0; c <= cols; c++) {
    context.moveTo(Math.round(c * cell) + 0.5, 0);
    context.lineTo(Math.round(c * cell) + 0.5, rows * cell);
  }
  context.stroke();
}

function numbersOn(view, context, array, cell, colour) {
  const [, rows, cols] = array.shape;
  for (let i = 0; i < rows * cols; i++) {
    const text = view.number((array.raw[i] / array.unit) * view.header.unit);
    const [x, y] = [((i % cols) + 0.5) * cell, (Math.floor(i / cols) + 0.5) * cell];
    centred(context, text, x, y, cell, inkOn(colour(i)));
  }
}

/** Text that fills a cell without leaving it. */
function centred(context, text, x, y, cell, colour) {
  const size = Math.min(cell * 0.42, (cell * 1.5) / Math.max(2, text.length));
  context.font = `600 ${size}px ui-monospace, monospace`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

function paintMoving(view) {
  const { panels, header, state, palette } = view;
  const [top, left] = cornerOf(view, state.cell);
  const extent = [0, 1].map((n) => header.dilation[n] * (header.kernel_size[n] - 1) + 1);
  for (const name of ["before", "input", "output"]) {
    const panel = panels[name];
    if (!panel) continue;
    const context = panel.canvas.getContext("2d");
    context.drawImage(panel.still, 0, 0);
    const box = name === "output" ? [...state.cell, 1, 1] : [top, left, ...extent];
    if (name === "before") {
      box[0] -= header.pads[0][0];
      box[1] -= header.pads[1][0];
    }
    outline(context, box, panel.cell, palette.accent, Boolean(state.pinned));
  }
  paintWindow(view);
  if (panels.kernel) paintKernel(view);
  tell(view);
}

function outline(context, [row, col, tall, wide], cell, colour, isPinned) {
  const line = Math.max(2, Math.min(5, cell / 5)) * (isPinned ? 1.5 : 1);
  context.lineWidth = line + 2;
  context.strokeStyle = "#ffffffb0";
  context.strokeRect(col * cell, row * cell, wide * cell, tall * cell);
  context.lineWidth = line;
  context.strokeStyle = colour;
  context.strokeRect(col * cell, row * cell, wide * cell, tall * cell);
}

/** A k × k board of numbers; every channel below the one before. */
function board(view, panel, channels, colourAt, textAt) {
  const [tall, wide] = view.header.kernel_size;
  const room = panel.card.clientWidth - 2 * parseFloat(getComputedStyle(panel.card).paddingLeft);
  const cell = fitCells(panel.canvas, tall * channels, wide, Math.min(room, 64 * wide));
  const context = panel.canvas.getContext("2d");
  const ratio = window.devicePixelRatio || 1;
  for (let i = 0; i < channels * tall * wide; i++) {
    const [x, y] = [(i % wide) * cell, Math.floor(i / wide) * cell];
    const colour = colourAt(i);
    context.fillStyle = `rgb(${colour})`;
    context.fillRect(x, y, cell, cell);
    if (cell < 18 * ratio) continue;
    centred(context, textAt(i), x + cell / 2, y + cell / 2, cell, inkOn(colour));
  }
  grid(context, tall * channels, wide, cell, view.palette.grid);
  return { context, cell };
}

function patchOf(view) {
  const cells = taps(view);
  const values = [];
  for (let c = 0; c < view.input.shape[0]; c++)
    for (const [row, col] of cells) values.push(at(view.input, c, row, col));
  return values;
}

function paintWindow(view) {
  const { panels, input, header, palette } = view;
  const values = patchOf(view);
  const tint = view.tint(input);
  const { context, cell } = board(
    view, panels.window, input.shape[0],
    (i) => tint(values[i]),
    (i) => view.number(values[i] * header.unit),
  );
  const wide = header.kernel_size[1];
  if (header.op === "max") {
    const best = values.indexOf(Math.max(...values));
    outline(context, [Math.floor(best / wide), best % wide, 1, 1], cell, palette.accent, true);
  }
}

function paintKernel(view) {
  const { weight, header } = view;
  const limit = view.peak(weight);
  board(
    view, view.panels.kernel, weight.shape[0],
    (i) => view.weightTint(weight.raw[i] / limit),
    (i) => header.weight_labels[i],
  );
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
