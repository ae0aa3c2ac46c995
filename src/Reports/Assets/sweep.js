// A sweep's page.
const axisNames = data.table.axes;
let cells = data.table.cells;
const short = axisNames.map(name => {
  const last = name.split('.').at(-1);
  return axisNames.filter(other => other.split('.').at(-1) === last).length > 1 ? name : last === 'count' ? name.split('.').slice(-2).join('.') : last;
});
const valuesOf = () => axisNames.map(axis => [...new Set(cells.map(cell => cell.values[axis]))]);
let values = valuesOf();
const chosenIn = {};
const whole = data.unit ? ` ${data.unit}` : '';

function honest(id, text) {
  if ($(`${id}Honest`)) $(`${id}Honest`).textContent = text;
}

function label(cell) {
  return axisNames.filter((_, i) => values[i].length > 1).map(axis => cell.values[axis]).join(', ') || 'all';
}

function tell(cell) {
  const nc = cell.noConvergence;
  const interval = cell.interval95 ? `, 95 %: ${say(cell.interval95.low)} to ${say(cell.interval95.high)}` : '';
  return `${label(cell)}\n${cell.mean === null ? 'no run converged' : `mean ${say(cell.mean)}${whole}${interval}`}\nn ${cell.n}${nc.count > 0 ? `, NC ${nc.count} of ${nc.of}` : ''}${cell.missing > 0 ? `, ${cell.missing} missing` : ''}`;
}

// Which axis goes where, and at which value the others stand. Nothing is averaged here: what the table has are the
// means over averaged axes already.
function chooser(controls, roles, changed) {
  const chosen = { roles: {}, fixed: axisNames.map((_, i) => values[i].at(-1)) };
  const many = axisNames.map((_, i) => i).sort((a, b) => values[b].length - values[a].length);
  const numeric = many.find(i => values[i].every(value => value !== '' && !Number.isNaN(Number(value))));
  const order = roles[0].numeric && numeric !== undefined ? [numeric, ...many.filter(i => i !== numeric)] : many;
  roles.forEach((role, at) => { chosen.roles[role.name] = order[at] ?? -1; });
  const rest = element('span', { className: 'controls' });
  const selects = new Map();
  const show = () => {
    const used = new Set(Object.values(chosen.roles));
    rest.replaceChildren();
    axisNames.forEach((name, i) => {
      if (used.has(i) || values[i].length < 2) return;
      choose(rest, short[i], values[i].map(value => [value, value]), value => { chosen.fixed[i] = value; changed(chosen); }).value = chosen.fixed[i];
    });
    changed(chosen);
  };
  for (const role of roles) {
    const options = [...axisNames.map((_, i) => [`${i}`, short[i]]), ...(role.optional ? [['-1', 'nothing']] : [])];
    if (axisNames.length < 2) continue;
    selects.set(role.name, choose(controls, role.text, options, value => {
      const before = chosen.roles[role.name];
      const other = roles.find(one => one !== role && chosen.roles[one.name] === Number(value));
      chosen.roles[role.name] = Number(value);
      if (other) {
        chosen.roles[other.name] = before;
        selects.get(other.name).value = `${before}`;
      }
      show();
    }));
    selects.get(role.name).value = `${chosen.roles[role.name]}`;
  }
  controls.append(rest);
  show();
}

function at(chosen, wanted) {
  const index = cells.findIndex(cell => axisNames.every((axis, i) => cell.values[axis] === (wanted.get(i) ?? chosen.fixed[i])));
  return index < 0 ? null : { cell: cells[index], index };
}

// As many as have no factor in common with the number of colours.
const symbols = ['circle', 'diamond', 'rect', 'triangle', 'pin', 'roundRect', 'arrow'];

// How many runs of a cell did not converge, where some did.
function partly(cell) {
  const nc = cell?.noConvergence;
  return cell && cell.mean !== null && nc.count > 0 ? `NC ${nc.count}/${nc.of}` : '';
}

// The rule of figures for a paper (Ticks.cs): of what has no limit, where it spans a factor of a hundred.
function decades(found, highs = [], isLimited = data.unit === '%') {
  const sizes = found.filter(value => typeof value === 'number');
  if (isLimited || sizes.length === 0 || Math.min(...sizes) <= 0 || Math.max(...sizes) < 100 * Math.min(...sizes)) return null;
  return { min: 10 ** Math.floor(Math.log10(Math.min(...sizes))), max: 10 ** Math.ceil(Math.log10(Math.max(...sizes, ...highs.filter(value => typeof value === 'number')))) };
}

