// The private pipe to the extension host: requests for tiles come in as JSON frames, tiles go out as frames of the trace's
// number (8 bytes, of which 4 are used, so that the tile stays aligned) and the tile.

import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { TileName } from "../protocol/panel-messages.ts";
import { frame, FrameReader } from "../protocol/frames.ts";

export interface TileRequest {
  readonly trace: number;
  readonly wanted: readonly TileName[];
}

export class TilePipe {
  readonly #server: Server;
  #socket: Socket | undefined;

  constructor(path: string, wanted: (request: TileRequest) => void) {
    if (process.platform !== "win32") rmSync(path, { force: true });
    this.#server = createServer((socket) => {
      this.#socket = socket;
      const reader = new FrameReader();
      socket.on("data", (piece: Buffer) => {
        for (const body of reader.take(piece)) {
          wanted(JSON.parse(Buffer.from(body).toString("utf8")) as TileRequest);
        }
      });
      // The extension host is gone; the language client's own channel tells so.
      socket.on("error", () => socket.destroy());
    });
    this.#server.listen(path);
    this.#server.unref();
  }

  send(trace: number, tile: Uint8Array): void {
    const body = new Uint8Array(8 + tile.length);
    new DataView(body.buffer).setUint32(0, trace, true);
    body.set(tile, 8);
    this.#socket?.write(frame(body));
  }
}
