// What is marked over the still pictures, always in the one accent. Part of viewer.js.

function startOver({ context, still }) {
  context.drawImage(still, 0, 0);
  return context;
}

function paintInput(view) {
  const { panels, palette, state, links } = view;
  const { cell } = panels.input;
  const context = startOver(panels.input);
  if (links.lands) tint(context, links.lands, cell, palette.accent);
  markWindow(view, context, cell, [0, 0]);
  if (links.pixel) outline(context, [...links.pixel, 1, 1], cell, palette.accent, true);
  mark(panels.input.canvas, links.lands);
}

/** The map before its activation has the same cells, but no border. */
function paintBefore(view) {
  const context = startOver(view.panels.before);
  markWindow(view, context, view.panels.before.cell, view.axes.map((axis) => axis.before));
}

function paintOutput(view) {
  const { panels, palette, state, links } = view;
  const { cell } = panels.output;
  const context = startOver(panels.output);
  if (links.users) tint(context, links.users, cell, palette.accent);
  outline(context, [...state.cell, 1, 1], cell, palette.accent, Boolean(state.pinned));
  mark(panels.output.canvas, links.users);
}

/** The window's frame, its taps where they lie apart, and the largest value where it is kept. */
function markWindow(view, context, cell, [down, across]) {
  const { window: { rows, cols }, winner, palette, state, axes } = view;
  const [top, left] = [rows[0] - down, cols[0] - across];
  const [tall, wide] = [rows.at(-1) - rows[0] + 1, cols.at(-1) - cols[0] + 1];
  if (axes.some((axis) => axis.step > 1)) {
    const taps = [rows.map((at) => at - down), cols.map((at) => at - across)];
    tint(context, taps, cell, palette.accent);
  }
  outline(context, [top, left, tall, wide], cell, palette.accent, Boolean(state.pinned));
  if (winner < 0) return;
  const [row, col] = [rows[Math.floor(winner / cols.length)], cols[winner % cols.length]];
  outline(context, [row - down, col - across, 1, 1], cell, palette.accent, true);
}

/** Which rows × columns are marked, for whoever asks the page. */
function mark(canvas, cells) {
  const text = cells ? JSON.stringify(cells) : "";
  if (canvas.dataset.marked !== text) canvas.dataset.marked = text;
}

/** Neighbouring positions put together: [1, 2, 3, 5] → [[1, 3], [5, 1]]. */
function runsOf(positions) {
  const runs = [];
  for (const at of positions) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === at) last[1] += 1;
    else runs.push([at, 1]);
  }
  return runs;
}

/** Colour the cells at rows × columns: stripes of columns seen through stripes of rows. */
function tint(context, [rows, cols], cell, colour) {
  const [across, down] = [runsOf(rows), runsOf(cols)];
  const { width, height } = context.canvas;
  context.save();
  context.beginPath();
  for (const [row, tall] of across) context.rect(0, row * cell, width, tall * cell);
  context.clip();
  context.beginPath();
  for (const [col, wide] of down) context.rect(col * cell, 0, wide * cell, height);
  context.fillStyle = colour;
  context.globalAlpha = 0.38;
  context.fill();
  context.restore();
  if (across.length * down.length > 150 || cell < 5) return;
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1, Math.min(2, cell / 8));
  for (const [row, tall] of across)
    for (const [col, wide] of down)
      context.strokeRect(col * cell, row * cell, wide * cell, tall * cell);
}

function outline(context, [row, col, tall, wide], cell, colour, isStrong) {
  const line = Math.max(2, Math.min(4, cell / 6)) * (isStrong ? 1.5 : 1);
  context.lineWidth = line + 2;
  context.strokeStyle = "#ffffffb0";
  context.strokeRect(col * cell, row * cell, wide * cell, tall * cell);
  context.lineWidth = line;
  context.strokeStyle = colour;
  context.strokeRect(col * cell, row * cell, wide * cell, tall * cell);
}
