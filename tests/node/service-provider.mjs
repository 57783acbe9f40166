// Service providers on @node-saml/node-saml and Express, as an application's developer would write them.
//
//   node service-provider.mjs CONFIGURATION.json
//
// The configuration: { port, providers: { name: { idpMetadata, keys?: { privateKey, certificate }, options } } }, where
// options are node-saml's own. Each provider lives under /{name}:
//   /{name}/metadata   its metadata, made by node-saml
//   /{name}/login      starts a sign-in; ?relayState= is sent along
//   /{name}/acs        takes the Response; shows what node-saml made of it as JSON in <pre id="result">
// The identity provider's metadata is fetched at the first sign-in: it does not run yet when this starts.

import { readFileSync } from 'node:fs';
import express from 'express';
import { SAML, ValidateInResponseTo, generateServiceProviderMetadata } from '@node-saml/node-saml';
import { DOMParser } from '@xmldom/xmldom';

const { port, providers } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const origin = `http://localhost:${port}`;
const metadataNamespace = 'urn:oasis:names:tc:SAML:2.0:metadata';
const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#';

/** What a service provider of this name tells others and itself about itself. */
function own(name) {
  const { keys, options } = providers[name];
  return {
    issuer: `${origin}/${name}`,
    callbackUrl: `${origin}/${name}/acs`,
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
    idpCert: all(root, metadataNamespace, 'KeyDescriptor')
      .filter(key => key.getAttribute('use') !== 'encryption')
      .flatMap(key => all(key, signatureNamespace, 'X509Certificate'))
      .map(certificate => certificate.textContent.replace(/\s/g, '')),
  };
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
  response.type('html').send(
    `<!doctype html><html lang="en"><title>${result.outcome}</title><pre id="result">${escape(JSON.stringify(result, null, 2))}</pre></html>`);
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
