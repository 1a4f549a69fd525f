"""The pages. A view finds what this person may see, calls one verb, and answers.

How things are made here:

* **A page** is a view of 5 to 15 lines in a module named after its noun, a line in
  `urls.py`, and `templates/outtray/<noun>.html` that extends `outtray/shell.html` (signed
  in) or `outtray/entrance.html` and fills the blocks title, width (narrow, full or none)
  and content. It begins with `<header class="page-head">`. Decorate the view with
  `person_required` or `administrator_required` and type its request `PersonRequest`; find
  rows by `visible_to(request.membership)`. A new URL needs its line in
  `tests/web/walls.py`.
* **A part** that is used twice or that htmx fetches is `templates/outtray/parts/<part>.html`.
  htmx asks for parts by `hx-get`; what changes something is a `<form method="post">` with
  `csrf_token`, which works without scripts; `hx-post` goes on such a form.
* **An answer**: `tell` (a note that confirms), `complain` and `attach` (a Refused as a note,
  or at its field) from `answers.py`; then redirect.
* **A form** is a plain `forms.Form`; each field is shown by `{% field form.name 6 %}` (width
  in twelfths) inside `<div class="fields">`; errors above it by `parts/form_errors.html`;
  `section-of` sets a heading beside its fields; buttons stand in `form-foot`.
* **A list** is `<div class="list-wrap"><table class="list">`; each `td` has a `data-label`,
  the first one is `lead`, amounts are `num`; on phones rows become cards. Then
  `parts/pager.html` with `newer` and `older`; `{% query before=id %}` builds the address.
  Nothing to list: `parts/nothing.html` with picture, title, sentence, href, action. Filters
  are links in `<nav class="tabs">` or `segmented` with `aria-current`.
* **A state** is `{% pill email.state %}`: one vocabulary, in `pills.py`. Times are
  `{% when moment %}`, amounts `{{ total|money:currency }}`, drawings `{% icon "send" "s" %}`
  (new ones: `ICON_NAMES` in `tools/assets.py`). Boxes: `box`, `box-head`, `box-body`,
  `box-foot`; `notice` with a tone; `facts`; `figures`; `menu`; `<dialog class="dialog">`
  opened by `data-opens`.
* **A script** is one behaviour, an ES module of about 30 lines in `static/outtray/scripts/`,
  imported by `app.js`; it listens on the document, so that parts swapped in later work too.
  The policy in `security.py` allows no inline script, no eval and no style attribute.
* **A style** is one file a component in `static/outtray/styles/`, in a layer of `app.css`;
  colours and distances come from `tokens.css` only. Tabler's utilities (`w-4`, `lead`,
  `chart`) keep their meaning, so our classes have other names.

Not here: rules of the business. Start reading in `urls.py`, `session.py`, `navigation.py`.
"""