// Of more rows than these a part is shown, which the slider moves.
const mostRows = 20;
const slider = rows => rows > mostRows ? { dataZoom: [{ type: 'slider', yAxisIndex: 0, width: 14, right: 0, showDetail: false, startValue: 0, endValue: mostRows - 1 }] } : {};

function means(chosen) {
  const { x, by } = chosen.roles;
  const columns = x < 0 ? ['all'] : values[x];
  const lines = by < 0 ? [null] : values[by];
  const drawnCells = lines.flatMap(line => columns.map(column => at(chosen, new Map([[x, column], [by, line]]))?.cell)).filter(Boolean);
  const logs = decades(drawnCells.map(cell => cell.mean), drawnCells.map(cell => cell.interval95?.high));
  draw('means', colours => {
    // Lines stand side by side in the room of their category.
    const step = Math.min(9, Math.max(1, $('means').clientWidth - 90) / columns.length / (lines.length + 1));
    const series = lines.flatMap((line, i) => {
      const colour = colours.colours[i % colours.colours.length];
      const found = columns.map(column => at(chosen, new Map([[x, column], [by, line]]))?.cell ?? null);
      const name = line ?? data.metric;
      const shift = (i - (lines.length - 1) / 2) * step;
      return [
        { name, type: 'line', data: found.map((cell, column) => ({ value: [column, cell?.mean ?? null], cell, label: { show: partly(cell) !== '', formatter: partly(cell), position: 'top', distance: 8, fontSize: 10, color: colour } })), labelLayout: { hideOverlap: true }, symbol: symbols[i % symbols.length], symbolSize: 8, symbolOffset: [shift, 0], color: colour, lineStyle: { width: 1.6, type: ['solid', 'dashed', 'dotted'][i % 3] }, connectNulls: false },
        {
          name, type: 'custom', silent: true, tooltip: { show: false }, color: colour, z: 1, encode: { x: 0, y: [1, 2] },
          data: found.map((cell, column) => [column, cell?.interval95?.low ?? null, cell?.interval95?.high ?? null]),
          renderItem: (params, api) => {
            const [low, high] = [api.value(1), api.value(2)];
            if (Number.isNaN(low) || Number.isNaN(high)) return null;
            const [px, top] = api.coord([api.value(0), high]);
            // One that goes on below the chart has no end in it.
            const isBelow = logs && low < logs.min;
            const bottom = isBelow ? params.coordSys.y + params.coordSys.height : api.coord([api.value(0), low])[1];
            const middle = px + shift;
            const style = { stroke: colour, lineWidth: 2 };
            return { type: 'group', children: [[middle, top, middle, bottom], [middle - 4, top, middle + 4, top], ...(isBelow ? [] : [[middle - 4, bottom, middle + 4, bottom]])].map(([x1, y1, x2, y2]) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style })) };
          },
        },
      ];
    });
    const none = drawnCells.filter(cell => cell.mean === null);
    honest('means', (drawnCells.some(partly) ? 'NC a/b: a of b runs did not converge; they are in no mean. ' : '') + (none.length > 0 ? `No run converged at all, and so there is no point, for: ${none.map(label).join('; ')}.` : ''));
    return {
      byWidth: true,
      option: {
        legend: lines.length > 1 ? { data: lines } : null,
        xAxis: category(colours, x < 0 ? '' : short[x], columns),
        yAxis: logs ? upright(colours, `${data.heading} (logarithmic)`, { type: 'log', ...logs }) : upright(colours, data.heading, { type: 'value', max: found => data.unit === '%' && found.max > 95 ? 100 : null }),
        tooltip: { trigger: 'item', formatter: one => one.data.cell ? tell(one.data.cell) : '' },
        series,
      },
    };
  });
}

const shown = {
  mean: ['mean', cell => cell.mean], sd: ['standard deviation', cell => cell.sd], nc: ['share of no convergence', cell => cell.noConvergence.share], n: ['n', cell => cell.n],
  median: ['median', cell => cell.median], difference: ['measured - published', cell => cell.published?.difference ?? null],
};
let cellValue = 'mean';

