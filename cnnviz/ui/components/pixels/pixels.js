// A picture beside its numbers. It holds the whole picture, so reading, zooming and switching
// planes ask no server; only the pinned pixel and a changed one are reported.

import { begin, mount } from "../lib/mount.js";
import {
  button, element, enlargeButton, labelled, legend, operable, pictured, spoken,
} from "../lib/nodes.js";
import { fill, numberFormat } from "../lib/words.js";
import { reconcile } from "./edit.js";
import { CHANNELS } from "./levels.js";
import { makeOperable } from "./move.js";
import { paintAll } from "./paint.js";
import { fitState } from "./place.js";

/** @typedef {{
 *   locale: string, pinned: number[] | null, luma: string[], shares: number[],
 *   words: Record<string, string> & { planes: string[] },
 * }} PixelsHeader */
/** @typedef {import("../lib/mount.js").View<PixelsHeader>} View */

export default function (component) {
  const opened = begin(component, { on: [true, true, true], queue: [], view: {} });
  const { root, header, state, arrays } = opened;
  const view = Object.assign(state.view, opened, {
    data: component.data,
    picture: arrays.picture,
    brief: numberFormat(header.locale, 1),
    exact: numberFormat(header.locale, 2),
    report: component.setStateValue,
    change: (change) => component.setTriggerValue("changed", change),
  });
  if (opened.isNew) state.pinned = header.pinned;
  fitState(view);
  reconcile(view);
  const words = JSON.stringify(header.words);
  // Only another language, size or number of planes is built anew: what is being typed stays.
  const isSame = words === state.words && root.childElementCount > 0;
  state.words = words;
  return mount(view, () => isSame || build(view), () => paintAll(view), () => {
    clearTimeout(state.reporting);
    clearTimeout(state.patience);
  });
}

// ---------------------------------------------------------------- building

function build(/** @type {View} */ view) {
  const { root, header: { words } } = view;
  const isColour = words.planes.length > 0;
  const board = element("div", `board ${isColour ? "colour" : "grey"}`);
  board.append(pictureCard(view));
  view.planes = (isColour ? words.planes : [words.numbers]).map((name, channel) =>
    planeCard(view, name, channel, isColour));
  board.append(...view.planes.map(({ card }) => card), readingCard(view, isColour), histogramCard(view));
  root.replaceChildren(board);
  makeOperable(view);
}

function pictureCard(/** @type {View} */ view) {
  const { words } = view.header;
  const card = element("section", "card picture");
  const canvas = operable(element("canvas"), words.picture_label, "picture");
  const pad = element("div", "pad");
  const frame = element("div", "frame");
  pad.append(canvas, frame);
  const tools = element("div", "tools");
  view.out = labelled(button("zoom-out", "−"), words.zoom_out);
  view.in = labelled(button("zoom-in", "+"), words.zoom_in);
  view.extent = element("span", "extent");
  tools.append(view.out, view.extent, view.in, enlargeButton(view.root, words.enlarge));
  view.place = element("p", "shape place");
  card.append(
    element("h2", "", words.picture), element("p", "shape", words.picture_shape),
    pad, tools, view.place,
  );
  view.whole = { card, canvas, pad, frame };
  return card;
}

function planeCard(/** @type {View} */ view, name, channel, isColour) {
  const { words } = view.header;
  const card = element("section", `card plane ${isColour ? CHANNELS[channel] : "only"}`);
  const label = isColour ? fill(words.plane_label, { plane: name }) : words.numbers_label;
  const canvas = operable(element("canvas"), label, `plane-${channel}`);
  const holder = element("div", "holder");
  const note = element("p", "note", words.too_small);
  holder.append(canvas);
  const plane = { card, canvas, holder, note, channel, isColour };
  card.append(isColour ? planeHead(view, plane, name) : element("h2", "", name));
  const full = isColour ? ["#f00", "#0f0", "#00f"][channel] : "#fff";
  card.append(holder, note, legend("0", "255", ["#000", full]));
  return plane;
}

/** The whole plane as a small picture, and the button that switches it off and on. */
function planeHead(/** @type {View} */ view, plane, name) {
  const { words } = view.header;
  const head = element("div", "head");
  const label = fill(words.thumb_label, { plane: name, size: words.plane_size });
  plane.thumb = pictured(label, "thumb");
  plane.button = button(`switch-${plane.channel}`, "", undefined, "switch");
  plane.button.setAttribute("aria-label", fill(words.plane_button, { plane: name }));
  plane.button.append(element("i"), element("span", "", name));
  plane.word = element("span", "word");
  const beside = element("div", "beside");
  beside.append(plane.button, plane.word);
  head.append(plane.thumb, beside);
  return head;
}

function readingCard(/** @type {View} */ view, isColour) {
  const { words } = view.header;
  const card = element("section", "card reading");
  view.says = spoken("tells");
  view.swatch = element("i", "swatch");
  const told = element("div", "told");
  told.append(view.swatch, view.says);
  const form = element("div", "levels");
  view.inputs = (isColour ? words.planes : [words.level]).map((name, channel) => {
    const field = element("label", "level");
    const input = element("input");
    Object.assign(input, { type: "number", min: 0, max: 255, step: 1, inputMode: "numeric" });
    input.dataset.focus = `level-${channel}`;
    if (isColour) input.setAttribute("aria-label", fill(words.level_label, { plane: name }));
    field.append(element("span", "", name), input);
    form.append(field);
    return input;
  });
  view.refusal = element("p", "refusal");
  view.refusal.setAttribute("role", "alert");
  view.hint = element("p", "says hint");
  card.append(element("h2", "", words.reading), told, form, view.refusal, view.hint);
  return card;
}

function histogramCard(/** @type {View} */ view) {
  const { words } = view.header;
  const card = element("section", "card histogram");
  const canvas = pictured(words.histogram_label);
  view.bins = element("p", "says bins");
  card.append(element("h2", "", words.histogram), canvas, view.bins);
  view.histogram = { card, canvas };
  return card;
}
