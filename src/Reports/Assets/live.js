// What makes a page live: the server tells all that it shows, then what changes. While nobody sees
// it, or somebody holds it, it asks for nothing; then it gets all again, so that nothing is kept.
let state = { parts: {}, data, live: { hasEnded: false, stands: false, note: '' } };
let source = null;
let isHeld = false;
let isOver = false;
let retry = 0;
const longestRetry = 60_000;
const unseen = new Set();
const isNear = new Map();

function tellState(word, kind) {
  const at = $('liveState');
  if (at.textContent === word) return;
  at.textContent = word;
  at.className = `status ${kind}`;
}

// A change: where, from which element of a list on (null: all of it), and what stands there now.
function change(target, changes) {
  for (const [path, from, value] of changes) {
    const owner = path.slice(0, -1).reduce((at, key) => at[key], target);
    const last = path.at(-1);
    owner[last] = from === null ? value : owner[last].slice(0, from).concat(value);
  }
}

// Markup is the server's own, in which whatever others wrote is escaped; the policy runs none of it.
function showParts() {
  for (const [id, markup] of Object.entries(state.parts)) {
    const at = $(id);
    if (at && at.markup !== markup) {
      at.markup = markup;
      at.innerHTML = markup;
    }
  }
}

function showState() {
  data = state.data;
  showParts();
  if ($('liveNote').textContent !== state.live.note) $('liveNote').textContent = state.live.note;
  if (state.live.hasEnded) {
    isPutOff = () => false;
    $('livePause').hidden = true;
  }
  keep(drawAll);
}

function connect() {
  if (source || isHeld || document.hidden || state.live.hasEnded || isOver) return;
  source = new EventSource(`${location.pathname === '/' ? '' : location.pathname}/events`);
  const take = act => event => {
    retry = 0;
    act(JSON.parse(event.data));
    showState();
    if (state.live.hasEnded) {
      disconnect();
      tellState('ended', 'good');
    } else tellState(state.live.stands ? 'stopped' : 'live', state.live.stands ? 'open' : 'good');
  };
  source.addEventListener('all', take(all => { state = all; }));
  source.addEventListener('change', take(changes => change(state, changes)));
  // Whoever writes has ended, and the server with it, though there is more to do.
  source.addEventListener('end', () => {
    isOver = true;
    disconnect();
    $('livePause').hidden = true;
    if (!state.live.hasEnded) tellState(state.live.stands ? 'ended' : 'interrupted', state.live.stands ? 'good' : 'open');
  });
  source.onerror = () => {
    disconnect();
    tellState('disconnected', 'bad');
    retry = Math.min(longestRetry, Math.max(1000, 2 * retry));
    setTimeout(connect, retry);
  };
}

function disconnect() {
  source?.close();
  source = null;
}

start(() => {
  // Charts out of sight are drawn when they come into sight.
  const observer = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      isNear.set(target.id, isIntersecting);
      if (isIntersecting && unseen.delete(target.id)) keep(() => redraw(target.id));
    }
  }, { rootMargin: '25%' });
  prepare();
  drawAll();
  drawn.forEach((_, id) => observer.observe($(id)));
  isPutOff = id => {
    if (!isNear.has(id)) observer.observe($(id));
    const isFar = isNear.get(id) === false;
    if (isFar) unseen.add(id);
    return isFar;
  };
  const pause = $('livePause');
  pause.addEventListener('click', () => {
    isHeld = !isHeld;
    pause.setAttribute('aria-pressed', `${isHeld}`);
    pause.textContent = isHeld ? 'Go on' : 'Pause';
    if (!isHeld) return connect();
    disconnect();
    tellState('held', 'open');
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) return connect();
    disconnect();
  });
  connect();
});
