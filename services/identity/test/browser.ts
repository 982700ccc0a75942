/** A browser reduced to cookies and redirects; it stops at the first address outside `origin`. */
export class Browser {
  private readonly cookies = new Map<string, { value: string; path: string }>();

  constructor(private readonly origin: string) {}

  async open(address: string): Promise<Visit> {
    return this.follow(new URL(address, this.origin), { method: 'GET' });
  }

  async submit(address: string, fields: Record<string, string>): Promise<Visit> {
    return this.follow(new URL(address, this.origin), { method: 'POST', body: new URLSearchParams(fields) });
  }

  private async follow(url: URL, init: RequestInit): Promise<Visit> {
    if (url.origin !== this.origin) return { url, status: 0, html: '', headers: new Headers() };
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie: this.cookieHeader(url), accept: 'text/html' } });
    for (const cookie of response.headers.getSetCookie()) this.keep(cookie);
    const location = response.headers.get('location');
    if (location) return this.follow(new URL(location, url), { method: 'GET' });
    return { url, status: response.status, html: await response.text(), headers: response.headers };
  }

  private cookieHeader(url: URL): string {
    const sent = [...this.cookies].filter(([, { path }]) => url.pathname.startsWith(path));
    return sent.map(([name, { value }]) => `${name.split('|')[0]}=${value}`).join('; ');
  }

  private keep(header: string): void {
    const [pair = '', ...attributes] = header.split('; ');
    const [name = '', value = ''] = pair.split('=');
    const path = attributes.find((each) => each.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
    if (value === '') this.cookies.delete(`${name}|${path}`);
    else this.cookies.set(`${name}|${path}`, { value, path });
  }
}

export interface Visit {
  url: URL;
  status: number;
  html: string;
  headers: Headers;
}
