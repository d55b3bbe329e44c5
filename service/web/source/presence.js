// Who looks at what: a sign every half minute while an alert is open, and the names of colleagues where they are.
import { shownAlert } from "./acts.js";
import { count, say } from "./words.js";

const EVERY = 30_000;
let people = {};
let me = "";
let sent = null;

export function showPeople(told) {
  ({ people, me } = told);
  draw();
}

function draw() {
  const others = Object.entries(people).filter(([who]) => who !== me);
  for (const slot of document.querySelectorAll("[data-present]")) {
    const id = slot.closest("[data-id]").dataset.id;
    const here = others.filter(([, where]) => String(where) === id).map(([who]) => who);
    slot.replaceChildren(...here.slice(0, 2).map(bubble));
    slot.title = here.length ? sentence(here) : "";
  }
  const line = document.getElementById("present");
  const id = shownAlert()?.dataset.id;
  if (!line || !id) return;
  const here = others.filter(([, where]) => String(where) === id).map(([who]) => who);
  line.hidden = !here.length;
  line.querySelector("span").textContent = here.length ? sentence(here) : "";
}

const sentence = (names) => count("triage.js.here", names.length).replace("{who}", names.join(say("triage.js.here.joint")));

function bubble(who) {
  const made = document.createElement("span");
  made.className = "bubble";
  made.textContent = [...who].slice(0, 2).join("");
  return made;
}

function sign(anew = false) {
  if (!document.body.hasAttribute("data-live")) return;
  const id = document.hidden ? "" : shownAlert()?.dataset.id ?? "";
  if (!anew && id === sent) return;
  if (!id && !sent) return;
  sent = id;
  fetch("/presence", { method: "POST", keepalive: true, headers: { "HX-Request": "true" }, body: new URLSearchParams({ alert: id }) }).catch(() => {});
}

document.addEventListener("htmx:after:swap", () => { draw(); sign(); });
document.addEventListener("visibilitychange", () => sign());
addEventListener("pagehide", () => {
  if (sent) navigator.sendBeacon("/presence", new URLSearchParams({ alert: "" }));
});
setInterval(() => document.hidden || sign(true), EVERY);
sign();
