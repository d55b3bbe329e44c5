// Put into a page before it is walked with Tab: `tabbing.wanted` should be reached; `tabbing.faults()` says what was not.
(() => {
  const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [contenteditable], [tabindex]";
  const LOOKS = ["outlineStyle", "outlineWidth", "boxShadow", "backgroundColor", "borderTopColor", "textDecorationLine", "color"];
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;
  const named = (one) => (one.getAttribute("aria-label") || one.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
  const told = (one) => [one.tagName.toLowerCase(), one.id, named(one), one.getAttribute("href") ?? one.name].filter(Boolean).join(" ");
  const groups = new Map();

  // A group of radios is one stop. What is for the eye or the hand alone stands elsewhere once more; where arrows go
  // through many, they are one stop too.
  function stops(one) {
    if (one.disabled || one.closest("[inert], [aria-hidden=true]") || !shown(one)) return false;
    if (one.type === "radio" && one.name) {
      const group = `${[...document.forms].indexOf(one.form)} ${one.name}`;
      if (!groups.has(group)) groups.set(group, one.form?.querySelector(`[name="${one.name}"]:checked`) ?? one);
      return groups.get(group) === one;
    }
    return one.tabIndex >= 0 || (!one.matches("[tabindex]:not(a, button, input, select, textarea)") && !one.closest("[data-arrows]"));
  }

  // A change of style that the focus makes: of the element, what it is in, its label, or what is drawn in its place.
  function look(one) {
    const where = [one.labels?.[0], one.nextElementSibling];
    for (let here = one; here && where.length < 6; here = here.parentElement) where.push(here);
    return where.filter(Boolean).map((here) => LOOKS.map((name) => getComputedStyle(here)[name]).join()).join("|");
  }
  const outlined = (one) => getComputedStyle(one).outlineStyle !== "none" && parseFloat(getComputedStyle(one).outlineWidth) >= 1;

  // Whether no part of it is to be seen: outside the window, or behind something that stays in place.
  function covered(one) {
    const drawn = one.labels?.[0] && one.getBoundingClientRect().width < 8 ? one.labels[0] : one;
    const box = drawn.getClientRects()[0];
    const xs = [box.left + 2, (box.left + box.right) / 2, box.right - 2];
    const ys = [box.top + 2, (box.top + box.bottom) / 2, box.bottom - 2];
    return !xs.some((x) => ys.some((y) => {
      const at = document.elementFromPoint(x, y);
      return at && (drawn.contains(at) || at.contains(drawn) || at.closest("label")?.control === one);
    }));
  }

  const wanted = [...document.querySelectorAll(STOPS)].filter(stops);
  const seen = [], dull = [], hidden = [];
  let last = null;
  const left = () => { if (last && !last.sure && last.look === look(last.one)) dull.push(told(last.one)); };
  document.addEventListener("focusin", ({ target }) => {
    if (last?.one === target) return;
    left();
    last = { one: target, sure: outlined(target), look: look(target) };
    seen.push(target);
    if (covered(target)) hidden.push(told(target));
  });

  window.tabbing = {
    wanted: wanted.length,
    left: () => wanted.filter((one) => one.isConnected && !seen.includes(one)).length,
    faults() {
      document.activeElement.blur();
      left();
      const places = seen.map((one) => wanted.indexOf(one)).filter((place) => place >= 0);
      return {
        missed: wanted.filter((one) => one.isConnected && !seen.includes(one)).map(told),
        back: places.filter((place, at) => at && place && place < places[at - 1]).map((place) => told(wanted[place])),
        dull,
        hidden,
      };
    },
  };
})();
