// The page of all runs and sweeps of a folder.
const shownRows = new Map();
const chosen = { text: '', state: 'all' };
const kinds = { completed: 'good', sweep: 'open', running: 'open', interrupted: 'open' };
let order = '';

function cells([name, id, state, rule, seed, started, workers, updates, accuracy, loss, staleness]) {
  const link = element('a', { href: `/${state === 'sweep' ? 'sweeps' : 'runs'}/${encodeURIComponent(name)}/${encodeURIComponent(id)}`, textContent: name });
  const number = value => element('td', { className: 'number', textContent: say(value) });
  return [
    element('th', { scope: 'row' }, link, ' ', element('span', { className: 'id', textContent: id })),
    element('td', {}, element('span', { className: `status ${kinds[state] ?? 'bad'}`, textContent: state })),
    element('td', { textContent: rule }), number(workers), element('td', { textContent: seed }), number(updates), number(accuracy), number(loss), number(staleness),
    element('td', { textContent: started }),
  ];
}

function fits([name, id, state, rule]) {
  return (chosen.state === 'all' || state.split(',')[0] === chosen.state) && [name, id, rule].some(text => text.toLowerCase().includes(chosen.text));
}

// Only what changed is made again: a thousand rows stay as they are.
function drawAll() {
  const body = $('runs').tBodies[0];
  // The newest first; of the same second by their names.
  const keys = Object.keys(data.rows).sort((a, b) => data.rows[b][5].localeCompare(data.rows[a][5]) || b.localeCompare(a));
  for (const [key, shown] of shownRows) {
    if (!(key in data.rows)) {
      shown.row.remove();
      shownRows.delete(key);
    }
  }
  let visible = 0;
  for (const key of keys) {
    const values = data.rows[key];
    let shown = shownRows.get(key);
    if (!shown) shownRows.set(key, shown = { row: element('tr'), values: null });
    if (shown.values !== values) {
      shown.values = values;
      shown.row.replaceChildren(...cells(values));
    }
    const isHidden = !fits(values);
    if (shown.row.hidden !== isHidden) shown.row.hidden = isHidden;
    visible += isHidden ? 0 : 1;
  }
  const now = keys.join('\n');
  if (now !== order) {
    order = now;
    body.append(...keys.map(key => shownRows.get(key).row));
  }
  const counted = `${say(visible)} of ${say(keys.length)} are shown.${data.all > keys.length ? ` They are the newest of ${say(data.all)}.` : ''}`;
  if ($('counted').textContent !== counted) $('counted').textContent = counted;
}

function prepare() {
  $('filter').addEventListener('input', () => { chosen.text = $('filter').value.trim().toLowerCase(); drawAll(); });
  const states = ['all', 'running', 'completed', 'interrupted', 'diverged', 'failed', 'sweep'];
  choose($('states'), 'State', states.map(state => [state, state]), state => { chosen.state = state; drawAll(); });
}
