// <div data-live="/address" data-seen="…">: asks every two seconds for what has changed, while
// somebody can see it. Rows (id, data-stamp) and parts (data-part) that are the same stay. An answer
// with data-over is the last one.
const SECONDS = 2;
let waiting = false;

const swapRows = (old, fresh) => {
  const rows = [...fresh.children].map((row) => {
    const known = document.getElementById(row.id);
    if (known?.dataset.stamp === row.dataset.stamp) return known;
    if (known?.querySelector("input:checked")) row.querySelector("input").checked = true;
    if (known?.contains(document.activeElement)) row.dataset.refocus = "";
    row.classList.add(known ? "changed" : "arrived");
    return row;
  });
  old.replaceChildren(...rows);
  const focus = old.querySelector("[data-refocus]");
  focus?.querySelector("a").focus();
  focus?.removeAttribute("data-refocus");
};

const swap = (live, fresh) => {
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = live.querySelector(`[data-part="${part.dataset.part}"]`);
    const [before, after] = [old?.querySelector("[data-rows]"), part.querySelector("[data-rows]")];
    if (before && after) swapRows(before, after);
    else if (old && old.dataset.once === undefined && old.textContent !== part.textContent) {
      old.replaceWith(part);
      window.htmx?.process(part);
    }
  }
  live.dataset.seen = fresh.dataset.seen;
  if (fresh.dataset.over !== undefined) live.removeAttribute("data-live");
  document.dispatchEvent(new CustomEvent("outtray:changed"));
};

const ask = async () => {
  const live = document.querySelector("[data-live]");
  if (!live || waiting || document.hidden || live.querySelector("details.menu[open]")) return;
  waiting = true;
  try {
    const address = new URL(live.dataset.live, location.href);
    address.searchParams.set("seen", live.dataset.seen);
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (answer.headers.has("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
    if (answer.status !== 200) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    swap(live, page.querySelector("[data-live]"));
  } catch {
    // The server is away for a moment: the next question may find it again.
  } finally {
    waiting = false;
  }
};

setInterval(ask, SECONDS * 1000);
document.addEventListener("visibilitychange", ask);
document.addEventListener("outtray:ask", ask);
