// Files are sent up as soon as they are chosen, dropped or pasted, and checked there.
export const attachments = ({ form, post, put }) => {
  const chooser = form.elements.more;
  const list = form.querySelector("[data-files]");
  const problems = form.querySelector("[data-file-problems]");
  const drop = form.querySelector("[data-drop]");
  const most = Number(form.dataset.most);

  const complain = (sentence) => {
    const line = document.createElement("li");
    line.textContent = sentence;
    problems.append(line);
  };

  const show = (told) => {
    if (told.files !== undefined) put(list, told.files);
    else if (told.problem) complain(told.problem);
    if (!told.ok) return;
    document.querySelector("[data-deletes]").hidden = false;
    document.querySelector("[data-saved]").textContent = "Draft kept";
  };

  const send = async (files) => {
    problems.replaceChildren();
    for (const file of files) {
      if (file.size > most) {
        const size = Math.round(file.size / 1024 / 1024);
        complain(`${file.name} has ${size} MB; ${most / 1024 / 1024} MB can go along.`);
        continue;
      }
      drop.classList.add("busy");
      try {
        show(await post("files/", { file }));
      } catch {
        complain(`${file.name} could not be sent up: no connection.`);
      }
      drop.classList.remove("busy");
    }
    chooser.value = "";
  };

  chooser.addEventListener("change", () => send([...chooser.files]));

  list.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-removes]");
    if (!button) return;
    const part = button.dataset.removes.slice(form.dataset.drafts.length);
    show(await post(part));
    chooser.focus();
  });

  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.add("over");
  });
  form.addEventListener("dragleave", () => drop.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    drop.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    event.stopPropagation();
    send([...event.dataTransfer.files]);
  }, true);
  document.addEventListener("trix-file-accept", (event) => {
    event.preventDefault();
    if (event.file) send([event.file]);
  });
};
