"""An SMTP server on loopback that answers RCPT as its test wants: the destination that makes Postfix bounce."""

import socketserver
import threading
from typing import Any

REPLIES = {
    "gone@dest.example": b"550 5.1.1 <gone@dest.example>: Recipient address rejected: User unknown",
    "full@dest.example": b"552 5.2.2 <full@dest.example>: mailbox full",
    "blocked@dest.example": b"550 5.7.1 Service unavailable; client host [192.0.2.7] blocked using zen.spamhaus.org",
}


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 mx.dest.example ESMTP\r\n")
        data = False
        for line in self.rfile:
            if data:
                if line == b".\r\n":
                    data = False
                    self.wfile.write(b"250 2.0.0 taken\r\n")
                continue
            answer = self._answer(line.strip())
            data = answer.startswith(b"354")
            self.wfile.write(answer + b"\r\n")
            if answer.startswith(b"221"):
                return

    def _answer(self, line: bytes) -> bytes:
        verb = line.split(b" ")[0].upper()
        if verb == b"RCPT":
            address = line.partition(b"<")[2].partition(b">")[0].decode("ascii", "replace").lower()
            return REPLIES.get(address, b"250 2.1.5 ok")
        return {b"DATA": b"354 go on", b"QUIT": b"221 2.0.0 bye", b"EHLO": b"250 mx.dest.example"}.get(
            verb, b"250 2.0.0 ok"
        )


class RefusingServer:
    """Serves until stopped, on a port of its own."""

    def __init__(self) -> None:
        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self._server: Any = Server(("127.0.0.1", 0), _Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def transports(self) -> dict[str, str]:
        """Return the transport of dest.example for Postfix."""
        return {"dest.example": f"smtp:[127.0.0.1]:{self.port}"}

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()
