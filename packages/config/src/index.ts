/** Reads settings from the environment: each is declared with its kind, all faults are reported at once. */
export interface Setting<T> {
  read(raw: string | undefined, name: string): T;
}

export class ConfigError extends Error {}

type Settings = Record<string, Setting<unknown>>;
type Values<S extends Settings> = { [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

/** Values of all settings. Throws one ConfigError that names every faulty variable and its fix. */
export function readConfig<S extends Settings>(settings: S, env: NodeJS.ProcessEnv = process.env): Values<S> {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    try {
      values[name] = setting.read(env[name] || undefined, name);
    } catch (error) {
      faults.push(`${name}: ${(error as Error).message}`);
    }
  }
  if (faults.length > 0) throw new ConfigError(`Bad configuration. ${faults.join(' ')}`);
  return values as Values<S>;
}

/** Text; required unless a default is given. */
export const text = (fallback?: string): Setting<string> => ({
  read: (raw) => raw ?? fallback ?? missing('a text'),
});

/** Text that may be absent. */
export const optional = (): Setting<string | undefined> => ({ read: (raw) => raw });

/** Comma-separated list; empty when absent. */
export const list = (): Setting<string[]> => ({
  read: (raw) =>
    (raw ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
});

/** Whole number within bounds. */
export const integer = (fallback?: number, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}): Setting<number> => ({
  read: (raw) => {
    const value = raw === undefined ? fallback : Number(raw);
    if (value === undefined) return missing('a whole number');
    if (!Number.isInteger(value) || value < min || value > max) throw new Error(`"${raw}" is not a whole number from ${min} to ${max}.`);
    return value;
  },
});

export const port = (fallback?: number): Setting<number> => integer(fallback, { min: 0, max: 65_535 });

/** Absolute URL of one of the given schemes. */
export const url = (schemes: string[], fallback?: string): Setting<string> => ({
  read: (raw) => {
    const value = raw ?? fallback ?? missing(`a URL like ${schemes[0]}://…`);
    if (!URL.canParse(value) || !schemes.includes(new URL(value).protocol.slice(0, -1)))
      throw new Error(`not a URL like ${schemes[0]}://….`);
    return value;
  },
});

export const postgresUrl = (): Setting<string> => url(['postgres', 'postgresql']);

export const flag = (fallback: boolean): Setting<boolean> => ({
  read: (raw) => {
    if (raw === undefined) return fallback;
    if (raw !== 'true' && raw !== 'false') throw new Error(`"${raw}" is neither true nor false.`);
    return raw === 'true';
  },
});

function missing(kind: string): never {
  throw new Error(`is not set: give ${kind}.`);
}
