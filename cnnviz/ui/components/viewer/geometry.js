// Which cells belong together: windows, taps, users of a cell, where a weight lands. Positions are
// rows and columns of what the window moves over, border included.

/** @typedef {import("./viewer.js").View} View */
/** @typedef {import("./viewer.js").Axis} Axis */

/** Positions under the taps of one output index. */
export function tapsAlong(/** @type {Axis} */ axis, index) {
  return Array.from({ length: axis.count[index] }, (_, tap) => axis.first[index] + tap * axis.step);
}

/** For every position the output indices whose windows use it. */
export function usersAlong(/** @type {Axis} */ axis, length) {
  const users = Array.from({ length }, () => []);
  axis.first.forEach((_, index) => tapsAlong(axis, index).forEach((at) => users[at].push(index)));
  return users;
}

/** Whether a position is the picture's own: neither border nor an inserted zero. */
export function kindAlong(/** @type {Axis} */ axis, at) {
  const inside = at - axis.before;
  if (inside < 0 || inside >= axis.size) return "border";
  return inside % axis.stuffing ? "inserted" : "picture";
}

/** What the window over an output cell covers; null where it hangs over nothing. */
export function windowAt(/** @type {View} */ view, [row, col]) {
  const [rows, cols] = [tapsAlong(view.axes[0], row), tapsAlong(view.axes[1], col)];
  const { raw, unit, shape } = view.input;
  const [planes, tall, wide] = shape;
  const isReal = view.header.op === "conv" ? () => true : (at, n) => countsAlong(view.axes[n], at);
  const [down, across] = [rows.map((at) => isReal(at, 0)), cols.map((at) => isReal(at, 1))];
  const values = [];
  for (let c = 0; c < planes; c++)
    for (let i = 0; i < rows.length; i++)
      for (let j = 0; j < cols.length; j++)
        values.push(down[i] && across[j] ? raw[(c * tall + rows[i]) * wide + cols[j]] / unit : null);
  return { rows, cols, values };
}

/** Whether a pooling takes what is there as a number. */
export function countsAlong(/** @type {Axis} */ axis, at) {
  return at < axis.counted || (at >= axis.before && at < axis.before + axis.size);
}

/** The first largest value: its place among the values of a window; −1 for a window of nothing. */
export function winnerOf(values) {
  let best = -1;
  values.forEach((value, n) => {
    if (value !== null && (best < 0 || value > values[best])) best = n;
  });
  return best;
}

/** Among the output indices that use a position, the one whose window is centred nearest. */
export function nearestUser(axis, at) {
  const middle = (index) => axis.first[index] + ((axis.count[index] - 1) * axis.step) / 2;
  const candidates = axis.users[at].length ? axis.users[at] : axis.first.keys();
  let best = 0;
  let least = Infinity;
  for (const index of candidates) {
    const far = Math.abs(middle(index) - at);
    if (far < least) [best, least] = [index, far];
  }
  return best;
}

/** What belongs to what is pointed at: an input cell, taps of the window, users, landing places. */
export function linksOf(/** @type {View} */ view) {
  const { state, window, axes } = view;
  const { focus } = state;
  if (!focus) return { taps: [] };
  const [tall, wide] = [window.rows.length, window.cols.length];
  if (focus.tap === undefined) {
    const [i, j] = [window.rows.indexOf(focus.pixel[0]), window.cols.indexOf(focus.pixel[1])];
    const planes = view.input.shape[0];
    const isUnder = i >= 0 && j >= 0;
    const taps = isUnder ? Array.from({ length: planes }, (_, c) => (c * tall + i) * wide + j) : [];
    const users = axes.map((axis, n) => axis.users[focus.pixel[n]]);
    return { pixel: focus.pixel, taps, users };
  }
  const [i, j] = [Math.floor(focus.tap / wide) % tall, focus.tap % wide];
  const lands = axes.map((axis, n) => axis.first.map((first) => first + [i, j][n] * axis.step));
  return {
    pixel: [window.rows[i], window.cols[j]], taps: [focus.tap], lands: focus.isWeight ? lands : null,
  };
}
