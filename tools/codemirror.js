// What the template editor takes from CodeMirror, as one script: `window.CodeMirror`.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { liquid } from "@codemirror/lang-liquid";
import { HighlightStyle, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

window.CodeMirror = {
  EditorState, EditorView, HighlightStyle, autocompletion, bracketMatching, completionKeymap,
  defaultKeymap, drawSelection, highlightActiveLine, history, historyKeymap, keymap, lineNumbers,
  lintGutter, liquid, setDiagnostics, syntaxHighlighting, tags,
};
