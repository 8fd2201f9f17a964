/**
 * Device identity, signatures, certificates, pairing proofs. Knows nothing of operations, logs or
 * connections. Bouncy Castle is used through its lightweight API only; it is never registered as a
 * provider.
 */
@NullMarked
package dev.loam.crypto;

import org.jspecify.annotations.NullMarked;
