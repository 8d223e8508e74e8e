// The picture of a function above the map that it made. Part of wall.js.

/** A line through points [x, y] of a square, with its axes; what it says stands beside it. */
function curveOf({ palette }, { curve, title }) {
  const canvas = element("canvas", "curve");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", title);
  const ratio = window.devicePixelRatio || 1;
  const side = Math.round(96 * ratio);
  [canvas.width, canvas.height] = [side, side];
  canvas.style.width = `${side / ratio}px`;
  const context = canvas.getContext("2d");
  const reach = Math.max(...curve.flat().map(Math.abs));
  const place = (value) => ((value / reach + 1) / 2) * side;
  const line = (points, width, colour) => {
    context.beginPath();
    points.forEach(([x, y]) => context.lineTo(place(x), side - place(y)));
    context.lineWidth = width * ratio;
    context.strokeStyle = colour;
    context.stroke();
  };
  line([[-reach, 0], [reach, 0]], 1, palette.hatch);
  line([[0, -reach], [0, reach]], 1, palette.hatch);
  line(curve, 2.5, palette.accent);
  return canvas;
}
