// A form sent without leaving the page. Scripts ask as htmx does, so that the desk answers with a word and not a page.
import { say } from "./words.js";

export const ask = (action, body) => fetch(action, {
  method: "POST",
  keepalive: true,
  headers: { "HX-Request": "true", "HX-Current-URL": location.href },
  body,
});

// Null when it is done, else what the desk says against it; whoever is signed out is led to the door.
export async function post(action, values) {
  try {
    const answer = await ask(action, new URLSearchParams(values));
    const away = answer.headers.get("HX-Redirect");
    if (away) location.assign(away);
    return answer.ok ? null : await answer.text();
  } catch {
    return say("web.act.offline");
  }
}
