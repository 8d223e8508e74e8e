// Where things lie, in numbers alone: nothing here knows a page.

/** @typedef {number[]} Pair Row and column, or rows and columns. */

/** The nearest of low … high.
 * @param {number} n @param {number} low @param {number} high */
export const between = (n, low, high) => Math.max(low, Math.min(high, n));

/** The nearest of 0 … size − 1.
 * @param {number} n @param {number} size */
export const clamp = (n, size) => between(n, 0, size - 1);

/** Whether a cell is one of rows × columns.
 * @param {Pair} cell @param {Pair} shape */
export const isInside = ([row, col], [rows, cols]) =>
  row >= 0 && row < rows && col >= 0 && col < cols;

/** Side of a cell in device pixels: whole ones where there is room for four.
 * @param {number} exact */
export const wholeSide = (exact) => (exact >= 4 ? Math.floor(exact) : exact);

/** Size at which so many letters fill a cell without leaving it.
 * @param {number} length @param {number} cell */
export const textSize = (length, cell) => Math.min(cell * 0.45, (cell * 1.5) / Math.max(2, length));

/** Letters of the longest text.
 * @param {string[]} texts */
export const longest = (texts) => Math.max(...texts.map((text) => text.length));
