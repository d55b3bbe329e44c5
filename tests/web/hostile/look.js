(tallest) => {
  // Elements of ours. Whatever else turns up came out of somebody's words; so did what bears `data-evil`.
  const ours = new Set(`html head meta title link script body a abbr aside article b bdi br button caption code dd
    details dialog div dl dt em fieldset figcaption figure footer form h1 h2 h3 h4 header hr i input kbd label legend
    li main mark meter nav ol optgroup option output p pre progress section select small span strong sub summary sup
    table tbody td textarea tfoot th thead time tr ul datalist
    svg g path circle rect line polyline polygon text tspan use symbol defs pattern clipPath ellipse`.split(/\s+/));
  const leading = ['href', 'src', 'action', 'formaction', 'data', 'srcset', 'poster', 'xlink:href', 'hx-get', 'hx-post'];
  const hidden = /[\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\u{e0000}-\u{e007f}\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/u;
  const faults = [];
  for (const one of document.querySelectorAll('*')) {
    const name = one.localName;
    if (!ours.has(name) && !name.includes('-')) faults.push(`element ${name}`);
    for (const given of one.attributes) {
      if (given.name === 'data-evil') faults.push(`element of theirs: ${name}`);
      if (/^(on|hx-on)/.test(given.name)) faults.push(`${name} ${given.name}`);
      if (hidden.test(given.value)) faults.push(`hidden or turning characters in ${name} ${given.name}`);
      if (!leading.includes(given.name) || !given.value) continue;
      const to = new URL(given.value, location.href);
      const outward = name === 'a' && one.relList.contains('noopener') && ['http:', 'https:'].includes(to.protocol);
      if (to.origin !== location.origin && !outward) faults.push(`${name} to ${given.value}`);
      if (outward && /[^\x21-\x7e]/.test(given.value)) faults.push(`odd link ${given.value}`);
    }
  }
  if (window.__hit !== undefined) faults.push('a script of theirs ran');
  if (document.querySelector('meta[http-equiv], base')) faults.push('meta or base');
  if (hidden.test(document.body.innerText + document.title)) faults.push('hidden or turning characters');
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const who = new Set();
    while (walker.nextNode()) {
      range.selectNodeContents(walker.currentNode);
      const one = walker.currentNode.parentElement;
      if (range.getBoundingClientRect().right > root.clientWidth + 1) who.add(`${one.localName}.${one.className}`);
    }
    faults.push(`wider than the screen: ${root.scrollWidth} by ${[...who].slice(0, 6).join(', ')}`);
  }
  if (root.scrollHeight > tallest) faults.push(`too tall: ${root.scrollHeight}`);
  return [...new Set(faults)];
}
