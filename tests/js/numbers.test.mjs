// Sums, weights, words and bytes, each case small enough for a pencil.

import assert from "node:assert/strict";
import { test } from "node:test";

import { setWeight, textOf, weightOf } from "../../cnnviz/ui/components/kernel/weights.js";
import { inkOn, rgb, signedScale, signedValue } from "../../cnnviz/ui/components/lib/colours.js";
import { announce, hear } from "../../cnnviz/ui/components/lib/events.js";
import { unpack } from "../../cnnviz/ui/components/lib/mount.js";
import { factor, fill, numberFormat, signed } from "../../cnnviz/ui/components/lib/words.js";
import { countLevels, levelsOf } from "../../cnnviz/ui/components/pixels/levels.js";
import { colourOf, greyRamp, signedRamp } from "../../cnnviz/ui/components/viewer/ramps.js";
import { padded, summed } from "../../cnnviz/ui/components/viewer/sums.js";
import { divisorOf } from "../../cnnviz/ui/components/viewer/sum.js";

test("numbers are written as the reader does, with a true minus sign", () => {
  const [english, portuguese] = [numberFormat("en", 2), numberFormat("pt-BR", 2)];
  assert.equal(english(1234.5), "1,234.50");
  assert.equal(portuguese(1234.5), "1.234,50");
  assert.equal(english(-2), "−2");
  assert.equal(english(-0.00001), "0", "no minus before nothing");
  assert.equal(english(0.00123), "0.0012", "two digits of what is small");
});

test("no more decimals are written than float32 has", () => {
  const english = numberFormat("en", 2);
  assert.equal(english(27999972.19), "27,999,972", "28 · 999,999");
  assert.equal(english(-90000.08), "−90,000.1", "half a step of float32 is 0.0054");
  assert.equal(english(65535.25), "65,535.25");
  assert.equal(english(0.19, 28e6), "0", "what is left of terms as large as that is rounding");
  assert.equal(english(9.72, 5e5), "9.7");
});

test("a small range has numbers of its own size", () => {
  const english = numberFormat("en", 2);
  assert.equal(english(0.00005, 0.00005), "0.00005", "the end of a legend");
  assert.equal(english(4.9e-7, 4.9e-7), "0.00000049");
  assert.equal(english(-1e-10, 0.00005), "0", "nothing, beside a map that reaches to 0.00005");
  assert.equal(english(0, 0.00005), "0");
  assert.equal(numberFormat("pt-BR", 3, 0.00005)(0.00002), "0,00002", "a cell of such a map");
  assert.equal(english(0.99999, 0.99999), "1");
});

test("sentences are filled in, and weights are set in brackets where they need them", () => {
  assert.equal(fill("{row}, {col}: {row}", { row: 1, col: 0 }), "1, 0: 1");
  assert.deepEqual(["2", "−2", "1/9"].map(factor), ["2", "(−2)", "(1/9)"]);
  assert.equal(signed(-3), "−3");
});

test("a scale runs between its ends through its middle", () => {
  const tint = signedScale("#0000ff", "#ffffff", "#ff0000");
  assert.deepEqual([-1, 0, 1, 9].map(tint), [[0, 0, 255], [255, 255, 255], [255, 0, 0], [255, 0, 0]]);
  assert.deepEqual(tint(0.2), [255, 204, 204]);
  assert.deepEqual(rgb("#0a0bff"), [10, 11, 255]);
  assert.deepEqual([1, 128, 255].map(signedValue), [-1, 0, 1]);
  assert.deepEqual([inkOn([255, 255, 255]), inkOn([0, 0, 0])], ["#14161c", "#ffffff"]);
});

test("ramps look colours up", () => {
  assert.deepEqual(colourOf(greyRamp(), 0.5), [128, 128, 128]);
  const ramp = signedRamp((value) => [value], 2);
  assert.deepEqual([-2, 0, 2, 7].map((value) => colourOf(ramp, value)[0]), [-1, 0, 1, 1]);
});

