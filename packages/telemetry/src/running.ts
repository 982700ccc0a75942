// Known to both the preload and the application, so that the latter can flush what the former started.
const running: { stop?: () => Promise<void> } = {};

export const remember = (stop: () => Promise<void>): void => void (running.stop = stop);

/** Sends what is still held back; to be called last before the process ends. Does nothing when telemetry is off. */
export async function stopTelemetry(): Promise<void> {
  await running.stop?.().catch(() => {});
}
