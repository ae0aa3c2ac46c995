// A run's page.
const axes = { seconds: data.isVirtual ? 'virtual time, s' : 'time, s', updates: 'updates', epochs: 'epochs' };
let along = 'seconds';
let logarithmic = false;
let group = 'all';
let stretch = 0;

function honest(id, text) {
  if ($(`${id}Honest`)) $(`${id}Honest`).textContent = text;
}

// What of a column is shown, and what has no place in it.
function perBin(of, what, column, name) {
  const missing = of[column].missing;
  if (of.perBin === 1) return missing === 0 ? `Every one of the ${say(of.count)} ${what} is shown.` : `${say(of.count - missing)} of the ${say(of.count)} ${what} are shown; the ${name} of the others is not finite.`;
  return `${say(of.count)} ${what} in bins of ${say(of.perBin)}: mean, and a band from the smallest to the largest of each bin.`
    + (missing > 0 ? ` The ${name} of ${say(missing)} is not finite, and in no mean.` : '');
}

function curve(name, of, column, more = {}) {
  return { name, x: of[along], y: of[column].mean, min: of[column].min, max: of[column].max, ...more };
}

// A table of one or more kinds of points, [of, columns with their names], by time.
function pointsOf(...kinds) {
  const titles = ({ perBin }, name) => perBin > 1 ? [`${name}, mean`, 'min', 'max'] : [name];
  const cells = (of, column, i) => (of.perBin > 1 ? ['mean', 'min', 'max'] : ['mean']).map(which => of[column][which][i]);
  const head = ['time, s', 'updates', 'epochs', ...kinds.flatMap(([of, columns]) => columns.flatMap(([, name]) => titles(of, name)))];
  const rows = kinds.flatMap(([of]) => of.seconds.map((seconds, i) => [seconds, of.updates[i], of.epochs[i],
    ...kinds.flatMap(([other, columns]) => columns.flatMap(([column]) => cells(other, column, other === of ? i : -1)))]));
  return { head, rows: rows.sort((a, b) => a[0] - b[0]) };
}

// The sets beside the test samples that were evaluated.
function moreSets(what, more) {
  const { evaluations } = data;
  return [[`train${what}`, `${what.toLowerCase()} on the training samples`, 'rect'], [`validation${what}`, `validation ${what.toLowerCase()}`, 'triangle']]
    .filter(([column]) => evaluations[column]?.mean.some(value => value !== null))
    .map(([column, name, symbol]) => [column, curve(name, evaluations, column, { dots: true, symbol, ...more })]);
}

function overTheRun() {
  const { pushes, evaluations } = data;
  const [losses, accuracies] = [moreSets('Loss'), moreSets('Accuracy', { unit: ' %' })];
  draw('loss', colours => ({
    option: curves(colours, [
      curve('training loss', pushes, 'loss'),
      curve('test loss', evaluations, 'testLoss', { dots: true, symbol: 'diamond' }),
      ...losses.map(([, line]) => line),
    ], axes[along], 'loss', { log: logarithmic }),
    numbers: pointsOf([pushes, [['loss', 'training loss']]], [evaluations, [['testLoss', 'test loss'], ...losses.map(([column, line]) => [column, line.name])]]),
  }));
  honest('loss', perBin(pushes, 'pushes', 'loss', 'loss'));
  draw('accuracy', colours => ({
    option: curves(colours, [curve('test accuracy', evaluations, 'testAccuracy', { dots: true, unit: ' %' }), ...accuracies.map(([, line]) => line)],
      axes[along], accuracies.length > 0 ? 'accuracy, %' : 'test accuracy, %', { limit: 100 }),
    numbers: pointsOf([evaluations, [['testAccuracy', 'test accuracy'], ...accuracies.map(([column, line]) => [column, line.name]), ['largestPredictedShare', 'largest predicted share']]]),
  }));
  honest('accuracy', perBin(evaluations, 'evaluations', 'testAccuracy', 'accuracy'));
  draw('stalenessOver', colours => ({ option: curves(colours, [curve('staleness', pushes, 'staleness', { colour: 3 })], axes[along], 'staleness, updates'), numbers: pointsOf([pushes, [['staleness', 'staleness']]]) }));
  honest('stalenessOver', perBin(pushes, 'pushes', 'staleness', 'staleness'));
  draw('gap', colours => ({ option: curves(colours, [curve('gap', pushes, 'gap', { colour: 2 })], axes[along], 'gap, rms per parameter'), numbers: pointsOf([pushes, [['gap', 'gap']]]) }));
  honest('gap', perBin(pushes, 'pushes', 'gap', 'gap'));
  draw('norms', colours => ({
    option: curves(colours, [
      curve('gradient', pushes, 'gradientNorm'),
      // Pushes that are held for an update have none of their own.
      curve('update', pushes, 'updateNorm', { dashed: true, joined: true }),
      curve('parameters', evaluations, 'parameterNorm', { dots: true, symbol: 'diamond' }),
    ], axes[along], 'L2 norm', { log: true }),
    numbers: pointsOf([pushes, [['gradientNorm', 'gradient'], ['updateNorm', 'update']]], [evaluations, [['parameterNorm', 'parameters']]]),
  }));
  honest('norms', perBin(pushes, 'pushes', 'gradientNorm', 'norm of the gradient'));
}

