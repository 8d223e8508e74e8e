// Colours of values, as [red, green, blue] of 0 … 255.

/** @typedef {number[]} Colour */
/** @typedef {Record<string, string>} Palette What `figures.theme` calls a colour → "#rrggbb". */

/** The palette of the appearance in force: read off the page's own background.
 * @param {Element} node @param {{ dark: Palette, light: Palette }} palettes */
export function paletteOf(node, palettes) {
  const probe = document.createElement("span");
  probe.style.color = getComputedStyle(node).getPropertyValue("--st-background-color");
  node.append(probe);
  const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
  probe.remove();
  return 0.299 * r + 0.587 * g + 0.114 * b < 128 ? palettes.dark : palettes.light;
}

/** @param {string} hex
 * @returns {Colour} */
export const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** Value in [-1, 1] → colour between the scale's ends through its neutral middle.
 * @param {string} low @param {string} neutral @param {string} high */
export function signedScale(low, neutral, high) {
  const [a, b, c] = [low, neutral, high].map(rgb);
  return (/** @type {number} */ value) => {
    const end = value < 0 ? a : c;
    const share = Math.min(1, Math.abs(value));
    return b.map((n, i) => Math.round(n + (end[i] - n) * share));
  };
}

/** Colours of a scale from end to end: that of "map" or of "weight".
 * @param {Palette} palette @param {string} scale */
export const endsOf = (palette, scale) =>
  [palette[`${scale}_low`], palette.neutral, palette[`${scale}_high`]];

/** The scale of "map" or of "weight".
 * @param {Palette} palette @param {string} scale */
export const tintOf = (palette, scale) => {
  const [low, neutral, high] = endsOf(palette, scale);
  return signedScale(low, neutral, high);
};

/** Black or white, whichever has more contrast on a colour (relative luminance, WCAG 2.2).
 * @param {Colour} colour */
export function inkOn(colour) {
  const [r, g, b] = colour.map((level) => (level / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.197 ? "#14161c" : "#ffffff";
}

/** What a byte of `wire.signed_levels` stands for, in −1…1.
 * @param {number} level */
export const signedValue = (level) => (level - 128) / 127;
