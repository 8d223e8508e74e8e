// What a cell sees of every map before its own, from how each map's window moved.

/** First and last row, and first and last column, that the cell sees of each map up to its own. */
export function fieldsOf(stages, { stage, row, col }) {
  const fields = [];
  let spans = [[row, row], [col, col]];
  for (let index = stage; index >= 0; index--) {
    fields[index] = spans;
    spans = spans.map(([first, last], axis) => {
      const [stride, before, extent] = stages[index].windows[axis];
      return [first * stride - before, last * stride - before + extent - 1];
    });
  }
  return fields;
}

/** The part of a field that lies on its map, or null where all of it is padding. */
export function onMap({ rows, cols }, /** @type {number[][]} */ [[top, bottom], [left, right]]) {
  const part = [Math.max(top, 0), Math.min(bottom, rows - 1), Math.max(left, 0), Math.min(right, cols - 1)];
  return part[0] > part[1] || part[2] > part[3] ? null : part;
}
