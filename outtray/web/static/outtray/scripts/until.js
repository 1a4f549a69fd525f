// <span data-until="time">: counts the seconds down, and then asks for what has changed.
const tick = () => {
  for (const place of document.querySelectorAll("[data-until]")) {
    const seconds = Math.ceil((new Date(place.dataset.until) - Date.now()) / 1000);
    place.textContent = seconds > 0 ? `in ${seconds} s` : "now";
    if (seconds <= 0) {
      place.removeAttribute("data-until");
      document.dispatchEvent(new Event("outtray:ask"));
    }
  }
};

setInterval(tick, 250);
tick();
