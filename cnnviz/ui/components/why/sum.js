// The computation: planes of patch × kernel, a list of terms, or one step.

import { button, element, operable, pictured } from "../lib/nodes.js";
import { fill } from "../lib/words.js";
import { paintPlane } from "./paint.js";
import { walkable } from "./walk.js";

/** @typedef {import("./why.js").View} View */

export function sumCard(/** @type {View} */ view) {
  const { header: { words, form } } = view;
  const card = element("section", "card sum");
  card.append(element("h2", "", words.title));
  if (words.formula) card.append(element("p", "formula", words.formula));
  if (form === "planes") card.append(planesOf(view));
  else card.append(termsOf(view));
  const total = element("p", "total");
  total.append(words.total, element("strong", "", words.value));
  total.dataset.value = String(view.header.value);
  card.append(total);
  if (words.note) card.append(element("p", "note", words.note));
  return card;
}

/** One small board a plane: what lay under the window, times its weights, and what that adds. */
function planesOf(/** @type {View} */ view) {
  const { header } = view;
  const list = element("div", "planes");
  view.planes = header.planes.map((plane, index) => {
    const box = element("figure", `plane${plane.is_first ? " first" : ""}`);
    const pair = element("div", "pair");
    const patch = operable(element("canvas"), plane.label, `patch-${index}`);
    pair.append(patch);
    let kernel = null;
    if (view.arrays.kernel) {
      kernel = pictured(header.words.kernel);
      pair.append(element("span", "sign", "×"), kernel);
    }
    const caption = element("figcaption");
    caption.append(element("span", "", plane.name), element("b", "", plane.adds));
    box.append(pair, caption);
    list.append(box);
    const drawn = { index, box, patch, kernel };
    walkable(view, patch, [header.rows.length, header.cols.length], {
      isThere: () => true,
      tell: (row, col) => tellTap(view, index, row, col),
      enter: (row, col) => {
        const cell = { row: header.rows[row], col: header.cols[col] };
        if (cell.row >= 0 && cell.col >= 0) view.ask({ layer: header.before, channel: plane.channel, ...cell });
      },
      paint: (at) => paintPlane(view, drawn, at),
      start: () => header.winner ?? [0, 0],
    });
    return drawn;
  });
  return list;
}

const tapOf = (/** @type {View} */ { header }, index, row, col) =>
  (index * header.rows.length + row) * header.cols.length + col;

function tellTap(/** @type {View} */ view, index, row, col) {
  const { header, arrays, number } = view;
  const n = tapOf(view, index, row, col);
  const value = arrays.patch.raw[n];
  const weight = arrays.kernel?.raw[n];
  const isPadding = header.rows[row] < 0 || header.cols[col] < 0;
  const words = isPadding ? header.words.padding : header.words.tap;
  return fill(words, {
    plane: header.planes[index].name, row: header.rows[row], col: header.cols[col],
    product: weight === undefined
      ? number(value, header.patch_peak)
      : [
          `${number(value, header.patch_peak)} × ${number(weight, header.kernel_peak)}`,
          number(value * weight, header.patch_peak * header.kernel_peak),
        ].join(" = "),
  });
}

/** Terms as rows "what · value × weight = product ▬"; those of a cell can be asked about. */
function termsOf(/** @type {View} */ view) {
  const { header } = view;
  const list = element("div", "terms");
  list.setAttribute("role", "list");
  const most = Math.max(...header.terms.map((term) => Math.abs(term.size)), 1e-12);
  header.terms.forEach((term, index) => {
    const style = `term${term.is_marked ? " marked" : ""}`;
    const row = term.cell
      ? button(`term-${index}`, "", () => view.ask(term.cell), style)
      : element("div", style);
    const line = element("div");
    line.setAttribute("role", "listitem");
    if (term.cell) row.title = header.words.ask;
    const bar = element("span", "bar");
    const filled = element("i");
    const share = (50 * Math.abs(term.size)) / most;
    filled.style.left = `${term.size < 0 ? 50 - share : 50}%`;
    filled.style.width = `${share}%`;
    filled.style.background = term.size < 0 ? view.palette.map_low : view.palette.map_high;
    bar.append(filled);
    row.append(element("span", "name", term.name), element("span", "product", term.text), bar);
    line.append(row);
    list.append(line);
  });
  return list;
}
