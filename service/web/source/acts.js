// What is done to an alert shows as done at once, and is taken back with a word if the desk says no.
import htmx from "htmx.org";
import { load } from "./load.js";
import { ask, post } from "./send.js";
import { tick } from "./several.js";
import { say } from "./words.js";
import { toast } from "./toast.js";

const AFTER = { acknowledge: "acknowledged", respond: "responding", resolve: "resolved", dismiss: "dismissed" };
const ICON = { acknowledged: "check", responding: "check", resolved: "double", dismissed: "close" };
// What may still be done to an alert after that; a step that closes leaves nothing.
const NEXT = { acknowledged: ["respond", "resolve", "dismiss"], responding: ["resolve", "dismiss"] };
const ASIDE = ["snooze", "hand", "merge"];
// Every deed waits a moment for a second thought: it tells people or stops a warning, and nothing takes that back.
const SECOND_THOUGHT = 5000;
const mine = new Map();
let held = null;

export const rowOf = (id) => document.getElementById(`alert-${id}`);
export const shownAlert = () => document.querySelector("#detail .alert");
const eventAlert = () => document.querySelector(".event-alert[data-id]"); // on the page of an event
export const isShown = (id) => shownAlert()?.dataset.id === String(id);

export function may(id, step) {
  const found = rowOf(id) ?? shownAlert() ?? eventAlert();
  if (!found || String(found.dataset.id) !== String(id)) return false;
  if (step === "merge") return "event" in found.dataset && "aside" in found.dataset;
  return ASIDE.includes(step) ? "aside" in found.dataset : found.dataset.may.split(" ").includes(step);
}

export function act(id, step, values = {}) {
  if (!may(id, step)) {
    toast(say("web.keys.none"));
    return;
  }
  settle();
  hold({ ids: [String(id)], step, values, takeBack: showDone(id, step), said: say(wordOf(step)) });
}

// One deed for many, and one undo for all of them.
export function actOnMany(ids, step, values = {}) {
  const able = ids.filter((id) => may(id, step));
  if (!able.length) {
    toast(say("web.keys.none"));
    return;
  }
  settle();
  const backs = able.map((id) => showDone(id, step));
  hold({ ids: able, step, values, takeBack: () => backs.forEach((back) => back()), said: say("triage.js.done.bulk", { count: able.length }) });
}

const wordOf = (step) => (ASIDE.includes(step) ? `triage.js.done.${step}` : `web.act.done.${step}`);

function hold(deed) {
  held = { ...deed, timer: setTimeout(settle, SECOND_THOUGHT) };
  toast(deed.said, { stays: SECOND_THOUGHT, label: say("web.act.undo"), run: undo });
}

export function undo() {
  if (!held) {
    toast(say("web.act.nothing_undone"));
    return;
  }
  const deed = held;
  held = null;
  clearTimeout(deed.timer);
  deed.takeBack();
  for (const id of deed.ids) refresh(id);
  toast(say("web.act.undone"));
}

// What waits is done now: because its time is up, something else is done, or the page is left.
function settle() {
  if (!held) return;
  const deed = held;
  held = null;
  clearTimeout(deed.timer);
  send(deed);
}
addEventListener("pagehide", settle);

async function send({ ids, step, values, takeBack }) {
  for (const id of ids) mine.set(id, Date.now());
  const failed = ids.length > 1 ? await postMany(ids, step, values) : await post(addressOf(ids[0], step), values);
  if (failed === null) {
    if (step === "snooze") for (const id of ids) rowOf(id)?.remove();
    await Promise.all(ids.map((id) => refresh(id)));
  } else {
    takeBack();
    toast(say("web.act.failed", { why: failed }), { problem: true });
    if (ids.length > 1) await Promise.all(ids.map((id) => refresh(id)));
  }
}

const addressOf = (id, step) => (step === "merge" ? `/events/${(rowOf(id) ?? shownAlert()).dataset.event}/merge` : `/alerts/${id}/${step}`);

async function postMany(ids, step, values) {
  const body = new URLSearchParams(values);
  body.set("step", step);
  for (const id of ids) body.append("ids", id);
  try {
    const answer = await ask("/alerts/bulk", body);
    if (!answer.ok) return await answer.text();
    const told = await answer.json();
    return told.said || null;
  } catch {
    return say("web.act.offline");
  }
}

// Whether a change that is told from outside is the one that was made here a moment ago.
export const isMine = (id) => Date.now() - (mine.get(String(id)) ?? 0) < 5000;

