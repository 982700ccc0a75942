import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileRegistry, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { file_buf_validate_validate } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { registryFrom } from '../src';

const ours = registryFrom(readFileSync(join(__dirname, '..', 'contracts.binpb')));
const theirs = createFileRegistry(file_buf_validate_validate.proto, (name) => ours.getFile(name)?.proto);

const described = (field: DescField): object => ({
  name: field.name,
  number: field.number,
  kind: field.fieldKind,
  scalar: field.scalar,
  message: field.message?.typeName,
  enum: field.enum?.typeName,
  oneof: field.oneof?.name,
});

const messages: DescMessage[] = [...ours].filter(
  (type): type is DescMessage => type.kind === 'message' && type.typeName.startsWith('buf.validate.'),
);

test('the validation rules declared here are there at all', () => {
  expect(messages.length).toBeGreaterThan(10);
});

test.each(messages.map((message) => [message.typeName, message] as const))(
  '%s has the names, numbers and types of the library',
  (typeName, message) => {
    const library = theirs.getMessage(typeName);
    expect(library).toBeDefined();
    for (const field of message.fields) {
      const same = library!.fields.find((each) => each.number === field.number);
      expect(same && described(same)).toEqual(described(field));
    }
  },
);

test.each(['message', 'oneof', 'field'])('the extension buf.validate.%s has the number of the library', (name) => {
  const [left, right] = [ours.getExtension(`buf.validate.${name}`), theirs.getExtension(`buf.validate.${name}`)];
  expect([left?.number, left?.extendee.typeName]).toEqual([right?.number, right?.extendee.typeName]);
});
