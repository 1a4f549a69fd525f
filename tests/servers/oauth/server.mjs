// The sign-in server of the tests: oidc-provider twice, as Google and as Microsoft.
//
// Reads its configuration as one line of JSON on standard input:
//   { "port", "accounts": {email: password}, "clients": [{client_id, client_secret, jwk?}],
//     "signing_key": JWK, "service_account": {address, key: JWK} }
// and is told by POST /control/<dialect> what shall happen next (see `knobs`).

import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

import { SignJWT, importJWK, jwtVerify } from 'jose';
import { Provider } from 'oidc-provider';

import { DIALECTS, resourceOf } from './dialects.mjs';
import { consentPage, signInPage } from './pages.mjs';
import { storeFor } from './store.mjs';

const BY_JWT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const CALLBACK = /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?\/mailboxes\/connected\/(google|microsoft)\/$/;

const fresh = () => ({
  secret_expired: false, // Microsoft: the client secret has ended
  needs_administrator: false, // Microsoft: only an administrator may consent
  strict_rotation: false, // a refresh token works once
  rotates: false, // a renewal brings a new refresh token (Microsoft's always does)
  knows_already: false, // Google: gives no refresh token, as without being asked for one anew
  refresh_days: 0, // Google: how long a refresh token lives, as for an app in testing
  token_seconds: 3600,
  acts_as: '', // whom an application's own token speaks for, so that Dovecot can tell
  delegated: true, // Google: the service account may act for others
  loses_answers: 0, // so many answers of the token endpoint are lost on the way
  is_down: false,
});

const configuration = JSON.parse(await new Promise((told) => {
  createInterface({ input: process.stdin }).once('line', told);
}));
const base = `http://127.0.0.1:${configuration.port}`;
const parts = new Map(DIALECTS.map((dialect) => [dialect.name, partOf(dialect)]));