// What a bar of stalenesses stands for.
function valuesOf(bar) {
  const { width } = data.staleness;
  return width === 1 ? `${bar}` : `${bar * width}-${(bar + 1) * width - 1}`;
}

function stalenessCounts() {
  const { width, byGroup } = data.staleness;
  const counts = group === 'all' ? data.staleness.counts : byGroup[Number(group)];
  const names = counts.map((_, i) => valuesOf(i));
  const total = counts.reduce((sum, count) => sum + count, 0);
  draw('stalenessCounts', colours => ({
    option: {
      legend: null,
      xAxis: axis(colours, 'staleness, updates', { type: 'category', data: names, splitLine: { show: false } }),
      yAxis: upright(colours, 'pushes', { type: 'value', scale: false }),
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: ([one]) => `staleness ${names[one.dataIndex]}: ${say(one.value)} pushes, ${say(100 * one.value / total, 3)} %` },
      series: [{ type: 'bar', data: counts, barCategoryGap: '12%', itemStyle: { color: colours.colours[3] } }],
    },
    numbers: { head: ['staleness', 'pushes', group === 'all' ? 'mean gap' : 'mean gap, all workers'], rows: names.map((name, i) => [name, counts[i], data.staleness.gap[i]]) },
  }));
  honest('stalenessCounts', width === 1 ? `All ${say(total)} pushes.` : `All ${say(total)} pushes; a bar stands for ${width} values.`);
}

function stalenessCharts() {
  const { names, size } = data.workers;
  stalenessCounts();
  const { evolution, staleness } = data;
  if (names.length > 1 && evolution.cells.length > 0) {
    const rows = size === 1 ? 'worker' : 'workers';
    draw('stalenessByWorker', colours => ({
      option: field(colours, evolution.cells, evolution.updates.map(update => say(update)), names, 'updates', rows, 'staleness', { from: 0 }),
      numbers: { head: ['updates', rows, 'staleness, mean'], rows: evolution.cells.map(([at, of, mean]) => [evolution.updates[at], names[of], mean]) },
    }));
    honest('stalenessByWorker', (evolution.perStretch === 1 ? '' : `A stretch is ${say(evolution.perStretch)} pushes of all workers.`) + (size === 1 ? '' : ` A row is a group of ${size} workers.`));
  } else hide('stalenessByWorker');
  const points = staleness.gap.map((gap, i) => [i * staleness.width, gap]).filter(point => point[1] !== null);
  draw('gapByStaleness', colours => ({
    option: {
      legend: null,
      xAxis: axis(colours, 'staleness, updates', { type: 'value' }), yAxis: upright(colours, 'mean gap', { type: 'value', scale: false }),
      tooltip: { trigger: 'item', formatter: one => `staleness ${valuesOf(Math.round(one.value[0] / staleness.width))}: mean gap ${say(one.value[1])} of ${say(staleness.counts[Math.round(one.value[0] / staleness.width)])} pushes` },
      series: [{ type: 'line', data: points, symbolSize: 6, showSymbol: true, color: colours.colours[2] }],
    },
    numbers: { head: ['staleness', 'mean gap', 'pushes'], rows: staleness.gap.map((gap, i) => [valuesOf(i), gap, staleness.counts[i]]).filter(([, gap]) => gap !== null) },
  }));
  honest('gapByStaleness', staleness.width === 1 ? '' : `A point stands for ${staleness.width} values.`);
}

