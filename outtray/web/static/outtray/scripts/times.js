// <time data-relative datetime="...">: keeps "3 minutes ago" true while the page stays open.
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

const phrase = (seconds) => {
  const distance = Math.abs(seconds);
  if (distance < 45) return seconds > 0 ? "in a moment" : "just now";
  const [unit, size] = UNITS.find(([, size]) => distance >= size) ?? UNITS.at(-1);
  return words.format(Math.trunc(seconds / size) || Math.sign(seconds), unit);
};

const refresh = () => {
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
    if (Math.abs(seconds) < 6 * 86400) time.textContent = phrase(seconds);
  }
};

setInterval(refresh, 20_000);
