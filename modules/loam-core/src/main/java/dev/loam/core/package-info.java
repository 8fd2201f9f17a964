/**
 * The pure heart of Loam: identities, operations, record state, the causal gate and the canonical
 * codec. Nothing here does I/O, starts a thread, or reads a clock or a source of randomness.
 */
@NullMarked
package dev.loam.core;

import org.jspecify.annotations.NullMarked;
