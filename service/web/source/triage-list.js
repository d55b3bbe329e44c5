// <triage-list>: moving, opening and acting by keys, and the detail beside the list where there is room.
import { act, actOnMany, choose, may, rowOf, shownAlert, stillHeld, undo } from "./acts.js";
import { askAbout, labels, merging, toggleOriginals } from "./aside.js";
import { chooseAll, chooseNone, chosenIds, tick, told } from "./several.js";
import { find } from "./find.js";
import { showWaiting } from "./live.js";
import { load } from "./load.js";
import { say } from "./words.js";
import { toast } from "./toast.js";

const WIDE = matchMedia("(min-width: 800px)");
const GO_WITHIN = 1200;
const KEYS_OFF = "watchfire-keys-off";
const ACTS = { a: "acknowledge", r: "respond", e: "resolve" };
let leading = 0;

class TriageList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const link = event.target.closest(".row-link");
      if (link && opensBeside(event)) {
        event.preventDefault();
        open(link.closest(".row"));
      }
    });
  }
}
customElements.define("triage-list", TriageList);

// The fold of the choices stays as it is when one of them brings the list anew.
let unfolded = false;
document.addEventListener("toggle", (event) => { if (event.target.matches?.(".filter-fold")) unfolded = event.target.open; }, true);
document.addEventListener("htmx:after:swap", () => { if (unfolded) document.querySelector(".filter-fold")?.setAttribute("open", ""); });

const opensBeside = (event) => WIDE.matches && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button > 0);
const rows = () => [...document.querySelectorAll(".row")];
// A row that is brought anew is nobody's focus for a moment: the hand is still on it.
let touched = null;
document.addEventListener("focusin", (event) => { touched = event.target.closest?.(".row")?.dataset.id ?? null; });
const focusedRow = () => document.activeElement?.closest(".row") ?? (document.activeElement === document.body && touched ? rowOf(touched) : null);
const chosenRow = () => document.querySelector(".row[data-chosen]");

async function open(row) {
  const link = row.querySelector(".row-link");
  const address = link.getAttribute("href");
  choose(row.dataset.id);
  row.classList.remove("is-changed", "is-unseen");
  await load("#detail", address, { push: address });
  stillHeld(row.dataset.id);
  document.body.classList.add("has-detail");
  document.title = `${link.textContent.trim()} · ${document.title.split(" · ").slice(-2).join(" · ")}`;
  row.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = rows();
  const from = focusedRow() ?? chosenRow();
  let place = from ? all.indexOf(from) + step : 0;
  while (all[place]?.hidden) place += Math.sign(step) || 1;
  const goal = all[place] ?? (from && !from.hidden ? from : all.findLast((row) => !row.hidden));
  goal?.querySelector(".row-link").focus({ preventScroll: true });
  goal?.scrollIntoView({ block: "nearest" });
}

// The alert that a key means: the row in focus, else the one that is open.
function meant() {
  return focusedRow()?.dataset.id ?? shownAlert()?.dataset.id ?? chosenRow()?.dataset.id ?? eventsOwn()?.dataset.id ?? null;
}

const eventsOwn = () => document.querySelector(".event-alert[data-id]");

// Rows that are ticked, else the one that a key means.
function meantIds() {
  const ids = chosenIds();
  if (ids.length) return ids;
  const one = meant();
  return one ? [one] : [];
}

function askWhy(step) {
  const ids = meantIds().filter((id) => may(id, step));
  if (!ids.length) toast(say("web.keys.none"));
  else askAbout(step, ids);
}

function doTo(step, values = {}) {
  const ids = chosenIds();
  if (ids.length) {
    actOnMany(ids, step, values);
    chooseNone();
  } else if (meant() && !asksFirst(step)) act(meant(), step, values);
}

// Where steps of the response are still open, resolving asks why: its form is opened and nothing sent.
function asksFirst(step) {
  const menu = document.getElementById(`menu-${step}`);
  if (!menu || shownAlert()?.dataset.id !== meant()) return false;
  menu.open = true;
  menu.querySelector("input[name=note]").focus();
  return true;
}

// What one person is an owner for is handed to that owner: of somebody who is none nobody could be told.
function takeMyself() {
  const owner = document.getElementById("hand")?.dataset.own;
  if (owner) doTo("hand", { owner });
  else toast(say("triage.js.no_owner"));
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-step]");
  if (!form) return;
  event.preventDefault();
  const dialog = form.closest("dialog");
  const ids = dialog ? dialog.dataset.ids.split(",") : [form.closest("[data-id]").dataset.id];
  const values = Object.fromEntries([...new FormData(form, event.submitter)].filter(([name]) => name !== "back"));
  if (values.until === "local") {
    if (!values.local) return;
    values.until = new Date(values.local).toISOString();
  }
  delete values.local;
  const menu = form.closest("details.menu");
  if (menu) menu.open = false;
  dialog?.close();
  if (ids.length > 1) {
    actOnMany(ids, form.dataset.step, values);
    chooseNone();
  } else act(ids[0], form.dataset.step, values);
});

