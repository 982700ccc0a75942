/** Loads the sample through the public API. */
export async function loadSample(_platform, _options) {}
