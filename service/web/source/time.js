// Times grow old on the screen: relative ones are said anew, exact ones in the reader's own zone, rings empty.
import { say, language } from "./words.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FAR = 60 * DAY;
const EVERY = 15_000;
const timeZone = document.documentElement.dataset.zone; // the reader's wish; without one, the browser's
const written = language === "en" ? "en-GB" : language; // day before month and 24 hours, as the server writes them
const exact = new Intl.DateTimeFormat(written, { dateStyle: "medium", timeStyle: "short", timeZone });
const hours = new Intl.DateTimeFormat(written, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
const day = new Intl.DateTimeFormat(written, { weekday: "short", day: "numeric", month: "short", timeZone });
const zone = new Intl.DateTimeFormat(written, { timeZoneName: "short", timeZone });

function amount(span) {
  if (span < HOUR) return [Math.floor(span / MINUTE), "minute"];
  if (span < 2 * DAY) return [Math.floor(span / HOUR), "hour"];
  return [Math.floor(span / DAY), "day"];
}

function relative(at, now, past) {
  const gone = now - at;
  if (Math.abs(gone) >= FAR) return new Date(at).toISOString().slice(0, 10);
  const [number, unit] = amount(Math.abs(gone));
  return number === 0 ? say("web.time.now") : say(`web.time.${gone >= 0 ? past : "future"}.${unit}`, { count: number });
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// The zone behind the time, where Chinese formats would put it in between.
function zoned(at) {
  return `${exact.format(at)} ${zone.formatToParts(at).find((part) => part.type === "timeZoneName").value}`;
}

function refresh(root = document) {
  const now = Date.now();
  for (const element of root.querySelectorAll("time[data-when]")) {
    const at = Date.parse(element.dateTime);
    put(element, relative(at, now, element.dataset.when || "past"));
    if (!element.dataset.zoned) {
      const told = zoned(at);
      element.title = told.endsWith("UTC") ? told : `${told} (${element.dateTime.slice(11, 16)} UTC)`;
      element.dataset.zoned = "yes";
    }
  }
  for (const element of root.querySelectorAll("time[data-exact]")) {
    element.title = element.dateTime;
    put(element, zoned(Date.parse(element.dateTime)));
  }
  for (const element of root.querySelectorAll("time[data-clock]")) tell(element, now);
  for (const ring of root.querySelectorAll("[data-deadline]")) empty(ring, now);
}

// What time it is: hours and minutes large, day and zone small. A letter is put only where it is another one.
function tell(element, now) {
  const zoneName = zone.formatToParts(now).find((part) => part.type === "timeZoneName").value;
  element.dateTime = new Date(now).toISOString();
  put(element.firstElementChild, hours.format(now));
  put(element.lastElementChild, `${day.format(now)} ${zoneName}`);
}

function empty(ring, now) {
  const by = Date.parse(ring.dataset.deadline);
  const over = now >= by;
  const left = over ? 0 : Math.max(1, Math.round((100 * (by - now)) / Math.max(1000, by - Date.parse(ring.dataset.from))));
  ring.querySelector(".ring-left").setAttribute("stroke-dasharray", `${Math.min(100, left)} 100`);
  ring.classList.toggle("over", over);
  const [number, unit] = amount(Math.abs(by - now));
  const about = ring.closest("[data-deadline-of]")?.dataset.deadlineOf ?? "web.deadline";
  const side = number === 0 ? "now" : over ? "over" : "left";
  const text = say(`${about}.${side}`, { span: say(`web.time.span.${unit}`, { count: number }) });
  ring.setAttribute("aria-label", text);
  put(ring.querySelector("title"), text);
  const told = ring.parentElement.querySelector("[data-deadline-text]");
  if (told) {
    put(told, text);
    ring.parentElement.classList.toggle("over", over);
  }
}

export function clock(at) {
  return exact.format(at);
}

export function keepTime() {
  refresh();
  setInterval(refresh, EVERY);
  document.addEventListener("htmx:after:swap", () => refresh());
}
