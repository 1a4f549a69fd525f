// <form data-chooses="email">: says how many rows are chosen and what can be done with them.
// Shift chooses a range, Escape none; in a focused row j and k move, x chooses.
const picks = (form) => [...form.querySelectorAll("input[name=ids]")];
let last = null;

const show = (form) => {
  const all = picks(form);
  const chosen = all.filter((pick) => pick.checked);
  const noun = (count) => `${count} ${form.dataset.chooses}${count === 1 ? "" : "s"}`;
  const head = form.querySelector("[data-all]");
  if (head) {
    head.checked = chosen.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  const count = form.querySelector("[data-count]");
  if (count) count.textContent = `${noun(chosen.length)} chosen`;
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
    for (const pick of picks(form)) pick.checked = event.target.checked;
  }
  show(form);
});

document.addEventListener("keydown", (event) => {
  const row = event.target.closest("form[data-chooses] tbody tr");
  if (event.key === "Escape") {
    for (const form of document.querySelectorAll("form[data-chooses]")) form.reset();
    return showAll();
  }
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "x") row.querySelector("input[name=ids]")?.click();
  if (event.key === "j") row.nextElementSibling?.querySelector("a").focus();
  if (event.key === "k") row.previousElementSibling?.querySelector("a").focus();
});

document.addEventListener("reset", () => setTimeout(showAll));
document.addEventListener("outtray:changed", showAll);
addEventListener("pageshow", showAll);
showAll();
