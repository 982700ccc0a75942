/**
 * All pages of a list.
 * @param {{ get: (path: string) => Promise<any> }} person who asks
 * @param {string} path such as `deals?partnerId=…`
 * @param {string} name of the list in the answer
 */
export async function listAll(person, path, name) {
  const all = [];
  for (let token = ''; ;) {
    const page = await person.get(`${path}${path.includes('?') ? '&' : '?'}pageSize=100&pageToken=${encodeURIComponent(token)}`);
    all.push(...page[name]);
    token = page.nextPageToken;
    if (!token) return all;
  }
}
