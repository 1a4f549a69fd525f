// Every behaviour of the pages. Each listens on the document, so that swapped-in parts work too.
import "./app-password.js";
import "./busy.js";
import "./copy.js";
import "./dialog.js";
import "./found.js";
import "./menu.js";
import "./offer.js";
import "./pick.js";
import "./reveal.js";
import "./sidebar.js";
import "./theme-choice.js";
import "./times.js";
import "./timezone.js";
import "./toast.js";
import "./choose.js";
import "./live.js";
import "./until.js";
