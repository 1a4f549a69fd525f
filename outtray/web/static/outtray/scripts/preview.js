// <form data-preview="/address">: shows the letter as it stands in the form, a moment after
// each change. Each goes into a frame of its own, so that nothing flickers and Back still works.
const form = document.querySelector("form[data-preview]");
const place = form.querySelector("[data-previews]");
const PAUSE = 500;
let timer = 0;
let count = 0;

const frame = () => {
  const made = document.createElement("iframe");
  made.name = `preview-${(count += 1)}`;
  made.title = "The letter as it goes out";
  made.className = "letter coming";
  made.setAttribute("sandbox", "");
  return made;
};

const copyOf = (target) => {
  const copy = document.createElement("form");
  Object.assign(copy, { method: "post", action: form.dataset.preview, target, hidden: true });
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string") continue;
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    copy.append(input);
  }
  return copy;
};

const show = () => {
  const fresh = frame();
  place.append(fresh);
  const copy = copyOf(fresh.name);
  document.body.append(copy);
  fresh.addEventListener("load", () => {
    fresh.classList.remove("coming");
    for (const old of [...place.children]) if (old !== fresh && !old.matches(".coming")) old.remove();
  });
  copy.submit();
  copy.remove();
};

const later = () => {
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE);
};

form.addEventListener("input", later);
form.addEventListener("change", later);
document.addEventListener("trix-change", later);
document.addEventListener("trix-file-accept", (event) => event.preventDefault());
form.addEventListener("input", () => {
  for (const place of form.querySelectorAll("[data-mirrors]")) {
    const text = document.getElementById(place.dataset.mirrors).value.trim();
    place.textContent = text || place.dataset.otherwise;
  }
});
show();
