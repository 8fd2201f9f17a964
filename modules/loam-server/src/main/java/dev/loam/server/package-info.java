/**
 * Connections between paired devices: TLS 1.3 with pinned device certificates, and pairing. Start
 * at {@link dev.loam.server.PeerServer} and {@link dev.loam.server.PeerClient}; the bytes are in
 * {@code docs/formats/peer-link.md}.
 */
@NullMarked
package dev.loam.server;

import org.jspecify.annotations.NullMarked;
