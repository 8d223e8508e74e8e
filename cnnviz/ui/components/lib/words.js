// Numbers and sentences in the reader's language.

const HALF_STEP = 2 ** -24; // of float32: how far a number may be off, of its own size

/** Numbers as the reader writes them, with a true minus sign and no decimals that are not so.
 * @param {string} locale @param {number} digits at most behind the decimal sign
 * @param {number} usual size of the largest number around, where none is given with a value: of the
 *   terms of a sum, or of the map that a number stands in. Far less than it is rounding. */
export function numberFormat(locale, digits, usual = 1) {
  const tiny = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
  const parts = Array.from({ length: digits + 1 }, (_, n) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: n, maximumFractionDigits: n }));
  return (/** @type {number} */ value, scale = usual) => {
    const nearest = Math.round(value);
    const error = Math.max(scale, Math.abs(value)) * HALF_STEP;
    const isWhole = Math.abs(value - nearest) < Math.max(1e-4 * Math.min(scale, 1), error);
    if (isWhole) return parts[0].format(nearest === 0 ? 0 : nearest).replace("-", "−");
    if (Math.abs(value) < 0.5 * 10 ** -digits) return tiny.format(value).replace("-", "−");
    const most = Math.floor(-Math.log10(2 * error)); // half a unit of that place is more than the error
    return parts[Math.max(0, Math.min(digits, most))].format(value).replace("-", "−");
  };
}

/** "{row}" fields of a translated sentence filled in.
 * @param {string} template @param {Record<string, unknown>} values */
export const fill = (template, values) =>
  template.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/** A whole number with a true minus sign.
 * @param {number} n */
export const signed = (n) => String(n).replace("-", "−");

/** A weight behind a dot: in brackets where it has a sign or is a fraction.
 * @param {string} label */
export const factor = (label) => (/^−|\//.test(label) ? `(${label})` : label);
