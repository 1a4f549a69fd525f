// <button data-copies="id">: copies that element's text and says so for a moment; without an id
// its own text, which stays.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copies) ?? button;
  await navigator.clipboard.writeText(source.value || source.textContent.trim());
  button.dataset.copied = "";
  setTimeout(() => delete button.dataset.copied, 2000);
  const label = button.querySelector("span");
  if (!label) return;
  const before = label.textContent;
  label.textContent = "Copied";
  setTimeout(() => (label.textContent = before), 2000);
});
