// A list that is worked through by keys: j and k move, x chooses, a chooses all, e does what the
// list is for, / searches, Escape chooses none.
const list = () => document.querySelector("form[data-chooses]");
const rowOf = (target) => target.closest?.("form[data-chooses] tbody tr");
const focus = (row) => row?.querySelector("a").focus();

const step = (row, next) => {
  if (row) return focus(next ? row.nextElementSibling : row.previousElementSibling);
  focus(list()?.querySelector("tbody tr"));
};

const KEYS = {
  j: (row) => step(row, true),
  k: (row) => step(row, false),
  x: (row) => row?.querySelector("input[name=ids]")?.click(),
  a: () => list()?.querySelector("[data-all]")?.click(),
  e: () => {
    if (list()?.querySelector("input[name=ids]:checked")) list().querySelector("[data-act]")?.click();
  },
  "/": () => document.querySelector("[data-search]")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && !document.querySelector("details.menu[open]")) {
    for (const form of document.querySelectorAll("form[data-chooses]")) form.reset();
  }
  const isTyping = event.target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (isTyping || !KEYS[event.key] || document.querySelector("dialog[open]")) return;
  if (event.key === "/") event.preventDefault();
  KEYS[event.key](rowOf(event.target));
});
