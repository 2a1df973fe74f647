// SPDX-License-Identifier: GPL-2.0
/*
 * The icicle of ubench/profile/svg.c. Click: zoom to a frame, or, on the outermost one, out again. "Search":
 * frames whose name matches get a colour of their own, and their share is shown; nested matches count once.
 */
const W = 1200 - 24, all = [...document.querySelectorAll('g.f')];
const num = (g, k) => +g.dataset[k];
function draw(x0, w0) {
  for (const g of all) {
    const x = (num(g, 'x') - x0) / w0 * W, w = num(g, 'w') / w0 * W;
    const a = Math.max(0, x), b = Math.min(W, x + w);
    g.style.display = b - a < 0.3 ? 'none' : '';
    const r = g.querySelector('rect'), t = g.querySelector('text');
    r.setAttribute('x', 12 + a); r.setAttribute('width', Math.max(0.3, b - a - 0.6));
    t.setAttribute('x', 12 + a + 4);
    const n = Math.floor((b - a - 8) / 7.3), name = g.dataset.n;
    t.textContent = n >= name.length ? name : n > 3 ? name.slice(0, n - 1) + '\u2026' : '';
  }
}
const root = all.reduce((s, g) => s + (num(g, 'd') ? 0 : num(g, 'w')), 0);
const info = document.getElementById('info');
for (const g of all) {
  g.addEventListener('click', () => num(g, 'd') ? draw(num(g, 'x'), num(g, 'w')) : draw(0, root));
  g.addEventListener('mouseover', () => info.textContent = g.querySelector('title').textContent);
}
function search(what) {
  let re; try { re = what ? new RegExp(what, 'i') : null; } catch (e) { info.textContent = e; return; }
  let sum = 0, end = -1;
  for (const g of all) {
    const hit = re && re.test(g.dataset.n), r = g.querySelector('rect');
    r.setAttribute('fill', hit ? '#ee00ee' : g.dataset.c);
    if (hit && num(g, 'x') >= end) { sum += num(g, 'w'); end = num(g, 'x') + num(g, 'w'); }
  }
  info.textContent = re ? `'${what}': ${(100 * sum / root).toFixed(2)} % with callees` : '';
}
function ask() { search(prompt('Functions that match (regular expression; empty: none)', '')); }
document.getElementById('search').addEventListener('click', ask);
document.getElementById('out').addEventListener('click', () => draw(0, root));
addEventListener('keydown', e => {
  if ((e.ctrlKey || e.metaKey) && e.key === 'f' || e.key === '/') { ask(); e.preventDefault(); }
});
