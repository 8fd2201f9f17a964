package dev.loam.core;

/**
 * What stays of an excluded actor once everybody has acknowledged its exclusion and all of its
 * batches: nobody takes another of them, and no vector names it any more.
 *
 * @param device whose actor it was
 * @param tip of its last batch that counts
 * @param hashPrefix the first 8 bytes of the chain hash of that batch
 */
public record ClosedActor(DeviceId device, Tip tip, Bytes hashPrefix) {
    public ClosedActor {
        Invariant.check(
                hashPrefix.size() == Chain.PREFIX_SIZE, "prefix has {0} bytes", hashPrefix.size());
    }
}
