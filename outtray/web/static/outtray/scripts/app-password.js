// <input data-app-password>: a pasted app password, as providers show it in four groups of
// letters, goes in without its blanks.
const GROUPED = /^[a-z]{4}(\s[a-z]{4}){3}$/i;

document.addEventListener("paste", (event) => {
  const input = event.target.closest?.("[data-app-password]");
  const text = event.clipboardData.getData("text").trim();
  if (!input || !GROUPED.test(text)) return;
  event.preventDefault();
  input.setRangeText(text.replace(/\s/g, ""), input.selectionStart, input.selectionEnd, "end");
  input.dispatchEvent(new Event("input", { bubbles: true }));
});