document.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-ask]");
  if (asked) askWhy(asked.dataset.ask);
  if (event.target.closest("[data-choose-all]")) chooseAll();
  if (event.target.closest("[data-choose-none]")) chooseNone();
  if (event.target.closest("[data-save-view]")) saveView();
  if (event.target.closest("[data-merge]") && shownAlert()?.querySelector("[data-merge]")) {
    event.preventDefault();
    merging([shownAlert().dataset.id]);
  }
  if (event.target.closest("[data-labels]") && labels()) event.preventDefault();
  const bulk = event.target.closest("#bulk [name=step]");
  if (bulk) {
    event.preventDefault();
    doTo(bulk.value);
  }
});

function saveView() {
  const dialog = document.getElementById("view");
  dialog.querySelector("[name=query]").value = document.getElementById("list").dataset.query;
  dialog.showModal();
  dialog.querySelector("[name=name]").focus();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
  const dialog = document.querySelector("dialog[open]");
  if (dialog) {
    inDialog(event, dialog);
    return;
  }
  if (event.target.id === "q" && event.key === "Escape") {
    event.target.blur();
    move(0);
    return;
  }
  if (event.target.closest?.("input:not(.row-tick), textarea, select, [contenteditable]")) return;
  if (localStorage.getItem(KEYS_OFF)) return;
  if (press(event.key, event.shiftKey)) event.preventDefault();
});

function inDialog(event, dialog) {
  if (event.key === "Enter" && event.target.matches("select")) event.target.form.requestSubmit();
  if (!["dismiss", "snooze"].includes(dialog.id) || event.target.matches("input")) return;
  const choice = dialog.querySelectorAll(".dismiss-form button")[Number(event.key) - 1];
  if (choice) {
    event.preventDefault();
    choice.click();
  }
}

function press(key, shift = false) {
  if (Date.now() - leading < GO_WITHIN) {
    leading = 0;
    const goal = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (goal) goal.click();
    return Boolean(goal);
  }
  if (key === "g") leading = Date.now();
  if (key === "?") return help();
  if (key === "/") return find();
  if (document.getElementById("list")) return inTriage(key, shift);
  if (key in ON_EVENT && document.querySelector(".event-page")) {
    ON_EVENT[key]();
    return true;
  }
  return key === "g";
}

const ON_EVENT = {
  s: () => (eventsOwn() ? askWhy("snooze") : toast(say("triage.js.no_alert"))),
  z: () => toggleOriginals(),
  u: () => undo(),
};

const KEYS = {
  x: () => askWhy("dismiss"),
  s: () => askWhy("snooze"),
  o: () => document.getElementById("hand") && askWhy("hand"),
  i: () => takeMyself(),
  m: () => merging(meantIds()),
  l: () => label(),
  z: () => toggleOriginals(),
  u: () => undo(),
  n: () => showWaiting() || nextUnseen(),
  v: () => saveView(),
  f: () => document.querySelector("[data-facets]").click(),
  "*": () => chooseAll(),
};

function inTriage(key, shift) {
  const small = key.length === 1 ? key.toLowerCase() : key;
  if (small === "j" || small === "k") step(small === "j" ? 1 : -1, shift);
  else if (key === " ") return tick(focusedRow());
  else if (key in ACTS && meantIds().length) doTo(ACTS[key]);
  else if (key in KEYS) KEYS[key]();
  else if (key === "Escape" && chosenIds().length) chooseNone();
  else if (key === "Escape" && document.body.classList.contains("has-detail")) document.querySelector(".back").click();
  else return key === "g";
  return true;
}

function step(by, several) {
  if (several) tick(focusedRow(), true);
  move(by);
  if (several) tick(focusedRow(), true);
}

function nextUnseen() {
  const all = rows();
  const from = all.indexOf(focusedRow() ?? chosenRow());
  const fresh = [...all.slice(from + 1), ...all.slice(0, from + 1)].find((row) => row.matches(".is-unseen, .is-changed"));
  if (!fresh) toast(say("triage.js.nothing_unseen"));
  fresh?.querySelector(".row-link").focus({ preventScroll: true });
  fresh?.scrollIntoView({ block: "nearest" });
}

async function label() {
  const row = focusedRow();
  if (row && shownAlert()?.dataset.id !== row.dataset.id) await open(row);
  if (!labels()) toast(say("triage.js.no_label"));
}

function help() {
  document.getElementById("keys")?.showModal();
  return true;
}

document.addEventListener("change", (event) => {
  if (event.target.matches(".row-tick")) told();
});
document.addEventListener("htmx:after:swap", told);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) help();
  const density = event.target.closest("[data-density]");
  if (density) narrow(density);
});

function narrow(button) {
  const compact = document.documentElement.classList.toggle("compact");
  button.setAttribute("aria-pressed", String(compact));
  document.cookie = `watchfire-density=${compact ? "compact" : "roomy"}; path=/; max-age=31536000; samesite=lax`;
}

const single = document.getElementById("keys-on");
if (single) {
  single.checked = !localStorage.getItem(KEYS_OFF);
  single.addEventListener("change", () => {
    if (single.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "yes");
  });
}
