// Looks for new cards every two seconds while the page is seen; without scripts, reload by hand.
const cards = document.getElementById("cards");
let shown = "";
const details = () => Array.from(cards.querySelectorAll("details"));

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/demo/chat?part=cards");
    if (!answer.ok) return;
    const html = await answer.text();
    if (html !== shown) {
      shown = html;
      const open = new Set(details().filter((one) => one.open).map((one) => one.dataset.card));
      cards.innerHTML = html; // escaped by the server; the page's policy runs no inline script in any case
      for (const one of details()) one.open = open.has(one.dataset.card);
    }
  } catch {
    // The service is stopping or starting: the next look will tell.
  }
}

setInterval(look, 2000);
