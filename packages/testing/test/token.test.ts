import { tokenVerifier } from '@openprm/access';
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { givenIssuer, type TestIssuer } from '../src';

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await givenIssuer();
});
afterAll(() => issuer.stop());

const verify = (token: string) => tokenVerifier({ issuer: issuer.url, audience: 'openprm' })(token);

test('a token of the issuer names its principal in lower case', async () => {
  expect(await verify(await issuer.token('Me@Partner.Example'))).toEqual({ id: 'me@partner.example', name: 'Me' });
});

const forged = {
  'signed by somebody else': async () =>
    new SignJWT({ email: 'a@b.example' })
      .setProtectedHeader({ alg: 'ES256', kid: 'test' })
      .setIssuer(issuer.url)
      .setAudience('openprm')
      .setExpirationTime('1h')
      .sign((await generateKeyPair('ES256')).privateKey),
  unsigned: async () =>
    new UnsecuredJWT({ email: 'a@b.example' }).setIssuer(issuer.url).setAudience('openprm').setExpirationTime('1h').encode(),
  'signed with a public key as a secret': async () =>
    new SignJWT({ email: 'a@b.example' })
      .setProtectedHeader({ alg: 'HS256', kid: 'test' })
      .setIssuer(issuer.url)
      .setAudience('openprm')
      .setExpirationTime('1h')
      .sign(Buffer.from('x'.repeat(32))),
  'for another audience': () => issuer.token('a@b.example', {}, 'else'),
  'without the principal claim': () => issuer.token('', {}),
  'with an address that is not verified': () => issuer.token('a@b.example', { email_verified: false }),
  'no token at all': async () => 'nonsense',
};

test.each(Object.entries(forged))('a token %s is refused', async (_kind, make) => {
  await expect(verify(await make())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('while the issuer is away the answer is UNAVAILABLE, not a refusal', async () => {
  const away = await givenIssuer();
  const token = await away.token('a@b.example');
  await away.stop();
  await expect(tokenVerifier({ issuer: away.url, audience: 'openprm' })(token)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
