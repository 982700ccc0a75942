// An open `GET /v1/events`, as a browser would hold it.
import { TextDecoderStream } from 'node:stream/web';
import { eventually } from './person.mjs';

/** @returns {Promise<{ seen: any[], sees: (subject: string, options?: { seconds?: number }) => Promise<any>, close: () => void }>} */
export async function openStream(platform, { token }) {
  const closing = new AbortController();
  const answer = await fetch(`${platform.gateway}/v1/events`, { headers: { authorization: `Bearer ${token}` }, signal: closing.signal });
  if (!answer.ok) throw new Error(`GET /v1/events answered ${answer.status}`);
  const seen = [];
  void collect(answer.body, seen).catch(() => {});
  return {
    seen,
    sees: (subject, options) =>
      eventually(async () => {
        const found = seen.find((event) => event.subject === subject);
        if (!found) throw new Error(`nothing about ${subject} among ${seen.length} events of the stream`);
        return found;
      }, options),
    close: () => closing.abort(),
  };
}

async function collect(body, seen) {
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data) seen.push(JSON.parse(data));
    }
  }
}
