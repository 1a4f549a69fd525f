// <form data-chooses="email">: says how many rows are chosen and what can be done with them.
// Shift chooses a range, Escape none. All of a page chosen, [data-choose-found] offers all that
// the filter finds; its number is asked for only then.
const picks = (form) => [...form.querySelectorAll("input[name=ids]")];
let last = null;

const offerFound = async (form, isWhole) => {
  const [offer, words] = ["[data-choose-found]", "[data-all-words]"].map((s) => form.querySelector(s));
  if (!offer) return;
  offer.hidden = !isWhole || !words.disabled;
  if (offer.hidden || offer.dataset.found) return;
  offer.dataset.found = "…";
  const answer = await fetch(offer.dataset.chooseFound);
  if (!answer.ok || answer.redirected) return;
  offer.dataset.found = Number(await answer.text()).toLocaleString("en");
  offer.textContent = offer.textContent.replace(" all ", ` all ${offer.dataset.found} `);
};

const chooseFound = (form, all) => {
  const words = form.querySelector("[data-all-words]");
  if (!words || words.disabled === !all) return;
  words.disabled = !all;
  for (const pick of picks(form)) {
    pick.disabled = all;
    pick.checked = all;
  }
};

const show = (form) => {
  const all = picks(form);
  const chosen = all.filter((pick) => pick.checked);
  const noun = (count) => `${count} ${form.dataset.chooses}${count === 1 ? "" : "s"}`;
  const isWhole = chosen.length > 0 && chosen.length === all.length;
  for (const head of form.querySelectorAll("[data-all]")) {
    head.checked = isWhole;
    head.indeterminate = chosen.length > 0 && !isWhole;
  }
  const count = form.querySelector("[data-count]");
  const found = form.querySelector("[data-all-words]:not(:disabled)")
    ? form.querySelector("[data-choose-found]").dataset.found
    : "";
  if (count) count.textContent = found ? `All ${found} chosen` : `${noun(chosen.length)} chosen`;
  offerFound(form, isWhole);
  for (const button of form.querySelectorAll("button[data-for]")) {
    const states = button.dataset.for.split(" ");
    const fit = chosen.filter((pick) => states.includes(pick.closest("tr").dataset.state)).length;
    button.hidden = fit === 0;
    const shown = button.classList.contains("danger") ? noun(fit) : fit;
    button.querySelector("[data-label]").textContent = `${button.dataset.word} ${shown}`;
    button.setAttribute("aria-label", `${button.dataset.word} ${noun(fit)}`);
  }
};

const showAll = () => document.querySelectorAll("form[data-chooses]").forEach(show);

document.addEventListener("click", (event) => {
  const offer = event.target.closest("[data-choose-found]");
  if (offer) {
    chooseFound(offer.form, true);
    return show(offer.form);
  }
  const pick = event.target.closest("form[data-chooses] input[name=ids]");
  if (!pick) return;
  const all = picks(pick.form);
  const [from, to] = [all.indexOf(last), all.indexOf(pick)];
  if (event.shiftKey && from >= 0) {
    const range = all.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const each of range) each.checked = pick.checked;
  }
  last = pick;
  show(pick.form);
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.dataset.chooses === undefined) return;
  if (event.target.matches("[data-all]")) {
    chooseFound(form, false);
    for (const pick of picks(form)) pick.checked = event.target.checked;
  }
  show(form);
});

document.addEventListener("reset", (event) => {
  chooseFound(event.target, false);
  setTimeout(showAll);
});
document.addEventListener("outtray:changed", showAll);
addEventListener("pageshow", showAll);
showAll();
