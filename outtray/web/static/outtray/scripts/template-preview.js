// The letter as it stands in the form: its subject and text, or what is wrong and where; then
// its HTML in a frame of its own, so that nothing flickers and Back still works.
import { mark, placeOf } from "./code.js";

const PAUSE = 500;
let timer = 0;
let asked = 0;
let drawn = 0;
let found = null;

const part = (name) => document.querySelector(`[data-${name}]`);
const ask = async (form, address) => {
  const answer = await fetch(address, { method: "POST", body: new FormData(form) });
  return answer.ok ? answer.json() : { fault: { detail: "This could not be tried. Try again." } };
};

const tell = (fault, codes) => {
  found = fault ?? null;
  part("fault").hidden = !fault;
  part("fault-detail").textContent = fault?.detail ?? "";
  part("fault-shows").hidden = !fault?.line;
  part("previews").classList.toggle("stale", Boolean(fault));
  for (const [name, view] of codes) mark(view, fault?.field === name && fault.line ? fault : null);
};

const frame = () => {
  const made = document.createElement("iframe");
  made.name = `preview-${(drawn += 1)}`;
  made.title = "The letter as it goes out";
  made.className = "letter coming";
  made.setAttribute("sandbox", "");
  return made;
};

const draw = (form) => {
  const place = part("previews");
  const fresh = frame();
  const copy = document.createElement("form");
  Object.assign(copy, { method: "post", action: form.dataset.letter, target: fresh.name });
  copy.hidden = true;
  for (const [name, value] of new FormData(form)) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    copy.append(input);
  }
  fresh.addEventListener("load", () => {
    fresh.classList.remove("coming");
    for (const old of [...place.children]) if (old !== fresh && !old.matches(".coming")) old.remove();
  });
  place.append(fresh);
  document.body.append(copy);
  copy.submit();
  copy.remove();
};

const show = async (form, codes) => {
  const mine = (asked += 1);
  const { fault, subject, text } = await ask(form, form.dataset.preview);
  if (mine !== asked) return;
  tell(fault, codes);
  if (fault) return;
  part("subject").textContent = subject;
  part("text").textContent = text;
  draw(form);
};

export const later = (form, codes, pause = PAUSE) => {
  clearTimeout(timer);
  timer = setTimeout(() => show(form, codes), pause);
};

export const sendTest = async (form, codes) => {
  const button = part("sends-test");
  button.classList.add("busy");
  button.disabled = true;
  const { fault, sent } = await ask(form, form.dataset.test);
  button.classList.remove("busy");
  button.disabled = false;
  tell(fault, codes);
  part("said").textContent = sent ?? "";
};

for (const each of document.querySelectorAll("[data-shows]")) {
  each.addEventListener("click", () => {
    for (const other of document.querySelectorAll("[data-shows]")) {
      other.setAttribute("aria-pressed", String(other === each));
    }
    part("previews").hidden = each.dataset.shows === "text";
    part("text").hidden = each.dataset.shows !== "text";
  });
}

part("fault-shows").addEventListener("click", () => {
  const view = found && window.CodeMirror.EditorView.findFromDOM(
    document.querySelector(`[data-code="${found.field}"] .cm-editor`) ?? document.body,
  );
  if (!view) return document.querySelector("#template [name=subject]").focus();
  view.dispatch({ selection: { anchor: placeOf(view, found) }, scrollIntoView: true });
  view.focus();
});
