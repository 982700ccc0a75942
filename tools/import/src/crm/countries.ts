import { getAlpha2Code, registerLocale } from 'i18n-iso-countries';
import en from 'i18n-iso-countries/langs/en.json';
import { Refusal } from '../refusal';

registerLocale(en);

/** ISO 3166-1 alpha-2 code of a country's name. */
export function readCountry(column: string, name: string, language: string): string {
  const code = /^[A-Z]{2}$/.test(name) ? name : getAlpha2Code(name, language);
  if (!code)
    throw new Refusal(
      column,
      name,
      'UNKNOWN_COUNTRY',
      'is no country: add the right name to the corrections in tools/import/mappings/crm/accounts.json.',
    );
  return code;
}
