import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Keeps rows in a temporary file and gives them back in another order. Only twenty bytes a row stay in memory: the day by which
 * they are ordered and where they stand in the file.
 */
export class Spool {
  private days = new Int32Array(1_024);
  private starts = new Float64Array(1_024);
  private sizes = new Int32Array(1_024);
  private buffered: Buffer[] = [];
  private bufferedBytes = 0;
  private written = 0;
  count = 0;

  private constructor(
    private readonly folder: string,
    private readonly file: FileHandle,
  ) {}

  static async open(): Promise<Spool> {
    const folder = await mkdtemp(join(tmpdir(), 'prm-import-'));
    const file = await open(join(folder, 'rows'), 'w+');
    // Gone from the folder at once where the system allows it: a run that is killed leaves nothing behind.
    if (process.platform !== 'win32') await rm(folder, { recursive: true, force: true });
    return new Spool(folder, file);
  }

  async add(day: number, row: unknown): Promise<void> {
    if (this.count === this.days.length) this.grow();
    const bytes = Buffer.from(JSON.stringify(row));
    this.days[this.count] = day;
    this.starts[this.count] = this.written + this.bufferedBytes;
    this.sizes[this.count] = bytes.length;
    this.count += 1;
    this.buffered.push(bytes);
    this.bufferedBytes += bytes.length;
    if (this.bufferedBytes > 1_000_000) await this.flush();
  }

  /** Rows by day, on one day as they came. */
  async *inOrder<T>(): AsyncGenerator<T> {
    await this.flush();
    const order = new Uint32Array(this.count)
      .map((_, index) => index)
      .sort((left, right) => this.days[left]! - this.days[right]! || left - right);
    for (const index of order) {
      const bytes = Buffer.allocUnsafe(this.sizes[index]!);
      await this.file.read(bytes, 0, bytes.length, this.starts[index]!);
      yield JSON.parse(bytes.toString('utf8')) as T;
    }
  }

  async close(): Promise<void> {
    await this.file.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async flush(): Promise<void> {
    if (this.buffered.length === 0) return;
    await this.file.write(Buffer.concat(this.buffered), 0, this.bufferedBytes, this.written);
    this.written += this.bufferedBytes;
    this.buffered = [];
    this.bufferedBytes = 0;
  }

  private grow(): void {
    const larger = <A extends Int32Array | Float64Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    const size = this.days.length * 2;
    this.days = larger(this.days, new Int32Array(size));
    this.starts = larger(this.starts, new Float64Array(size));
    this.sizes = larger(this.sizes, new Int32Array(size));
  }
}
