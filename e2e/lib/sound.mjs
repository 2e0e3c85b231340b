// The sound of a call as a vendor gives it: a WebSocket of binary frames.
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const rate = 16_000;
const frameMs = 20;

/** One frame of a tone, in 16-bit samples. */
function tone(from) {
	const b = Buffer.alloc((rate * frameMs * 2) / 1000);
	for (let i = 0; i < b.length / 2; i++) b.writeInt16LE(12_000 * Math.sin((2 * Math.PI * 440 * (from + i)) / rate), i * 2);
	return b;
}

/** A frame of the server's, which goes unmasked: opcode 2 is sound, 8 a close. */
function frame(opcode, payload) {
	const long = payload.length > 125;
	const head = Buffer.alloc(long ? 4 : 2);
	head[0] = 0x80 | opcode;
	head[1] = long ? 126 : payload.length;
	if (long) head.writeUInt16BE(payload.length, 2);
	return Buffer.concat([head, payload]);
}

/**
 * Starts a vendor's sound and gives { url, listeners, refuse, hangUp, close }:
 * every listener hears a tone until the call is hung up. While `refuse` is set,
 * listeners are answered 404.
 */
export async function startSound() {
	const listeners = new Set();
	const sound = { listeners, refuse: false };
	const server = createServer((_, res) => res.writeHead(404).end());
	server.on("upgrade", (req, socket) => {
		if (sound.refuse) {
			socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
			return;
		}
		const accept = createHash("sha1")
			.update(`${req.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
			.digest("base64");
		socket.write(
			`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
		);
		listeners.add(socket);
		let sent = 0;
		const timer = setInterval(() => {
			socket.write(frame(2, tone(sent)));
			sent += (rate * frameMs) / 1000;
		}, frameMs);
		socket.on("error", () => {});
		socket.on("data", () => {});
		socket.on("close", () => {
			clearInterval(timer);
			listeners.delete(socket);
		});
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	sound.url = `ws://127.0.0.1:${server.address().port}/sound`;
	sound.hangUp = () => {
		for (const s of listeners) s.end(frame(8, Buffer.from([0x03, 0xe8])));
	};
	sound.close = () => {
		for (const s of listeners) s.destroy();
		server.close();
	};
	return sound;
}
