// <button data-opens="id"> opens that <dialog>; <button data-closes> and a press beside it close.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    opener.closest("details.menu")?.removeAttribute("open");
    return document.getElementById(opener.dataset.opens).showModal();
  }
  const dialog = event.target.closest("dialog");
  if (dialog && (event.target === dialog || event.target.closest("[data-closes]"))) {
    dialog.close();
  }
});

// <dialog data-open-now>: the form in it came back with errors.
document.querySelector("dialog[data-open-now]")?.showModal();
