/** A sample sign-in offered by one click. */
export interface SandboxSignIn {
  email: string;
  name: string;
  persona: string;
}

/** Sign-in without passwords, for a sandbox only. Undefined where it is switched off. */
export interface Sandbox {
  secret: string;
  signIns: SandboxSignIn[];
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * Reads the sign-ins from their JSON text.
 * @throws Error with a sentence that names what is wrong.
 */
export function parseSandboxSignIns(json: string): SandboxSignIn[] {
  const list: unknown = JSON.parse(json);
  if (!Array.isArray(list)) throw new Error('expected a JSON list');
  return list.map((entry: unknown, index) => {
    const { email, name, persona } = (entry ?? {}) as Record<string, unknown>;
    if (!isText(email) || !isText(name)) throw new Error(`entry ${index + 1} needs "email" and "name"`);
    return { email: email.toLowerCase(), name, persona: isText(persona) ? persona : '' };
  });
}