const setNames = { test: 'test samples', train: 'training samples', validation: 'validation samples' };

let shownSet = 0;

// What the classes are called; their numbers where the run does not say.
function classNames(count) {
  return data.run.classNames?.length === count ? data.run.classNames : Array.from({ length: count }, (_, i) => `${i}`);
}

function chooseSet() {
  const controls = $('classesControls');
  const sets = data.classes.length > 1 ? data.classes.map((of, i) => [`${i}`, setNames[of.set]]) : [];
  if (controls.querySelectorAll('input').length === sets.length) return;
  shownSet = 0;
  controls.replaceChildren();
  radio(controls, 'Samples', sets, value => { shownSet = Number(value); classCharts(); });
}

function classCharts() {
  if (!$('classes')) return;
  // Of a run that goes on the first matrix may be yet to come.
  $('classes').hidden = !data.classes;
  if (!data.classes) return;
  chooseSet();
  const { set, version, samples, precision, recall, f1, means, counts } = data.classes[shownSet];
  const names = classNames(samples.length);
  const what = `The ${say(samples.reduce((sum, count) => sum + count, 0))} ${setNames[set]} at version ${say(version)}.`;
  const scores = [['recall', recall], ['precision', precision], ['F1', f1]];
  draw('classScores', colours => ({
    option: {
      xAxis: category(colours, 'class', names),
      yAxis: upright(colours, 'share', { type: 'value', min: 0, max: 1, scale: false }),
      ...(names.length > 20 ? { dataZoom: zoom(colours) } : {}),
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: found => [`class ${names[found[0].dataIndex]}: ${say(samples[found[0].dataIndex])} samples`, ...found.map(one => `${one.seriesName}: ${say(one.value, 3)}`)].join('\n') },
      series: scores.map(([name, values]) => ({ name, type: 'bar', data: values, barGap: '0%' })),
    },
    numbers: { head: ['class', 'samples', 'recall', 'precision', 'F1'], rows: names.map((name, i) => [name, samples[i], recall[i], precision[i], f1[i]]) },
  }));
  honest('classScores', `${what} Mean recall (balanced accuracy) ${say(means[0], 4)}, mean F1 ${say(means[1], 4)}.`);
  if (counts.length === 0) {
    $('confusion').hidden = true;
    return honest('confusion', `Of ${say(names.length)} classes the matrix is not drawn; confusions.csv has it.`);
  }
  const cells = counts.flatMap((row, of) => row.map((count, taken) => [taken, of, samples[of] > 0 ? 100 * count / samples[of] : null, count]));
  draw('confusion', colours => ({
    option: field(colours, cells, names, names, 'taken for', 'class', 'share, %', {
      from: 0, digits: names.length <= 12 && !isNarrow('confusion') ? 4 : 0, text: value => say(value[3]),
      tip: ([taken, of, share, count]) => `class ${names[of]} taken for ${names[taken]}: ${say(count)} of ${say(samples[of])} samples, ${say(share, 3)} %`,
    }),
    numbers: { head: ['class', ...names.map(name => `taken for ${name}`)], rows: counts.map((row, of) => [names[of], ...row]) },
  }));
  honest('confusion', what);
}

