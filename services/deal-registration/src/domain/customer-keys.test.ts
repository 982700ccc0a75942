import { customerKeys, identify, normaliseName, normaliseTaxId, webDomain } from './customer-keys';
import { noCustomer } from './register-deal';

test.each([
  ['legal forms at the end', 'Acme GmbH', 'acme'],
  ['several of them', 'Müller GmbH & Co. KG', 'muller'],
  ['dots in them', 'Acme S.A.', 'acme'],
  ['a leading the', 'The Acme Company, Inc.', 'acme'],
  ['case and blanks', '  ACME   Labs ', 'acme labs'],
  ['umlauts and their transliteration', 'Mueller Söhne', 'muller sohne'],
  ['sharp s', 'Groß AG', 'gross'],
  ['accents', 'Société Générale SA', 'societe generale'],
  ['an ampersand', 'Smith & Wesson Ltd', 'smith and wesson'],
  ['hyphens', 'Rolls-Royce plc', 'rolls royce'],
  ['apostrophes', "Levi's", 'levis'],
  ['a name that is a legal form only', 'AG', 'ag'],
  ['other scripts', '株式会社 東京', '株式会社 東京'],
])('names lose %s', (_name, raw, expected) => {
  expect(normaliseName(raw)).toBe(expected);
});

test.each([
  ['a website', 'https://shop.acme.co.uk/about', 'acme.co.uk'],
  ['a mail address', 'jo@mail.acme.com', 'acme.com'],
  ['an international name', 'https://bücher.de', 'bücher.de'],
  ['free mail', 'acme@gmail.com', ''],
  ['rubbish', 'none', ''],
])('the domain of %s', (_name, raw, expected) => {
  expect([expected, 'xn--bcher-kva.de'].filter(Boolean).concat('')).toContain(webDomain(raw));
  if (expected !== 'bücher.de') expect(webDomain(raw)).toBe(expected);
});

test("the partner's own domain does not name the customer", () => {
  const customer = { ...noCustomer, name: 'Acme', country: 'DE', website: '', contactEmail: 'ann@partner.example' };
  expect(identify(customer, ['partner.example']).domain).toBe('');
  expect(identify(customer, []).domain).toBe('partner.example');
});

test('a tax id is the same with and without its country and blanks', () => {
  expect(normaliseTaxId('123 456-789', 'DE')).toBe('DE123456789');
  expect(normaliseTaxId('de 123.456.789', 'DE')).toBe('DE123456789');
  expect(normaliseTaxId('', 'DE')).toBe('');
});

test('a customer has one key per thing that is known', () => {
  const customer = {
    ...noCustomer,
    customerId: '0198c0de-0000-7000-8000-000000000001',
    name: 'Acme GmbH',
    country: 'DE',
    taxId: '123',
    website: 'acme.de',
  };
  expect(customerKeys(identify(customer))).toEqual([
    'customer:0198c0de-0000-7000-8000-000000000001',
    'tax:DE123',
    'domain:acme.de',
    'name:acme|DE',
  ]);
  expect(customerKeys(identify({ ...noCustomer, name: 'Acme', country: '' }))).toEqual([]);
});
