/**
 * Loam: a local-first memory for agents. Start at {@link dev.loam.Loam}.
 *
 * <p>Every method throws {@link dev.loam.core.LoamException} with a stable code where something
 * goes wrong, and is safe to call from any number of threads unless it says otherwise.
 */
@NullMarked
package dev.loam;

import org.jspecify.annotations.NullMarked;
