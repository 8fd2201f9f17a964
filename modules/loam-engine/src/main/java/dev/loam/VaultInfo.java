package dev.loam;

import dev.loam.core.VaultId;

/**
 * A vault and what it holds.
 *
 * @param name by which {@link Loam#vault} finds it on this device
 * @param records living ones
 * @param actors incarnations of devices that were let in
 * @param digest of the content, in hexadecimal; equal on two devices that have the same operations
 */
public record VaultInfo(VaultId id, String name, long records, int actors, String digest) {}
