// How many pixels have each level, and where among them the pixel is that is read.

import { pixelRatio, sizeCanvas } from "../lib/canvas.js";
import { roomIn } from "../lib/nodes.js";
import { CHANNELS, levelOf } from "./levels.js";

/** @typedef {import("./pixels.js").View} View */

export function paintHistogram(/** @type {View} */ view) {
  const { card, canvas } = view.histogram;
  const ratio = pixelRatio();
  const isColour = view.counts.length === 3;
  const strip = (document.fullscreenElement ? 1.7 : 1) * (isColour ? 78 : 150) * ratio;
  const text = (document.fullscreenElement ? 20 : 14) * ratio;
  const height = Math.round(view.counts.length * strip + text * 1.6);
  sizeCanvas(canvas, Math.floor(roomIn(card) * ratio), height);
  const context = canvas.getContext("2d");
  const most = Math.max(...view.counts.map((counts) => counts.reduce((a, b) => Math.max(a, b))));
  const area = { text, most, strip, left: text * 3.2, width: canvas.width - text * 4 };
  view.counts.forEach((counts, channel) => paintStrip(view, context, counts, channel, area));
  const y = view.counts.length * strip + text * 0.85;
  context.fillStyle = getComputedStyle(view.root).color;
  context.font = `${text}px ui-monospace, monospace`;
  context.textBaseline = "middle";
  for (const level of [0, 255]) {
    context.textAlign = "center";
    context.fillText(level, area.left + ((level + 0.5) / 256) * area.width, y);
  }
}

/** One channel's bars. Heights grow with the logarithm, so that a single pixel is seen, too. */
function paintStrip(/** @type {View} */ view, context, counts, channel, { text, most, strip, left, width }) {
  const isColour = view.counts.length === 3;
  const base = (channel + 1) * strip;
  const room = strip - text * (isColour ? 1.9 : 0.9); // a colour's name stands above its bars
  const heightOf = (count) => (Math.log1p(count) / Math.log1p(most)) * room;
  const plain = getComputedStyle(view.root).color;
  context.font = `${text * 0.93}px ui-monospace, monospace`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  powersUpTo(most, isColour ? 2 : 4).forEach((count) => {
    const y = Math.round(base - heightOf(count)) + 0.5;
    context.fillStyle = plain;
    context.fillText(shortCount(count, view.header.locale), left - text * 0.4, y);
    context.fillStyle = view.palette.grid;
    context.fillRect(left, y, width, 1);
  });
  const colour = isColour ? view.palette[`plane_${CHANNELS[channel]}`] : plain;
  const bin = Math.round(levelOf(view, channel, view.state.cell));
  const edge = (level) => Math.round(left + (level * width) / 256);
  counts.forEach((count, level) => {
    if (!count) return;
    context.fillStyle = colour;
    const wide = Math.max(pixelRatio(), edge(level + 1) - edge(level));
    context.fillRect(edge(level), base - heightOf(count), wide, heightOf(count));
  });
  context.fillStyle = plain;
  context.fillRect(left, base - 1, width, 1);
  markBin(view, context, left + ((bin + 0.5) * width) / 256, base, heightOf(counts[bin]));
  if (!isColour) return;
  context.font = `700 ${text}px ui-monospace, monospace`;
  context.textAlign = "left";
  context.fillStyle = colour;
  context.fillText(view.header.words.planes[channel], 0, base - strip + text * 0.9);
}

/** The bin of the pixel that is read: the accent's bar, with a head that shows it from afar. */
function markBin(/** @type {View} */ { palette }, context, x, base, height) {
  const ratio = pixelRatio();
  context.fillStyle = palette.accent;
  context.fillRect(x - 1.5 * ratio, base - height, 3 * ratio, height);
  context.beginPath();
  context.moveTo(x, base - height);
  context.lineTo(x - 6 * ratio, base - height - 9 * ratio);
  context.lineTo(x + 6 * ratio, base - height - 9 * ratio);
  context.fill();
}

/** 1, 10, 100 … up to `most`, at most `count` of them, the largest among them. */
function powersUpTo(most, count) {
  const largest = Math.floor(Math.log10(most));
  const step = Math.ceil((largest + 1) / count);
  return Array.from({ length: Math.floor(largest / step) + 1 }, (_, n) => 10 ** (largest - n * step));
}

const shortCount = (count, locale) =>
  new Intl.NumberFormat(locale, { notation: count < 1e4 ? "standard" : "compact", useGrouping: false })
    .format(count);