function partOf(dialect) {
  const part = { dialect, knobs: fresh(), seen: [] };
  const Store = storeFor((model) => model === 'RefreshToken' && !part.knobs.strict_rotation);
  const account = (id) => ({ email: id });
  const provider = new Provider(dialect.issuer(base), {
    adapter: Store,
    clients: configuration.clients.map((client) => clientOf(client)),
    jwks: { keys: [configuration.signing_key] },
    cookies: { keys: ['for tests alone'] },
    routes: dialect.routes,
    scopes: ['openid', 'offline_access'],
    claims: { openid: ['sub', 'tid'], email: ['email', 'email_verified'], profile: ['preferred_username'] },
    conformIdTokenClaims: false,
    clientAuthMethods: ['client_secret_post', 'private_key_jwt'],
    pkce: { required: () => true },
    rotateRefreshToken: () => dialect.name === 'microsoft' || part.knobs.rotates || part.knobs.strict_rotation,
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, ...dialect.claims(account(id)) }),
    }),
    extraTokenClaims: (_, token) => ({ email: token.accountId || part.knobs.acts_as || undefined, tid: dialect.claims({}).tid }),
    formats: {
      customizers: {
        jwt: (_, token, made) => { made.header = { typ: 'JWT' }; },
      },
    },
    ttl: {
      AccessToken: () => part.knobs.token_seconds,
      ClientCredentials: () => part.knobs.token_seconds,
      RefreshToken: 90 * 86400,
      Grant: 90 * 86400,
      Session: 86400,
      Interaction: 3600,
      AuthorizationCode: 60,
      IdToken: 3600,
    },
    interactions: { url: (_, interaction) => `/pages/${dialect.name}/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: () => true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => ({
          scope: (dialect.resources[resource] ?? []).join(' '),
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
  provider.Client.prototype.redirectUriAllowed = (uri) => CALLBACK.test(uri);
  for (const event of ['server_error', 'authorization.error', 'grant.error', 'revocation.error']) {
    provider.on(event, (_, problem) => console.error(dialect.name, event, problem.message, problem.error_detail ?? ''));
  }
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route !== 'token') return;
    if (ctx.status >= 400) [ctx.status, ctx.body] = dialect.error(ctx.body, ctx.oidc.params ?? ctx.req.body, part.knobs);
    else ctx.body = dialect.tidied(ctx.body, part.knobs);
  });
  return Object.assign(part, { provider, Store, answer: provider.callback() });
}

function clientOf({ client_id, client_secret, jwk }) {
  return {
    client_id,
    redirect_uris: ['http://127.0.0.1/mailboxes/connected/google/'],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    ...(jwk
      ? { token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'PS256', jwks: { keys: [jwk] } }
      : { token_endpoint_auth_method: 'client_secret_post', client_secret }),
  };
}

createServer(async (request, response) => {
  const url = new URL(request.url, base);
  const text = await bodyOf(request);
  if (url.pathname.startsWith('/control/')) return control(url, text, response);
  if (url.pathname.startsWith('/pages/')) return pages(url, text, request, response);
  const part = [...parts.values()].find(({ dialect }) => dialect.prefix(url.pathname) !== null);
  if (!part) return answered(response, 404, {});
  return serve(part, url, text, request, response);
}).listen(configuration.port, '127.0.0.1', () => console.log('ready'));

async function serve(part, url, text, request, response) {
  const { dialect, knobs } = part;
  const prefix = dialect.prefix(url.pathname);
  const path = url.pathname.slice(prefix.length);
  if (knobs.is_down) return answered(response, 503, 'Service Unavailable', { 'Retry-After': '30' });
  if (path === dialect.routes.authorization) dialect.authorize(url.searchParams, knobs);
  if (path === dialect.routes.token) {
    const asked = Object.fromEntries(new URLSearchParams(text));
    part.seen.push(withoutSecrets(asked, url.pathname));
    if (asked.grant_type === BY_JWT) return answered(response, ...(await delegated(part, asked)));
    const client = configuration.clients.find((known) => known.client_id === asked.client_id);
    const refusal = dialect.refusedBefore?.(prefix.split('/')[2], asked, client, knobs);
    if (refusal) return answered(response, ...refusal);
    dialect.token(asked);
    request.body = asked;
    if (knobs.loses_answers > 0) {
      knobs.loses_answers -= 1;
      response.end = () => request.socket.destroy();
    }
  }
  if (path === dialect.routes.revocation) {
    return answered(response, ...(await revoked(part, new URLSearchParams(text).get('token'))));
  }
  request.originalUrl = url.pathname + url.search;
  request.url = path + url.search;
  return part.answer(request, response);
}

// Google's revocation asks for no client, and ends the whole consent.
async function revoked({ provider, Store }, value) {
  const token = await provider.RefreshToken.find(value ?? '');
  if (!token) return [400, { error: 'invalid_token', error_description: 'Token expired or revoked' }];
  Store.forget(token.accountId);
  return [200, {}];
}

// RFC 7523: a service account speaks for a mailbox of its domain.
async function delegated({ knobs }, asked) {
  const { address, key } = configuration.service_account;
  let claims;
  try {
    const audience = `${base}/google/token`;
    ({ payload: claims } = await jwtVerify(asked.assertion, await importJWK(key, 'RS256'), { issuer: address, audience }));
  } catch (problem) {
    return [400, { error: 'invalid_grant', error_description: `Invalid JWT Signature. ${problem.code}` }];
  }
  if (!knobs.delegated) {
    const error_description = 'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.';
    return [401, { error: 'unauthorized_client', error_description }];
  }
  const { kid } = configuration.signing_key;
  const token = await new SignJWT({ email: claims.sub, scope: claims.scope })
    .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
    .setIssuer(`${base}/google`)
    .setAudience('https://gmail.googleapis.com')
    .setSubject(claims.sub)
    .setIssuedAt()
    .setExpirationTime(`${knobs.token_seconds}s`)
    .sign(await importJWK(configuration.signing_key, 'RS256'));
  return [200, { access_token: token, expires_in: knobs.token_seconds, token_type: 'Bearer' }];
}

async function pages(url, text, request, response) {
  const [, , name, uid] = url.pathname.split('/');
  const { provider, dialect, knobs } = parts.get(name);
  const given = new URLSearchParams(text);
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  const finish = (result) => provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  const action = `/pages/${name}/${uid}`;
  if (prompt.name === 'login') {
    const login = (given.get('login') ?? '').toLowerCase();
    const isRight = login && configuration.accounts[login] === given.get('password');
    if (isRight) return finish({ login: { accountId: login } });
    const isWrong = request.method === 'POST';
    return html(response, signInPage(dialect.label, action, login || params.login_hint || '', isWrong));
  }
  const wanted = params.scope.split(' ').filter((scope) => scope.startsWith('https://'));
  if (request.method !== 'POST') return html(response, consentPage(dialect.label, action, session.accountId, wanted));
  if (knobs.needs_administrator) {
    const error_description = "AADSTS90094: An administrator of Nordwind has set a policy that prevents you from granting Outtray the permissions it is requesting.";
    return finish({ error: 'access_denied', error_description });
  }
  if (given.get('answer') === 'deny') return finish(dialect.denied());
  const grant = (grantId && (await provider.Grant.find(grantId)))
    || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  const resource = resourceOf(wanted.join(' ')).replace(/https:\/\/(www|mail)\..*/, 'https://gmail.googleapis.com');
  grant.addOIDCScope('openid email profile offline_access');
  const allowed = given.getAll('scope');
  grant.addResourceScope(resource, allowed.join(' '));
  const refused = wanted.filter((scope) => !allowed.includes(scope));
  if (refused.length) grant.rejectResourceScope(resource, refused.join(' '));
  return finish({ consent: { grantId: await grant.save() } });
}

// GET /control/google tells the requests so far; POST sets knobs, or forgets an account's consent.
function control(url, text, response) {
  const part = parts.get(url.pathname.split('/')[2]);
  if (text) {
    const { forget, reset, ...knobs } = JSON.parse(text);
    if (reset) Object.assign(part, { knobs: fresh(), seen: [] });
    if (forget) part.Store.forget(forget);
    Object.assign(part.knobs, knobs);
  }
  return answered(response, 200, { seen: part.seen });
}

const SECRET = new Set(['client_secret', 'code', 'code_verifier', 'refresh_token', 'assertion', 'client_assertion']);

const withoutSecrets = (asked, path) => ({
  path,
  ...Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, SECRET.has(name) ? '...' : value])),
});

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function answered(response, status, body, headers = {}) {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'Content-Type': isText ? 'text/plain' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

function html(response, text) {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
  response.end(text);
}
