"""What a browser must never see, looked for in a page that is open."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Error, Page, Request

NARROW = 360
TALLEST = 60_000  # pixels of a page on the narrowest screen, whatever stands in it
# Elements of ours. Whatever else turns up came out of somebody's words; so did what bears `data-evil`.
FAULTS = """() => {
  const tags = new Set(`html head meta title link script body a abbr aside article b bdi br button caption code dd details
    dialog div dl dt em fieldset figcaption figure footer form h1 h2 h3 h4 header hr i input kbd label legend li main mark
    meter nav ol optgroup option output p pre progress section select small span strong sub summary sup table tbody td
    textarea tfoot th thead time tr ul var datalist
    svg g path circle rect line polyline polygon text tspan use symbol defs pattern clipPath ellipse
    triage-list country-choice learning-list`.split(/\\s+/));
  const faults = [];
  for (const one of document.querySelectorAll('*')) {
    const name = one.localName;
    if (!tags.has(name) && !name.includes('-')) faults.push(`element ${name}`);
    for (const given of one.attributes) {
      if (given.name === 'data-evil') faults.push(`element of theirs: ${name}`);
      if (given.name.startsWith('on') || given.name.startsWith('hx-on')) faults.push(`${name} ${given.name}`);
      if (given.name === 'style' && !one.closest('svg, [data-moved]')) faults.push(`${name} style`);
      const leads = ['href', 'src', 'action', 'formaction', 'data', 'srcset', 'poster', 'xlink:href'].includes(given.name);
      if ((leads || given.name.startsWith('hx-get')) && given.value) {
        const to = new URL(given.value, location.href);
        const outside = name === 'a' && one.relList.contains('noopener');
        const own = to.origin === location.origin || to.protocol === 'mailto:';
        if (!own && !(outside && ['http:', 'https:'].includes(to.protocol))) faults.push(`${name} to ${given.value}`);
        if (outside && /[^\\x21-\\x7e]/.test(one.href + to.hostname)) faults.push(`odd link ${given.value}`);
      }
    }
  }
  if (window.__hit !== undefined) faults.push('a script of theirs ran');
  if (document.querySelectorAll('meta[http-equiv], base').length) faults.push('meta or base');
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`wider than the screen: ${root.scrollWidth}`);
  if (root.scrollHeight > %d) faults.push(`too tall: ${root.scrollHeight}`);
  if (/[\\u202a-\\u202e\\u2066-\\u2069\\u200b\\u2060\\ufeff]|[\\u{e0000}-\\u{e007f}]|[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]/u
    .test(document.body.innerText + document.title)) faults.push('hidden or turning characters');
  return [...new Set(faults)];
}""" % TALLEST


class Looker:
    """Opens pages and writes down everything about them that is not as it should be."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.page: Page = context.new_page()
        self._home, self._heard = home, list[str]()
        self.page.on("dialog", self._dialog)
        self.page.on("console", self._console)
        self.page.on("pageerror", self._error)
        self.page.on("request", self._request)
        self.page.on("popup", self._popup)

    def faults(self, path: str) -> list[str]:
        """Open a page and wait until its scripts are at work; what is wrong with it."""
        self._heard.clear()
        answer = self.page.goto(self._home + path)
        if answer is None or answer.status >= 500:
            return [f"answered {answer and answer.status}"]
        self.page.wait_for_function("document.documentElement.classList.contains('js') || !document.querySelector('script')")
        return self.faults_here(path)

    def faults_here(self, path: str) -> list[str]:
        """What is wrong with the page that stands open, which is asked to be the one of this path."""
        found: list[str] = self.page.evaluate(FAULTS)
        if self.page.url.split("?")[0] != self._home + path.split("?")[0]:
            found.append(f"led away to {self.page.url}")
        return [*found, *dict.fromkeys(self._heard)]

    def _dialog(self, dialog: Dialog) -> None:
        self._heard.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "404 (Not Found)" not in message.text:
            self._heard.append(f"console: {message.text[:200]}")

    def _error(self, error: Error) -> None:
        self._heard.append(f"fault: {str(error)[:200]}")

    def _request(self, asked: Request) -> None:
        if not asked.url.startswith(self._home):
            self._heard.append(f"asked for {asked.url[:120]}")

    def _popup(self, page: Page) -> None:
        self._heard.append(f"opened {page.url}")
