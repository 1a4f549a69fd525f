// <button data-reveals="id">: shows or hides what was typed into that password field.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reveals]");
  if (!button) return;
  const input = document.getElementById(button.dataset.reveals);
  const shown = input.type === "text";
  input.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
});
