// Timed inside the page: from the trusted input event to the first animation frame that shows the
// answer. Runs before the page's own scripts. Keeps when frames went over the websocket and when
// canvases were painted; looks at nothing while no change is awaited.

(() => {
  const bench = { frames: [], armed: null };
  window.bench = bench;
  const painted = new WeakMap(); // canvas → when it was last drawn on

  const OwnSocket = window.WebSocket;
  window.WebSocket = class extends OwnSocket {
    constructor(...options) {
      super(...options);
      this.addEventListener("message", ({ data }) => {
        bench.frames.push({ at: performance.now(), data });
      });
    }
    send(data) {
      bench.frames.push({ at: performance.now(), sent: data.byteLength ?? data.length });
      super.send(data);
    }
  };

  const drawImage = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (...options) {
    painted.set(this.canvas, performance.now());
    return drawImage.apply(this, options);
  };

  for (const kind of ["click", "pointerup", "change"]) {
    window.addEventListener(
      kind,
      (event) => {
        const { armed } = bench;
        if (armed && armed.kind === kind && armed.from === null && (event.isTrusted || kind === "change")) {
          armed.from = event.timeStamp;
        }
      },
      true,
    );
  }

  // ---------------------------------------------------------------- what shows an answer

  const components = () =>
    [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
      .map((each) => each.shadowRoot)
      .filter(Boolean);
  const inComponents = (selector) => components().flatMap((root) => [...root.querySelectorAll(selector)]);
  const isDrawn = (canvas, from) => (painted.get(canvas) ?? -1) > from;
  const amounts = () => inComponents(".stage .amount").map((each) => each.textContent).join();

  /** The cards of a component say the new shape, and their canvases were painted after the input. */
  const cards = (selector, count = 1) => (wanted, from) => {
    const found = inComponents(selector).slice(0, count);
    const shows = (each) =>
      each.querySelector(".shape").textContent.trimEnd().endsWith(wanted) && isDrawn(each.querySelector("canvas"), from);
    return found.length === count && found.every(shows);
  };
  const [output, sixMaps] = [cards(".card.output"), cards(".maps .card", 6)];

  /** Every map on every wall was painted after the input; those in a closed fold are not there. */
  const wallsPainted = (from, roots = components()) => {
    const every = roots.flatMap((root) => [...root.querySelectorAll(".stage canvas")]);
    const canvases = every.filter((canvas) => canvas.checkVisibility());
    return canvases.length > 0 && canvases.every((canvas) => isDrawn(canvas, from));
  };

  const plots = () => [...document.querySelectorAll(".js-plotly-plot")];
  const pictureOf = (chart) => chart?.querySelector(".heatmaplayer image")?.href.baseVal ?? "";

  /** Every chart has the new number of rows, and Plotly painted another picture than before. */
  const charts = (wanted) => {
    const found = plots();
    const before = bench.armed?.pictures ?? [];
    return (
      found.length === wanted.count &&
      found.every((chart, n) => {
        const rows = chart.calcdata?.[0]?.[0]?.z?.length;
        const picture = pictureOf(chart);
        return rows === wanted.rows && picture && picture !== before[n];
      })
    );
  };

  const CHECKS = {
    text: (wanted) => document.querySelector('[data-testid="stText"]')?.textContent === wanted,
    viewer: output,
    wall: cards('[data-stage="maps"]'),
    bank: (wanted, from) => output(wanted, from) && sixMaps(wanted, from),
    charts,
    why: (wanted, from) => {
      const open = inComponents(".crumb[aria-current]")[0];
      const canvas = inComponents(".map canvas")[0];
      return Boolean(open?.textContent.startsWith(wanted)) && isDrawn(canvas, from);
    },
    top5: (wanted, from) => {
      const root = components().find((each) => each.querySelector('[data-stage="top5"]'));
      const says = root?.querySelector('[data-stage="top5"]').textContent;
      return Boolean(says?.includes(wanted)) && wallsPainted(from, [root]);
    },
    named: (wanted) => Boolean(document.querySelector('[data-testid="stText"]')?.textContent.startsWith(wanted)),
    network: (before, from) => wallsPainted(from) && amounts() !== before,
    chain: (least, from) => inComponents(".stage canvas").length >= least && wallsPainted(from),
  };

  // ---------------------------------------------------------------- waiting

  /** Await the next trusted event of a kind, then the answer; "load" counts from the page's start. */
  bench.arm = (kind, check, wanted) => {
    if (check === "network") wanted = amounts();
    bench.frames = [];
    const armed = { kind, from: kind === "load" ? 0 : null, shown: null };
    bench.armed = armed;
    armed.pictures = kind === "load" ? [] : plots().map(pictureOf);
    armed.done = new Promise((resolve) => {
      const look = () => {
        if (armed.from !== null && CHECKS[check](wanted, armed.from)) {
          armed.shown = performance.now();
          resolve();
        } else if (bench.armed === armed) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  };

  bench.shown = (limitMs) =>
    Promise.race([
      bench.armed.done.then(() => true),
      new Promise((resolve) => setTimeout(() => resolve(bench.armed.shown !== null), limitMs)),
    ]);

  /** Whether the script rests and nothing went over the wire for a while. */
  bench.isCalm = (quietMs) =>
    document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "notRunning" &&
    performance.now() - (bench.frames.at(-1)?.at ?? 0) > quietMs;

  /** Number of the field that says what a ForwardMsg is: 4 new_session, 5 delta, 6 finished. */
  const kindOf = (data) => {
    const bytes = new Uint8Array(data);
    let [at, kind] = [0, 0];
    const varint = () => {
      let [value, shift] = [0, 1];
      for (;;) {
        const byte = bytes[at++];
        value += (byte & 127) * shift;
        if (byte < 128) return value;
        shift *= 128;
      }
    };
    while (at < bytes.length) {
      const tag = varint();
      const field = Math.floor(tag / 8);
      if (field > 2) kind = field; // 1 is the hash, 2 the metadata
      const length = tag % 8 === 2 ? varint() : 0; // before `at` is read
      if (tag % 8 === 2) at += length;
      else if (tag % 8 === 0) varint();
      else at += tag % 8 === 5 ? 4 : 8;
    }
    return kind;
  };

  /** Milliseconds from the input; null for what did not happen. */
  bench.timings = () => {
    const { from, shown } = bench.armed;
    const since = (frame) => (frame ? frame.at - from : null);
    const out = bench.frames.find((frame) => frame.sent && frame.at >= from);
    const answer = bench.frames.filter((frame) => frame.data && out && frame.at >= out.at);
    const kinds = answer.map((frame) => kindOf(frame.data));
    return {
      origin: performance.timeOrigin,
      shown: shown - from,
      sent: since(out),
      first: since(answer[kinds.indexOf(4)]),
      finished: since(answer[kinds.lastIndexOf(6)]),
      last: since(answer.at(-1)),
      size: answer.reduce((sum, frame) => sum + frame.data.byteLength, 0),
    };
  };
})();
