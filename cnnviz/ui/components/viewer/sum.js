// The sum: every product of the window, plane by plane, and the one number. Its nodes are made
// once for new data; a move changes the texts that differ.

import { element } from "../lib/nodes.js";
import { factor, fill } from "../lib/words.js";
import { MANY } from "./boards.js";

/** @typedef {import("./viewer.js").View} View */

const MOST_TERMS = 200; // of a plane; the rest is counted
const SHORT = 12; // terms up to which the sum and its result are one line

/** Make the nodes of the sum for new data. */
export function fillSum(/** @type {View} */ view) {
  const { header, axes, input } = view;
  const area = axes[0].most * axes[1].most;
  const isDeep = input.shape[0] > 1;
  const isLong = isDeep || area > SHORT;
  view.lines = Array.from({ length: input.shape[0] }, (_, plane) => lineOf(view, plane, area));
  view.total = element("strong");
  view.lit = [];
  view.sum.className = `terms${isLong ? " long" : ""}${isDeep ? " deep" : ""}`;
  const last = isLong ? element("div", "total") : view.lines[0].terms;
  if (isLong && header.op === "conv") {
    view.lines.forEach((line, plane) => last.append(sign(plane ? " + " : ""), line.again));
  } else last.append(view.lines[0].close);
  if (header.op === "conv") {
    const bias = `${header.words.bias} ${view.number(header.bias * header.unit)}`;
    last.append(sign(" + "), element("span", "term", bias));
  }
  last.append(sign(" = "), view.total);
  view.sum.replaceChildren(...view.lines.map((line) => line.node), ...(isLong ? [last] : []));
}

const sign = (text) => element("span", "sign", text);

/** One plane: its name where there are several, its terms, what they add up to. */
function lineOf(/** @type {View} */ view, plane, area) {
  const { header, palette } = view;
  const line = { node: element("div", "line"), open: sign(""), more: sign(""), close: sign("") };
  line.terms = element("div", "products");
  line.slots = Array.from({ length: Math.min(area, MOST_TERMS) }, (_, i) =>
    slotOf(view, plane * area + i, i));
  line.terms.append(line.open, ...line.slots.map((slot) => slot.node), line.more);
  if (area > SHORT || header.planes.length > 1) line.terms.tabIndex = 0; // it may scroll
  const { name, colour } = header.planes[plane];
  [line.partial, line.again] = [element("b", "partial"), element("span", "term")];
  if (header.planes.length > 1) line.node.append(element("span", "name", name), line.terms, line.partial);
  else line.node.append(line.terms);
  for (const part of [line.node.querySelector(".name"), line.again]) {
    if (part) part.style.color = palette[colour] ?? "";
  }
  return line;
}

/** "value·weight", or the value alone; `n` counts through all planes, `i` through one. */
function slotOf(/** @type {View} */ view, n, i) {
  const { header } = view;
  const slot = { node: element("span"), value: document.createTextNode(""), text: "", kind: "" };
  const [term, number] = [element("span", "term"), element("b")];
  number.append(slot.value);
  term.append(number);
  if (header.op === "conv") {
    term.append(`·${factor(header.weight_labels[n])}`);
  } else if (header.op === "lp") term.append(element("sup", "", view.number(header.norm)));
  slot.between = sign(i ? (header.op === "max" ? "; " : " + ") : "");
  slot.term = term;
  slot.node.append(slot.between, term);
  return slot;
}

/** The texts of the window's new place. */
export function updateSum(/** @type {View} */ view) {
  const { window: covered, header, state, output, weight } = view;
  const { values } = covered;
  const written = values.length > MANY * view.lines.length ? values.slice(0, MOST_TERMS) : values;
  covered.texts = written.map((value) => (value === null ? "" : view.number(value * header.unit)));
  covered.products = weight ? values.map((value, n) => value * weight.raw[n]) : values;
  covered.total = output.raw[state.cell[0] * output.shape[2] + state.cell[1]];
  covered.size = covered.products.reduce((sum, each) => sum + Math.abs(each), Math.abs(header.bias ?? 0));
  covered.written = view.number(covered.total * header.unit, covered.size * header.unit);
  view.total.textContent = covered.written;
  Object.assign(view.sum.dataset, {
    row: state.cell[0], col: state.cell[1], total: covered.total,
    products: values.length > 4 * MANY ? "" : JSON.stringify(covered.products),
  });
  view.lines.forEach((line, plane) => updateLine(view, line, plane));
}

function updateLine(/** @type {View} */ view, line, plane) {
  const { window: covered, header, winner } = view;
  const area = covered.rows.length * covered.cols.length;
  let isFirst = true;
  line.slots.forEach((slot, i) => {
    const n = plane * area + i;
    const isThere = i < area && covered.values[n] !== null;
    if (slot.node.hidden === isThere) slot.node.hidden = !isThere;
    if (!isThere) return;
    if (slot.text !== covered.texts[n]) slot.value.data = slot.text = covered.texts[n];
    const kind = n === winner ? "term won" : covered.products[n] ? "term" : "term nil";
    if (slot.kind !== kind) slot.term.className = slot.kind = kind;
    if (slot.between.hidden !== isFirst) slot.between.hidden = isFirst;
    isFirst = false;
  });
  const beyond = Math.max(0, area - line.slots.length);
  line.more.textContent = beyond ? ` … ${fill(header.words.more, { count: view.number(beyond) })}` : "";
  if (header.op !== "conv") [line.open.textContent, line.close.textContent] = bracketsOf(view);
  else writePartial(view, line, plane, area);
}

function writePartial(/** @type {View} */ view, line, plane, area) {
  let sum = 0;
  for (let n = plane * area; n < (plane + 1) * area; n++) sum += view.window.products[n];
  const text = view.number(sum * view.header.unit, view.window.size * view.header.unit);
  line.partial.textContent = `= ${text}`;
  line.again.textContent = text;
}

/** What stands before and after the terms of a pooling. */
function bracketsOf(/** @type {View} */ view) {
  const { header, number } = view;
  if (header.op === "max") return ["max(", ")"];
  const divisor = number(divisorOf(view));
  if (header.op === "avg") return ["(", `) / ${divisor}`];
  const root = `^(1/${number(header.norm)})`;
  return divisor === "1" ? ["(", `)${root}`] : ["((", `) / ${divisor})${root}`];
}

export function divisorOf(/** @type {View} */ { axes, state }) {
  return axes[0].divisor[state.cell[0]] * axes[1].divisor[state.cell[1]];
}

/** Mark the terms of what is pointed at, and scroll the sum itself (not the page) to them. */
export function lightTerms(/** @type {View} */ view) {
  for (const term of view.lit) term.classList.remove("lit");
  const area = view.window.rows.length * view.window.cols.length;
  const slots = view.links.taps.map((tap) => view.lines[Math.floor(tap / area)].slots[tap % area]);
  view.lit = slots.filter(Boolean).map((slot) => slot.term);
  for (const term of view.lit) term.classList.add("lit");
  if (view.links.taps.length === 1 && view.lit.length) {
    const box = view.lit[0].closest(".products");
    const far = view.lit[0].offsetTop - box.clientHeight / 2;
    if (box.scrollHeight > box.clientHeight) box.scrollTop = far;
  }
}
