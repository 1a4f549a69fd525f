// <button data-sets="form" data-set-port="587">: puts the offered values into that form.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-sets]");
  const form = button && document.getElementById(button.dataset.sets);
  if (!form) return;
  for (const { name, value } of button.attributes) {
    const field = name.startsWith("data-set-") && form.elements[name.slice("data-set-".length)];
    if (field) field.value = value;
  }
  form.querySelector("button[formaction]").click();
});
