import type { CookieOptions, Request, Response } from 'express';

export const SESSION_COOKIE = 'prm_session';

/** Not readable by scripts, not sent along with requests from other sites' forms or frames. */
export class Cookies {
  constructor(private readonly secure: boolean) {}

  read(req: Request, name: string): string | undefined {
    for (const part of (req.headers.cookie ?? '').split(';')) {
      const at = part.indexOf('=');
      if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
    }
    return undefined;
  }

  set(res: Response, name: string, value: string, options: CookieOptions): void {
    res.cookie(name, value, { ...this.#common(), encode: String, ...options });
  }

  clear(res: Response, name: string, path: string): void {
    res.clearCookie(name, { ...this.#common(), path });
  }

  #common(): CookieOptions {
    return { httpOnly: true, sameSite: 'lax', secure: this.secure };
  }
}
