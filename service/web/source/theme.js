// A theme that is chosen holds at once; the zone of the browser is offered by name.
const root = document.documentElement;

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".theme-form") || !event.submitter) return;
  event.preventDefault();
  const theme = event.submitter.value;
  document.cookie = theme === "system" ? "watchfire-theme=; path=/; max-age=0; samesite=lax" : `watchfire-theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  document.querySelector("meta[name=color-scheme]").content = { light: "light", dark: "dark" }[theme] ?? "light dark";
  for (const button of event.target.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button === event.submitter));
});

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const choice of document.querySelectorAll("select[data-zones]")) {
  const first = choice.options[0];
  if (own) first.textContent += ` (${own.replaceAll("_", " ")})`;
}
