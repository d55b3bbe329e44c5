// The desk's scripts. Everything works without them, slower: they add keys, live arrival and answers at once.
import "./trusted.js";
import "htmx.org";
import "./country-choice.js";
import "./report-form.js";
import "./checks.js";
import "./triage-list.js";
import "./learning-list.js"; // after the keys of the whole desk: `g s` goes to the sources before `s` means anything here
import "./comments.js";
import "./waits.js";
import "./narrow.js";
import { listen } from "./live.js";
import "./presence.js";
import "./ring.js";
import "./theme.js";
import { keepOriginals } from "./aside.js";
import { keepTime } from "./time.js";
import { say } from "./words.js";
import { toast } from "./toast.js";
import { keepTyped } from "./typed.js";

document.documentElement.classList.add("js");
keepTime();
keepOriginals();
if (document.body.hasAttribute("data-live")) listen();

document.addEventListener("click", (event) => {
  const tongue = event.target.closest("[data-tongue]");
  if (tongue) keepPlace(event, tongue);
  const copied = event.target.closest("[data-copy]");
  if (copied) navigator.clipboard.writeText(copied.dataset.copy).then(() => toast(say("web.copied")));
  const open = document.querySelector("details.menu[open]");
  if (open && !open.contains(event.target)) open.open = false;
});

// The address as it is now, not as it was when the page was made; the answer to a form has no address of its own.
function keepPlace(event, link) {
  event.preventDefault();
  const here = new URL("fixed" in link.dataset ? link.href : location.href);
  here.searchParams.set("lang", link.dataset.tongue);
  keepTyped();
  sessionStorage.setItem("watchfire-scroll", JSON.stringify(scrolls()));
  location.assign(here);
}

const PANES = [".scroll", "#detail"];
const scrolls = () => [window.scrollY, ...PANES.map((pane) => document.querySelector(pane)?.scrollTop ?? 0)];

const kept = sessionStorage.getItem("watchfire-scroll");
if (kept) {
  sessionStorage.removeItem("watchfire-scroll");
  const [page, ...panes] = JSON.parse(kept);
  PANES.forEach((pane, place) => { const found = document.querySelector(pane); if (found) found.scrollTop = panes[place]; });
  window.scrollTo(0, page);
}

// What an address says only once does not stay in it.
const shown = new URL(location.href);
if (shown.searchParams.has("lang") || shown.searchParams.has("done")) {
  shown.searchParams.delete("lang");
  shown.searchParams.delete("done");
  history.replaceState(history.state, "", shown);
}
