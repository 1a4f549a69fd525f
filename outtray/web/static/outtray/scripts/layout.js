// <form data-shows="/address">: shows the pages as the form stands, a moment after each change.
// An answer that a newer one has overtaken is dropped, and the old pages stay until then.
const form = document.querySelector("form[data-shows]");
const place = form.querySelector("[data-pages]");
const PAUSE = 300;
let timer = 0;
let asked = 0;

const show = async () => {
  const mine = (asked += 1);
  place.setAttribute("aria-busy", "true");
  const answer = await fetch(form.dataset.shows, { method: "POST", body: new FormData(form) });
  const pages = await answer.text();
  if (mine !== asked) return;
  place.removeAttribute("aria-busy");
  if (answer.ok) place.innerHTML = pages;
};

const later = () => {
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE);
};

// Choosing a colour or a logo means wanting it.
const follow = (target) => {
  if (target.name === "colour") form.elements.own_colour.checked = true;
  if (target.name === "own_logo" && target.files.length) form.elements.logo.value = "own";
};

for (const kind of ["input", "change"]) {
  form.addEventListener(kind, (event) => {
    follow(event.target);
    later();
  });
}
show();
