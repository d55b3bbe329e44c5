// <triage-list>: moving, opening and acting by keys, and the detail beside the list where there is room.
import { act, choose, may, rowOf, shownAlert, undo } from "./acts.js";
import { showWaiting } from "./live.js";
import { load } from "./load.js";
import { say } from "./words.js";
import { toast } from "./toast.js";

const WIDE = matchMedia("(min-width: 800px)");
const GO_WITHIN = 1200;
const KEYS_OFF = "watchfire-keys-off";
const ACTS = { a: "acknowledge", e: "resolve" };
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

const opensBeside = (event) => WIDE.matches && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button > 0);
const rows = () => [...document.querySelectorAll(".row")];
const focusedRow = () => document.activeElement?.closest(".row");
const chosenRow = () => document.querySelector(".row[data-chosen]");

async function open(row) {
  const link = row.querySelector(".row-link");
  const address = link.getAttribute("href");
  choose(row.dataset.id);
  row.classList.remove("is-changed");
  await load("#detail", address, { push: address });
  document.body.classList.add("has-detail");
  document.title = `${link.textContent.trim()} · ${document.title.split(" · ").slice(-2).join(" · ")}`;
  row.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const from = focusedRow() ?? chosenRow();
  const next = from ? all[Math.min(all.length - 1, Math.max(0, all.indexOf(from) + (focusedRow() ? step : 0)))] : all[0];
  const goal = from && !focusedRow() ? all[Math.min(all.length - 1, Math.max(0, all.indexOf(from) + step))] : next;
  goal.querySelector(".row-link").focus({ preventScroll: true });
  goal.scrollIntoView({ block: "nearest" });
}

// The alert that a key means: the row in focus, else the one that is open.
function meant() {
  return focusedRow()?.dataset.id ?? shownAlert()?.dataset.id ?? chosenRow()?.dataset.id ?? null;
}

function askWhy(id) {
  if (!id || !may(id, "dismiss")) {
    toast(say("web.keys.none"));
    return;
  }
  const dialog = document.getElementById("dismiss");
  const title = rowOf(id)?.querySelector(".row-title") ?? document.querySelector("#detail .alert-title");
  const what = dialog.querySelector("#dismiss-what");
  what.textContent = title.textContent;
  what.lang = title.lang;
  what.dir = "auto";
  dialog.dataset.id = id;
  dialog.querySelector("[name=note]").value = "";
  dialog.showModal();
  dialog.querySelector(".buttons button").focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-step]");
  if (!form) return;
  event.preventDefault();
  const dialog = form.closest("dialog");
  const id = dialog ? dialog.dataset.id : form.closest("[data-id]").dataset.id;
  const values = { note: form.elements.note?.value ?? "" };
  if (event.submitter?.name === "reason") values.reason = event.submitter.value;
  dialog?.close();
  act(id, form.dataset.step, values);
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
  const dialog = document.querySelector("dialog[open]");
  if (dialog) {
    inDialog(event, dialog);
    return;
  }
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  if (localStorage.getItem(KEYS_OFF)) return;
  if (press(event.key)) event.preventDefault();
});

function inDialog(event, dialog) {
  if (dialog.id !== "dismiss" || event.target.matches("input")) return;
  const choice = dialog.querySelectorAll(".dismiss-form button")[Number(event.key) - 1];
  if (choice) {
    event.preventDefault();
    choice.click();
  }
}

function press(key) {
  if (Date.now() - leading < GO_WITHIN) {
    leading = 0;
    const goal = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (goal) goal.click();
    return Boolean(goal);
  }
  if (key === "g") leading = Date.now();
  if (key === "?") return help();
  if (!document.getElementById("list")) return key === "g";
  return inTriage(key);
}

function inTriage(key) {
  if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
  else if (key in ACTS && meant()) act(meant(), ACTS[key]);
  else if (key === "x") askWhy(meant());
  else if (key === "u") undo();
  else if (key === "n") showWaiting();
  else if (key === "/") document.getElementById("filter-state").focus();
  else if (key === "Escape" && document.body.classList.contains("has-detail")) document.querySelector(".back").click();
  else return key === "g";
  return true;
}

function help() {
  document.getElementById("keys")?.showModal();
  return true;
}

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
