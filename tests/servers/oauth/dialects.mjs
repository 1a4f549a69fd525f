// How Google and Microsoft differ from the standard, and from each other.

import { randomUUID } from 'node:crypto';

export const TENANT = '7a1c2f84-3b5d-4e6f-8a90-b1c2d3e4f506';
const TENANTS = new Set(['common', 'organizations', TENANT, 'nordwind.example']);

const OWN = new Set(['openid', 'email', 'profile', 'offline_access']);
const words = (text) => (text || '').split(' ').filter(Boolean);

const google = {
  name: 'google',
  label: 'Google',
  issuer: (base) => `${base}/google`,
  prefix: (path) => (path.startsWith('/google/') ? '/google' : null),
  routes: {
    authorization: '/o/oauth2/v2/auth',
    token: '/token',
    revocation: '/revoke',
    jwks: '/oauth2/v3/certs',
  },
  resources: {
    'https://gmail.googleapis.com': [
      'https://www.googleapis.com/auth/gmail.send',
      'https://mail.google.com/',
    ],
  },
  // A refresh token comes with access_type=offline and a consent that was asked for, else not.
  authorize(query, knobs) {
    const prompts = words(query.get('prompt'));
    const isOffline = query.get('access_type') === 'offline' && prompts.includes('consent') && !knobs.knows_already;
    if (prompts.includes('consent')) query.set('prompt', 'consent');
    else query.delete('prompt');
    query.delete('access_type');
    if (isOffline) query.set('scope', `${query.get('scope')} offline_access`);
    query.set('resource', 'https://gmail.googleapis.com');
  },
  token() {},
  claims: (account) => ({ email: account.email, email_verified: true }),
  denied: () => ({ error: 'access_denied' }),
  error(body, asked, knobs) {
    if (body.error === 'invalid_client') {
      return [401, { error: 'invalid_client', error_description: 'Unauthorized' }];
    }
    if (body.error === 'invalid_grant') {
      const text = asked.grant_type === 'refresh_token' ? 'Token has been expired or revoked.' : 'Bad Request';
      return [400, { error: 'invalid_grant', error_description: text }];
    }
    return [400, body];
  },
  tidied(body, knobs) {
    const days = knobs.refresh_days ? { refresh_token_expires_in: knobs.refresh_days * 86400 } : {};
    const who = body.id_token ? 'openid https://www.googleapis.com/auth/userinfo.email ' : '';
    return { ...body, ...(body.refresh_token ? days : {}), scope: `${who}${body.scope ?? ''}`.trim() };
  },
};

const microsoft = {
  name: 'microsoft',
  label: 'Microsoft',
  issuer: (base) => `${base}/microsoft/${TENANT}/v2.0`,
  prefix: (path) => path.match(/^\/microsoft\/[^/]+(?=\/)/)?.[0] ?? null,
  routes: {
    authorization: '/oauth2/v2.0/authorize',
    token: '/oauth2/v2.0/token',
    revocation: '/oauth2/v2.0/never',
    jwks: '/discovery/v2.0/keys',
  },
  resources: {
    'https://graph.microsoft.com': ['Mail.Send', 'Mail.ReadWrite', 'Mail.Send.Shared', 'Mail.ReadWrite.Shared', '.default']
      .map((scope) => `https://graph.microsoft.com/${scope}`),
    'https://outlook.office.com': ['SMTP.Send', 'IMAP.AccessAsUser.All']
      .map((scope) => `https://outlook.office.com/${scope}`),
    'https://outlook.office365.com': ['https://outlook.office365.com/.default'],
  },
  authorize(query) {
    query.set('prompt', 'consent');
    query.set('resource', resourceOf(query.get('scope')));
  },
  // A scope names its service by its beginning, and a token is for one service.
  token(asked) {
    const resource = resourceOf(asked.scope);
    if (resource) asked.resource = resource;
    if (asked.grant_type === 'refresh_token') asked.scope = words(asked.scope).filter((scope) => !OWN.has(scope)).join(' ');
  },
  claims: (account) => ({ email: account.email, preferred_username: account.email, tid: TENANT }),
  denied: () => ({ error: 'access_denied', error_description: 'AADSTS65004: User declined to consent to access the app.' }),
  refusedBefore(tenant, asked, client, knobs) {
    if (!TENANTS.has(tenant)) {
      return said(400, 'invalid_request', 90002, `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID.`);
    }
    if (!client) {
      return said(400, 'unauthorized_client', 700016, `Application with identifier '${asked.client_id}' was not found in the directory 'Nordwind'.`);
    }
    if (knobs.secret_expired && asked.client_secret) {
      return said(401, 'invalid_client', 7000222, `The provided client secret keys for app '${asked.client_id}' are expired.`);
    }
    return null;
  },
  error(body, asked, knobs) {
    const isRenewal = asked.grant_type === 'refresh_token';
    if (body.error === 'invalid_client') {
      return asked.client_assertion
        ? said(401, 'invalid_client', 700027, `The certificate with identifier used to sign the client assertion is not registered on application '${asked.client_id}'.`)
        : said(401, 'invalid_client', 7000215, 'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.');
    }
    if (body.error === 'invalid_scope' || body.error === 'invalid_target') {
      return said(400, 'invalid_grant', 65001, `The user or administrator has not consented to use the application with ID '${asked.client_id}' named 'Outtray'. Send an interactive authorization request for this user and resource.`, 'consent_required');
    }
    if (body.error === 'invalid_grant' && isRenewal) {
      return said(400, 'invalid_grant', 50173, 'The provided grant has expired due to it being revoked, a fresh auth token is needed.', 'bad_token');
    }
    if (body.error === 'invalid_grant') {
      return said(400, 'invalid_grant', 54005, 'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.');
    }
    return said(400, body.error, 900144, body.error_description || '');
  },
  tidied: (body) => ({ ...body, ext_expires_in: body.expires_in }),
};

export const DIALECTS = [google, microsoft];

export function resourceOf(scope) {
  const named = words(scope).find((word) => word.startsWith('https://'));
  return named ? new URL(named).origin : '';
}

function said(status, error, number, text, suberror) {
  const trace = randomUUID();
  const correlation = randomUUID();
  const at = new Date().toISOString().replace('T', ' ').slice(0, 19) + 'Z';
  return [status, {
    error,
    error_description: `AADSTS${number}: ${text} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${at}`,
    error_codes: [number],
    timestamp: at,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    ...(suberror ? { suberror } : {}),
  }];
}
