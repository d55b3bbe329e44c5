// <learning-list>: entries judged by keys. What is saved goes from the list at once, and comes back if the desk says no.
import { load } from "./load.js";
import { post } from "./send.js";
import { say } from "./words.js";
import { toast } from "./toast.js";

const KEYS_OFF = "watchfire-keys-off";
const GRAVEST = 4;
const UNDO_FOR = 8000;

class LearningList extends HTMLElement {
  connectedCallback() {
    this.last = null;
    this.listen = (event) => this.key(event);
    document.addEventListener("keydown", this.listen);
    this.addEventListener("submit", (event) => this.submit(event));
    this.addEventListener("focusin", (event) => this.choose(event.target.closest(".ask"), false));
    this.addEventListener("change", (event) => this.changed(event.target));
    for (const ask of this.asks()) agree(ask);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listen);
  }

  asks() {
    return [...this.querySelectorAll(".ask:not([hidden])")];
  }

  get chosen() {
    return this.querySelector(".ask[data-chosen]:not([hidden])");
  }

  choose(ask, focus = true) {
    if (!ask) return;
    for (const one of this.querySelectorAll(".ask[data-chosen]")) one.removeAttribute("data-chosen");
    ask.setAttribute("data-chosen", "");
    if (!focus) return;
    ask.focus({ preventScroll: true });
    ask.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
    if (localStorage.getItem(KEYS_OFF) || document.querySelector("dialog[open]")) return;
    const typing = event.target.closest?.("textarea, select, input:not([type=checkbox], [type=radio])");
    if (typing && event.key !== "Enter") return;
    if (event.key === "Enter" && event.target.closest?.("a, button, summary")) return;
    if (this.press(event.key)) event.preventDefault();
  }

  press(key) {
    if (key === "u") return this.undo();
    const ask = this.chosen;
    if (!ask?.querySelector("form")) return false;
    if (key === "j" || key === "k") this.move(key === "j" ? 1 : -1);
    else if (/^[1-5]$/.test(key)) toggle(ask, Number(key) - 1);
    else if (key === "0") for (const tick of ticks(ask)) tick.checked = false;
    else if (key === "s") graver(ask);
    else if (key === "Enter") this.save(ask);
    else return false;
    agree(ask);
    return true;
  }

  move(step) {
    const all = this.asks();
    const from = all.indexOf(this.chosen);
    const seen = this.contains(document.activeElement);
    this.choose(all[Math.min(all.length - 1, Math.max(0, from + (seen ? step : 0)))]);
  }

  changed(target) {
    const ask = target.closest(".ask");
    if (ask) agree(ask);
  }

  submit(event) {
    const ask = event.target.closest(".ask");
    if (!ask) return;
    event.preventDefault();
    if (event.submitter?.name === "none") for (const tick of ticks(ask)) tick.checked = false;
    this.save(ask);
  }

  async save(ask) {
    const form = ask.querySelector("form");
    const values = new URLSearchParams(new FormData(form));
    const told = spoken(ask, this.dataset.none);
    const all = this.asks();
    const next = all[all.indexOf(ask) + 1] ?? all[all.indexOf(ask) - 1];
    ask.hidden = true;
    this.choose(next);
    this.tellEnd();
    const failed = await post(form.getAttribute("action"), values);
    if (failed !== null) {
      this.bring(ask);
      toast(say("web.act.failed", { why: failed }), { problem: true });
      return;
    }
    this.last = ask;
    toast(say("learning.saved", { what: told }), { stays: UNDO_FOR, label: say("web.act.undo"), run: () => this.undo() });
  }

  undo() {
    const ask = this.last;
    if (!ask) return false;
    this.last = null;
    this.bring(ask);
    post(`/entries/${ask.dataset.entry}/corrections/undo`).then((failed) => {
      if (failed === null) toast(say("learning.undone"));
      else {
        ask.hidden = true;
        this.tellEnd();
        toast(say("web.act.failed", { why: failed }), { problem: true });
      }
    });
    return true;
  }

  bring(ask) {
    ask.hidden = false;
    this.choose(ask);
    this.tellEnd();
  }

  tellEnd() {
    this.querySelector(".asks-done").hidden = this.asks().length > 0;
  }
}

const ticks = (ask) => [...ask.querySelectorAll("[name=labels]")];
const graves = (ask) => [...ask.querySelectorAll("[name=severity]")];

function toggle(ask, place) {
  const tick = ticks(ask)[place];
  tick.checked = !tick.checked;
}

function graver(ask) {
  const all = graves(ask);
  const at = all.findIndex((one) => one.checked);
  all[(at + 1) % GRAVEST].checked = true;
}

// Without a category there is nothing to be grave.
function agree(form) {
  const none = !ticks(form).some((tick) => tick.checked);
  form.querySelector(".grave")?.toggleAttribute("disabled", none);
  for (const group of form.querySelectorAll("[data-of]")) {
    const on = ticks(form).some((tick) => tick.checked && tick.value === group.dataset.of);
    if (on && group.hidden) group.open = true;
    group.hidden = !on;
    if (!on) for (const tick of group.querySelectorAll("input")) tick.checked = false;
  }
}

function spoken(ask, none) {
  const words = ticks(ask).filter((tick) => tick.checked).map((tick) => tick.parentElement.querySelector("span").textContent);
  const grave = graves(ask).find((one) => one.checked)?.value;
  return words.length ? `${words.join(" · ")} · ${grave}/${GRAVEST}` : none;
}

customElements.define("learning-list", LearningList);

// The whole form: on its own page, or brought beside a report.
const settle = () => document.querySelectorAll(".correct-form").forEach(agree);
settle();
document.addEventListener("htmx:after:swap", settle);
document.addEventListener("change", (event) => {
  const form = event.target.closest(".correct-form");
  if (form) agree(form);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-correct]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button > 0) return;
  event.preventDefault();
  bring(link);
});

// Beside a report the answer is the report as it is said to be now; what the walk makes of it arrives by itself.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("#detail .correct-form, #detail .correct-undo");
  if (!form) return;
  event.preventDefault();
  const values = new URLSearchParams(new FormData(form));
  if (event.submitter?.name) values.set(event.submitter.name, event.submitter.value);
  const failed = await post(form.getAttribute("action"), values);
  if (failed !== null) {
    toast(say("web.act.failed", { why: failed }), { problem: true });
    return;
  }
  form.closest("[hx-morph-skip-children]").replaceChildren(); // it is said; a form that is still written in stays
  await load("#detail", location.pathname + location.search, { swap: "outerMorph" });
  toast(say(form.matches(".correct-undo") ? "learning.undone" : "learning.kept"));
});

async function bring(link) {
  const room = document.getElementById(link.dataset.correct);
  if (room.firstElementChild) {
    room.replaceChildren();
    return;
  }
  await load(`#${room.id}`, link.getAttribute("href"), { swap: "innerHTML" });
  room.querySelector("input[type=checkbox]")?.focus();
}
