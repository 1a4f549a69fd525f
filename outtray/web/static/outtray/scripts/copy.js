// <button data-copies="id">: copies that element's text and says so for a moment.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copies);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  const label = button.querySelector("span");
  const before = label.textContent;
  label.textContent = "Copied";
  setTimeout(() => (label.textContent = before), 2000);
});
