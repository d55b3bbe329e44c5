// Looks for new cards every two seconds while the page is seen; without scripts, reload by hand.
const cards = document.getElementById("cards");
let shown = "";

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/demo/chat?part=cards");
    if (!answer.ok) return;
    const html = await answer.text();
    if (html !== shown) {
      shown = html;
      cards.innerHTML = html; // escaped by the server; the page's policy runs no inline script in any case
    }
  } catch {
    // The service is stopping or starting: the next look will tell.
  }
}

setInterval(look, 2000);
