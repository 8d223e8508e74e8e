// What is said: on screen at once, to a screen reader when the window rests.

import { factor, fill, signed } from "../lib/words.js";
import { divisorOf } from "./sum.js";

/** @typedef {import("./viewer.js").View} View */

const SPOKEN_TERMS = 12; // of a sum; the rest is counted
const REST_MS = 250;

export function tell(/** @type {View} */ view) {
  const sentence = view.state.focus ? linkSentence(view) : placeSentence(view);
  if (view.says.textContent !== sentence) view.says.textContent = sentence;
  const { state } = view;
  clearTimeout(state.speaking);
  if (state.playing) return;
  state.speaking = setTimeout(() => {
    const spoken = state.focus ? linkSentence(view) : stepSentence(view);
    if (view.spoken.textContent !== spoken) view.spoken.textContent = spoken;
  }, REST_MS);
}

/** Where the window is, in rows and columns of the picture. */
function placeSentence(/** @type {View} */ view) {
  const { header, state, window: covered, axes } = view;
  return fill(header.words.says, {
    row: state.cell[0], col: state.cell[1], value: covered.written,
    top: signed(covered.rows[0] - axes[0].before),
    bottom: signed(covered.rows.at(-1) - axes[0].before),
    left: signed(covered.cols[0] - axes[1].before),
    right: signed(covered.cols.at(-1) - axes[1].before),
  });
}

/** Number of the cell that the window is at, counted row by row. */
export function indexOf(/** @type {View} */ view) {
  return view.state.cell[0] * view.output.shape[2] + view.state.cell[1];
}

/** Where the window is among all its places. */
export function showPlace(/** @type {View} */ view) {
  const { scrub, place, header, state } = view;
  const [row, col] = state.cell;
  scrub.value = indexOf(view);
  scrub.setAttribute("aria-valuetext", fill(header.words.place, { row, col }));
  place.textContent = `${view.number(indexOf(view) + 1)} / ${view.number(Number(scrub.max) + 1)}`;
}

/** "Row 1, column 2: 0·3 + 1·2 + … = 12". */
function stepSentence(/** @type {View} */ view) {
  const { header, state, window: covered } = view;
  return fill(header.words.step, {
    row: state.cell[0], col: state.cell[1], value: covered.written,
    terms: termsInWords(view),
    divisor: header.op === "avg" ? view.number(divisorOf(view)) : "",
    norm: header.norm,
  });
}

/** The terms that count, a dozen at most, and how many more there are. */
function termsInWords(/** @type {View} */ { window: covered, header, number }) {
  const counted = [];
  covered.products.forEach((product, n) => {
    if (header.op === "conv" ? product : product !== null) counted.push(n);
  });
  const value = (n) => number(covered.values[n] * header.unit);
  const say = {
    conv: (n) => `${value(n)}·${factor(header.weight_labels[n])}`,
    max: value,
    avg: value,
    lp: (n) => `${value(n)}^${header.norm}`,
  }[header.op];
  const said = counted.slice(0, SPOKEN_TERMS).map(say).join(header.op === "max" ? "; " : " + ");
  const rest = counted.length - SPOKEN_TERMS;
  const some = rest > 0 ? `${said} ${fill(header.words.more, { count: number(rest) })}` : said;
  const all = some || header.words.empty || "0";
  return header.bias ? `${all} + ${header.words.bias} ${number(header.bias * header.unit)}` : all;
}

/** What belongs to what is pointed at. */
function linkSentence(/** @type {View} */ view) {
  const { header: { words }, links } = view;
  const [row, col] = links.pixel.map((at, n) => signed(at - view.axes[n].before));
  if (!links.users) return tapSentence(view, row, col);
  const count = links.users[0].length * links.users[1].length;
  const template = count > 1 ? words.used : count ? words.used_once : words.unused;
  return fill(template, { row, col, count: view.number(count) });
}

function tapSentence(/** @type {View} */ view, row, col) {
  const { header, links, window: covered, weight, output } = view;
  const [tap] = links.taps;
  const area = covered.rows.length * covered.cols.length;
  const plane = header.planes[Math.floor(tap / area)].name;
  const label = weight ? header.weight_labels[tap] : "";
  const number = (value) => (value === null ? "–" : view.number(value * header.unit));
  const sentence = links.lands
    ? fill(header.words.lands, {
        weight: label, count: view.number(output.shape[1] * output.shape[2]),
        row: Math.floor((tap % area) / covered.cols.length), col: tap % covered.cols.length,
      })
    : fill(header.words.product, {
        value: number(covered.values[tap]), weight: label && factor(label), row, col,
        product: number(covered.products[tap]),
      });
  return plane ? `${plane}: ${sentence}` : sentence;
}
