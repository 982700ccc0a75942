/** Says on standard error how far a step is: how many rows a second, and how long it will still take. */
export class Progress {
  private readonly started = Date.now();
  private said = 0;
  private done = 0;

  constructor(
    private readonly what: string,
    private readonly total: number,
    private readonly out: NodeJS.WriteStream = process.stderr,
  ) {}

  add(rows: number): void {
    this.done += rows;
    const now = Date.now();
    if (now - this.said < (this.out.isTTY ? 200 : 2_000) && this.done < this.total) return;
    this.said = now;
    this.out.write(this.out.isTTY ? `\r${this.line(now)}\x1b[K` : `${this.line(now)}\n`);
  }

  end(): void {
    if (this.out.isTTY && this.said > 0) this.out.write('\n');
  }

  private line(now: number): string {
    const seconds = Math.max((now - this.started) / 1_000, 0.001);
    const rate = this.done / seconds;
    const left = rate > 0 ? Math.ceil((this.total - this.done) / rate) : 0;
    return `${this.what}: ${this.done} of ${this.total} rows, ${Math.round(rate)} a second${this.done < this.total ? `, ${left} s left` : ''}`;
  }
}