const decisions = ['applied', 'buffered', 'dropped', 'cancelled'];

function timeline() {
  const { windows, unitNs, pushes } = data.timeline;
  const window = windows[Math.min(stretch, windows.length - 1)];
  if (!window) return hide('timeline');
  const ms = unitNs / 1e6;
  const lanes = [...new Set(window.worker)].sort((a, b) => a - b);
  const lane = new Map(lanes.map((worker, i) => [worker, i]));
  const bars = window.worker.map((worker, i) => [lane.get(worker), window.pulled[i] * ms, window.arrived[i] * ms, window.staleness[i], window.decision[i], window.waited[i] * ms, window.whom[i]]);
  const most = Math.max(1, ...window.staleness);
  const start = Math.min(...bars.map(bar => bar[1]));
  draw('timeline', colours => {
    const shade = staleness => echarts.color.lerp(Math.min(1, staleness / most), colours.scale);
    const item = (params, api) => {
      const [row, pulled, arrived, staleness, decision, waited] = bars[params.dataIndex];
      const [left, middle] = api.coord([pulled, row]);
      const [right] = api.coord([arrived, row]);
      const height = Math.max(2, Math.min(22, api.size([0, 1])[1] * 0.66));
      const clip = shape => echarts.graphic.clipRectByRect(shape, { x: params.coordSys.x, y: params.coordSys.y, width: params.coordSys.width, height: params.coordSys.height });
      const bar = clip({ x: left, y: middle - height / 2, width: Math.max(1, right - left - 0.5), height });
      const gone = decision >= 2;
      const parts = [];
      if (bar) parts.push({ type: 'rect', shape: bar, style: gone ? { fill: 'transparent', stroke: colours.soft, lineDash: decision === 3 ? [3, 2] : null } : { fill: shade(staleness), stroke: decision === 1 ? colours.text : null } });
      if (waited > 0) {
        const [from] = api.coord([pulled - waited, row]);
        const line = clip({ x: from, y: middle - 1, width: left - from, height: 2 });
        if (line) parts.push({ type: 'rect', shape: line, style: { fill: colours.colours[1] } });
      }
      return { type: 'group', children: parts };
    };
    return {
      moves: true,
      option: {
        legend: null,
        grid: { left: 8, right: 14, top: 44, bottom: 44, outerBoundsMode: 'same', outerBoundsContain: 'all' },
        xAxis: axis(colours, `${axes.seconds.replace(', s', ', ms')}`, { type: 'value', min: start, max: 'dataMax', scale: true }),
        yAxis: upright(colours, 'worker', { type: 'category', data: lanes.map(String), inverse: true, scale: false }),
        dataZoom: [...zoom(colours), ...(lanes.length > 40 ? [{ type: 'slider', yAxisIndex: 0, width: 14, right: 0, showDetail: false, filterMode: 'none', startValue: 0, endValue: 39 }] : [])].map((one, i) => i === 0 && bars.length > 150 ? { ...one, start: 0, end: Math.max(2, 100 * 150 / bars.length) } : one),
        visualMap: { min: 0, max: most, dimension: 3, seriesIndex: [], orient: 'horizontal', right: 8, top: 0, itemWidth: 12, itemHeight: 110, precision: 0, inRange: { color: colours.scale }, textStyle: { color: colours.text }, text: [`${most}`, 'staleness  0'] },
        tooltip: { formatter: one => {
          const [, pulled, arrived, staleness, decision, waited, whom] = bars[one.dataIndex];
          return `worker ${window.worker[one.dataIndex]}: ${decisions[decision]}, staleness ${staleness}\nfrom ${say(pulled, 6)} to ${say(arrived, 6)} ms (${say(arrived - pulled)} ms)`
            + (waited > 0 ? `\nhad waited ${say(waited)} ms for ${whom < 0 ? 'an arrival long before' : `worker ${whom}`}` : '');
        } },
        series: [{ type: 'custom', data: bars, encode: { x: [1, 2], y: 0 }, renderItem: item, progressive: 0 }],
      },
      numbers: {
        head: ['worker', 'from, ms', 'to, ms', 'staleness', 'decision', 'had waited, ms', 'for worker'],
        rows: bars.map(([, pulled, arrived, staleness, decision, waited, whom], i) => [window.worker[i], pulled, arrived, staleness, decisions[decision], waited, waited > 0 && whom >= 0 ? whom : null]),
      },
    };
  });
  const shown = windows.reduce((sum, one) => sum + one.worker.length, 0);
  honest('timeline', (shown < pushes ? `Of ${say(pushes)} pushes the ${windows.map(one => `${say(one.worker.length)} at the ${one.name}`).join(', ')} are here, every one of each stretch; the charts above and below count all. ` : `Every one of the ${say(pushes)} pushes is here. `)
    + `Times are rounded to ${say(unitNs / 1e3)} µs. An empty bar was dropped or cancelled.`);
}

