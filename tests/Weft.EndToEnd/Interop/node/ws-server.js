// node ws-server.js PORT: sends back each message. "close CODE REASON" has it close so. /watch tells how the others' connections end, /refuse is refused.
'use strict';

const { WebSocketServer } = require('ws');

const watchers = new Set();
const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  maxPayload: 64 * 1024 * 1024,
  perMessageDeflate: { threshold: 1024 },
  handleProtocols: (protocols) => (protocols.has('chat') ? 'chat' : false),
  verifyClient: ({ req }, answer) => answer(req.url !== '/refuse', 403, 'not for you'),
});
server.on('connection', (socket, request) => {
  if (request.url === '/watch') {
    watchers.add(socket);
    socket.on('close', () => watchers.delete(socket));
    socket.send('watching');
    return;
  }
  socket.on('message', (message, isBinary) => {
    const close = isBinary ? null : /^close (\d+) (.*)$/.exec(message.toString());
    if (close) socket.close(Number(close[1]), close[2]);
    else socket.send(message, { binary: isBinary });
  });
  socket.on('error', () => {}); // A close without a handshake: the code says it.
  socket.on('close', (code, reason) => {
    for (const watcher of watchers) watcher.send(JSON.stringify({ code, reason: reason.toString() }));
  });
});
