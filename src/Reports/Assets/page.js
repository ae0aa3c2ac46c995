'use strict';
// What all pages share: the data, the charts' library, colours, and a few kinds of charts. Charts
// are drawn on canvases, with tooltips that are drawn too: nothing needs an inline style or markup
// made of text.

let data = JSON.parse(document.getElementById('data').textContent);
const $ = id => document.getElementById(id);
const drawn = new Map();
// Where a page goes on changing: says of a chart that nobody sees whether it is left for later.
let isPutOff = () => false;
// Whether what is drawn again shows the stretch that it showed.
let keeping = false;
const dark = matchMedia('(prefers-color-scheme: dark)');
let printing = false;

// Okabe and Ito's colours, told apart with every kind of colour blindness; lighter on dark. Areas
// take cividis, which grows in lightness alone.
function theme() {
  const isDark = dark.matches && !printing;
  return {
    text: isDark ? '#e8eaee' : '#1a1d23',
    soft: isDark ? '#a9b1bf' : '#525a68',
    line: isDark ? '#363c48' : '#d5d9e0',
    card: isDark ? '#1d2128' : '#ffffff',
    colours: isDark
      ? ['#56b4e9', '#e69f00', '#2fc29b', '#e59cc4', '#ff8a4c', '#f0e442', '#9fb4ff', '#c9cdd6']
      : ['#0072b2', '#d55e00', '#007a59', '#a64d85', '#a06a00', '#2f7fae', '#5b5bb5', '#444444'],
    scale: isDark
      ? ['#274a86', '#5f6c8a', '#8f8c82', '#c3b369', '#ffea46']
      : ['#fdf0b5', '#d5c56b', '#8d8b79', '#4a5a80', '#00224e'],
  };
}

