// Questions before a deed: why, until when, to whom, into what. And the originals without their translations.
import { may, rowOf, shownAlert } from "./acts.js";
import { say } from "./words.js";
import { toast } from "./toast.js";

const ORIGINALS = "watchfire-originals";

export function askAbout(name, ids) {
  const dialog = document.getElementById(name);
  const title = rowOf(ids[0])?.querySelector(".row-title") ?? document.querySelector("#detail .alert-title, .event-page h1 bdi");
  const what = dialog.querySelector(".dialog-what");
  what.textContent = ids.length > 1 ? `${title.textContent} + ${ids.length - 1}` : title.textContent;
  what.lang = title.lang;
  what.dir = "auto";
  dialog.dataset.ids = ids.join(",");
  for (const field of dialog.querySelectorAll("input[name]:not([type=radio])")) field.value = "";
  dialog.showModal();
  (dialog.querySelector("select, input[type=radio]") ?? dialog.querySelector(".buttons button")).focus();
}

// The other events of this list, the likely ones first: those in the same places.
export function merging(ids) {
  const [id] = ids;
  const dialog = document.getElementById("merge");
  if (!dialog || ids.length !== 1 || !may(id, "merge")) {
    toast(say("triage.js.no_event"));
    return;
  }
  const own = rowOf(id);
  const place = own?.querySelector(".row-place")?.textContent;
  const others = [...document.querySelectorAll(".row[data-event]")].filter((row) => row !== own && !row.hidden);
  others.sort((one, other) => (other.querySelector(".row-place")?.textContent === place) - (one.querySelector(".row-place")?.textContent === place));
  if (!others.length) {
    toast(say("triage.js.no_event"));
    return;
  }
  const list = dialog.querySelector(".merge-list");
  list.replaceChildren(list.querySelector("legend"), ...others.map(mergeChoice));
  askAbout("merge", ids);
}

// One event to choose: its title, and under it by what one knows it again.
function mergeChoice(row, number) {
  const choice = document.createElement("label");
  const tick = Object.assign(document.createElement("input"), { type: "radio", name: "into", value: row.dataset.event, defaultChecked: number === 0 });
  const title = row.querySelector(".row-title").cloneNode(true);
  title.className = "merge-title";
  const facts = Object.assign(document.createElement("span"), { className: "merge-facts" });
  const copies = [".row-place", ".row-age time"].map((part) => row.querySelector(part)?.cloneNode(true)).filter(Boolean);
  facts.append(row.querySelector(".row-mark .mark").cloneNode(true), ...copies);
  choice.className = "merge-choice";
  choice.append(tick, title, facts);
  return choice;
}

// The form that corrects the newest report, in its place below it.
export function labels() {
  const link = shownAlert()?.querySelector("[data-correct]");
  if (!link) return false;
  link.click();
  link.scrollIntoView({ block: "center" });
  return true;
}

export function keepOriginals() {
  document.documentElement.classList.toggle("originals", Boolean(localStorage.getItem(ORIGINALS)));
}

export function toggleOriginals() {
  if (localStorage.getItem(ORIGINALS)) localStorage.removeItem(ORIGINALS);
  else localStorage.setItem(ORIGINALS, "yes");
  keepOriginals();
  toast(say(localStorage.getItem(ORIGINALS) ? "triage.js.originals" : "triage.js.translations"));
}
