// Geometry in numbers, each case small enough for a pencil.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldsOf, onMap } from "../../cnnviz/ui/components/chain/fields.js";
import { between, clamp, isInside, longest, textSize, wholeSide } from "../../cnnviz/ui/components/lib/geometry.js";
import { ARROWS, walk } from "../../cnnviz/ui/components/lib/keys.js";
import { cellFrom, cellUnder, spotUnder } from "../../cnnviz/ui/components/lib/pointer.js";
import { busiest, changeOf, steepest } from "../../cnnviz/ui/components/pixels/place.js";
import {
  countsAlong, kindAlong, linksOf, nearestUser, tapsAlong, usersAlong, windowAt, winnerOf,
} from "../../cnnviz/ui/components/viewer/geometry.js";
import { runsOf } from "../../cnnviz/ui/components/viewer/strokes.js";

test("a number is kept between its ends, an index inside its size", () => {
  assert.deepEqual([-1, 0, 2, 3, 9].map((n) => between(n, 0, 3)), [0, 0, 2, 3, 3]);
  assert.deepEqual([-5, 0, 3, 4, 99].map((n) => clamp(n, 4)), [0, 0, 3, 3, 3]);
});

test("a cell is inside rows and columns that start at 0", () => {
  assert.ok(isInside([0, 0], [2, 3]));
  assert.ok(isInside([1, 2], [2, 3]));
  for (const cell of [[2, 0], [0, 3], [-1, 0], [0, -1]]) assert.ok(!isInside(cell, [2, 3]));
});

test("cells take whole device pixels where there is room for four", () => {
  assert.deepEqual([3.9, 4, 7.99].map(wholeSide), [3.9, 4, 7]);
});

test("text fills a cell, and never more than half its height", () => {
  assert.equal(textSize(1, 100), 45);
  assert.equal(textSize(5, 100), 30);
  assert.equal(longest(["1", "−1/9", "22"]), 4);
});

test("arrow keys move by one and stop at the edge", () => {
  assert.deepEqual(Object.keys(ARROWS).map((key) => walk({ key }, [1, 1], [3, 3])), [[0, 1], [2, 1], [1, 0], [1, 2]]);
  assert.deepEqual(walk({ key: "ArrowUp" }, [0, 1], [3, 3]), [0, 1]);
  assert.deepEqual(walk({ key: "ArrowRight" }, [2, 2], [3, 3]), [2, 2]);
});

test("Home and End jump along the row, with Ctrl to the corners; other keys lead nowhere", () => {
  assert.deepEqual(walk({ key: "Home" }, [1, 2], [3, 4]), [1, 0]);
  assert.deepEqual(walk({ key: "End" }, [1, 2], [3, 4]), [1, 3]);
  assert.deepEqual(walk({ key: "Home", ctrlKey: true }, [1, 2], [3, 4]), [0, 0]);
  assert.deepEqual(walk({ key: "End", ctrlKey: true }, [1, 2], [3, 4]), [2, 3]);
  assert.equal(walk({ key: "Enter" }, [1, 2], [3, 4]), null);
});

// A canvas at (10, 20) on the screen, 40 × 30 CSS pixels, twice as many device pixels.
const canvas = {
  width: 80, height: 60,
  getBoundingClientRect: () => ({ left: 10, top: 20, width: 40, height: 30 }),
};

test("the pointer is over a spot, a cell, the nearest cell", () => {
  assert.deepEqual(spotUnder({ clientX: 30, clientY: 35 }, canvas, [3, 4]), [1.5, 2]);
  assert.deepEqual(cellUnder({ clientX: 39, clientY: 20 }, canvas, [3, 4]), [0, 2]);
  assert.deepEqual(cellUnder({ clientX: 0, clientY: 500 }, canvas, [3, 4]), [2, 0]);
});

test("cells that start beside a margin are counted from there", () => {
  const cells = { top: 10, left: 20, tall: 5, wide: 10 };
  assert.deepEqual(cellFrom({ clientX: 25.5, clientY: 30 }, canvas, cells), [2, 1]);
  assert.deepEqual(cellFrom({ clientX: 10, clientY: 20 }, canvas, cells), [-2, -2], "outside");
  assert.deepEqual(cellFrom({ clientX: 20, clientY: 25 }, canvas, { tall: 5, wide: 10 }), [2, 2]);
});

// 3 pixels with a border of 1; a window of 2 taps that moves by 2.
const axis = {
  first: [0, 2], count: [2, 2], step: 1, before: 1, size: 3, after: 1, stuffing: 1, counted: 0,
};

