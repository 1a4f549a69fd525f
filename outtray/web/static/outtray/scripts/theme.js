// Sets light or dark before the page is painted; a classic script, so that nothing flashes.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => localStorage.getItem("outtray-theme") ?? "auto";
  const apply = () => {
    const theme = chosen() === "auto" ? (dark.matches ? "dark" : "light") : chosen();
    document.documentElement.dataset.bsTheme = theme;
  };
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("outtray:theme", apply);
  apply();
})();
