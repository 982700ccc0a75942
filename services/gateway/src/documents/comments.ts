import type { AnyDesc, DescFile } from '@bufbuild/protobuf';
import { getComments } from '@bufbuild/protoplugin';

type Commented = Exclude<AnyDesc, DescFile>;

/** The comment in the contract as one text: lines joined, paragraphs kept. */
export function describe(desc: Commented): string {
  const { leading, trailing } = getComments(desc);
  return (leading ?? trailing ?? '')
    .split(/\n[ \t]*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
    .filter(Boolean)
    .join('\n\n');
}

/** First sentence, without the full stop. */
export function summarize(desc: Commented): string {
  const [first = ''] = describe(desc).split(/(?<=\.)\s/);
  return first.replace(/\.$/, '') || desc.toString();
}
