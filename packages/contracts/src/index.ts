/** The descriptor set of every contract, for those who work from descriptors instead of generated types. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileRegistry, fromBinary, type FileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

let loaded: FileRegistry | undefined;

/** Registry over the checked-in contracts, without comments; read once per process. */
export function registry(): FileRegistry {
  loaded ??= registryFrom(read('contracts.binpb'));
  return loaded;
}

/** The same with comments, five times the size: for generators and documents. */
export const documentedRegistry = (): FileRegistry => registryFrom(read('contracts-documented.binpb'));

const read = (file: string): Buffer => readFileSync(join(__dirname, '..', file));

/** Registry over any descriptor set, e.g. one that a test built from a scratch proto. */
export function registryFrom(descriptorSet: Uint8Array): FileRegistry {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet));
}

export * as rpc from './gen/index.google.rpc';

export * from './enums';