test("a block of bytes comes out again", () => {
  const header = { word: "ação", arrays: {
    a: { dtype: "u1", shape: [1, 3], offset: 0 }, b: { dtype: "f4", shape: [2], offset: 4 },
  } };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = 4 * Math.ceil(text.length / 4);
  const block = new Uint8Array(4 + length + 12).fill(32, 4, 4 + length);
  new DataView(block.buffer).setUint32(0, length, true);
  block.set(text, 4);
  block.set([7, 8, 9], 4 + length);
  block.set(new Uint8Array(new Float32Array([0.5, -2]).buffer), 8 + length);
  const { header: { word }, arrays } = unpack(block);
  assert.equal(word, "ação");
  assert.deepEqual(arrays.a, { raw: new Uint8Array([7, 8, 9]), shape: [1, 3], unit: 255 });
  assert.deepEqual(arrays.b, { raw: new Float32Array([0.5, -2]), shape: [2], unit: 1 });
});

test("weights are read with comma or point, as fractions, and nothing else", () => {
  assert.deepEqual(["1", "−2", "0,5", "-1/4", "1e-2"].map(weightOf), [1, -2, 0.5, -0.25, Math.fround(0.01)]);
  assert.ok(Object.is(weightOf("-0"), 0));
  for (const text of ["", "x", "1/2/3", "1..2", "--1"]) assert.ok(Number.isNaN(weightOf(text)), text);
});

test("a filter is told row by row, plane by plane", () => {
  const state = { weights: new Float32Array([1, 0, -1, 0.5, 2, 3, 4, 5]), shape: [2, 2, 2], labels: [], wrong: new Map([[1, "x"]]) };
  assert.equal(textOf(state), "1,0;-1,0.5|2,3;4,5");
  setWeight({ state }, 1, { value: 7, label: "7" });
  assert.equal(textOf(state), "1,7;-1,0.5|2,3;4,5");
  assert.equal(state.wrong.size, 0);
});

test("levels are those of 255, and are counted", () => {
  const picture = { raw: new Uint8Array([0, 51, 51, 255]), unit: 255, shape: [1, 2, 2] };
  assert.deepEqual(levelsOf({ picture }, [0, 1]), [51]);
  const [counts] = countLevels(picture);
  assert.deepEqual([counts[0], counts[51], counts[255]], [1, 2, 1]);
  assert.deepEqual(levelsOf({ picture: { raw: new Float32Array([0.5]), unit: 1, shape: [1, 1, 1] } }, [0, 0]), [127.5]);
});

test("a border is put around the picture: repeated pixels, or zeros", () => {
  const picture = { raw: new Uint8Array([1, 2]), unit: 255, shape: [1, 1, 2] };
  const made = padded(picture, [{ source: [-1, 0] }, { source: [0, 0, 1, -1] }]);
  assert.deepEqual(Array.from(made.raw), [0, 0, 0, 0, 1, 1, 2, 0]);
  assert.deepEqual(made.shape, [1, 2, 4]);
});

test("a transposed convolution adds every pixel times the filter", () => {
  // 2 pixels, stride 2, a filter of 3: 1·[1, 2, 3] at 0 and 10·[1, 2, 3] at 2, bias 100.
  const rows = { first: [0], before: 0, step: 1, stuffing: 1 };
  const cols = { first: [0, 1, 2, 3, 4], before: 2, step: 1, stuffing: 2 };
  const arrays = {
    input: { raw: new Float32Array([1, 10]), unit: 1, shape: [1, 1, 2] },
    weight: { raw: new Float32Array([3, 2, 1]), unit: 1, shape: [1, 1, 3] }, // as a window sees it
  };
  const { raw, shape } = summed({ header: { axes: [rows, cols], bias: 100 }, arrays });
  assert.deepEqual(Array.from(raw), [101, 102, 113, 120, 130]);
  assert.deepEqual(shape, [1, 1, 5]);
});

test("a mean is divided by rows times columns", () => {
  assert.equal(divisorOf({ axes: [{ divisor: [2, 3] }, { divisor: [1, 2] }], state: { cell: [1, 1] } }), 6);
});

test("components hear what others announce, until they are deaf", () => {
  globalThis.window = new EventTarget();
  const heard = [];
  const deafen = hear({ show: ({ layer }) => heard.push(layer), asked: ({ channel }) => heard.push(channel) });
  announce("show", { layer: "conv1" });
  announce("asked", { layer: "conv1", channel: 3 });
  deafen();
  announce("show", { layer: "conv2" });
  assert.deepEqual(heard, ["conv1", 3]);
});