function workerCharts() {
  const { workers, waits, partitions } = data;
  const rows = workers.size === 1 ? 'worker' : 'workers';
  const stretches = data.timeline.windows.map((window, i) => [`${i}`, window.name]);
  const controls = $('timelineControls');
  if (controls.querySelectorAll('input').length !== (stretches.length > 1 ? stretches.length : 0)) {
    stretch = 0;
    controls.replaceChildren();
    if (stretches.length > 1) radio(controls, 'Stretch', stretches, value => { stretch = Number(value); timeline(); });
  }
  timeline();
  if (waits.seconds.length > 0) {
    draw('waits', colours => ({
      option: field(colours, waits.seconds.map(([of, by, seconds]) => [by, of, seconds]), workers.names, workers.names, 'for', rows, 'waited, s', { from: 0, tip: value => `${rows} ${workers.names[value[1]]} waited for ${workers.names[value[0]]}: ${say(value[2])} s` }),
      numbers: { head: [rows, 'waited for', 's'], rows: waits.seconds.map(([of, by, seconds]) => [workers.names[of], workers.names[by], seconds]) },
    }));
    honest('waits', waits.unknownSeconds > 0 ? `Of ${say(waits.unknownSeconds)} s it is not known for whom.` : '');
  } else hide('waits');
  $('nobodyWaited').hidden = waits.seconds.length > 0;
  const total = workers.samples.reduce((sum, samples) => sum + samples, 0);
  const held = heldBy(workers, partitions);
  const share = workers.samples.map(samples => total > 0 ? 100 * samples / total : null);
  draw('shares', colours => ({
    option: {
      xAxis: axis(colours, rows, { type: 'category', data: workers.names, splitLine: { show: false } }),
      yAxis: upright(colours, '%', { type: 'value', scale: false }),
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: found => [`${rows} ${workers.names[found[0].dataIndex]}`, ...found.map(one => `${one.seriesName}: ${say(one.value, 3)} %`)].join('\n') },
      series: [{ name: 'applied samples', type: 'bar', data: share }, ...(held ? [{ name: 'partition', type: 'bar', data: held, itemStyle: { decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: 0.7, color: 'rgba(255,255,255,.45)' } } }] : [])],
    },
  }));
  honest('shares', partitions.count === 1 && workers.workers > 1 ? 'All workers draw from one partition.' : '');
  const head = [rows, 'applied', 'buffered', 'dropped', 'cancelled', 'samples', 'share, %', ...(held ? ['partition, %'] : []), 'staleness, mean', 'min', 'max', 'gap, mean', 'computing, s', 'waiting, s'];
  refill($('workerTable'), head, workers.names.map((name, i) => [name, workers.applied[i], workers.buffered[i], workers.dropped[i], workers.cancelled[i], workers.samples[i], share[i], ...(held ? [held[i]] : []),
    workers.staleness[i], workers.smallestStaleness[i], workers.largestStaleness[i], workers.gap[i], workers.busySeconds[i], workers.waitedSeconds[i]]));
}

