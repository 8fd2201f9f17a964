/**
 * Device identity, signatures, certificates, pairing proofs; keys made of keys, the sealing of
 * messages, and the file that leads to a master key. Knows nothing of operations, logs or
 * connections. Bouncy Castle is used through its lightweight API only; it is never registered as a
 * provider.
 */
@NullMarked
package dev.loam.crypto;

import org.jspecify.annotations.NullMarked;
