// <form data-drafts="/compose/…/">: keeps the letter as a draft while one writes. One request goes
// at a time, and each names the version that the page shows, so that two windows never overwrite
// each other: the second is told, and a person decides.
import { attachments } from "./compose-files.js";
import { exactMessage } from "./compose-message.js";
import { words } from "./compose-words.js";

const form = document.querySelector("form[data-drafts]");
const version = form.querySelector("[data-version]");
const saved = document.querySelector("[data-saved]");
const conflict = form.querySelector("[data-conflict]");
const PAUSE = 1000;
let last = Promise.resolve();
let timer = 0;
let underWay = 0;
let isStopped = false;

const fields = () => {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (typeof value !== "string") data.delete(name);
  return data;
};

const stop = (answer) => {
  isStopped = true;
  conflict.hidden = false;
  conflict.dataset.version = answer.version ?? "";
  conflict.querySelector("[data-theirs]").hidden = !answer.version;
  conflict.querySelector("[data-conflict-says]").textContent = answer.problem;
  saved.textContent = "Not kept";
};

// Posts the form to a part of the draft's address, after whatever is under way.
const post = (part, more = {}) => {
  const turn = async () => {
    const data = fields();
    for (const [name, value] of Object.entries(more)) data.append(name, value);
    const answer = await fetch(form.dataset.drafts + part, {
      method: "POST",
      body: data,
      headers: { "HX-Request": "true" },
    });
    if (answer.headers.has("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const told = isJson ? await answer.json() : { html: await answer.text() };
    const ok = answer.ok && !told.problem;
    if (told.code?.startsWith("draft_")) stop(told);
    else if (ok && told.version) {
      version.value = told.version;
      history.replaceState(null, "", form.dataset.drafts);
    }
    return { ...told, ok };
  };
  underWay += 1;
  last = last.then(turn, turn).finally(() => (underWay -= 1));
  return last;
};

const put = (place, html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  place.replaceChildren(...page.body.childNodes);
};

const keep = async () => {
  if (isStopped || form.dataset.sent !== undefined) return;
  try {
    const told = await post("save/");
    if (!told.ok) {
      saved.textContent = isStopped ? "Not kept" : (told.problem ?? "Not kept: try again later.");
      return;
    }
    saved.textContent = told.saved;
    put(form.querySelector("[data-reasons]"), told.reasons);
    document.querySelector("[data-deletes]").hidden = false;
  } catch {
    saved.textContent = "Not kept: no connection. What you write stays here.";
  }
};

const later = () => {
  clearTimeout(timer);
  saved.textContent = isStopped ? "Not kept" : "Changed";
  timer = setTimeout(keep, PAUSE);
};

const soon = () => {
  clearTimeout(timer);
  return keep();
};

form.addEventListener("input", (event) => event.target.type !== "file" && later());
form.addEventListener("change", (event) => event.target.type !== "file" && later());
// The editor tells of its own beginning as of a change; what it begins with is no draft yet.
let begun = form.elements.body.value;
document.addEventListener("trix-initialize", () => (begun = form.elements.body.value));
document.addEventListener("trix-change", () => {
  if (form.elements.body.value !== begun) later();
  begun = form.elements.body.value;
});

conflict.querySelector("[data-mine]").addEventListener("click", () => {
  version.value = conflict.dataset.version || 0;
  isStopped = false;
  conflict.hidden = true;
  soon();
});

// What is under way ends first: it may count the version up.
form.addEventListener("submit", async (event) => {
  clearTimeout(timer);
  if (underWay === 0) return;
  event.preventDefault();
  await last.catch(() => {});
  form.requestSubmit(event.submitter);
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden && saved.textContent === "Changed") soon();
});

form.addEventListener("click", (event) => {
  const adds = event.target.closest("[data-adds]");
  if (!adds) return;
  const to = form.elements.to;
  to.value = [to.value.trim().replace(/,$/, ""), adds.dataset.adds].filter(Boolean).join(", ");
  to.dispatchEvent(new Event("input", { bubbles: true }));
  to.focus();
});

const page = { form, post, put, soon, later };
attachments(page);
exactMessage(page);
words(page);