// The share of the partitions' samples that each group of workers holds; null where all share one.
function heldBy(workers, partitions) {
  if (partitions.count !== workers.workers || partitions.samples.length < partitions.count || partitions.count < 2) return null;
  const total = partitions.samples.reduce((sum, samples) => sum + samples, 0);
  return workers.names.map((_, group) => 100 * partitions.samples.slice(group * workers.size, (group + 1) * workers.size).reduce((sum, samples) => sum + samples, 0) / total);
}

function partitionChart() {
  const { partitions } = data;
  $('partitions').hidden = partitions.samples.length === 0;
  if (partitions.samples.length === 0) return;
  const names = partitions.samples.map((_, i) => `${i}`);
  const classes = Math.max(...partitions.classCounts.map(counts => counts.length));
  const cells = partitions.classCounts.flatMap((counts, row) => counts.map((count, column) => [column, row, count]));
  draw('partitionChart', colours => ({
    option: classes > 0
      ? field(colours, cells, classNames(classes), names, 'class', 'partition', 'samples', { from: 0, digits: cells.length <= 120 && !isNarrow('partitionChart') ? 4 : 0 })
      : {
        legend: null, xAxis: axis(colours, 'partition', { type: 'category', data: names, splitLine: { show: false } }), yAxis: upright(colours, 'samples', { type: 'value', scale: false }),
        series: [{ type: 'bar', data: partitions.samples }],
      },
    numbers: { head: ['partition', 'samples', 'label distance'], rows: names.map((name, i) => [name, partitions.samples[i], partitions.labelDistance[i]]) },
  }));
  honest('partitionChart', partitions.count > partitions.samples.length ? `The first ${partitions.samples.length} of ${say(partitions.count)}; partitions.csv has all.` : '');
}

function groupChart() {
  const { groups } = data;
  if (!groups || !$('groupChart')) return;
  const others = groups.count - groups.names.length;
  const { names } = groups;
  const rows = groups.numbers.map(String);
  const cells = groups.cells.map(([part, group, samples]) => [group, part, samples]);
  draw('groupChart', colours => ({
    option: field(colours, cells, names, rows, 'group', 'partition', 'samples', { from: 0, digits: names.length <= 12 && rows.length <= 12 && !isNarrow('groupChart') ? 4 : 0 }),
    numbers: { head: ['partition', 'groups that it holds', 'group', 'samples'], rows: groups.cells.map(([part, group, samples]) => [rows[part], groups.groups[part], names[group], samples]) },
  }));
  honest('groupChart', `${say(groups.count)} ${groups.count === 1 ? 'group' : 'groups'}.`
    + (others > 0 ? ` The ${say(names.length)} with the most samples are here; the ${say(others)} others are not.` : '')
    + (groups.partitions > rows.length ? ` The first ${say(rows.length)} of ${say(groups.partitions)} partitions.` : '')
    + (others > 0 || groups.partitions > rows.length ? ' groups.csv has all.' : ''));
}

function drawAll() {
  overTheRun();
  classCharts();
  stalenessCharts();
  workerCharts();
  partitionChart();
  groupChart();
}

// What there is to choose; once.
function prepare() {
  const controls = document.querySelector('[data-axis]');
  radio(controls, 'Curves over', Object.entries(axes), value => { along = value; overTheRun(); });
  tick(controls, 'logarithmic loss', value => { logarithmic = value; overTheRun(); });
  controls.append(element('span', { className: 'hint', textContent: 'Zoom: the slider, ctrl and the wheel, or, on a chart with the focus, + and -, arrows, 0.' }));
  const { names } = data.workers;
  if (names.length > 1) choose($('stalenessCountsControls'), 'Worker', [['all', 'all'], ...names.map((name, i) => [`${i}`, name])], value => { group = value; stalenessCounts(); });
}
