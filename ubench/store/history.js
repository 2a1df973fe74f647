// SPDX-License-Identifier: GPL-2.0
// The filter of a history's page: rows that have all the words, and are of the tier. Without it, all are shown.
const form = document.querySelector('form'), out = form.querySelector('output');
const rows = [...document.querySelectorAll('tr[data-tier]')];
const parts = [...document.querySelectorAll('section')];
function filter() {
  const words = form.words.value.toLowerCase().split(/\s+/), tier = form.tier.value;
  let shown = 0;
  for (const r of rows) {
    const text = r.dataset.case.toLowerCase();
    r.hidden = tier && r.dataset.tier !== tier || !words.every(w => text.includes(w)) ||
      form.steps.checked && !r.dataset.steps;
    shown += !r.hidden;
  }
  for (const p of parts)
    p.hidden = !p.querySelector('tr[data-tier]:not([hidden])');
  out.textContent = `${shown} of ${rows.length} shown`;
}
form.hidden = false;
form.addEventListener('input', filter);
form.addEventListener('submit', e => e.preventDefault());
filter();
