// <button data-theme="light|dark|auto" aria-pressed>: remembers the choice on this device.
const buttons = () => document.querySelectorAll("button[data-theme]");

const show = () => {
  const chosen = localStorage.getItem("outtray-theme") ?? "auto";
  for (const button of buttons()) {
    button.setAttribute("aria-pressed", String(button.dataset.theme === chosen));
  }
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-theme]");
  if (!button) return;
  localStorage.setItem("outtray-theme", button.dataset.theme);
  dispatchEvent(new Event("outtray:theme"));
  show();
});

show();
