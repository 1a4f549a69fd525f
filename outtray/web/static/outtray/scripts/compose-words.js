// Another template or language fills subject and text anew; what was written by hand asks first.
export const words = ({ form, later }) => {
  const { template, language, subject, body, sender, documents } = form.elements;
  if (!template) return;
  const editor = form.querySelector("trix-editor");
  let before = { template: template.value, language: language.value };
  let filled = { subject: subject.value, body: body.value };
  document.addEventListener("trix-initialize", () => (filled.body = body.value));

  const isChanged = () => subject.value !== filled.subject || body.value !== filled.body;

  const fill = async () => {
    if (isChanged() && !confirm("Replace the subject and the text that you have written?")) {
      template.value = before.template;
      language.value = before.language;
      return;
    }
    const query = new URLSearchParams({
      documents: documents.value,
      template: template.value,
      language: language.value,
      sender: sender.value,
    });
    const answer = await fetch(`${form.dataset.words}?${query}`, { headers: { "HX-Request": "true" } });
    const told = await answer.json();
    if (!answer.ok) return;
    subject.value = told.subject;
    editor.editor.loadHTML(told.html);
    filled = { subject: subject.value, body: body.value };
    before = { template: template.value, language: language.value };
    later();
  };

  template.addEventListener("change", fill);
  language.addEventListener("change", fill);
};