async function loadCharts() {
  if ($('charts').textContent === '') return;
  const packed = Uint8Array.from(atob($('charts').textContent), c => c.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const script = document.createElement('script');
  script.textContent = await new Response(unpacked).text();
  document.head.append(script);
}

// Numbers as people read them; a dash where there is none.
function say(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return value.toExponential(Math.max(0, digits - 2)).replace('e+', 'e');
  return Number.isInteger(value) ? value.toLocaleString('en') : Number(value.toPrecision(digits)).toLocaleString('en', { maximumFractionDigits: 6 });
}

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

// Draws a chart into the element of this id, and again whenever the colours change. What build
// returns: the library's option, where there is one a table of the same numbers, and whether it moves
// on or goes by the chart's width.
function draw(id, build) {
  if (!$(id)) return;
  drawn.set(id, { build, chart: drawn.get(id)?.chart });
  show(id, true);
  if (!isPutOff(id)) redraw(id);
}

function isNarrow(id) {
  return $(id).clientWidth < 480;
}

// A phone that is turned has room for more, or for less.
function fit() {
  drawn.forEach((entry, id) => {
    if (!entry.chart) return;
    entry.chart.resize();
    if (entry.narrow !== isNarrow(id) || entry.byWidth) keep(() => redraw(id));
  });
}

function redraw(id) {
  const entry = drawn.get(id);
  const colours = theme();
  const { option, numbers, moves, byWidth } = entry.build(colours);
  entry.byWidth = byWidth;
  if (!entry.chart) {
    entry.chart = echarts.init($(id), null, { renderer: 'canvas' });
    $(id).addEventListener('keydown', event => zoomByKey(entry.chart, event));
  }
  const narrow = entry.narrow = isNarrow(id);
  if (keeping) keepZoom(entry.chart, option, moves);
  entry.chart.setOption({
    animation: false,
    backgroundColor: 'transparent',
    color: colours.colours,
    textStyle: { color: colours.text, fontFamily: 'system-ui, sans-serif', fontSize: narrow ? 11 : 12 },
    grid: { left: 8, right: 14, top: option.legend === null ? 12 : 34, bottom: option.dataZoom ? 40 : 8, outerBoundsMode: 'same', outerBoundsContain: 'all' },
    aria: { enabled: false },
    ...option,
    tooltip: { renderMode: 'richText', confine: true, backgroundColor: colours.card, borderColor: colours.line, textStyle: { color: colours.text, fontSize: 12 }, ...option.tooltip },
    legend: option.legend === null ? { show: false } : { type: 'scroll', top: 0, left: 0, itemWidth: 16, itemHeight: 9, textStyle: { color: colours.text }, pageTextStyle: { color: colours.text }, pageIconColor: colours.text, ...option.legend },
  }, { notMerge: true });
  if (numbers) addNumbers(id, numbers);
}

// Where a chart's end was in sight, new values come into sight; else the same values stay, or, of a
// chart whose values move on, the same share of it.
function keepZoom(chart, option, moves) {
  const before = chart.getOption()?.dataZoom;
  if (!before || before.length !== option.dataZoom?.length) return;
  option.dataZoom = option.dataZoom.map((zoom, i) => {
    const { start, end, startValue, endValue } = before[i];
    if (zoom.type !== before[i].type || start === 0 && end === 100) return zoom;
    return { ...zoom, ...(moves || end === 100 ? { start, end, startValue: undefined, endValue: undefined } : { start: undefined, end: undefined, startValue, endValue }) };
  });
}

// The numbers of a chart as a table, made when it is opened.
function addNumbers(id, numbers) {
  const figure = $(id).closest('figure');
  let details = figure.querySelector('details');
  if (!details) {
    details = element('details', {}, element('summary', { textContent: 'Numbers' }));
    figure.append(details);
    details.addEventListener('toggle', () => details.open && details.fill());
  }
  details.fill = () => {
    const scroll = details.querySelector('.scroll');
    if (scroll) return refill(scroll, numbers.head, numbers.rows);
    details.append(table(numbers.head, numbers.rows, figure.querySelector('h3').textContent));
  };
  if (details.open) details.fill();
}

const textOf = value => typeof value === 'string' ? value : say(value, 6);

// Where a table has place for the numbers, they take it: a page that is looked at all night makes
// no new one each time, which browsers are slow to forget.
function refill(scroll, head, rows) {
  const old = scroll.querySelector('table');
  if (!old || old.tHead.rows[0].cells.length !== head.length || old.tBodies[0].rows.length !== rows.length) {
    return scroll.replaceChildren(...table(head, rows, '').children);
  }
  const texts = [...head, ...rows.flat().map(textOf)];
  old.querySelectorAll('th, td').forEach((cell, i) => {
    if (cell.textContent !== texts[i]) cell.textContent = texts[i];
  });
}

function table(head, rows, name) {
  const cell = (tag, value, number) => element(tag, { textContent: value, className: number ? 'number' : '', ...(tag === 'th' ? { scope: 'col' } : {}) });
  const isNumber = head.map((_, i) => rows.some(row => typeof row[i] === 'number'));
  const scroll = element('div', { className: 'scroll', tabIndex: 0 },
    element('table', {},
      element('thead', {}, element('tr', {}, ...head.map((text, i) => cell('th', text, isNumber[i])))),
      element('tbody', {}, ...rows.map(row => element('tr', {}, ...row.map((value, i) => cell('td', textOf(value), isNumber[i])))))));
  scroll.setAttribute('role', 'group');
  scroll.setAttribute('aria-label', name);
  return scroll;
}

// Arrows move, + and - zoom, 0 shows all.
function zoomByKey(chart, event) {
  const zoom = chart.getOption().dataZoom?.[0];
  if (!zoom) return;
  let { start, end } = zoom;
  const width = end - start;
  const step = { ArrowLeft: -width / 4, ArrowRight: width / 4 }[event.key];
  if (step !== undefined) {
    const by = Math.max(-start, Math.min(100 - end, step));
    [start, end] = [start + by, end + by];
  } else if (event.key === '+' || event.key === '=') {
    [start, end] = [start + width / 4, end - width / 4];
  } else if (event.key === '-') {
    [start, end] = [Math.max(0, start - width / 2), Math.min(100, end + width / 2)];
  } else if (event.key === '0') {
    [start, end] = [0, 100];
  } else {
    return;
  }
  event.preventDefault();
  chart.dispatchAction({ type: 'dataZoom', dataZoomIndex: 0, start, end });
}

function axis(colours, name, more = {}) {
  return {
    name, nameLocation: 'middle', nameGap: 24, nameTextStyle: { color: colours.soft },
    axisLabel: { color: colours.soft, hideOverlap: true, formatter: more.type === 'category' ? undefined : value => say(value) },
    axisLine: { lineStyle: { color: colours.soft } }, splitLine: { lineStyle: { color: colours.line } },
    ...more,
  };
}

const longestLabel = 18;

function shortened(name) {
  const letters = [...name];
  return letters.length > longestLabel ? `${letters.slice(0, longestLabel - 1).join('')}…` : name;
}

// Few names stand in full, broken into lines; of more those that have room, words aslant.
function category(colours, name, names, more = {}) {
  const areWords = names.some(text => text.length > 4);
  const label = names.length <= 8 ? { interval: 0, width: 84, overflow: 'break', lineHeight: 14 } : { hideOverlap: true, formatter: shortened, ...(areWords ? { rotate: 45 } : {}) };
  return axis(colours, name, { type: 'category', data: names, splitLine: { show: false }, axisLabel: { color: colours.soft, ...label }, ...more });
}

// Text that is read on a colour of the scale: dark on light, light on dark.
function inkOn(colours, share) {
  const colour = echarts.color.lerp(Math.min(1, Math.max(0, share)), colours.scale);
  return echarts.color.lum(colour, 0) > 0.5 ? '#000000' : '#ffffff';
}

function upright(colours, name, more = {}) {
  return axis(colours, name, { nameGap: 8, nameRotate: 90, nameMoveOverlap: true, scale: true, ...more });
}

function zoom(colours) {
  return [
    { type: 'slider', filterMode: 'none', height: 16, bottom: 4, showDetail: false, brushSelect: false, borderColor: colours.line, fillerColor: colours.line + '88', handleStyle: { color: colours.soft }, moveHandleStyle: { color: colours.soft } },
    { type: 'inside', filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false, preventDefaultMouseMove: false },
  ];
}

// Curves over a common kind of x: each { name, x, y, min?, max?, dots?, marked?, dashed?, joined? }. A
// band reaches from min to max; a curve that is marked has a few symbols, one that is joined goes on
// over places without a value.
function curves(colours, lines, xName, yName, more = {}) {
  const positive = value => value !== null && (!more.log || value > 0);
  const series = lines.flatMap((line, i) => {
    const colour = colours.colours[(line.colour ?? i) % colours.colours.length];
    const points = line.x.map((x, at) => [x, positive(line.y[at]) ? line.y[at] : null]);
    const every = Math.ceil(points.length / 8);
    const made = [{
      name: line.name, type: 'line', data: points, color: colour, connectNulls: Boolean(line.joined),
      showSymbol: Boolean(line.dots || line.marked) || points.length === 1, symbolSize: line.dots || !line.marked ? 5 : (_, point) => point.dataIndex % every === i % every ? 7 : 0, lineStyle: { width: 1.8, type: line.dashed ? 'dashed' : 'solid' }, itemStyle: { color: colour },
      symbol: line.symbol ?? 'circle',
    }];
    if (line.min) made.unshift(band(line, colour, positive));
    return made;
  });
  const unit = lines.find(line => line.unit)?.unit ?? '';
  return {
    legend: lines.length > 1 ? { data: lines.map(line => line.name) } : null,
    xAxis: axis(colours, xName, { type: 'value', scale: true, min: found => found.min > 0 && found.min < 0.1 * found.max ? 0 : found.min, max: 'dataMax' }),
    yAxis: upright(colours, more.log && more.isSaid ? `${yName} (logarithmic)` : yName, { type: more.log ? 'log' : 'value', max: found => more.limit !== undefined && found.max > 0.8 * more.limit ? more.limit : null }),
    dataZoom: zoom(colours),
    tooltip: {
      trigger: 'axis',
      formatter: found => {
        const shown = found.filter(one => one.seriesType === 'line');
        if (shown.length === 0) return '';
        return [`${xName} ${say(shown[0].value[0], 6)}`, ...shown.map(one => {
          const line = lines.find(candidate => candidate.name === one.seriesName);
          const range = line.min ? `  (${say(line.min[one.dataIndex])} to ${say(line.max[one.dataIndex])})` : '';
          return `${one.seriesName}: ${say(one.value[1])}${unit}${range}`;
        })].join('\n');
      },
    },
    series,
  };
}

// One polygon over all bins: pieces would show their seams.
function band(line, colour, positive) {
  const points = line.x.map((x, i) => [x, line.min[i], line.max[i]]).filter(point => positive(point[1]) && positive(point[2]));
  return {
    name: line.name, type: 'custom', data: points, encode: { x: 0, y: [1, 2] }, silent: true, clip: true, z: 1, tooltip: { show: false },
    renderItem: (params, api) => params.dataIndexInside > 0 ? null : {
      type: 'polygon',
      shape: { points: [...points.map(point => api.coord([point[0], point[2]])), ...points.map(point => api.coord([point[0], point[1]])).reverse()] },
      style: { fill: colour, fillOpacity: 0.22, stroke: colour, strokeOpacity: 0.45, lineWidth: 0.6 },
    },
  };
}

// A field of coloured cells: [x, y, value], with the names of columns and rows; what else a cell
// holds is for its text and its tip. Colours are those of the logarithm where that is asked for.
function field(colours, cells, columns, rows, xName, yName, valueName, more = {}) {
  const values = cells.map(cell => cell[2]).filter(value => value !== null);
  const [low, high] = [Math.min(...values, more.from ?? Infinity), Math.max(...values)];
  const scaled = more.isLog ? Math.log10 : value => value;
  const [least, most] = [scaled(low), scaled(high)];
  if (more.isLog) cells = cells.map(([x, y, value]) => [x, y, value, scaled(value)]);
  return {
    legend: null,
    grid: { left: 8, right: 14, top: 44, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'all' },
    xAxis: category(colours, xName, columns),
    yAxis: upright(colours, yName, { type: 'category', data: rows, inverse: true, splitLine: { show: false }, axisLabel: { color: colours.soft, hideOverlap: true, formatter: shortened } }),
    visualMap: {
      dimension: more.isLog ? 3 : 2, min: least, max: most > least ? most : least + 1, calculable: false, orient: 'horizontal', right: 8, top: 0, itemWidth: 12, itemHeight: 110, precision: 4,
      inRange: { color: colours.scale }, textStyle: { color: colours.text }, text: [say(high), `${valueName}  ${say(low)}`],
    },
    tooltip: { formatter: one => more.tip ? more.tip(one.value) : `${xName} ${columns[one.value[0]]}, ${yName} ${rows[one.value[1]]}\n${valueName}: ${say(one.value[2])}` },
    series: [{ type: 'heatmap', data: more.digits ? cells.map(cell => ({ value: cell, label: { color: inkOn(colours, (scaled(cell[2]) - least) / (most - least || 1)) } })) : cells, progressive: 0, itemStyle: { borderColor: colours.card, borderWidth: columns.length > 40 || rows.length > 40 ? 0 : 1 }, emphasis: { itemStyle: { borderColor: colours.text } }, label: { show: Boolean(more.digits), fontSize: 11, formatter: one => more.text ? more.text(one.value) : say(one.value[2], more.digits) } }],
  };
}

function choose(where, name, options, changed) {
  const select = element('select', {}, ...options.map(([value, text]) => element('option', { value, textContent: text })));
  select.addEventListener('change', () => changed(select.value));
  where.append(element('label', {}, `${name} `, select));
  return select;
}

function radio(where, name, options, changed) {
  const group = element('fieldset', {}, element('legend', { textContent: name }));
  options.forEach(([value, text], i) => {
    const input = element('input', { type: 'radio', name, value, checked: i === 0 });
    input.addEventListener('change', () => changed(value));
    group.append(element('label', {}, input, text));
  });
  where.append(group);
}

function tick(where, name, changed) {
  const input = element('input', { type: 'checkbox' });
  input.addEventListener('change', () => changed(input.checked));
  where.append(element('label', {}, input, name));
}

function show(id, visible) {
  const figure = $(id)?.closest('figure');
  if (figure && figure.hidden === visible) figure.hidden = !visible;
}

function hide(id) {
  show(id, false);
}

function keep(act) {
  keeping = true;
  try {
    act();
  } finally {
    keeping = false;
  }
}

function start(drawAll) {
  const all = () => keep(() => drawn.forEach((_, id) => redraw(id)));
  loadCharts().then(() => {
    drawAll();
    dark.addEventListener('change', all);
    addEventListener('beforeprint', () => { printing = true; all(); drawn.forEach(entry => entry.chart?.resize()); });
    addEventListener('afterprint', () => { printing = false; all(); drawn.forEach(entry => entry.chart?.resize()); });
    new ResizeObserver(fit).observe(document.body);
    document.documentElement.dataset.ready = 'true';
  });
}
