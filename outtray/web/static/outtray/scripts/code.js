// An editor in place of a <textarea>, which keeps the text for the form. No script: the textarea.
const {
  EditorState, EditorView, HighlightStyle, autocompletion, bracketMatching, completionKeymap,
  defaultKeymap, drawSelection, highlightActiveLine, history, historyKeymap, keymap, lineNumbers,
  lintGutter, liquid, setDiagnostics, syntaxHighlighting, tags,
} = window.CodeMirror;

const nonce = document.querySelector("meta[name=csp-nonce]").content;
const colours = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], class: "code-tag" },
  { tag: [tags.attributeName, tags.variableName, tags.propertyName], class: "code-name" },
  { tag: [tags.attributeValue, tags.string, tags.number], class: "code-text" },
  { tag: [tags.keyword, tags.brace, tags.operator, tags.processingInstruction], class: "code-word" },
  { tag: tags.comment, class: "code-note" },
]);

const offering = (fields) => (context) => {
  const begun = context.matchBefore(/\{\{\s*[\w.]*/);
  if (!begun) return null;
  const typed = begun.text.match(/[\w.]*$/)[0];
  return { from: context.pos - typed.length, options: fields, validFor: /^[\w.]*$/ };
};

export const codeOf = (place, fields, changed) => {
  const area = place.querySelector("textarea");
  const view = new EditorView({
    doc: area.value,
    extensions: [
      lineNumbers(), lintGutter(), history(), drawSelection(), highlightActiveLine(),
      bracketMatching(), liquid(), syntaxHighlighting(colours), EditorView.lineWrapping,
      autocompletion({ override: [offering(fields)], icons: false }),
      keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.cspNonce.of(nonce),
      EditorView.contentAttributes.of({ "aria-labelledby": `${place.dataset.code}-label` }),
      EditorState.tabSize.of(2),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        area.value = update.state.doc.toString();
        changed();
      }),
    ],
  });
  area.hidden = true;
  area.removeAttribute("required");
  area.after(view.dom);
  place.querySelector("label").addEventListener("click", () => view.focus());
  return view;
};

// Where a fault stands: line and column count from one, as people do.
export const placeOf = (view, fault) => {
  const { doc } = view.state;
  const line = doc.line(Math.min(Math.max(fault.line ?? 1, 1), doc.lines));
  return Math.min(line.from + (fault.column ?? 1) - 1, line.to);
};

export const mark = (view, fault) => {
  const marks = [];
  if (fault) {
    const from = placeOf(view, fault);
    const to = view.state.doc.lineAt(from).to;
    marks.push({ from, to: Math.max(from, to), severity: "error", message: fault.detail });
  }
  view.dispatch(setDiagnostics(view.state, marks));
};
