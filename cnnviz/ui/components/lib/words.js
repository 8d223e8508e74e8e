// Numbers and sentences in the reader's language.

/** Numbers as the reader writes them, with a true minus sign.
 * @param {string} locale @param {number} digits at most behind the decimal sign */
export function numberFormat(locale, digits) {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const part = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const tiny = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
  return (/** @type {number} */ value) => {
    const nearest = Math.round(value);
    let text;
    if (Math.abs(value - nearest) < 1e-4) text = whole.format(nearest === 0 ? 0 : nearest);
    else if (Math.abs(value) < 0.5 * 10 ** -digits) text = tiny.format(value);
    else text = part.format(value);
    return text.replace("-", "−");
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
