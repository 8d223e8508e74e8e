// The pixel that is read, in words.

import { focusedIn } from "../lib/mount.js";
import { fill } from "../lib/words.js";
import { levelsOf } from "./levels.js";

/** @typedef {import("./pixels.js").View} View */

export function tell(/** @type {View} */ view) {
  const { header, state, says, bins, hint, inputs, counts } = view;
  const { words } = header;
  const levels = levelsOf(view, state.cell);
  const [row, col] = state.cell;
  const whole = new Intl.NumberFormat(header.locale);
  const total = whole.format(counts[0].reduce((a, b) => a + b));
  const inBin = levels.map((level, c) => whole.format(counts[c][Math.round(level)]));
  if (levels.length === 3) tellColour(view, levels, inBin, total);
  else {
    says.textContent = fill(words.says, { row, col, value: view.exact(levels[0]) });
    const level = whole.format(Math.round(levels[0]));
    bins.textContent = fill(words.bins, { count: inBin[0], total, level });
  }
  const [red, green, blue] = levels.length === 3 ? levels : Array(3).fill(levels[0]);
  view.swatch.style.background = `rgb(${red} ${green} ${blue})`;
  Object.assign(says.dataset, { row, col, levels: JSON.stringify(levels) });
  hint.textContent = words[state.pinned ? "pinned" : "free"];
  const focused = focusedIn(view.root);
  inputs.forEach((input, channel) => {
    input.disabled = !state.pinned;
    if (input === focused && (state.draft || view.refusal.textContent)) return;
    input.value = Math.round(levels[channel]);
  });
}

function tellColour(/** @type {View} */ { header, says, bins, state, exact, brief }, levels, inBin, total) {
  const [red, green, blue] = levels.map(exact);
  const [share_red, share_green, share_blue] = header.luma;
  const grey = brief(levels.reduce((sum, level, c) => sum + header.shares[c] * level, 0));
  const [row, col] = state.cell;
  says.textContent = fill(header.words.says, {
    row, col, red, green, blue, share_red, share_green, share_blue, grey,
  });
  const [r, g, b] = inBin;
  bins.textContent = fill(header.words.bins, { total, red: r, green: g, blue: b });
}
