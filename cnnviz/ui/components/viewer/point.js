// What the pointer or the keyboard points at, on every panel. Part of viewer.js.

function makeOperable(view) {
  const { panels, state } = view;
  for (const [name, { target }] of Object.entries(panels)) {
    const isOperable = name !== "before";
    target.setAttribute("role", isOperable ? "application" : "img");
    if (!isOperable) continue;
    target.tabIndex = 0;
    target.dataset.focus = name;
    if (name !== "output") target.onblur = () => point(view, null);
  }
  makeOutputOperable(view);
  makeInputOperable(view);
  for (const name of ["window", "kernel"]) if (panels[name]) makeBoardsOperable(view, name);
}

/** The cell of a canvas of rows × cols under the pointer. */
function cellUnder(event, canvas, [rows, cols]) {
  const box = canvas.getBoundingClientRect();
  const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
  const col = Math.floor(((event.clientX - box.left) / box.width) * cols);
  return [clamp(row, rows), clamp(col, cols)];
}

function makeOutputOperable(view) {
  const { state } = view;
  const { canvas } = view.panels.output;
  const under = (event) => cellUnder(event, canvas, view.output.shape.slice(1));
  canvas.onpointermove = (event) => state.pinned || move(view, under(event));
  canvas.onclick = (event) => {
    const cell = under(event);
    const isSame = state.pinned && String(state.pinned) === String(cell);
    view.pin(isSame ? null : cell);
    move(view, cell, { isAnew: true });
  };
  canvas.onkeydown = (event) => onKey(view, event);
}

/** A cell of the input: the window comes to it, and all that use it are marked. */
function makeInputOperable(view) {
  const { canvas } = view.panels.input;
  const { state } = view;
  const pointAt = (pixel) => {
    if (!state.pinned) state.cell = view.axes.map((axis, n) => nearestUser(axis, pixel[n]));
    point(view, { pixel });
  };
  const hover = (event) => pointAt(cellUnder(event, canvas, view.input.shape.slice(1)));
  canvas.onpointermove = canvas.onpointerdown = hover;
  canvas.onpointerleave = () => point(view, null);
  canvas.onkeydown = (event) => {
    const middle = [view.window.rows, view.window.cols].map((taps) => taps[taps.length >> 1]);
    const next = walk(event, state.focus?.pixel ?? middle, view.input.shape.slice(1));
    if (next) pointAt(next);
    else if (event.key === "Escape") point(view, null);
  };
}

/** A number under the window or a weight: rows of all planes below each other. */
function makeBoardsOperable(view, name) {
  const panel = view.panels[name];
  const isWeight = name === "kernel";
  const shape = () => [view.window.rows.length, view.window.cols.length];
  const hover = (event) => {
    const plane = panel.boards.findIndex(({ canvas }) => canvas === event.target);
    if (plane < 0) return;
    const [tall, wide] = shape();
    const [row, col] = cellUnder(event, event.target, view.axes.map((axis) => axis.most));
    if (row < tall && col < wide) point(view, { tap: (plane * tall + row) * wide + col, isWeight });
  };
  panel.target.onpointermove = panel.target.onpointerdown = hover;
  panel.target.onpointerleave = () => point(view, null);
  panel.target.onkeydown = (event) => {
    const [tall, wide] = shape();
    const tap = view.state.focus?.tap;
    const from = tap === undefined ? [0, -1] : [Math.floor(tap / wide), tap % wide];
    const next = walk(event, from, [tall * panel.boards.length, wide]);
    if (next) point(view, { tap: next[0] * wide + next[1], isWeight });
    else if (event.key === "Escape") point(view, null);
  };
}

/** Point at something, or at nothing; what is pointed at already is left alone. */
function point(view, focus) {
  const isSame = JSON.stringify(focus) === JSON.stringify(view.state.focus);
  if (isSame && view.painted === String(view.state.cell)) return;
  view.state.focus = focus;
  paintMoving(view);
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Where a key leads from a cell of rows × cols; null where it leads nowhere. */
function walk(event, [row, col], [rows, cols]) {
  let next;
  if (event.key in STEPS) {
    const [down, right] = STEPS[event.key];
    next = [clamp(row + down, rows), clamp(col + right, cols)];
  } else if (event.key === "Home") next = event.ctrlKey ? [0, 0] : [row, 0];
  else if (event.key === "End") next = event.ctrlKey ? [rows - 1, cols - 1] : [row, cols - 1];
  else return null;
  event.preventDefault();
  return next;
}