function fieldOf(chosen) {
  const { x, y } = chosen.roles;
  if (x < 0 || y < 0) return;
  const [name, of] = shown[cellValue];
  const found = values[x].flatMap((column, i) => values[y].map((row, j) => [i, j, at(chosen, new Map([[x, column], [y, row]]))?.cell ?? null]));
  const coloured = found.filter(([, , cell]) => cell && of(cell) !== null).map(([i, j, cell]) => [i, j, of(cell)]);
  const sizes = coloured.map(([, , value]) => value);
  const isLog = Math.min(...sizes) > 0 && Math.max(...sizes) >= 100 * Math.min(...sizes);
  const partOf = value => ['nc', 'n'].includes(cellValue) ? '' : partly(found.find(([i, j]) => i === value[0] && j === value[1])[2]);
  const hasPart = coloured.some(partOf);
  honest('field', hasPart ? `${coloured.length <= 80 ? 'NC a/b: a of b runs' : 'A dot: some runs'} did not converge; they are in no mean.` : '');
  draw('field', colours => {
    if (coloured.length === 0) return { option: { legend: null, title: { text: 'no cell has this value', textStyle: { color: colours.soft, fontSize: 13, fontWeight: 400 }, left: 'center', top: 'middle' } } };
    const option = field(colours, coloured, values[x], values[y], short[x], short[y], isLog ? `${name} (colours: logarithm)` : name, { isLog, digits: coloured.length <= 80 ? 4 : 0, text: value => [say(value[2], 4), partOf(value)].filter(Boolean).join('\n'), tip: value => `${tell(found.find(([i, j]) => i === value[0] && j === value[1])[2])}\n${name}: ${say(value[2])}` });
    option.series.push({ type: 'scatter', silent: true, symbolSize: 0.1, data: found.filter(([, , cell]) => cell && of(cell) === null).map(([i, j, cell]) => ({ value: [i, j], label: { formatter: cell.mean === null && cell.noConvergence.count > 0 ? 'NC' : '-' } })), label: { show: true, color: colours.soft } });
    if (coloured.length > 80 && hasPart) option.series.push({ type: 'scatter', silent: true, symbolSize: 5, itemStyle: { color: colours.colours[1], borderColor: colours.card }, data: coloured.filter(partOf).map(([i, j]) => [i, j]) });
    option.visualMap.seriesIndex = 0;
    return { option };
  });
}

function noConvergence() {
  if (cells.every(cell => cell.noConvergence.count === 0)) return hide('nc');
  const names = cells.map(label);
  if (names.length > 10) $('nc').style.height = `${4 + 1.3 * Math.min(mostRows, names.length)}rem`;
  draw('nc', colours => ({
    option: {
      legend: null,
      xAxis: axis(colours, '% of runs', { type: 'value', min: 0, max: 100 }),
      yAxis: upright(colours, '', { type: 'category', data: names, inverse: true, scale: false }),
      ...slider(names.length),
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: ([one]) => tell(cells[one.dataIndex]) },
      series: [
        { type: 'bar', data: cells.map(cell => 100 * cell.noConvergence.share), itemStyle: { color: colours.colours[1] } },
        { type: 'custom', silent: true, data: cells.map((cell, i) => [100 * cell.noConvergence.interval95.low, 100 * cell.noConvergence.interval95.high, i]), encode: { x: [0, 1], y: 2 }, renderItem: bars(colours) },
      ],
    },
  }));
}

// A horizontal interval: low, high, row.
function bars(colours, colourOf = () => colours.text) {
  return (params, api) => {
    const [left, y] = api.coord([api.value(0), api.value(2)]);
    const [right] = api.coord([api.value(1), api.value(2)]);
    const style = { stroke: colourOf(params.dataIndex), lineWidth: 2 };
    return { type: 'group', children: [[left, y, right, y], [left, y - 5, left, y + 5], [right, y - 5, right, y + 5]].map(([x1, y1, x2, y2]) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style })) };
  };
}

// Curves by epoch, one for each cell: of the metric, of gap, of staleness.
const curveKinds = {
  curves: { y: data.heading, unit: data.unit === '%' ? ' %' : '', more: data.unit === '%' ? { limit: 100 } : {} },
  gap: { y: 'gap', unit: '', more: {}, skipsZeros: true },
  staleness: { y: 'staleness, updates', unit: '', more: {} },
};

