/** Host of a website without `www.`, lower case; empty when it is none. */
export function domainOf(website: string): string {
  const text = website.trim();
  if (!text) return '';
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  return url ? url.hostname.toLowerCase().replace(/^www\./, '') : '';
}

/** Domain of a mail address, lower case. */
export const mailDomainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();
