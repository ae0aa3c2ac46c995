// The surface: cells from far to near, so that near ones hide what is behind them; turned by
// dragging or by keys. No library, no WebGL: it draws everywhere, on paper too.
const colourOf = height => {
  const stops = [[0, 34, 78], [74, 90, 128], [141, 139, 121], [213, 197, 107], [253, 240, 181]];
  const at = Math.max(0, Math.min(1, height)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(at));
  return `rgb(${stops[below].map((from, i) => Math.round(from + (at - below) * (stops[below + 1][i] - from))).join(',')})`;
};
let turned = 0.5;
let tilt = 0.55;
let heights = [];
let heightOf = () => 1;

function prepare() {
  const logs = data.loss.filter(loss => loss !== null && loss > 0).map(Math.log10);
  const low = logs.reduce((a, b) => Math.min(a, b), Infinity);
  const high = Math.max(low + 1e-9, logs.reduce((a, b) => Math.max(a, b), -Infinity));
  heightOf = loss => loss === null ? 1 : loss <= 0 ? 0 : Math.max(0, Math.min(1, (Math.log10(loss) - low) / (high - low)));
  heights = data.loss.map(heightOf);
  const figure = new DOMParser().parseFromString(data.contour, 'image/svg+xml').documentElement;
  $('contour').append(document.importNode(figure, true));
  const place = $('surface');
  let from = null;
  place.addEventListener('pointerdown', event => { from = event; place.setPointerCapture(event.pointerId); });
  for (const end of ['pointerup', 'pointercancel']) place.addEventListener(end, () => { from = null; });
  place.addEventListener('pointermove', event => {
    if (!from) return;
    turn((event.clientX - from.clientX) / 150, (event.clientY - from.clientY) / 300);
    from = event;
  });
  place.addEventListener('keydown', event => {
    const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.05], ArrowDown: [0, 0.05] }[event.key];
    if (!step) return;
    turn(...step);
    event.preventDefault();
  });
  addEventListener('resize', drawAll);
}

function turn(by, up) {
  turned += by;
  tilt = Math.max(0.1, Math.min(1.4, tilt + up));
  drawAll();
}

function drawAll() {
  const place = $('surface');
  const canvas = $('canvas');
  const [width, height] = [Math.max(1, place.clientWidth), Math.max(1, place.clientHeight)];
  const sharp = devicePixelRatio || 1;
  Object.assign(canvas, { width: width * sharp, height: height * sharp });
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext('2d');
  pen.scale(sharp, sharp);
  const [cos, sin, up, flat] = [Math.cos(turned), Math.sin(turned), Math.cos(tilt), Math.sin(tilt)];
  // The whole box has room, however it is turned.
  const diagonal = Math.SQRT2;
  const size = Math.min((width - 20) / diagonal, (height - 20) / (diagonal * flat + 0.55 * up));
  const { x, y } = data;
  const share = (values, value) => (value - values[0]) / (values[values.length - 1] - values[0]) - 0.5;
  const project = (u, v, h) => {
    const [side, depth] = [u * cos - v * sin, u * sin + v * cos];
    return [width / 2 + side * size, height / 2 - depth * flat * size - (h - 0.5) * up * size * 0.55, depth];
  };
  const at = (row, column) => project(share(x, x[column]), share(y, y[row]), heights[row * x.length + column]);
  const cells = [];
  for (let row = 0; row + 1 < y.length; row++) {
    for (let column = 0; column + 1 < x.length; column++) {
      const corners = [at(row, column), at(row, column + 1), at(row + 1, column + 1), at(row + 1, column)];
      const n = row * x.length + column;
      cells.push({ corners, depth: corners.reduce((sum, c) => sum + c[2], 0), colour: colourOf((heights[n] + heights[n + 1] + heights[n + x.length] + heights[n + x.length + 1]) / 4) });
    }
  }
  cells.sort((a, b) => b.depth - a.depth);
  const path = points => {
    pen.beginPath();
    points.forEach(([px, py], i) => i ? pen.lineTo(px, py) : pen.moveTo(px, py));
  };
  pen.lineWidth = 0.5;
  for (const { corners, colour } of cells) {
    path(corners);
    pen.closePath();
    pen.fillStyle = colour;
    pen.strokeStyle = colour;
    pen.fill();
    pen.stroke();
  }
  const ways = ['#ff7f0e', '#56b4e9', '#e377c2', '#2fc29b', '#f0e442', '#ffffff'];
  data.trajectories.forEach((way, i) => {
    const points = way.points.map(point => project(share(x, point.x), share(y, point.y), heightOf(point.loss) + 0.02));
    for (const [ink, thick] of [['#1a1d23', 4.5], [ways[i % ways.length], 2.2]]) {
      path(points);
      pen.strokeStyle = ink;
      pen.lineWidth = thick;
      pen.lineJoin = 'round';
      pen.stroke();
    }
    const [px, py] = points[points.length - 1];
    pen.beginPath();
    pen.arc(px, py, 5, 0, 7);
    pen.fillStyle = ways[i % ways.length];
    pen.fill();
    if (data.trajectories.length > ways.length) {
      pen.fillStyle = '#1a1d23';
      pen.font = '8px sans-serif';
      pen.textAlign = 'center';
      pen.fillText(`${i + 1}`, px, py + 3);
    }
  });
  document.body.dataset.drawn = String(cells.length);
}