function curvesOf(name, chosen) {
  const { by } = chosen.roles;
  const { y, unit, more, skipsZeros } = curveKinds[name];
  const lines = (by < 0 ? [null] : values[by]).map((line, i) => ({ name: line ?? data.metric, found: at(chosen, new Map([[by, line]])), colour: i })).map(line => ({ ...line, cell: line.found?.cell, curve: data[name][line.found?.index] })).filter(line => line.curve?.epochs.length > 0);
  if (lines.length === 0) {
    honest(name, '');
    return draw(name, colours => ({
      option: { legend: null, title: { text: 'no cell with these values has a curve', textStyle: { color: colours.soft, fontSize: 13, fontWeight: 400 }, left: 'center', top: 'middle' } },
      numbers: { head: ['cell', 'runs', 'epochs', 'mean', 'min', 'max'], rows: [] },
    }));
  }
  // Before anybody else has pushed the gap is 0.
  const log = decades(lines.flatMap(({ curve }) => curve.mean).filter(value => !skipsZeros || value > 0), [], more.limit !== undefined) !== null;
  draw(name, colours => ({
    option: curves(colours, lines.map(({ name, curve, cell, colour }) => ({
      name: curve.isNc ? `${name} (no run converged)` : partly(cell) ? `${name} (${partly(cell)})` : name, x: curve.epochs, y: curve.mean, min: curve.runs > 1 ? curve.min : undefined, max: curve.runs > 1 ? curve.max : undefined, colour, dashed: curve.isNc, dots: curve.epochs.length <= 40, marked: lines.length > 1, symbol: symbols[colour % symbols.length], unit,
    })), 'epochs', y, { ...more, log, isSaid: true }),
    numbers: { head: ['cell', 'runs', 'epochs', 'mean', 'min', 'max'], rows: lines.flatMap(({ name, curve }) => curve.epochs.map((epoch, i) => [name, curve.runs, epoch, curve.mean[i], curve.min[i], curve.max[i]])) },
  }));
  honest(name, lines.some(({ curve }) => curve.isNc) ? 'A dashed curve is of runs that did not converge, where no run of its cell did.' : '');
}

function differences() {
  if (!data.comparisons) return;
  const { comparisons, delta, unit } = data.comparisons;
  const of = comparisons.map(one => ({ ...one, interval: one.interval95 ?? one.confidenceSequence95 ?? null }));
  const names = of.map(one => `${one.a} - ${one.b}${one.where ? ` (${one.where})` : ''}`);
  const reach = of.flatMap(one => [one.difference, one.interval?.low, one.interval?.high]).filter(value => typeof value === 'number');
  if (reach.length === 0) return hide('differences');
  const colourOf = colours => i => /^[ab]-better/.test(of[i].verdict) ? colours.colours[0] : of[i].verdict === 'equivalent' ? colours.colours[2] : colours.soft;
  $('differences').style.height = `${Math.max(14, 4 + 2 * Math.min(mostRows, names.length))}rem`;
  draw('differences', colours => ({
    option: {
      legend: null,
      xAxis: axis(colours, `A - B${unit ? `, ${unit}` : ''}`, { type: 'value' }),
      yAxis: upright(colours, '', { type: 'category', data: names, inverse: true, scale: false, axisLabel: { color: colours.text, width: $('differences').clientWidth * 0.42, overflow: 'break', lineHeight: 14 } }),
      ...slider(names.length),
      tooltip: { trigger: 'item', formatter: one => `${names[one.dataIndex]}\n${say(of[one.dataIndex].difference)}${of[one.dataIndex].interval ? `, 95 %: ${say(of[one.dataIndex].interval.low)} to ${say(of[one.dataIndex].interval.high)}` : ''}\n${of[one.dataIndex].verdictText}, n ${of[one.dataIndex].n}` },
      series: [
        {
          type: 'scatter', symbolSize: 9, data: of.map((one, i) => ({ value: [one.difference, i], itemStyle: { color: colourOf(colours)(i) } })),
          markArea: delta > 0 ? { silent: true, itemStyle: { color: colours.line, opacity: 0.5 }, data: [[{ xAxis: -delta }, { xAxis: delta }]] } : undefined,
          markLine: { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: colours.soft, type: 'solid' }, data: [{ xAxis: 0 }] },
        },
        { type: 'custom', silent: true, tooltip: { show: false }, encode: { x: [0, 1], y: 2 }, data: of.map((one, i) => [one.interval?.low ?? null, one.interval?.high ?? null, i]), renderItem: (params, api) => Number.isNaN(api.value(0)) || Number.isNaN(api.value(1)) ? null : bars(colours, colourOf(colours))(params, api) },
      ],
    },
  }));
}

