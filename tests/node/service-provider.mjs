// Service providers on @node-saml/node-saml and Express, as an application's developer would write them.
//
//   node service-provider.mjs CONFIGURATION.json
//
// The configuration: { port, providers: { name: { idpMetadata, keys?: { privateKey, certificate }, ecdsa?, options } } },
// where options are node-saml's own. With ecdsa, what the Response's signatures are worth to xml-crypto, which node-saml
// verifies with, once ECDSA is registered with it: node-saml gives nobody a way to register it. Each provider lives under /{name}:
//   /{name}/metadata   its metadata, made by node-saml
//   /{name}/login      starts a sign-in; ?relayState= is sent along
//   /{name}/acs        takes the Response; shows what node-saml made of it as JSON in <pre id="result">
//   /{name}/session    who is signed in there, as JSON in <pre id="session">
//   /{name}/logout     signs out there and starts a single logout
//   /{name}/slo        takes logout messages by POST and Redirect; says so when its own logout is answered
// The identity provider's metadata is fetched at the first sign-in: it does not run yet when this starts.

import { createVerify, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import express from 'express';
import { SAML, ValidateInResponseTo, generateServiceProviderMetadata } from '@node-saml/node-saml';
import { DOMParser } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';

const { port, providers } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const origin = `http://localhost:${port}`;
const metadataNamespace = 'urn:oasis:names:tc:SAML:2.0:metadata';
const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#';
const ecdsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';

/** What a service provider of this name tells others and itself about itself. */
function own(name) {
  const { keys, options } = providers[name];
  return {
    issuer: `${origin}/${name}`,
    callbackUrl: `${origin}/${name}/acs`,
    // Published, and of use, only with a key: what is said of a logout is signed.
    ...(keys && { logoutCallbackUrl: `${origin}/${name}/slo` }),
    ...(keys && { privateKey: keys.privateKey, publicCerts: [keys.certificate] }),
    ...options,
  };
}

/** The identity provider's entity ID, signing certificates and sign-in address for a binding. */
async function identityProvider(name, binding) {
  const answer = await fetch(providers[name].idpMetadata);
  if (!answer.ok) throw new Error(`The identity provider's metadata: ${answer.status}`);
  const root = new DOMParser().parseFromString(await answer.text(), 'text/xml').documentElement;
  const all = (parent, namespace, tag) => Array.from(parent.getElementsByTagNameNS(namespace, tag));
  const endpoint = all(root, metadataNamespace, 'SingleSignOnService').find(
    service => service.getAttribute('Binding') === `urn:oasis:names:tc:SAML:2.0:bindings:${binding}`);
  if (!endpoint) throw new Error(`The identity provider does not offer ${binding}`);
  return {
    idpIssuer: root.getAttribute('entityID'),
    entryPoint: endpoint.getAttribute('Location'),
    logoutUrl: all(root, metadataNamespace, 'SingleLogoutService').find(
      service => service.getAttribute('Binding') === 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect')
      ?.getAttribute('Location'),
    idpCert: all(root, metadataNamespace, 'KeyDescriptor')
      .filter(key => key.getAttribute('use') !== 'encryption')
      .flatMap(key => all(key, signatureNamespace, 'X509Certificate'))
      .map(certificate => certificate.textContent.replace(/\s/g, '')),
  };
}

/** ECDSA as XML Signature 1.1 (6.4.3) has it, r and s side by side, in the shape that xml-crypto asks of an algorithm. */
class EcdsaSha256 {
  verifySignature = (material, key, signature) =>
    createVerify('SHA256').update(material).verify({ key, dsaEncoding: 'ieee-p1363' }, signature, 'base64');
  getAlgorithmName = () => ecdsaSha256;
}

/** For each signature of a message whether it is right by the certificate that the identity provider publishes. */
async function ecdsaSignatures(name, xml) {
  const { idpCert } = await identityProvider(name, 'HTTP-Redirect');
  const publicCert = `-----BEGIN CERTIFICATE-----\n${idpCert[0].match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`;
  const signatures = new DOMParser().parseFromString(xml, 'text/xml').getElementsByTagNameNS(signatureNamespace, 'Signature');
  return Array.from(signatures).map(signature => {
    const signed = new SignedXml({ publicCert });
    signed.SignatureAlgorithms[ecdsaSha256] = EcdsaSha256;
    signed.loadSignature(signature);
    return signed.checkSignature(xml);
  });
}

// One for each provider, kept: it remembers the requests it sent.
const started = new Map();
function saml(name) {
  if (!started.has(name)) {
    const options = own(name);
    started.set(name, identityProvider(name, options.authnRequestBinding ?? 'HTTP-Redirect').then(idp =>
      new SAML({ validateInResponseTo: ValidateInResponseTo.ifPresent, acceptedClockSkewMs: 0, ...options, ...idp })));
  }
  return started.get(name);
}

// Who is signed in, by the value of a cookie of each provider.
const sessions = new Map();
const cookieName = name => `node-${name}`;
const handleOf = request => request.headers.cookie?.split('; ')
  .find(cookie => cookie.startsWith(`${cookieName(request.params.name)}=`))?.split('=')[1];
const shown = (id, value) =>
  `<!doctype html><html lang="en"><title>${id}</title><pre id="${id}">${escape(JSON.stringify(value, null, 2))}</pre></html>`;

const escape = text => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);

const app = express();
app.use(express.urlencoded({ extended: false, limit: '1mb' }));

app.get('/{:name}/metadata', (request, response) => {
  response.type('application/samlmetadata+xml').send(generateServiceProviderMetadata(own(request.params.name)));
});

app.get('/{:name}/login', async (request, response) => {
  const provider = await saml(request.params.name);
  const relayState = request.query.relayState ?? '';
  if (provider.options.authnRequestBinding === 'HTTP-POST') {
    response.type('html').send(await provider.getAuthorizeFormAsync(relayState, request.headers.host, {}));
  } else {
    response.redirect(await provider.getAuthorizeUrlAsync(relayState, request.headers.host, {}));
  }
});

app.post('/{:name}/acs', async (request, response) => {
  const result = { relayState: request.body.RelayState ?? null };
  result.response = Buffer.from(request.body.SAMLResponse ?? '', 'base64').toString('utf8');
  try {
    const provider = await saml(request.params.name);
    const { profile } = await provider.validatePostResponseAsync(request.body);
    // null is node-saml's answer to a signed Response that says NoPassive.
    result.outcome = profile ? 'signed in' : 'not signed in';
    if (profile) {
      const handle = randomUUID();
      sessions.set(handle, profile);
      // A posted LogoutRequest comes from another site; on localhost browsers take Secure without TLS.
      response.cookie(cookieName(request.params.name), handle, { httpOnly: true, secure: true, sameSite: 'none' });
      result.nameId = profile.nameID;
      result.nameIdFormat = profile.nameIDFormat;
      result.sessionIndex = profile.sessionIndex;
      result.issuer = profile.issuer;
      result.attributes = profile.attributes;
    }
  } catch (error) {
    result.outcome = 'refused';
    result.reason = error.message;
  }
  if (providers[request.params.name].ecdsa) {
    result.signatures = await ecdsaSignatures(request.params.name, result.response);
  }
  response.type('html').send(
    `<!doctype html><html lang="en"><title>${result.outcome}</title><pre id="result">${escape(JSON.stringify(result, null, 2))}</pre></html>`);
});

app.get('/{:name}/session', (request, response) => {
  const profile = sessions.get(handleOf(request));
  response.type('html').send(shown('session', { signedIn: profile !== undefined, nameId: profile?.nameID ?? null }));
});

app.get('/{:name}/logout', async (request, response) => {
  const provider = await saml(request.params.name);
  const profile = sessions.get(handleOf(request));
  sessions.delete(handleOf(request));
  response.redirect(await provider.getLogoutUrlAsync(profile, 'bye', {}));
});

/** Ends the session that a LogoutRequest means, and answers it. */
async function signOut(request, response, { profile }, relayState) {
  const session = sessions.get(handleOf(request));
  const meant = session !== undefined
    && session.nameID === profile.nameID && session.sessionIndex === profile.sessionIndex;
  if (meant) sessions.delete(handleOf(request));
  const provider = await saml(request.params.name);
  response.redirect(await provider.getLogoutResponseUrlAsync(profile, relayState, {}, meant));
}

app.post('/{:name}/slo', async (request, response) => {
  const provider = await saml(request.params.name);
  if (request.body.SAMLRequest) {
    await signOut(request, response, await provider.validatePostRequestAsync(request.body), request.body.RelayState);
  } else {
    const { loggedOut } = await provider.validatePostResponseAsync(request.body);
    response.type('html').send(shown('logout', { loggedOut, relayState: request.body.RelayState ?? null }));
  }
});

app.get('/{:name}/slo', async (request, response) => {
  const provider = await saml(request.params.name);
  const query = request.originalUrl.slice(request.originalUrl.indexOf('?') + 1);
  const result = await provider.validateRedirectAsync(request.query, query);
  if (result.profile) await signOut(request, response, result, request.query.RelayState);
  else response.type('html').send(shown('logout', { loggedOut: result.loggedOut, relayState: request.query.RelayState ?? null }));
});

// Browsers ask for one on every site.
app.get('/favicon.ico', (request, response) => response.status(204).end());

app.get('/', (request, response) => response.type('text').send('ready'));

// Express shows its own page for what a handler throws; the test's output should have it too.
app.use((error, request, response, next) => {
  console.error(error);
  next(error);
});

app.listen(port, '127.0.0.1', () => console.log(`listening on ${origin}`));
