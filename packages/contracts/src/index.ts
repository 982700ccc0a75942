/** The descriptor set of every contract, for those who work from descriptors instead of generated types. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileRegistry, fromBinary, type FileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

export const descriptorSetPath = join(__dirname, '..', 'contracts.binpb');

let loaded: FileRegistry | undefined;

/** Registry over the checked-in descriptor set, with comments; read once per process. */
export function registry(): FileRegistry {
  loaded ??= registryFrom(readFileSync(descriptorSetPath));
  return loaded;
}

/** Registry over any descriptor set, e.g. one that a test built from a scratch proto. */
export function registryFrom(descriptorSet: Uint8Array): FileRegistry {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet));
}

export * as rpc from './gen/index.google.rpc';

export * from './enums';
