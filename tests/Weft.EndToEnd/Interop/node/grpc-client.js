// node grpc-client.js PORT AUTHORITY SCENARIO [COUNT]: prints what it saw as JSON.
'use strict';

const { once } = require('node:events');
const grpc = require('@grpc/grpc-js');
const { service } = require('./grpc-service');

const [port, authority, scenario, count] = process.argv.slice(2);
const Client = grpc.makeGenericClientConstructor(service, 'Echo');
const client = new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
  'grpc.default_authority': authority,
  'grpc.enable_retries': 0,
  'grpc.max_receive_message_length': -1,
});

// One unary call: its answer or status, and what came around it.
const call = (method, request, { metadata = new grpc.Metadata(), deadline } = {}) =>
  new Promise((done) => {
    const seen = {};
    const running = client[method](request, metadata, deadline ? { deadline: Date.now() + deadline } : {}, (error, answer) =>
      Object.assign(seen, error ? outcome(error) : { code: 0, answer }),
    );
    running.on('metadata', (head) => (seen.head = head.getMap()));
    running.on('status', (status) => done({ ...seen, trailers: status.metadata.getMap() }));
  });

const outcome = ({ code, details }) => ({ code, details });

const collect = (stream) =>
  new Promise((done) => {
    const messages = [];
    stream.on('data', (message) => messages.push(message));
    stream.on('error', () => {}); // The status says it too.
    stream.on('status', (status) => done({ messages, ...outcome(status), trailers: status.metadata.getMap() }));
  });

const isCounted = (messages, length) => messages.length === length && messages.every((message, i) => message === i);

// A stream of what the server sees cancelled, once it is open.
const watch = async () => {
  const stream = client.watch({});
  stream.on('error', () => {});
  await once(stream, 'metadata');
  return { stream, next: async () => (await once(stream, 'data'))[0] };
};

const scenarios = {
  async kinds() {
    const metadata = new grpc.Metadata();
    metadata.set('x-head', 'before');
    const unary = await call('unary', { text: 'Emma' }, { metadata });

    const counted = await collect(client.count({ count: 2000 }));

    const sum = await new Promise((done) => {
      const stream = client.sum((error, answer) => done(error ? outcome(error) : answer));
      for (let i = 1; i <= 2000; i++) stream.write(i);
      stream.end();
    });

    // Each message is sent when the one before has come back: nothing may be held back on the way.
    const echo = client.echo();
    let turns = 0;
    for (; turns < 200; turns++) {
      echo.write({ turn: turns });
      const [answer] = await once(echo, 'data');
      if (answer.turn !== turns) break;
    }
    const ended = collect(echo);
    echo.end();

    const large = 'x'.repeat(3_000_000);
    const returned = await call('unary', { large });
    return {
      unary,
      counted: isCounted(counted.messages, 2000) && counted.code === 0,
      sum,
      turns,
      ended: (await ended).code,
      large: returned.answer?.large === large,
    };
  },

  async errors() {
    const broken = await collect(client.count({ count: 3, code: grpc.status.RESOURCE_EXHAUSTED, message: 'no more' }));
    return {
      unary: await call('fail', { code: grpc.status.FAILED_PRECONDITION, message: 'déjà vu: 100 %' }),
      broken,
      missing: await new Promise((done) =>
        client.makeUnaryRequest('/weft.test.Echo/Nothing', (v) => Buffer.from(v), (b) => b, '', (error) => done(outcome(error))),
      ),
    };
  },

  // One call, without a deadline of its own.
  hang: () => call('hang', {}),

  async unary() {
    return outcome(await call('unary', {}));
  },

  async cancellation() {
    const { stream, next } = await watch();
    const seen = [];

    const unary = new Promise((done) => {
      const running = client.hang({}, (error) => done(error.code));
      running.on('metadata', () => running.cancel());
    });
    seen.push(await next());
    const both = client.hangBoth();
    const status = collect(both);
    both.write({});
    await once(both, 'metadata');
    both.cancel();
    seen.push(await next());
    stream.cancel();
    return { unary: await unary, both: (await status).code, seen };
  },

  async deadline() {
    const { stream, next } = await watch();
    const cancelled = next();
    const result = await call('hang', {}, { deadline: 300 });
    const seen = await cancelled;
    stream.cancel();
    return { code: result.code, seen };
  },

  // COUNT calls, fifty at once, on one connection: how many each server answered.
  async many() {
    const servedBy = {};
    let left = Number(count);
    const work = async () => {
      while (left-- > 0) {
        const { code, answer } = await call('unary', {});
        const who = code === 0 ? answer.servedBy : `status ${code}`;
        servedBy[who] = (servedBy[who] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: 50 }, work));
    return servedBy;
  },
};

scenarios[scenario]().then((seen) => {
  console.log(JSON.stringify(seen));
  client.close();
});
