// Validates one Response with node-saml as often as it is told, and says what one validation took.
//
// The first line of the input: { samlResponse, certificate, issuer, callbackUrl, idpIssuer }; answered by "ready" once
// it was accepted. Each following line is a number of times; the answer is the processor time of one, in microseconds.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

// The package is the one that the tests sign in to.
const { SAML, ValidateInResponseTo } =
  createRequire(new URL('../tests/node/package.json', import.meta.url))('@node-saml/node-saml');

let saml;
let message;

async function validate() {
  const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: message });
  if (profile?.attribute9 !== 'value 9 of Ada Lovelace') throw new Error('node-saml reads something else.');
}

for await (const line of createInterface({ input: process.stdin })) {
  if (!saml) {
    const { samlResponse, certificate, issuer, callbackUrl, idpIssuer } = JSON.parse(line);
    message = samlResponse;
    saml = new SAML({
      issuer,
      audience: issuer,
      callbackUrl,
      idpIssuer,
      idpCert: certificate,
      entryPoint: idpIssuer,
      wantAuthnResponseSigned: false,
      validateInResponseTo: ValidateInResponseTo.never,
      // The message is of a fixed day; -1 leaves the times unchecked.
      acceptedClockSkewMs: -1,
    });
    await validate();
    console.log('ready');
    continue;
  }
  const times = Number(line);
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) await validate();
  const { user, system } = process.cpuUsage(before);
  console.log(((user + system) / times).toString());
}
