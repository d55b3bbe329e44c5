// The few messages that scripts say by themselves; the page brings them in its own language.
const words = JSON.parse(document.querySelector('meta[name="watchfire-words"]')?.content || "{}");

export function say(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (slot, name) => values[name] ?? slot);
}

export function count(key, number) {
  return say(`${key}.${number === 1 ? "one" : "other"}`, { count: number });
}

export const language = document.documentElement.lang;