// What a shuffled copy of an axis reaches is a mark on the axis's bar.
function factors() {
  if (!$('factors')) return;
  const of = data.factors.map(one => ({ name: one.axis[0], importance: one.importance[0], control: one.control[0], isFactor: one.isFactor }));
  $('factors').style.height = `${Math.max(9, 4 + 2 * of.length)}rem`;
  draw('factors', colours => ({
    option: {
      legend: null,
      xAxis: axis(colours, 'fall of R²', { type: 'value' }),
      yAxis: upright(colours, '', { type: 'category', data: of.map(one => one.name), inverse: true, scale: false }),
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: ([one]) => `${of[one.dataIndex].name}: ${say(of[one.dataIndex].importance)}${of[one.dataIndex].isFactor ? '' : ', no more than chance'}\ncontrol: ${say(of[one.dataIndex].control)}` },
      series: [
        { type: 'bar', data: of.map(one => ({ value: one.importance, itemStyle: { color: one.isFactor ? colours.colours[0] : colours.soft } })) },
        { type: 'scatter', symbol: 'rect', symbolSize: [3, 18], color: colours.colours[1], data: of.map((one, i) => [one.control, i]), tooltip: { show: false } },
      ],
    },
    numbers: { head: ['axis', 'importance', 'control'], rows: of.map(one => [one.name, one.importance, one.control]) },
  }));
}

function published() {
  if (!$('published')) return;
  const of = cells.filter(cell => cell.published && cell.published.value !== null && cell.mean !== null);
  if (of.length === 0) return hide('published');
  const reach = of.flatMap(cell => [cell.published.value, cell.mean, cell.interval95?.low, cell.interval95?.high]).filter(value => typeof value === 'number');
  const [low, high] = [Math.min(...reach), Math.max(...reach)];
  draw('published', colours => ({
    option: {
      legend: null,
      xAxis: axis(colours, `published${whole ? `, ${data.unit}` : ''}`, { type: 'value', scale: true }), yAxis: upright(colours, `measured${whole ? `, ${data.unit}` : ''}`, { type: 'value' }),
      tooltip: { trigger: 'item', formatter: one => `${tell(of[one.dataIndex])}\npublished ${say(of[one.dataIndex].published.value)}: ${of[one.dataIndex].published.verdict}` },
      series: [
        {
          type: 'scatter', symbolSize: 9, color: colours.colours[0], data: of.map(cell => [cell.published.value, cell.mean]),
          markLine: { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: colours.soft, type: 'dashed' }, data: [[{ coord: [low, low] }, { coord: [high, high] }]] },
        },
        {
          type: 'custom', silent: true, tooltip: { show: false }, encode: { x: 0, y: [1, 2] }, data: of.filter(cell => cell.interval95).map(cell => [cell.published.value, cell.interval95.low, cell.interval95.high]),
          renderItem: (params, api) => {
            const [x, y1] = api.coord([api.value(0), api.value(1)]);
            return { type: 'line', shape: { x1: x, y1, x2: x, y2: api.coord([api.value(0), api.value(2)])[1] }, style: { stroke: colours.colours[0], lineWidth: 2 } };
          },
        },
      ],
    },
  }));
}

// Charts are drawn from what is chosen. A sweep that decides on the way may have other cells by now, and then there is
// something else to choose.
function drawAll() {
  cells = data.table.cells;
  const now = valuesOf();
  if (JSON.stringify(now) !== JSON.stringify(values)) {
    values = now;
    cellValue = 'mean';
    for (const name of ['means', 'field', ...Object.keys(curveKinds)]) {
      $(`${name}Controls`).replaceChildren();
      delete chosenIn[name];
    }
    prepare();
  }
  means(chosenIn.means);
  if (chosenIn.field) fieldOf(chosenIn.field);
  else hide('field');
  noConvergence();
  const isDrawn = name => data[name]?.some(curve => curve.epochs.length > 0) ?? false;
  $('curvesSection').hidden = !Object.keys(curveKinds).some(isDrawn);
  for (const name of Object.keys(curveKinds)) {
    if (isDrawn(name)) curvesOf(name, chosenIn[name]);
    else hide(name);
  }
  differences();
  factors();
  published();
}

// What there is to choose; once.
function prepare() {
  const chooseFor = (name, roles, changed) => chooser($(`${name}Controls`), roles, chosen => {
    const isFirst = !chosenIn[name];
    chosenIn[name] = chosen;
    if (!isFirst) changed(chosen);
  });
  chooseFor('means', [{ name: 'x', text: 'Across', numeric: true }, { name: 'by', text: 'a line for each', optional: true }], means);
  if (values.filter(of => of.length > 1).length >= 2) {
    const options = Object.entries(shown).filter(([key]) => key !== 'difference' || cells.some(cell => cell.published)).map(([key, [name]]) => [key, name]);
    choose($('fieldControls'), 'Value', options, value => { cellValue = value; fieldOf(chosenIn.field); });
    chooseFor('field', [{ name: 'x', text: 'across' }, { name: 'y', text: 'down' }], fieldOf);
  }
  for (const name of Object.keys(curveKinds)) chooseFor(name, [{ name: 'by', text: 'A curve for each', optional: true }], chosen => curvesOf(name, chosen));
}
