// <a data-picks="id">: presses that radio button and goes there, instead of loading a page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-picks]");
  const radio = link && document.getElementById(link.dataset.picks);
  if (!radio) return;
  event.preventDefault();
  radio.click();
  radio.focus();
});
