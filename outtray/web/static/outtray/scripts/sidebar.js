// The sidebar as a drawer on narrow screens; without this script the :target selector does it.
const sidebar = document.getElementById("sidebar");

const close = () => {
  if (!sidebar.classList.contains("open")) return;
  sidebar.classList.remove("open");
  document.querySelector("[data-sidebar=open]")?.focus();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-sidebar]");
  if (link) {
    event.preventDefault();
    if (link.dataset.sidebar === "close") return close();
    sidebar.classList.add("open");
    return sidebar.querySelector("a, button").focus();
  }
  if (sidebar && !sidebar.contains(event.target)) close();
});

document.addEventListener("keydown", (event) => {
  if (sidebar && event.key === "Escape") close();
});
