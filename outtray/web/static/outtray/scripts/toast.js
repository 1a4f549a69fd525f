// Notes go by themselves when they only confirm; errors and warnings stay until closed.
const SECONDS = 6;

const schedule = () => {
  for (const note of document.querySelectorAll(".note.success:not([data-going])")) {
    note.dataset.going = "";
    setTimeout(() => note.matches(":hover, :focus-within") || note.remove(), SECONDS * 1000);
  }
};

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".note").remove();
});

document.addEventListener("htmx:afterSettle", schedule);
schedule();
