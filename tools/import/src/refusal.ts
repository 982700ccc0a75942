/** Why a row cannot be taken: what stands where, and a sentence that names the fix. */
export class Refusal extends Error {
  constructor(
    readonly column: string,
    readonly value: string,
    readonly reason: string,
    text: string,
  ) {
    super(text);
  }
}
