// Comments: sent without leaving the page, people suggested behind @, and what colleagues write as it comes.
import { load } from "./load.js";
import { post } from "./send.js";
import { say } from "./words.js";
import { toast } from "./toast.js";

const SHOWN = 8;
const CALLING = /(?:^|[^A-Za-z0-9_.@＠/+-])[@＠]([^@＠\n]{0,60})$/;
const GATHER = 300;
let waits = false;
let gathering = 0;

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-comment]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  const failed = await post(form.action, new FormData(form));
  button.removeAttribute("aria-disabled");
  if (failed !== null) {
    toast(say("comments.js.kept", { why: failed }), { problem: true });
    return;
  }
  if (form.classList.contains("comment-form")) {
    form.reset();
    toast(say("comments.js.sent"));
  }
  for (const one of document.querySelectorAll("#talk details[open]")) one.open = false;
  await renew();
});

// Somebody said something: the list comes anew, but not under the hand of who is changing a comment.
export function heardComment(id) {
  clearTimeout(gathering);
  gathering = setTimeout(async () => {
    const shown = document.getElementById("comments")?.dataset.alerts.split(" ").includes(String(id));
    if (shown && !document.hidden) await renew();
    if (document.getElementById("mentions")) await load("#mentions", "/mentions");
  }, GATHER);
}

async function renew() {
  const here = document.getElementById("comments");
  if (!here) return;
  waits = Boolean(here.querySelector("#talk details[open]"));
  if (!waits) await load("#talk", here.dataset.from);
}
document.addEventListener("toggle", (event) => {
  if (waits && event.target.closest?.("#talk") && !event.target.open) renew();
}, true);

// People behind @: arrows choose, Enter or Tab puts the name in, Escape leaves it.
const listOf = (area) => area.closest("form").querySelector(".call-list");

document.addEventListener("input", (event) => {
  const area = event.target.closest?.("textarea[data-names]");
  if (area) suggest(area);
});

function suggest(area) {
  const list = listOf(area);
  const asked = CALLING.exec(area.value.slice(0, area.selectionStart));
  const part = asked?.[1].toLowerCase();
  const names = asked ? JSON.parse(area.dataset.names).filter((name) => name.startsWith(part) && name !== part.trimEnd()) : [];
  list.hidden = !names.length;
  list.replaceChildren(...names.slice(0, SHOWN).map((name, place) => option(area, name, place)));
  if (names.length) {
    area.setAttribute("aria-controls", list.id ||= "call-list");
    area.setAttribute("aria-activedescendant", "call-0");
  } else area.removeAttribute("aria-activedescendant");
}

function option(area, name, place) {
  const made = document.createElement("li");
  made.id = `call-${place}`;
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", String(place === 0));
  made.textContent = name;
  made.addEventListener("pointerdown", (event) => { event.preventDefault(); put(area, name); });
  return made;
}

function put(area, name) {
  const before = area.value.slice(0, area.selectionStart);
  const start = Math.max(before.lastIndexOf("@"), before.lastIndexOf("＠"));
  area.setRangeText(`@${name} `, start, area.selectionStart, "end");
  hide(area);
}

function hide(area) {
  listOf(area).hidden = true;
  listOf(area).replaceChildren();
  area.removeAttribute("aria-activedescendant");
}

document.addEventListener("keydown", (event) => {
  const area = event.target.closest?.("form[data-comment] textarea");
  if (!area) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    area.form.requestSubmit();
    return;
  }
  const options = area.dataset.names ? [...listOf(area).children] : [];
  if (!options.length || event.isComposing) return;
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(area, options, at + (event.key === "ArrowDown" ? 1 : -1));
  else if (event.key === "Enter" || event.key === "Tab") put(area, options[at].textContent);
  else if (event.key === "Escape") hide(area);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

function choose(area, options, to) {
  const place = (to + options.length) % options.length;
  options.forEach((one, number) => one.setAttribute("aria-selected", String(number === place)));
  area.setAttribute("aria-activedescendant", options[place].id);
}

document.addEventListener("focusout", (event) => {
  const area = event.target.closest?.("textarea[data-names]");
  if (area) hide(area);
});
