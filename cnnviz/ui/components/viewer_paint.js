// How the sliding window is painted: still pictures once, what moves over them. Part of viewer.js.

function paintAll(view) {
  const { panels, input, output, before } = view;
  for (const panel of Object.values(panels)) panel.room = roomIn(panel.card); // before any changes
  for (const [name, array] of Object.entries({ before, input, output })) {
    if (!array) continue;
    const panel = panels[name];
    const [, rows, cols] = array.shape;
    const { room } = panel;
    const most = document.fullscreenElement ? 0.6 * window.innerHeight : 460;
    panel.cell = fitCells(panel.canvas, rows, cols, Math.min(room, (most * cols) / Math.max(rows, cols)));
    panel.still = stillPicture(view, name, array, panel);
  }
  paintMoving(view);
}

/** CSS pixels that a canvas may take in a card; asking makes the browser lay out the page. */
function roomIn(card) {
  return card.clientWidth - 2 * parseFloat(getComputedStyle(card).paddingLeft);
}

/** Pixels, grid and padding of a big panel, painted once for all positions of the window. */
function stillPicture(view, name, array, { canvas, cell }) {
  const still = document.createElement("canvas");
  [still.width, still.height] = [canvas.width, canvas.height];
  const context = still.getContext("2d");
  const [channels, rows, cols] = array.shape;
  const tint = view.tint(array, name === "input" && view.header.is_picture);
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

/** The size at which a text fills a cell without leaving it. */
function textSize(text, cell) {
  return Math.min(cell * 0.42, (cell * 1.5) / Math.max(2, text.length));
}

function centred(context, text, x, y, cell, colour) {
  context.font = `600 ${textSize(text, cell)}px ui-monospace, monospace`;
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
  const { room } = panel;
  const side = document.fullscreenElement ? 110 : 64;
  const most = Math.min(side * wide, (6 * side * wide) / (tall * channels));
  const cell = fitCells(panel.canvas, tall * channels, wide, Math.min(room, most));
  const context = panel.canvas.getContext("2d");
  const ratio = window.devicePixelRatio || 1;
  const texts = Array.from({ length: channels * tall * wide }, (_, i) => textAt(i));
  const isLegible = Math.min(...texts.map((text) => textSize(text, cell))) >= 8 * ratio;
  for (let i = 0; i < texts.length; i++) {
    const [x, y] = [(i % wide) * cell, Math.floor(i / wide) * cell];
    const colour = colourAt(i);
    context.fillStyle = `rgb(${colour})`;
    context.fillRect(x, y, cell, cell);
    if (isLegible) centred(context, texts[i], x + cell / 2, y + cell / 2, cell, inkOn(colour));
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
  const tint = view.tint(input, header.is_picture);
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
