import { getDomain } from 'tldts';
import type { Customer } from './deal';

/** What identifies a customer, normalised. Empty where nothing is known. */
export interface CustomerIdentity {
  customerId: string;
  taxId: string;
  domain: string;
  name: string;
  country: string;
}

// Legal forms that say nothing about who a company is, as they stand at the end of a name once dots are gone.
const legalForms = new Set(
  (
    'inc incorporated llc llp lp ltd limited gmbh ag kg kgaa ohg ug mbh ev sa sas sarl srl spa sl slu bv nv oy oyj ab as asa aps plc pty pte kk co corp corporation company ' +
    'sp zoo sro doo dd rt kft zrt bvba sprl cv ltda sab cia bhd sdn pt tbk jsc ooo oao'
  ).split(' '),
);

const freeMail = new Set(
  (
    'gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.uk ymail.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at web.de t-online.de ' +
    'freenet.de mail.com mail.ru yandex.ru yandex.com proton.me protonmail.com zoho.com qq.com 163.com 126.com orange.fr wanadoo.fr free.fr laposte.net libero.it'
  ).split(' '),
);

// Letters that NFKD leaves whole.
const foldedLetters: Record<string, string> = { ß: 'ss', ø: 'o', æ: 'a', œ: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

/**
 * A company name without what people write differently: marks, case, punctuation, legal form, a leading "the". Umlauts and
 * their transliteration (Müller, Mueller) come out the same; the price is that "ue" and "u" are not told apart anywhere.
 */
export function normaliseName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[ßøæœłđðþı]/g, (letter) => foldedLetters[letter]!)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/&/g, ' and ')
    .replace(/['’.]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/([aou])e/g, '$1')
    .trim();
  return withoutLegalForm(plain.split(' ').filter(Boolean)).join(' ');
}

function withoutLegalForm(words: string[]): string[] {
  const rest = words[0] === 'the' && words.length > 1 ? words.slice(1) : [...words];
  const full = rest.length;
  while (rest.length > 1 && (legalForms.has(rest.at(-1)!) || (rest.at(-1) === 'and' && rest.length < full))) rest.pop();
  return rest;
}

/** Registrable domain of a website or mail address by the public suffix list; empty for free mail and for `ignored` domains. */
export function webDomain(address: string, ignored: readonly string[] = []): string {
  const domain = getDomain(address.trim().toLowerCase(), { allowPrivateDomains: false }) ?? '';
  return freeMail.has(domain) || ignored.includes(domain) ? '' : domain;
}

/** Tax id without blanks and separators, led by its country. */
export function normaliseTaxId(taxId: string, country: string): string {
  const plain = taxId.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return plain === '' || plain.startsWith(country) ? plain : country + plain;
}

/** `partnerDomains` are the partner's own mail domains: they name the partner, not the customer. */
export function identify(customer: Customer, partnerDomains: readonly string[] = []): CustomerIdentity {
  const own = partnerDomains.map((domain) => webDomain(domain));
  return {
    customerId: customer.customerId ?? '',
    taxId: normaliseTaxId(customer.taxId, customer.country),
    domain: webDomain(customer.website, own) || webDomain(customer.contactEmail, own),
    name: normaliseName(customer.name),
    country: customer.country,
  };
}

/** Keys under which claims on the same customer meet. One is enough. */
export function customerKeys({ customerId, taxId, domain, name, country }: CustomerIdentity): string[] {
  return [
    customerId && `customer:${customerId}`,
    taxId && `tax:${taxId}`,
    domain && `domain:${domain}`,
    name && country && `name:${name}|${country}`,
  ].filter((key) => key !== '');
}

/** The identity that a list of keys was made from. */
export function identityOf(keys: readonly string[], country: string): CustomerIdentity {
  const value = (prefix: string): string => keys.find((key) => key.startsWith(prefix))?.slice(prefix.length) ?? '';
  return { customerId: value('customer:'), taxId: value('tax:'), domain: value('domain:'), name: value('name:').split('|')[0]!, country };
}
