// The editor of a template: code with the fields at hand, and the letter beside it as it stands.
import { codeOf } from "./code.js";
import { later, sendTest } from "./template-preview.js";

const form = document.getElementById("template");
const subject = form.elements.subject;
const fields = [...form.querySelectorAll('[data-inserts^="{{"]')].map((each) => {
  const label = each.dataset.inserts.replace(/[{}\s]/g, "");
  return { label, apply: `${label} }}`, detail: each.querySelector("span")?.textContent ?? "" };
});
const codes = new Map(
  [...form.querySelectorAll("[data-code]")].map((place) => [
    place.dataset.code,
    codeOf(place, fields, () => later(form, codes)),
  ]),
);
let last = codes.get("mjml");

for (const code of codes.values()) code.dom.addEventListener("focusin", () => (last = code));
subject.addEventListener("focusin", () => (last = subject));

document.addEventListener("click", (event) => {
  const inserts = event.target.closest("[data-inserts]")?.dataset.inserts;
  if (!inserts) return;
  if (last !== subject) {
    last.dispatch(last.state.replaceSelection(inserts));
    return last.focus();
  }
  subject.setRangeText(inserts, subject.selectionStart, subject.selectionEnd, "end");
  subject.focus();
  subject.dispatchEvent(new Event("input", { bubbles: true }));
});

form.querySelector("[data-sends-test]").addEventListener("click", () => sendTest(form, codes));
form.addEventListener("input", () => later(form, codes));
form.addEventListener("change", () => later(form, codes));
later(form, codes, 0);
