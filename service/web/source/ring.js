// Sound and notifications, for whoever asked for them, of what the reader does not see already. One tab speaks for all.
import { isMine, isShown, rowOf } from "./acts.js";
import { say } from "./words.js";

const RINGS = ["alert.open", "alert.raise", "alert.escalate", "alert.ask_again"];
const APART = 4000;
const wish = (name) => Number(document.body.dataset[name] || 0);
let context = null;
let last = 0;
let first = !navigator.locks;

navigator.locks?.request("watchfire-ring", () => new Promise(() => { first = true; }));

// A page that has been asked to speak up keeps listening where nobody looks at it.
export const speaksUp = () => first && Boolean(wish("sound") || wish("bell"));

// Browsers let a page sound only after a gesture: the first one makes it able to.
function ready() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  return context;
}
if (wish("sound")) for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, ready, { once: true });

// Two notes of a small bell, three and higher for the gravest; nothing is fetched.
const NOTES = { 1: [880, 1109, 1319], 2: [784, 988], 3: [659, 784], 4: [587] };

function sound(level) {
  const at = ready().currentTime;
  NOTES[level].forEach((pitch, place) => note(pitch, at + 0.16 * place));
  document.documentElement.dataset.sounded = String(Number(document.documentElement.dataset.sounded || 0) + 1);
}

function note(pitch, at) {
  const loud = context.createGain();
  loud.gain.setValueAtTime(0, at);
  loud.gain.linearRampToValueAtTime(0.16, at + 0.012);
  loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.7);
  loud.connect(context.destination);
  for (const [times, share] of [[1, 1], [2.01, 0.35]]) {
    const voice = context.createOscillator();
    const part = context.createGain();
    part.gain.value = share;
    voice.frequency.value = pitch * times;
    voice.connect(part).connect(loud);
    voice.start(at);
    voice.stop(at + 0.75);
  }
}

function isSeen(id) {
  if (document.hidden) return false;
  if (isShown(id)) return true;
  const box = rowOf(id)?.getBoundingClientRect();
  return Boolean(box && box.bottom > 0 && box.top < innerHeight);
}

function show(alert) {
  const told = new Notification(`${say(`web.level.${alert.level}`)} · ${alert.title}`, { tag: `watchfire-${alert.id}`, lang: alert.language || "", silent: true });
  told.addEventListener("click", () => { window.focus(); location.assign(`/alerts/${alert.id}`); });
}

document.addEventListener("watchfire:heard", ({ detail: { alert, action } }) => {
  if (!first || !RINGS.includes(action) || isMine(alert.id) || isSeen(alert.id)) return;
  if (alert.level <= wish("sound") && Date.now() - last > APART) {
    last = Date.now();
    sound(alert.level);
  }
  if (alert.level <= wish("bell") && document.hidden && globalThis.Notification?.permission === "granted") show(alert);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-sound-try]")) sound(2);
});

// The browser is asked only by the click that wants it.
document.addEventListener("change", async (event) => {
  if (!event.target.matches("[data-bell-ask]") || event.target.value === "0") return;
  const told = document.querySelector("[data-bell-told]");
  const answer = globalThis.Notification ? await Notification.requestPermission() : "none";
  told.hidden = answer === "granted";
  told.textContent = answer === "granted" ? "" : told.dataset[answer === "none" ? "none" : "denied"];
});
