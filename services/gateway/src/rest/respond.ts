import { fromBinary, toJson, type FileRegistry } from '@bufbuild/protobuf';
import type { Response } from 'express';
import type { Route } from '../contracts/http-rules';

/** Answer bytes of the service to proto3 JSON; `etag` of the record is the ETag of the answer. */
export function respond(res: Response, route: Route, bytes: Uint8Array, registry: FileRegistry): void {
  if (route.rpc.output.typeName === 'google.protobuf.Empty') {
    res.status(204).end();
    return;
  }
  const json = toJson(route.rpc.output, fromBinary(route.rpc.output, bytes), { alwaysEmitImplicit: true, registry }) as Record<
    string,
    unknown
  >;
  if (typeof json.etag === 'string' && json.etag && isHeaderSafe(json.etag)) res.setHeader('ETag', `"${json.etag}"`);
  const field = route.responseBody && route.rpc.output.fields.find(({ name }) => name === route.responseBody);
  res.json(field ? json[field.jsonName] : json);
}

function isHeaderSafe(text: string): boolean {
  return /^[\x21\x23-\x7e]+$/.test(text);
}
