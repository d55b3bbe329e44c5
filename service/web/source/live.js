// What happens elsewhere: rows that are shown change where they stand, new ones wait at the top until they are asked for.
import { isMine, isShown, refresh, rowOf } from "./acts.js";
import { load } from "./load.js";
import { heardComment } from "./comments.js";
import { showPeople } from "./presence.js";
import { speaksUp } from "./ring.js";
import { clock } from "./time.js";
import { count, say } from "./words.js";
import { toast } from "./toast.js";

const GATHER = 800;
const GATHER_MAP = 3000;
const PULSE = 60_000;
const LOST_AFTER = 8000;
const HIDDEN_AFTER = 60_000;
const LIVE = ["open", "acknowledged", "responding"];
const waiting = new Set();
const changed = new Set();
const worked = new Set();
let stream = null;
let last = "";
let gathering = 0;
let losing = 0;
let lostAt = null;
const plainTitle = document.title;

export function listen() {
  last = document.body.dataset.live;
  connect();
  document.addEventListener("visibilitychange", rest);
  document.addEventListener("htmx:after:swap", () => draw());
  if (document.getElementById("list")) setInterval(() => document.hidden || pulse(), PULSE);
  if (document.getElementById("room")) setInterval(() => document.hidden || room(), PULSE);
  if (document.querySelector("[data-anew]")) setInterval(() => document.hidden || anew(), PULSE);
}

function connect() {
  stream?.close();
  stream = new EventSource(`/api/v1/stream${last ? `?after=${encodeURIComponent(last)}` : ""}`);
  stream.addEventListener("ready", (event) => { last = event.lastEventId; found(); });
  stream.addEventListener("alert", (event) => { last = event.lastEventId; heard(JSON.parse(event.data)); });
  stream.addEventListener("presence", (event) => showPeople(JSON.parse(event.data)));
  stream.addEventListener("open", found);
  stream.addEventListener("error", lost);
}

// A browser allows few connections to one host: a page that nobody looks at lets its own go.
let resting = 0;
function rest() {
  clearTimeout(resting);
  if (document.hidden && !speaksUp()) resting = setTimeout(() => { stream.close(); stream = null; }, HIDDEN_AFTER);
  else if (!stream || stream.readyState === EventSource.CLOSED) connect();
}

function lost() {
  lostAt ??= Date.now();
  losing ||= setTimeout(() => {
    const banner = document.getElementById("lost");
    banner.firstElementChild.textContent = say("web.live.lost", { time: clock(lostAt) });
    banner.hidden = false;
  }, LOST_AFTER);
  // A refusal ends the stream for good: it is tried again, slowly.
  if (stream?.readyState === EventSource.CLOSED) setTimeout(() => document.hidden || connect(), LOST_AFTER);
}

function found() {
  clearTimeout(losing);
  losing = 0;
  lostAt = null;
  const banner = document.getElementById("lost");
  if (!banner.hidden) toast(say("web.live.back"));
  banner.hidden = true;
}

// The situation room is drawn anew as a whole, when something has happened and none of its folds is open.
let drawing = 0;
function room() {
  const here = document.getElementById("room");
  if (!here || drawing) return;
  drawing = setTimeout(() => {
    drawing = 0;
    if (!here.isConnected || here.querySelector("details[open]")) return;
    load("#room", location.pathname);
  }, GATHER);
}

// Only the desk can say whether words, owner or letter fit; a snoozed alert is none of a live list's.
const ELSEWHERE = ["q", "owner", "letter"];

// The map and the wall are drawn anew as a whole too, but not for each of many things that happen at once.
let painting = 0;
function anew() {
  const here = document.querySelector("[data-anew]");
  if (!here || painting) return;
  painting = setTimeout(() => {
    painting = 0;
    if (!here.isConnected || here.querySelector("details[open]") || here.contains(document.activeElement)) return;
    load(`#${here.id}`, location.pathname);
  }, GATHER_MAP);
}

function heard({ alert, action }) {
  if (action.startsWith("comment.")) { heardComment(alert.id); return; }
  document.dispatchEvent(new CustomEvent("watchfire:heard", { detail: { alert, action } }));
  room();
  anew();
  if (action === "alert.snooze" && !isMine(alert.id)) rowOf(alert.id)?.remove();
  if (action === "alert.snooze") { waiting.delete(alert.id); draw(); return; }
  if (!document.getElementById("list")) return;
  if (!action.startsWith("alert.")) { // a step of its response: only who reads it sees a difference
    if (isShown(alert.id)) worked.add(alert.id);
    gathering ||= setTimeout(settle, GATHER);
    return;
  }
  if (rowOf(alert.id) || isShown(alert.id)) changed.add(alert.id);
  if (!rowOf(alert.id) && fits(alert)) waiting.add(alert.id);
  if (!fits(alert)) waiting.delete(alert.id);
  gathering ||= setTimeout(settle, GATHER);
}

function fits(alert) {
  const asked = new URL(document.getElementById("list").dataset.query, location.href).searchParams;
  const state = asked.get("state") ?? "live";
  if (state === "snoozed" || ELSEWHERE.some((name) => asked.get(name))) return false;
  return (!asked.has("level") || asked.getAll("level").includes(String(alert.level)))
    && (state === "all" || (state === "live" ? LIVE.includes(alert.state) : alert.state === state))
    && (!asked.has("country") || asked.getAll("country").some((code) => alert.countries.includes(code)))
    && (!asked.has("category") || alert.categories.includes(asked.get("category")));
}

async function settle() {
  gathering = 0;
  const ids = [...changed];
  const read = [...worked].filter((id) => !changed.has(id));
  changed.clear();
  worked.clear();
  draw();
  await Promise.all([...ids.map((id) => refresh(id, { changed: !isMine(id) })), ...read.map((id) => refresh(id)), pulse()]);
}

// Counts, countries and the freshness of the picture; the rows stay where they are.
function pulse() {
  const list = document.getElementById("list");
  if (!list) return null;
  const overview = document.getElementById("overview") ? load("#overview", "/") : null;
  return Promise.all([load("#levels", list.dataset.query), overview]);
}

function draw() {
  const bar = document.querySelector(".waiting");
  if (!bar) return;
  for (const id of waiting) {
    if (!rowOf(id)) continue;
    rowOf(id).classList.add("is-changed");
    waiting.delete(id);
  }
  bar.hidden = waiting.size === 0;
  bar.textContent = count("web.live.new", waiting.size);
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = waiting.size ? `(${waiting.size}) ${title || plainTitle}` : title;
}

export function showWaiting() {
  const bar = document.querySelector(".waiting");
  if (!bar || bar.hidden) return false;
  bar.click();
  return true;
}
