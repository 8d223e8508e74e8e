// The levels of a picture, pixel by pixel.

/** @typedef {import("./pixels.js").View} View */

export const CHANNELS = ["red", "green", "blue"];

/** Level 0…255 of a pixel in one channel. */
export const levelOf = (/** @type {View} */ { picture }, channel, [row, col]) => {
  const [, rows, cols] = picture.shape;
  return (picture.raw[(channel * rows + row) * cols + col] * 255) / picture.unit;
};

export const levelsOf = (/** @type {View} */ view, cell) =>
  Array.from({ length: view.picture.shape[0] }, (_, channel) => levelOf(view, channel, cell));

/** Number of pixels at each level 0…255, one row a channel. */
export function countLevels({ raw, unit, shape: [channels, rows, cols] }) {
  const size = rows * cols;
  return Array.from({ length: channels }, (_, channel) => {
    const counts = new Uint32Array(256);
    for (let i = channel * size; i < (channel + 1) * size; i++)
      counts[Math.round((raw[i] * 255) / unit)]++;
    return counts;
  });
}
