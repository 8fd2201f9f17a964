/** Device identity, signatures and certificates. Knows nothing of operations, logs or peers. */
@NullMarked
package dev.loam.crypto;

import org.jspecify.annotations.NullMarked;
