// A correction that waits is decided on within seconds: the page looks again, a while, until it is.
import { load } from "./load.js";
import { keepTyped } from "./typed.js";

const EVERY = 2000;
const PATIENCE = 15;
const KEY = "watchfire-waits"; // a page that is loaded anew as a whole goes on counting where it was
let left = Number(sessionStorage.getItem(KEY) ?? PATIENCE);
sessionStorage.removeItem(KEY);
let timer = 0;

const waiting = () => document.querySelector("[data-waits]");

function follow() {
  if (!waiting()) {
    left = PATIENCE;
    return;
  }
  if (timer || left <= 0) return;
  left -= 1;
  timer = setTimeout(again, EVERY);
}

// Not under the hand of somebody who corrects the next report, or writes.
async function again() {
  timer = 0;
  const busy = document.querySelector(".correct-form") || document.activeElement?.matches("textarea, input");
  if (!waiting()) return;
  if (busy) follow();
  else if (document.getElementById("detail")) await load("#detail", location.pathname + location.search, { swap: "outerMorph" });
  else anew();
}

function anew() {
  sessionStorage.setItem(KEY, left);
  keepTyped();
  location.reload();
}

document.addEventListener("htmx:after:swap", follow);
follow();