function showDone(id, step) {
  const row = rowOf(id);
  if (step === "hand") return () => {};
  if (step === "snooze" && row) return away(row);
  if (step === "snooze" && !isShown(id) && eventAlert()) return asleep(eventAlert().querySelector("[data-snoozed]"));
  const state = AFTER[step] ?? (step === "merge" ? "dismissed" : null);
  if (!state) return () => {};
  const alert = shownAlert();
  const undo = [];
  if (row) undo.push(mark(row, state, () => drawState(row, state)));
  if (isShown(id)) undo.push(mark(alert, state, () => drawBadge(alert, state)));
  return () => undo.forEach((back) => back());
}

// What is put aside goes from the list; the next one takes the hand that was on it.
function away(row) {
  let next = row.nextElementSibling;
  while (next?.hidden) next = next.nextElementSibling;
  const goal = next?.querySelector(".row-link") ?? row.previousElementSibling?.querySelector(".row-link");
  if (!row.hidden && (row.contains(document.activeElement) || document.activeElement === document.body)) goal?.focus();
  row.hidden = true;
  return () => { row.hidden = false; };
}

function asleep(chip) {
  chip.hidden = false;
  return () => { chip.hidden = true; };
}

function mark(element, state, draw) {
  const before = element.cloneNode(true);
  element.dataset.state = state;
  const may = element.dataset.may.split(" ");
  element.dataset.may = (NEXT[state] ?? []).filter((step) => may.includes(step)).join(" ");
  element.classList.toggle("is-done", state === "resolved" || state === "dismissed");
  const held = element.contains(document.activeElement);
  draw();
  return () => {
    element.replaceWith(before);
    htmx.process(before);
    if (held) before.querySelector(".row-link, .acts .button")?.focus();
  };
}

function drawState(row, state) {
  if (row.querySelector(".row-act").contains(document.activeElement)) row.querySelector(".row-link").focus();
  const shown = document.createElement("span");
  shown.className = `state state-${state}`;
  shown.title = say(`web.state.${state}`);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${ICON[state]}`);
  svg.append(use);
  shown.append(svg);
  row.querySelector(".row-act").replaceChildren(shown);
}

function drawBadge(alert, state) {
  const badge = alert.querySelector(".state-badge");
  badge.textContent = say(`web.state.${state}`);
  badge.className = `badge state-badge state-${state}`;
  for (const button of alert.querySelectorAll(".acts button, .acts summary")) button.toggleAttribute("disabled", !mayStill(alert, state, button));
}

function mayStill(alert, state, button) {
  const step = (button.closest("form") ?? button.nextElementSibling)?.dataset.step;
  return alert.dataset.may.split(" ").includes(step) || (state in NEXT && ASIDE.includes(step));
}

// Row and detail as they are now; neither moves.
export async function refresh(id, { changed = false } = {}) {
  const row = rowOf(id);
  const query = new URL(document.getElementById("list")?.dataset.query ?? "/", location.href).search;
  const waits = [];
  if (row) waits.push(renew(row, id, query, changed));
  if (isShown(id)) waits.push(load("#detail", `/alerts/${id}${query}`, { swap: "outerMorph" }).then(() => stillHeld(id)));
  await Promise.all(waits);
}

async function renew(row, id, query, changed) {
  const focused = row.contains(document.activeElement);
  const chosen = row.hasAttribute("data-chosen");
  await load(`#alert-${id}`, `/alerts/${id}/row${query}`);
  const fresh = rowOf(id);
  if (!fresh) return;
  if (chosen) choose(id);
  if (row.querySelector(".row-tick")?.checked) tick(fresh, true); // as it was when it was taken away
  fresh.classList.toggle("is-changed", changed);
  // Only if nobody has gone on meanwhile: a slow answer must not pull the hand back to where it was.
  if (focused && document.activeElement === document.body) fresh.querySelector(".row-link").focus();
  stillHeld(id);
}

// What waits for a second thought keeps its look, though the desk does not know of it yet.
export function stillHeld(id) {
  if (!held?.ids.includes(String(id))) return;
  const before = held.takeBack;
  const fresh = showDone(id, held.step);
  held.takeBack = () => { before(); fresh(); };
}

export function choose(id) {
  for (const row of document.querySelectorAll(".row")) {
    const isIt = row.dataset.id === String(id);
    row.toggleAttribute("data-chosen", isIt);
    if (isIt) row.querySelector(".row-link").setAttribute("aria-current", "true");
    else row.querySelector(".row-link").removeAttribute("aria-current");
  }
}
