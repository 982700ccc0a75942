import { fromBinary, toBinary, create } from '@bufbuild/protobuf';
