// <button data-looks>, or Control and Enter: writes the very message and shows all of it.
export const exactMessage = ({ form, post, put }) => {
  const dialog = form.querySelector("[data-exact]");
  const body = dialog.querySelector("[data-exact-body]");
  const button = form.querySelector("[data-looks]");
  const problem = form.querySelector("[data-look-problem]");

  const complain = (sentence) => {
    const line = document.createElement("li");
    line.textContent = sentence;
    problem.replaceChildren(line);
  };

  const look = async () => {
    problem.replaceChildren();
    button.classList.add("busy");
    try {
      const told = await post("preview/");
      if (!told.ok) return complain(told.problem ?? "The message could not be made.");
      put(body, told.html);
      form.querySelector("[data-version]").value = body.querySelector("[data-version]").dataset.version;
      dialog.showModal();
      body.querySelector("[role=tab]").focus();
    } catch {
      complain("The message could not be made: no connection.");
    } finally {
      button.classList.remove("busy");
    }
  };

  const choose = (tab) => {
    for (const each of dialog.querySelectorAll("[role=tab]")) {
      const isChosen = each === tab;
      each.setAttribute("aria-selected", String(isChosen));
      each.tabIndex = isChosen ? 0 : -1;
      document.getElementById(each.dataset.shows).hidden = !isChosen;
    }
    tab.focus();
  };

  dialog.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) choose(tab);
  });
  dialog.addEventListener("keydown", (event) => {
    const tabs = [...dialog.querySelectorAll("[role=tab]")];
    const at = tabs.indexOf(event.target);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (at >= 0 && step) choose(tabs.at((at + step) % tabs.length));
  });
  button.addEventListener("click", look);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || dialog.open) return;
    event.preventDefault();
    look();
  });
};
