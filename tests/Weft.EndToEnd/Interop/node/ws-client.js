// node ws-client.js PORT AUTHORITY SCENARIO: prints what it saw as JSON.
'use strict';

const { once } = require('node:events');
const { createHash, randomBytes } = require('node:crypto');
const WebSocket = require('ws');

const [port, authority, scenario] = process.argv.slice(2);
const headers = { host: authority };

const open = async (path = '/', protocols = [], options = {}) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { headers, maxPayload: 64 * 1024 * 1024, ...options });
  await once(socket, 'open');
  return socket;
};
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
const next = async (socket) => (await once(socket, 'message'))[0];
const ending = async (socket) => {
  const [code, reason] = await once(socket, 'close');
  return { code, reason: reason.toString() };
};

const scenarios = {
  async echo() {
    const socket = await open('/', ['other', 'chat']);
    socket.send('Emma');
    const text = (await next(socket)).toString();

    const large = randomBytes(8_000_000);
    socket.send(large);
    const same = hash(await next(socket)) === hash(large);

    // All are sent before the first answer is waited for.
    const count = 5000;
    let inOrder = 0;
    const all = new Promise((done) =>
      socket.on('message', (message) => {
        if (Number(message.toString().split(' ')[0]) === inOrder) inOrder++;
        if (inOrder === count) done();
      }),
    );
    for (let i = 0; i < count; i++) socket.send(`${i} ${'.'.repeat(i % 3000)}`);
    await all;

    const pong = once(socket, 'pong');
    socket.ping('are you there');
    const pinged = (await pong)[0].toString();
    const closed = ending(socket);
    socket.close(4001, 'done');
    return { text, same, inOrder, pinged, protocol: socket.protocol, extensions: socket.extensions, closed: await closed };
  },

  // How each end of a connection looks on its other side.
  async ends() {
    const watcher = await open('/watch');
    await next(watcher);

    const byClient = await open();
    let told = next(watcher);
    byClient.close(4001, 'done');
    const seenByServer = JSON.parse(await told);

    const byServer = await open();
    told = next(watcher);
    const closed = ending(byServer);
    byServer.send('close 4002 enough');
    const seenByClient = await closed;
    await told;

    const broken = await open();
    told = next(watcher);
    broken.terminate();
    const seenBroken = JSON.parse(await told);
    watcher.close();
    return { seenByServer, seenByClient, seenBroken: seenBroken.code };
  },

  async refused() {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/refuse`, { headers });
    const [, answer] = await once(socket, 'unexpected-response');
    return { status: answer.statusCode, connection: answer.headers.connection };
  },
};

scenarios[scenario]().then((seen) => console.log(JSON.stringify(seen)));
