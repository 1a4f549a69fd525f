// <input data-finds>: what a person enters in #service while the server is looked up stays.
const entered = new Map();

document.addEventListener("input", ({ target }) => {
  if (target.id && target.closest("#service")) entered.set(target.id, target.value);
});

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (target.matches("[data-finds]")) entered.clear();
});

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id !== "service") return;
  for (const [id, value] of entered) {
    const field = document.getElementById(id);
    if (field?.type === "radio" && !field.checked) field.click();
    else if (field && field.type !== "radio") field.value = value;
  }
  entered.clear();
});
