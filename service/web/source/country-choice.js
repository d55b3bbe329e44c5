// <country-choice>: a long list of ticks that can be searched, with what was chosen told above it.
class CountryChoice extends HTMLElement {
  connectedCallback() {
    this.find = this.querySelector(".choice-find");
    this.told = this.querySelector(".choice-told");
    this.items = [...this.querySelectorAll(".choice-item")];
    this.find.hidden = false;
    const order = new Intl.Collator(document.documentElement.lang);
    this.items.sort((one, other) => order.compare(one.textContent, other.textContent));
    this.querySelector(".choice-list").append(...this.items);
    this.find.addEventListener("input", () => this.narrow());
    this.find.addEventListener("keydown", (event) => this.take(event));
    this.addEventListener("change", () => this.tell());
    this.tell();
  }

  narrow() {
    const wanted = this.find.value.trim().toLowerCase();
    for (const item of this.items) item.hidden = wanted !== "" && !item.dataset.find.includes(wanted);
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
