// The service that the gRPC programs speak. Messages are JSON, so that no protobuf compiler is needed.
'use strict';

const serialize = (value) => Buffer.from(JSON.stringify(value));
const deserialize = (bytes) => JSON.parse(bytes.toString());

const method = (name, requestStream, responseStream) => ({
  path: `/weft.test.Echo/${name}`,
  requestStream,
  responseStream,
  requestSerialize: serialize,
  requestDeserialize: deserialize,
  responseSerialize: serialize,
  responseDeserialize: deserialize,
});

exports.service = {
  // Returns what it was sent, and who returned it.
  unary: method('Unary', false, false),
  // {count}: sends that many numbers; with {code, message}, ends with that status.
  count: method('Count', false, true),
  // Returns the sum of the numbers that it was sent.
  sum: method('Sum', true, false),
  // Sends back each message.
  echo: method('Echo', true, true),
  // Say that they have begun and never end by themselves.
  hang: method('Hang', false, false),
  hangBoth: method('HangBoth', true, true),
  // {code, message}: fails so.
  fail: method('Fail', false, false),
  // Sends a message for each call to one of the two that hang and is cancelled from now on.
  watch: method('Watch', false, true),
};
