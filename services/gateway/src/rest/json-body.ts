import { invalid } from '../problems/problem';

/** An integer that `JSON.parse` would have rounded before anybody saw it. No contract field takes it, so it is refused by name. */
export class UnsafeInteger {
  constructor(readonly source: string) {}
}

const DEEPEST = 64;

/** Body text to JSON. Refuses what cannot be read, is nested too deep, or would lose digits. */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw invalid([], `The body is nested deeper than ${DEEPEST} levels.`);
  try {
    // The reviver makes parsing several times slower: only where a long number occurs at all.
    return /\d{16}/.test(text) ? JSON.parse(text, markUnsafe) : JSON.parse(text);
  } catch {
    throw invalid([], 'The body is not valid JSON.');
  }
}

function markUnsafe(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  return typeof value === 'number' && source && /^-?\d+$/.test(source) && !Number.isSafeInteger(value) ? new UnsafeInteger(source) : value;
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 92) i++;
      else if (c === 34) inString = false;
    } else if (c === 34) inString = true;
    else if (c === 123 || c === 91) {
      if (++depth > DEEPEST) return true;
    } else if (c === 125 || c === 93) depth--;
  }
  return false;
}