test("taps, and who uses a position", () => {
  assert.deepEqual(tapsAlong(axis, 1), [2, 3]);
  assert.deepEqual(tapsAlong({ ...axis, step: 3 }, 0), [0, 3]);
  assert.deepEqual(usersAlong(axis, 5), [[0], [0], [1], [1], []]);
  assert.deepEqual(usersAlong({ ...axis, first: [0, 1] }, 3), [[0], [0, 1], [1]]);
});

test("a position is border, picture or an inserted zero", () => {
  assert.deepEqual([0, 1, 3, 4].map((at) => kindAlong(axis, at)), ["border", "picture", "picture", "border"]);
  assert.equal(kindAlong({ ...axis, stuffing: 2 }, 2), "inserted");
});

test("a pooling counts its border as far as it is told to", () => {
  assert.deepEqual([0, 1, 3, 4].map((at) => countsAlong(axis, at)), [false, true, true, false]);
  assert.ok(countsAlong({ ...axis, counted: 5 }, 4));
});

test("the window nearest to a position is the one centred on it", () => {
  const wide = { first: [0, 1, 2], count: [3, 3, 3], step: 1 };
  assert.equal(nearestUser({ ...wide, users: usersAlong(wide, 5) }, 2), 1);
  assert.equal(nearestUser({ ...axis, users: usersAlong(axis, 5) }, 4), 1, "nobody uses it");
});

test("a window of a convolution takes the border, one of a pooling leaves it out", () => {
  const input = { raw: [0, 0, 0, 0, 5, 6, 0, 7, 8], unit: 1, shape: [1, 3, 3] };
  const one = { first: [0, 1], count: [2, 2], step: 1, before: 1, size: 2, after: 0, counted: 0 };
  const view = { header: { op: "conv" }, input, axes: [one, one] };
  assert.deepEqual(windowAt(view, [0, 0]), { rows: [0, 1], cols: [0, 1], values: [0, 0, 0, 5] });
  view.header.op = "max";
  assert.deepEqual(windowAt(view, [0, 0]).values, [null, null, null, 5]);
  assert.deepEqual(windowAt(view, [1, 1]).values, [5, 6, 7, 8]);
});

test("the winner is the first of the largest", () => {
  assert.equal(winnerOf([1, 4, 4, 2]), 1);
  assert.equal(winnerOf([null, -3, null]), 1);
  assert.equal(winnerOf([null, null]), -1);
});

test("a pixel is linked to its taps in every plane and to all that use it; a weight to where it lands", () => {
  const users = usersAlong(axis, 5);
  const view = {
    state: { focus: { pixel: [2, 3] } }, window: { rows: [2, 3], cols: [2, 3] },
    input: { shape: [2, 5, 5] }, axes: [{ ...axis, users }, { ...axis, users }],
  };
  assert.deepEqual(linksOf(view), { pixel: [2, 3], taps: [1, 5], users: [[1], [1]] });
  view.state.focus = { tap: 2, isWeight: true };
  assert.deepEqual(linksOf(view), { pixel: [3, 2], taps: [2], lands: [[1, 3], [0, 2]] });
  view.state.focus = null;
  assert.deepEqual(linksOf(view), { taps: [] });
});

test("neighbours are put together", () => {
  assert.deepEqual(runsOf([1, 2, 3, 5]), [[1, 3], [5, 1]]);
  assert.deepEqual(runsOf([]), []);
});

test("what a cell sees grows map by map back to the picture", () => {
  const three = [[1, 1, 3], [1, 1, 3]]; // stride 1, padding 1, extent 3
  const pool = [[2, 0, 2], [2, 0, 2]];
  const stages = [{ windows: [[1, 0, 1], [1, 0, 1]] }, { windows: three }, { windows: pool }];
  const fields = fieldsOf(stages, { stage: 2, row: 1, col: 0 });
  assert.deepEqual(fields, [[[1, 4], [-1, 2]], [[2, 3], [0, 1]], [[1, 1], [0, 0]]]);
  assert.deepEqual(onMap({ rows: 4, cols: 8 }, fields[0]), [1, 3, 0, 2]);
  assert.equal(onMap({ rows: 4, cols: 8 }, [[-3, -1], [0, 1]]), null);
});

test("the frame starts where most happens", () => {
  const raw = new Float32Array(16);
  raw[10] = 1; // row 2, column 2 of 4 × 4
  const change = changeOf({ raw, shape: [1, 4, 4] });
  assert.deepEqual(Array.from(change), [0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0]);
  assert.deepEqual(busiest(change, [4, 4], [3, 3]), [1, 1]);
  assert.deepEqual(steepest(change, 4, [1, 1], [3, 3]), [1, 2]);
});
