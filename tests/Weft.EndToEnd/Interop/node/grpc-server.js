// node grpc-server.js PORT NAME
'use strict';

const grpc = require('@grpc/grpc-js');
const { service } = require('./grpc-service');

const [port, name] = process.argv.slice(2);
const watchers = new Set();

const begin = (call) => call.sendMetadata(new grpc.Metadata());

const hang = (method) => (call) => {
  const deadline = call.getDeadline();
  call.on('cancelled', () => {
    for (const watcher of watchers) watcher.write({ method, hasDeadline: deadline !== Infinity });
  });
  if (method === 'hangBoth') call.on('data', () => {});
  begin(call);
};

const failure = ({ code, message }) => {
  const metadata = new grpc.Metadata();
  metadata.set('x-why', 'because');
  return { code, details: message, metadata };
};

const server = new grpc.Server();
server.addService(service, {
  unary(call, answer) {
    const head = new grpc.Metadata();
    head.set('x-head', call.metadata.get('x-head')[0] ?? 'none');
    call.sendMetadata(head);
    const trailers = new grpc.Metadata();
    trailers.set('x-trailer', 'after');
    answer(null, { ...call.request, servedBy: name }, trailers);
  },
  async count(call) {
    for (let i = 0; i < call.request.count; i++) {
      if (!call.write(i)) await new Promise((drained) => call.once('drain', drained));
    }
    if (call.request.code) call.emit('error', failure(call.request));
    else call.end();
  },
  sum(call, answer) {
    let sum = 0;
    call.on('data', (number) => (sum += number));
    call.on('end', () => answer(null, sum));
  },
  echo(call) {
    call.on('data', (message) => call.write(message));
    call.on('end', () => call.end());
  },
  hang: hang('hang'),
  hangBoth: hang('hangBoth'),
  fail(call, answer) {
    answer(failure(call.request));
  },
  watch(call) {
    watchers.add(call);
    call.on('cancelled', () => watchers.delete(call));
    begin(call);
  },
});
server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
});
