// <country-choice>: a long list of ticks that can be searched, with what was chosen told above it. For keys it is one
// stop: arrows go through it, so that nobody has to pass 249 countries to reach the next field.
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

class CountryChoice extends HTMLElement {
  connectedCallback() {
    this.find = this.querySelector(".choice-find");
    this.told = this.querySelector(".choice-told");
    this.items = [...this.querySelectorAll(".choice-item")];
    this.list = this.querySelector(".choice-list");
    this.find.hidden = false;
    const order = new Intl.Collator(document.documentElement.lang);
    this.items.sort((one, other) => order.compare(one.textContent, other.textContent));
    this.list.append(...this.items);
    this.list.removeAttribute("tabindex");
    this.list.dataset.arrows = "";
    this.list.setAttribute("aria-keyshortcuts", "ArrowDown ArrowUp Home End");
    this.list.addEventListener("keydown", (event) => this.step(event));
    this.list.addEventListener("focusin", (event) => this.stopAt(event.target));
    this.find.addEventListener("input", () => this.narrow());
    this.find.addEventListener("keydown", (event) => this.take(event));
    this.addEventListener("change", () => this.tell());
    this.tell();
    this.stopAt();
  }

  get ticks() {
    return this.items.filter((item) => !item.hidden).map((item) => item.querySelector("input"));
  }

  // Where Tab comes in: where one was, else at what is chosen, else at the first.
  stopAt(wanted) {
    const ticks = this.ticks;
    const stop = [wanted, ticks.find((tick) => tick.checked), ticks[0]].find((tick) => ticks.includes(tick));
    for (const item of this.items) item.querySelector("input").tabIndex = item.contains(stop) ? 0 : -1;
  }

  step(event) {
    const by = STEPS[event.key];
    if (!by || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const ticks = this.ticks;
    const place = Math.min(Math.max(ticks.indexOf(event.target) + by, 0), ticks.length - 1);
    ticks[place]?.focus();
  }

  narrow() {
    const wanted = this.find.value.trim().toLowerCase();
    for (const item of this.items) item.hidden = wanted !== "" && !item.dataset.find.includes(wanted);
    this.stopAt();
  }

  // Enter ticks the first that is left, so that a country is three letters away.
  take(event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = this.items.find((item) => !item.hidden);
    if (!first || !this.find.value.trim()) return;
    const tick = first.querySelector("input");
    tick.checked = !tick.checked;
    this.find.value = "";
    this.narrow();
    this.tell();
  }

  tell() {
    const chosen = this.items.filter((item) => item.querySelector("input").checked).map((item) => item.innerText.trim());
    this.told.textContent = chosen.length ? chosen.join(" · ") : this.told.dataset.none;
  }
}

customElements.define("country-choice", CountryChoice);
