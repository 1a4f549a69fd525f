// The pages that people meet: sign in, and allow.

const escaped = (text) =>
  String(text).replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]);

const page = (title, body) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title></head>
<body><main><h1>${escaped(title)}</h1>${body}</main></body></html>`;

export const signInPage = (label, action, hint, isWrong) => page(
  `Sign in with ${label}`,
  `${isWrong ? '<p role="alert">Wrong address or password</p>' : ''}
  <form method="post" action="${escaped(action)}">
    <label>Email <input name="login" type="email" value="${escaped(hint)}"></label>
    <label>Password <input name="password" type="password"></label>
    <button type="submit">Next</button>
  </form>`,
);

export const consentPage = (label, action, account, scopes) => page(
  `Outtray wants to access your ${label} account`,
  `<p>${escaped(account)}</p>
  <form method="post" action="${escaped(action)}">
    ${scopes.map((scope) => `<label><input type="checkbox" name="scope" value="${escaped(scope)}" checked> ${escaped(scope)}</label>`).join('\n')}
    <button type="submit" name="answer" value="allow">Allow</button>
    <button type="submit" name="answer" value="deny">Cancel</button>
  </form>`,
);
